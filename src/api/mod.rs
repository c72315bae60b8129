//! HTTP: who asks, what they send, one call of the runtime, a view, a status. What is true of every request stands in a
//! file of its own; what is true of one resource stands in the file of that resource. `docs/api-design.md` tells how to
//! add one.
//!
//! `routes` — the one table of everything that is served · `route` — what a row of it says · `requires` — who may come
//! in · `sent`, `json`, `search` — what they send · `problem`, `error`, `catalogue` — what went wrong ·
//! `observe`, `render`, `guard` — around every request · `openapi` — the document, made from the table · `view` — JSON out.

mod absences;
mod activities;
mod address;
mod aggregate;
mod answer;
mod approvals;
mod attachments;
mod attempts;
mod auth;
mod authority;
mod body;
mod break_glass;
mod buckets;
mod businesses;
mod catalogue;
mod clients;
mod configure;
mod decisions;
mod deployments;
mod diagrams;
mod docs;
mod durations;
mod error;
mod etag;
mod exports;
mod file_body;
mod files;
mod guard;
mod headers;
mod health;
mod idempotency;
mod imports;
mod incidents;
mod instant;
mod interventions;
mod jobs;
mod json;
mod language;
mod limits;
mod merges;
mod messages;
mod nearest;
mod observe;
mod openapi;
mod org_units;
mod password;
mod pieces;
mod plugins;
mod positions;
mod problem;
mod process_definitions;
mod process_instances;
mod rates;
mod records;
mod render;
mod requires;
mod roles;
mod route;
mod routes;
mod routes_approvals;
mod routes_files;
mod routes_interventions;
mod routes_jobs;
mod routes_messages;
mod routes_organisation;
mod routes_scim;
mod scim;
mod scripts;
mod search;
mod sent;
mod settings;
mod shape;
mod signing_keys;
mod stages;
mod state;
mod substitutions;
mod trace;
mod translate;
mod user_tasks;
mod users;
mod view;

pub use address::Network;
pub use buckets::Rate;
pub use catalogue::{codes, say};
pub use configure::configure;
pub use limits::Limits;
pub use openapi::openapi;
pub use route::{Door, Route};
pub use routes::all as routes;
pub use state::ApiState;
