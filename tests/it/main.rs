//! All integration tests, in one binary.
#![allow(clippy::unwrap_used, missing_docs)]

mod api_answers;
mod api_door;
mod api_json;
mod api_openapi;
mod api_problems;
mod api_requests;
mod support;
