//! A batch: rows of an import on their way through the writer, in one transaction.

use super::seen::Seen;
use crate::model::import::{Progress, Row};
use crate::model::mapping::Target;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

/// The field that names a record by its id.
pub const ID: &str = "_id";

/// Rows that are written together.
#[derive(Debug, Clone)]
pub struct Batch {
    /// What they become.
    pub plan: Arc<Plan>,
    /// The rows, in the order of the file.
    pub rows: Vec<Row>,
    /// The line after which the import stood.
    pub after: i64,
    /// Where it stands with these rows; its counts are those before them.
    pub to: Progress,
    /// Whether they are the last ones.
    pub last: bool,
}

/// What is the same for all batches of an import.
#[derive(Debug)]
pub struct Plan {
    /// What rows become.
    pub target: Target,
    /// What the file is called.
    pub name: String,
    /// The field by which records that are there are found and changed.
    pub update_by: Option<String>,
    /// Fields that are put together from columns of their parts: what is there of them stays.
    pub parts: BTreeSet<String>,
    /// Nothing is to stay; and what earlier rows would hold.
    pub trial: Option<Arc<Mutex<Seen>>>,
}

impl Plan {
    /// Why records change: kept in their history.
    pub fn reason(&self) -> String {
        format!("import {}", self.name)
    }
}
