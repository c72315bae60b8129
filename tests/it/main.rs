//! The integration tests: one binary, one file an area.

#![allow(clippy::unwrap_used, missing_docs)]

mod api;
mod blocks;
mod cases;
mod definitions;
mod intake;
mod scripts;
mod scripts_attacks;
mod scripts_errors;
mod scripts_findings;
mod scripts_page;
mod scripts_plugins;
mod store;
mod support;
mod tidy;
