//! Actions on business records. Every write, whatever path it comes by, goes through [`insert`] and [`change`]: shape,
//! references, derived fields, unique rules, keys and history in one place.

mod candidates;
mod derive;
mod entries;
mod find_by;
mod references;
mod select;
mod shape;
mod write;

pub(super) use candidates::candidates;
pub use find_by::{can_be_found_by, find_by};
pub use select::condition;
pub(super) use select::{count, get, select};
pub use write::{change, insert, unique_keys};
pub(super) use write::{create, update};

use crate::model::json::Json;
use crate::model::record::Record;
use serde_json::json;

/// A record as an action gives it.
fn shown(record: &Record) -> Json {
    json!({ "id": record.id, "version": record.version, "fields": record.fields })
}
