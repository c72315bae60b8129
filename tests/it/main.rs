//! The integration tests: one binary, one file an area.

#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)]

mod access;
mod api;
mod approvals;
mod blocks;
mod calls;
mod cases;
mod cli;
mod conformance;
mod definitions;
mod diagrams;
mod docs;
mod evolution;
mod files;
mod graphs;
mod intake;
mod jobs;
mod kill;
mod matching;
mod merges;
mod messages;
mod operations;
mod org;
mod pages;
mod people;
mod races;
mod rules;
mod runtime;
mod scenarios;
mod scenarios_outside;
mod scim;
mod scripts;
mod scripts_attacks;
mod scripts_errors;
mod scripts_findings;
mod scripts_page;
mod scripts_plugins;
mod search;
mod stages;
mod store;
mod support;
mod tasklists;
mod tidy;
mod tokens;
mod transfer;
