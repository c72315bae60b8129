//! Undoing a merge: the records are as they were before it, or nothing changes and the refusal says why.

use super::apply::{self, Rewrite};
use super::restore::{self, Restored};
use super::{Merged, conflict, merged, reasoned};
use crate::model::ids::{MergeId, RecordId};
use crate::model::merge::{Merge, Part, Undone};
use crate::model::refusal::Refusal;
use crate::plugins::desk::{Desk, Stop};
use crate::store::records;
use crate::store::records::merges::{self, Later};
use serde_json::json;
use std::collections::BTreeMap;

/// Undoes a merge that this record was part of, as winner or loser.
pub fn undo(desk: &mut Desk, record_type: &str, record: &RecordId, id: &MergeId, reason: &str) -> Result<Merged, Stop> {
    reasoned(reason)?;
    let merge = find(desk, record_type, record, id)?;
    let which = [merge.winner.clone(), merge.loser.clone()];
    let mut present = records::lock_for_deletion(desk.conn, desk.business, record_type, &which)?;
    // Again, now that nobody else can undo it.
    let merge = find(desk, record_type, record, id)?;
    if let Some(undone) = &merge.undone {
        let sentence = format!("the merge was undone already, by {}", undone.by);
        return Err(Refusal::conflict("merge_undone", sentence).into());
    }
    in_order(merges::later(desk.conn, desk.business, id)?.into_iter().filter(blocks).map(|later| later.merge))?;
    let written = merges::written(desk.conn, desk.business, id)?;
    let mut repointed: BTreeMap<&str, Vec<RecordId>> = BTreeMap::new();
    for written in written.iter().filter(|written| written.part == Part::Repointed) {
        repointed.entry(&written.record_type).or_default().push(written.record.clone());
    }
    for (of, ids) in repointed {
        present.extend(records::lock_many(desk.conn, desk.business, of, &ids)?);
    }
    let Restored { rewrites, mut conflicts } = restore::restore(desk, &merge, &written, &present)?;
    if conflicts.is_empty() {
        let needed = restore::needed(desk, &merge, &rewrites)?;
        in_order(needed.merges.into_iter())?;
        conflicts.extend(needed.conflicts);
    }
    if conflicts.is_empty() {
        let why = format!("the merge of {} into {} was undone: {reason}", merge.loser, merge.winner);
        let held = apply::apply(desk, &rewrites, &why)?;
        conflicts.extend(restore::holders(desk, &held)?);
    }
    if !conflicts.is_empty() {
        let sentence = match conflicts.len() {
            1 => "1 value was changed since the merge; nothing was undone".to_owned(),
            number => format!("{number} values were changed since the merge; nothing was undone"),
        };
        return Err(conflict::refusal("merge_touched", sentence, &conflicts).into());
    }
    close(desk, merge, reason, &rewrites)
}

fn find(desk: &mut Desk, record_type: &str, record: &RecordId, id: &MergeId) -> Result<Merge, Stop> {
    let found = merges::find(desk.conn, desk.business, record_type, id)?;
    let found = found.filter(|merge| merge.winner == *record || merge.loser == *record);
    Ok(found.ok_or_else(|| Refusal::not_found("merge", id))?)
}

/// Two merges that both moved references of a third record are free of each other.
fn blocks(later: &Later) -> bool {
    !matches!((later.before, later.part), (Part::Repointed, Part::Repointed))
}

fn in_order(later: impl Iterator<Item = MergeId>) -> Result<(), Refusal> {
    let mut later: Vec<MergeId> = later.collect();
    later.sort_unstable();
    later.dedup();
    if later.is_empty() {
        return Ok(());
    }
    let list = later.iter().rev().map(MergeId::as_str).collect::<Vec<_>>().join(", ");
    let sentence = format!("a later merge changed the same records; undo it first: {list}");
    Err(Refusal::conflict("merge_order", sentence).with_present(json!({ "merges": later })))
}

fn close(desk: &mut Desk, merge: Merge, reason: &str, rewrites: &[Rewrite]) -> Result<Merged, Stop> {
    let undone = Undone { at: desk.now, by: desk.actor.clone(), reason: reason.to_owned() };
    merges::undo(desk.conn, desk.business, &merge.id, &undone)?;
    Ok(merged(Merge { undone: Some(undone), ..merge }, rewrites))
}
