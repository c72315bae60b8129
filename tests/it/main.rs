//! Integration tests, one file an area.
#![allow(clippy::unwrap_used)]

mod definitions;
//! The integration tests: one binary, one file an area.

#![allow(clippy::unwrap_used, missing_docs)]

mod scripts;
mod scripts_attacks;
