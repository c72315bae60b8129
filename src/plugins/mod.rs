//! Plugins and the native actions: what a process can ask of the store inside its own transaction.
//!
//! Actions are general (records, organisation): no word of sales stands here. Sales rules are rhai functions of the
//! folders under `plugins/`, compiled by `scripts`.

mod actions;
mod check;
mod desk;
mod org;
pub mod records;

pub use actions::{NativeAction, all, run, writes};
pub use check::check;
pub use desk::{Desk, Stop, failure};
