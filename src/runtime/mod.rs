//! The only place where state changes: the batch writer, the worker, deployment, identity and the reads that the API serves.

mod facade_stub;
pub mod request;

pub use facade_stub::{IncidentView, Runtime, access, identity, library};
