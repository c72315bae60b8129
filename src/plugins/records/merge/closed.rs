//! What may not change stops a merge: ledgers, and records that their type closed.

use super::conflict::{self, Conflict};
use super::rewrite::Rewrite;
use crate::model::merge::changed;
use crate::model::refusal::Refusal;
use crate::plugins::desk::{Desk, Stop};
use crate::plugins::records::derive;

/// Refuses when one of the records is closed to what is about to change in it.
pub fn check(desk: &Desk, rewrites: &[Rewrite]) -> Result<(), Stop> {
    let mut conflicts = Vec::new();
    for rewrite in rewrites {
        if let Some(field) = closed(desk, rewrite)? {
            conflicts.push(Conflict::of(&rewrite.before, field));
        }
    }
    if conflicts.is_empty() {
        return Ok(());
    }
    let sentence = match conflicts.len() {
        1 => "1 record that would change is closed to changes; nothing was merged".to_owned(),
        number => format!("{number} records that would change are closed to changes; nothing was merged"),
    };
    Err(conflict::refusal("merge_closed", sentence, &conflicts).into())
}

/// Whether a record is closed, and which field it is about; none for the record as a whole.
fn closed(desk: &Desk, rewrite: &Rewrite) -> Result<Option<Option<String>>, Refusal> {
    let Rewrite { declared, before, after } = rewrite;
    let fields = changed(&before.fields, &after.fields);
    if declared.append_only {
        return Ok(Some(fields.into_keys().next()));
    }
    let Some(rule) = &declared.immutable else { return Ok(None) };
    let barred = fields.into_keys().find(|field| !rule.except.contains(field));
    if barred.is_none() && after.merged_into.is_none() {
        return Ok(None);
    }
    let holds = derive::is_true(declared, &rule.when, desk.scripts, &before.fields, "immutable");
    let holds = holds.map_err(|failure| Refusal::invalid(&failure.code, failure.message))?;
    Ok(holds.then_some(barred))
}
