//! Actions on business records. Every write, whatever path it comes by, goes through [`insert`], [`change`] and
//! [`remove`]: shape, references, derived fields, rules, unique keys and history in one place.

mod aggregate;
mod bound;
mod candidates;
mod closed;
mod concerns;
mod cycle;
mod delete;
mod derive;
mod entries;
mod facts;
mod figures;
pub mod files;
mod find_by;
mod fit;
mod follow;
mod hierarchy;
mod keep;
mod leaves;
mod lookup;
mod matching;
mod merge;
pub mod migrate;
mod number;
mod operand;
mod pinned;
mod places;
mod rederive;
mod references;
mod referring;
mod relations;
mod rules;
mod select;
mod shape;
mod similar;
mod sort;
pub use crate::model::sortable;
mod stamp;
mod summing;
mod terms;
pub use crate::model::words;
mod write;

pub(super) use aggregate::aggregate;
pub use aggregate::summaries;
pub(super) use candidates::candidates;
pub use closed::is_closed;
pub use concerns::Concerns;
pub use cycle::{DEEPEST, Link, in_a_circle};
pub(super) use delete::delete;
pub use delete::remove;
pub use entries::{columns, index};
pub use find_by::{can_be_found_by, find_by};
pub use fit::{Misfit, complete, key_of, misfits, missing};
pub use hierarchy::hierarchical;
pub(super) use hierarchy::{ancestors, descendants};
pub use keep::unique_keys;
pub use lookup::{Lookup, lookup};
pub use matching::{Suspicion, keep as keep_suspicion, rules_of, suspicions};
pub(super) use merge::{Arguments as MergeArguments, act as merge_action};
pub use merge::{Merged, merge, undo};
pub use rederive::rederive;
pub(super) use select::{count, get, lock, select};
pub use stamp::stamp;
pub use terms::Asking;
pub use write::{change, insert, patch};
pub(super) use write::{create, update};

use crate::model::json::Json;
use crate::model::record::Record;
use serde_json::json;

/// A record as an action gives it.
fn shown(record: &Record) -> Json {
    json!({ "id": record.id, "version": record.version, "fields": record.fields })
}
