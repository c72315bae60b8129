//! Processes that kamflow brings along: every business has them, whether anything is deployed or not.
//!
//! They are revisions of their own with negative numbers, compiled in. An instance is pinned to one as to any other, so an
//! edition that was shipped is never changed and never taken away: what changes is a new edition.

use super::library::{self, Checked};
use crate::model::process::Process;
use crate::model::revision::Files;
use crate::model::task::STANDALONE;
use std::sync::Arc;

/// The files of the editions: the first is number -1, the second -2, and so on.
const EDITIONS: &[&[(&str, &str)]] = &[&[
    ("workflows/kamflow/pack.yaml", include_str!("built_in/edition-1/pack.yaml")),
    ("workflows/kamflow/processes/task.yaml", include_str!("built_in/edition-1/task.yaml")),
]];

/// The variable of a task that holds the id of the record that it is about.
const RECORD: &str = "record";

/// The edition that new instances are pinned to.
pub fn newest() -> i64 {
    i64::try_from(EDITIONS.len()).map_or(0, |editions| -editions)
}

/// Whether a revision of this number is one of kamflow's own, and none of a business.
pub fn is_edition(number: i64) -> bool {
    number < 0
}

/// The files of an edition; none when there is none of this number.
pub fn files(number: i64) -> Option<Files> {
    let position = usize::try_from(number.checked_neg()?.checked_sub(1)?).ok()?;
    let file = |(path, text): &(&str, &str)| ((*path).to_owned(), text.as_bytes().to_vec());
    EDITIONS.get(position).map(|files| files.iter().map(file).collect())
}

/// An edition, loaded and compiled; none when there is none of this number.
pub fn library(number: i64) -> Option<Checked> {
    let mut checked = library::build(number, files(number)?);
    // A task may be about a record of any type, which a process file cannot say.
    let processes = checked.library.as_mut().map(|library| &mut library.definitions.processes);
    if let Some(process) = processes.and_then(|processes| processes.get_mut(STANDALONE)) {
        let process: &mut Process = Arc::make_mut(process);
        process.subject_id = Some(RECORD.to_owned());
    }
    Some(checked)
}
