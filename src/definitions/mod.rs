//! YAML to words: what was typed, what it means, and every problem at once as `file:line:column: sentence`.
//!
//! `folder` reads and writes the project folders, `resolve` chooses the packs of a business, `parse` makes the
//! definitions, `schemas` describes the files to editors. What expressions and scripts mean is left to `scripts`.

mod events;
pub mod folder;
mod guard;
mod hash;
mod nearest;
mod schema;
mod shape;
mod spot;
mod yaml;

pub use hash::hash;
pub use schema::{schema_text, schemas};
