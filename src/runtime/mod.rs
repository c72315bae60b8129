//! The only place where state changes: the batch writer, the worker, deployment, identity and the reads that the API serves.

pub mod request;
