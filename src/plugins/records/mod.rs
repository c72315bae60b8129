//! Actions on business records. Every write, whatever path it comes by, goes through [`insert`] and [`change`]: shape,
//! references, derived fields, unique rules, keys and history in one place.

mod candidates;
mod concerns;
mod derive;
mod entries;
mod fit;
pub mod migrate;
mod pinned;
mod rederive;
mod references;
mod select;
mod shape;
mod stamp;
mod write;

pub(super) use candidates::candidates;
pub use concerns::Concerns;
pub use fit::{Misfit, complete, key_of, misfits};
pub use rederive::rederive;
pub use select::condition;
pub(super) use select::{count, get, select};
pub use stamp::stamp;
pub use write::{change, insert, unique_keys};
pub(super) use write::{create, update};

use crate::model::json::Json;
use crate::model::record::Record;
use serde_json::json;

/// A record as an action gives it.
fn shown(record: &Record) -> Json {
    json!({ "id": record.id, "version": record.version, "fields": record.fields })
}
