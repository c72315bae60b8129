//! kamflow: a workflow engine for key-account selling.
//!
//! The floors, from the ground up (imports only go down; `docs/architecture.md` draws them):
//! `model` — the words · `definitions` — YAML to words · `diagram` — pictures · `engine` — the pure core · `store` — two databases ·
//! `scripts` — rhai · `plugins` — manifests and actions · `runtime` — the only place where state changes ·
//! `api` — HTTP · `server` — wiring · `bench` — measuring · `cli` — the command line.

pub mod api;
pub mod bench;
pub mod cli;
pub mod definitions;
pub mod diagram;
pub mod engine;
pub mod model;
pub mod plugins;
pub mod runtime;
pub mod scripts;
pub mod server;
pub mod store;
