//! Two databases, one store: queries and set-based writes as free functions over a [`Connection`].
//!
//! One file a noun; the caller owns the transaction. The floor knows the words of `model` and the tables, nothing of
//! the engine, of HTTP, of clocks and of ids: times and ids come in as arguments. `docs/store.md` shows the tables.

pub mod absences;
pub mod approvals;
pub mod archive;
pub mod bindings;
pub mod blobs;
pub mod break_glass;
pub mod businesses;
pub mod clients;
pub mod databases;
pub mod decisions;
pub mod deliveries;
pub mod derivations;
pub mod files;
pub mod groups;
pub mod history;
pub mod idempotency;
pub mod imports;
pub mod incidents;
pub mod instances;
pub mod jobs;
pub mod keys;
pub mod page;
pub mod positions;
pub mod profiles;
pub mod records;
pub mod replay;
pub mod rescans;
pub mod retention;
pub mod revisions;
pub mod revocations;
pub mod roles;
pub mod savepoint;
pub mod schedules;
pub mod slots;
mod stand_ins;
pub mod standing;
pub mod subscriptions;
pub mod substitutions;
pub mod superiors;
pub mod task_filters;
pub mod task_list;
pub mod task_papers;
pub mod tasks;
pub mod timers;
pub mod units;
pub mod users;
pub mod visible;
pub mod writes;

mod candidates;
mod catalog;
mod checkpoints;
mod condition;
mod connection;
mod error;
mod explain;
mod json;
mod migrate;
mod postgres;
mod readers;
mod schema;
mod set;
mod single;
mod statement;
mod transaction;
mod url;

pub use checkpoints::Checkpoints;
pub use connection::{Connection, connect, connect_read_only};
pub use error::{StoreError, Trouble};
pub use migrate::migrate;
pub use readers::Readers;
pub use transaction::{in_transaction, transaction};
pub use url::Url;
