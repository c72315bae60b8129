//! Merging records for a person, and undoing it: who may, which versions they saw, and what they are told.

use super::circle;
use super::records::{desk, forbidden, is_seen, stale};
use crate::model::definitions::Definitions;
use crate::model::ids::{MergeId, RecordId};
use crate::model::json::Json;
use crate::model::merge::{Choice, Merge, Wanted};
use crate::model::record::Record;
use crate::model::record_access::Relation;
use crate::model::record_type::RecordType;
use crate::model::refusal::{FieldError, Refusal};
use crate::model::seen_record::SeenRecord;
use crate::model::time::Timestamp;
use crate::plugins::{Stop, records as plugin};
use crate::runtime::job::Job;
use crate::runtime::library::Library;
use crate::runtime::request::Outcome;
use crate::runtime::shared::Shared;
use crate::runtime::{access, ids};
use crate::store::records::{self, Sight, merges};
use crate::store::{Connection, StoreError};
use serde_json::json;
use std::collections::BTreeSet;

/// An undo, as it is asked for.
pub(super) struct Undoing<'a> {
    pub record_type: &'a str,
    pub id: &'a RecordId,
    pub merge: &'a MergeId,
    pub reason: &'a str,
}

pub(super) fn merge(
    shared: &Shared,
    conn: &mut Connection,
    job: &Job,
    wanted: &Wanted,
    loser_version: Option<i64>,
    now: Timestamp,
) -> Result<Outcome, Stop> {
    let library = shared.libraries.writing(conn, &job.actor.business)?;
    let by = By { job, library: &library, definitions: &library.definitions, now };
    let declared = access::record_type(&job.actor, by.definitions, &wanted.record_type, now)?;
    let which = [&wanted.winner, &wanted.loser];
    let found = by.lock(conn, declared, which)?;
    let live: Vec<&Record> = found.iter().filter(|record| record.merged_into.is_none()).collect();
    for record in &live {
        by.may_merge(conn, declared, record)?;
    }
    for (id, seen) in [(&wanted.winner, job.if_match), (&wanted.loser, loser_version)] {
        let present = live.iter().find(|record| record.id == *id);
        if let Some(present) = present.filter(|present| seen.is_some_and(|seen| seen != present.version)) {
            return Err(stale(&by.shown(conn, declared, (*present).clone())?).into());
        }
    }
    let fixed = match live.iter().find(|record| record.id == wanted.winner) {
        Some(winner) => by.fixed(conn, declared, winner)?,
        None => BTreeSet::new(),
    };
    let chosen = wanted.choices.iter().filter(|(_, choice)| **choice != Choice::Winner).map(|(field, _)| field);
    allowed(chosen, &fixed)?;
    // What the caller may not change stays as the winner has it.
    let choices = wanted.choices.clone().into_iter().chain(fixed.into_iter().map(|field| (field, Choice::Winner)));
    let settled = Wanted { choices: choices.collect(), ..wanted.clone() };
    let merged = plugin::merge(&mut desk(conn, job, &library, now, &mut ids::new), &settled);
    let merged = merged.or_else(|stop| Err(by.told(conn, stop)?))?;
    let record = by.shown(conn, declared, merged.record)?;
    // Told as it was asked for: what was fixed besides is for the journal.
    Ok(Outcome::Merged { merge: Merge { choices: wanted.choices.clone(), ..merged.merge }, record })
}

pub(super) fn undo(
    shared: &Shared,
    conn: &mut Connection,
    job: &Job,
    asked: &Undoing,
    now: Timestamp,
) -> Result<Outcome, Stop> {
    let library = shared.libraries.writing(conn, &job.actor.business)?;
    let by = By { job, library: &library, definitions: &library.definitions, now };
    let declared = access::record_type(&job.actor, by.definitions, asked.record_type, now)?;
    by.lock(conn, declared, [asked.id])?;
    let journal = merges::find(conn, &job.actor.business, asked.record_type, asked.merge)?;
    let part = |merge: &Merge| merge.winner == *asked.id || merge.loser == *asked.id;
    let journal = journal.filter(part).ok_or_else(|| Refusal::not_found("merge", asked.merge))?;
    let winner = by.lock(conn, declared, [&journal.winner])?.remove(0);
    let mut fixed = BTreeSet::new();
    if winner.merged_into.is_none() {
        by.may_merge(conn, declared, &winner)?;
        fixed = by.fixed(conn, declared, &winner)?;
        if *asked.id == winner.id && job.if_match.is_some_and(|seen| seen != winner.version) {
            return Err(stale(&by.shown(conn, declared, winner)?).into());
        }
    }
    let Undoing { record_type, id, merge, reason } = *asked;
    let undone = plugin::undo(&mut desk(conn, job, &library, now, &mut ids::new), record_type, id, merge, reason);
    let undone = undone.or_else(|stop| Err(by.told(conn, stop)?))?;
    allowed(undone.changed.iter(), &fixed)?;
    // Asked of both as they are again; a refusal takes everything back.
    for id in [&journal.winner, &journal.loser] {
        let record = by.lock(conn, declared, [id])?.remove(0);
        by.may_merge(conn, declared, &record)?;
    }
    let record = by.shown(conn, declared, undone.record)?;
    Ok(Outcome::Merged { merge: undone.merge, record })
}

/// Why a record that was merged cannot be changed: it is another one now, when the caller may know that one.
pub(super) fn moved(
    conn: &mut Connection,
    job: &Job,
    library: &Library,
    record: &Record,
    now: Timestamp,
) -> Result<Refusal, Stop> {
    let by = By { job, library, definitions: &library.definitions, now };
    let declared = access::record_type(&job.actor, by.definitions, &record.record_type, now)?;
    let of = &record.record_type;
    let Some(winner) = by.end(conn, declared, record)? else { return Ok(Refusal::not_found(of, &record.id)) };
    let sentence = format!("{of} {} was merged into {winner}; change that one", record.id);
    let present = json!({ "type": of, "id": record.id, "mergedInto": winner });
    Ok(Refusal::conflict("record_merged", sentence).with_present(present))
}

/// Whoever asks, at a time.
struct By<'a> {
    job: &'a Job,
    library: &'a Library,
    definitions: &'a Definitions,
    now: Timestamp,
}

impl By<'_> {
    /// These records, locked, when the caller may read all of them; of a redirect the record at its end.
    fn lock<const N: usize>(
        &self,
        conn: &mut Connection,
        declared: &RecordType,
        which: [&RecordId; N],
    ) -> Result<Vec<Record>, Stop> {
        let business = &self.job.actor.business;
        let found = records::lock_for_deletion(conn, business, &declared.name, &which.map(Clone::clone))?;
        for id in which {
            let seen = match found.iter().find(|record| record.id == *id) {
                Some(record) if record.merged_into.is_some() => self.end(conn, declared, record)?.is_some(),
                Some(record) => is_seen(conn, record, &self.sight(declared, &declared.access.read))?,
                None => false,
            };
            if !seen {
                return Err(Refusal::not_found(&declared.name, id).into());
            }
        }
        Ok(found)
    }

    fn may_merge(&self, conn: &mut Connection, declared: &RecordType, record: &Record) -> Result<(), Stop> {
        let relations = declared.access.merge.as_ref().unwrap_or(&declared.access.update);
        if is_seen(conn, record, &self.sight(declared, relations))? {
            return Ok(());
        }
        Err(forbidden(&declared.name, "merged"))
    }

    /// The fields of this record with rights of their own, which the caller does not have.
    fn fixed(
        &self,
        conn: &mut Connection,
        declared: &RecordType,
        record: &Record,
    ) -> Result<BTreeSet<String>, StoreError> {
        let mut fixed: BTreeSet<String> = self.shown(conn, declared, record.clone())?.hidden.into_iter().collect();
        for (field, rights) in &declared.access.fields {
            let Some(relations) = &rights.update else { continue };
            if !is_seen(conn, record, &self.sight(declared, relations))? {
                fixed.insert(field.clone());
            }
        }
        fixed.retain(|field| declared.derive.iter().all(|rule| rule.field != *field));
        Ok(fixed)
    }

    /// A record as the caller sees it.
    fn shown(&self, conn: &mut Connection, declared: &RecordType, record: Record) -> Result<SeenRecord, StoreError> {
        access::seen_record(conn, &self.job.actor, self.library, declared, record, self.now)
    }

    /// The record that a redirect ends at, when the caller may read it.
    fn end(
        &self,
        conn: &mut Connection,
        declared: &RecordType,
        record: &Record,
    ) -> Result<Option<RecordId>, StoreError> {
        let business = &self.job.actor.business;
        let Some(end) = records::winner_of(conn, business, &declared.name, &record.id)? else { return Ok(None) };
        let sight = self.sight(declared, &declared.access.read);
        Ok(records::seen(conn, business, &declared.name, std::slice::from_ref(&end), &sight)?.into_iter().next())
    }

    fn sight(&self, declared: &RecordType, relations: &[Relation]) -> Sight {
        access::sight(&self.job.actor, self.definitions, declared, relations, self.now)
    }

    /// The same refusal without the records that the caller may not read; only their number is told.
    fn told(&self, conn: &mut Connection, stop: Stop) -> Result<Stop, StoreError> {
        let Stop::Refused(mut refusal) = stop else { return Ok(stop) };
        if refusal.code == "cycle" {
            return Ok(circle::without_hidden(conn, self.job, self.definitions, refusal, self.now)?.into());
        }
        let present = refusal.present.as_mut();
        let Some(Json::Array(conflicts)) = present.and_then(|present| present.get_mut("conflicts")) else {
            return Ok(refusal.into());
        };
        let (all, mut shown) = (conflicts.len(), Vec::new());
        for conflict in conflicts.drain(..) {
            if self.reads(conn, &conflict)? {
                shown.push(conflict);
            }
        }
        let hidden = all - shown.len();
        refusal.present = Some(json!({ "conflicts": shown, "hidden": hidden }));
        Ok(refusal.into())
    }

    fn reads(&self, conn: &mut Connection, conflict: &Json) -> Result<bool, StoreError> {
        let declared = conflict["type"].as_str().and_then(|name| self.definitions.records.get(name));
        let (Some(declared), Some(id)) = (declared, conflict["id"].as_str()) else { return Ok(false) };
        let rights = access::fields(&self.job.actor, self.definitions, declared, self.now);
        let told = conflict["field"].as_str().is_none_or(|field| rights.readable_everywhere(field));
        let sight = self.sight(declared, &declared.access.read);
        let business = &self.job.actor.business;
        Ok(told && !records::seen(conn, business, &declared.name, &[id.into()], &sight)?.is_empty())
    }
}

/// Refuses what would change a field that is fixed for the caller.
fn allowed<'a>(changed: impl Iterator<Item = &'a String>, fixed: &BTreeSet<String>) -> Result<(), Refusal> {
    let errors: Vec<FieldError> = changed
        .filter(|field| fixed.contains(*field))
        .map(|field| FieldError {
            pointer: format!("/fields/{field}"),
            code: "field_not_allowed".to_owned(),
            detail: format!("\"{field}\" may not be changed by you"),
        })
        .collect();
    if errors.is_empty() {
        return Ok(());
    }
    let sentence = "this would change fields that you may not change; see errors";
    Err(Refusal::forbidden("field_not_allowed", sentence).with_errors(errors))
}
