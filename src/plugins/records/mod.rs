//! Actions on business records. Every write, whatever path it comes by, goes through [`insert`], [`change`] and
//! [`remove`]: shape, references, derived fields, rules, unique keys and history in one place.

mod candidates;
mod closed;
mod cycle;
mod delete;
mod derive;
mod entries;
mod hierarchy;
mod keep;
mod number;
mod references;
mod referring;
mod relations;
mod rules;
mod select;
mod shape;
mod write;

pub(super) use candidates::candidates;
pub use cycle::{DEEPEST, Link, in_a_circle};
pub(super) use delete::delete;
pub use delete::remove;
pub use hierarchy::hierarchical;
pub(super) use hierarchy::{ancestors, descendants};
pub use select::condition;
pub(super) use select::{count, get, select};
pub use write::{change, insert};
pub(super) use write::{create, update};

use crate::model::json::Json;
use crate::model::record::Record;
use serde_json::json;

/// A record as an action gives it.
fn shown(record: &Record) -> Json {
    json!({ "id": record.id, "version": record.version, "fields": record.fields })
}
