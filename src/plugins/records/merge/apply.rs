//! Writing what a merge or its undo changes: type by type, one statement a table, and with the two of them a line in
//! the history that says so.

use crate::model::ids::RecordId;
use crate::model::json::Json;
use crate::model::record::{MERGED, MERGED_INTO, Record};
use crate::model::record_type::RecordType;
use crate::plugins::desk::{Desk, Stop};
use crate::plugins::records::keep::{self, Replaced};
use crate::store::records::{self, KeyConflict};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A record before and after, with its type. The one before is locked.
pub struct Rewrite {
    /// Its type.
    pub declared: Arc<RecordType>,
    /// As it is.
    pub before: Record,
    /// As it will be.
    pub after: Record,
}

/// Writes them, the winner first and the loser second. Keys that other records hold come back with their type; the
/// caller then refuses, and nothing is kept.
pub fn apply(desk: &mut Desk, rewrites: &[Rewrite], reason: &str) -> Result<Vec<(String, KeyConflict)>, Stop> {
    let mut by_type: BTreeMap<&str, (&Arc<RecordType>, Vec<Replaced>)> = BTreeMap::new();
    for Rewrite { declared, before, after } in rewrites {
        let (_, replaced) = by_type.entry(&declared.name).or_insert_with(|| (declared, Vec::new()));
        replaced.push(Replaced { before: before.clone(), after: after.clone() });
    }
    for (name, (declared, replaced)) in by_type {
        let held = keep::written(desk, declared, &replaced, Some(reason.to_owned()))?;
        if !held.is_empty() {
            return Ok(held.into_iter().map(|conflict| (name.to_owned(), conflict)).collect());
        }
    }
    if let [winner, loser, ..] = rewrites {
        tell(desk, winner, loser, reason)?;
    }
    Ok(Vec::new())
}

/// Every version has a line in the history, also that of a winner whose fields stay.
fn tell(desk: &mut Desk, winner: &Rewrite, loser: &Rewrite, reason: &str) -> Result<(), Stop> {
    if !winner.declared.history {
        return Ok(());
    }
    let into = |record: &Record, id: &RecordId| match record.merged_into {
        Some(_) => Json::from(id.as_str()),
        None => Json::Null,
    };
    let line = |of: &Rewrite, field: &str, id: &RecordId| {
        let (old, new) = (into(&loser.before, id), into(&loser.after, id));
        keep::change(desk, of.after.version, field.to_owned(), old, new, Some(reason.to_owned()))
    };
    let lines = [
        (&winner.after.id, line(winner, MERGED, &loser.after.id)),
        (&loser.after.id, line(loser, MERGED_INTO, &winner.after.id)),
    ];
    records::changes_insert(desk.conn, desk.business, &winner.declared.name, &lines)?;
    Ok(())
}

/// The next version of a record, by whoever is at the desk.
pub fn next(desk: &Desk, record: &Record) -> Record {
    Record { version: record.version + 1, updated_at: desk.now, updated_by: desk.actor.clone(), ..record.clone() }
}
