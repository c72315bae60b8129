//! The integration tests: one binary, one file an area.
#![allow(clippy::unwrap_used, missing_docs)]

mod store;
mod support;
