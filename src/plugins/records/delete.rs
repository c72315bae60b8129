//! Deleting records: `records.delete`, and the same for requests from outside. What refers to a record decides what
//! becomes of it: it refuses, it is cleared, or it goes as well, under the rules of its own type.

use super::keep::{self, Replaced};
use super::referring::{self, Reads};
use super::{closed, entries, pinned, relations, rules, shown, write};
use crate::model::field::OnDelete;
use crate::model::ids::RecordId;
use crate::model::json::{Json, JsonMap};
use crate::model::record::Record;
use crate::model::record_type::RecordType;
use crate::model::refusal::Refusal;
use crate::plugins::desk::{Desk, Stop};
use crate::store::records::{self, Sight};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// Records that one deletion deletes or clears at most.
const MOST: usize = 10_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Arguments {
    r#type: String,
    id: RecordId,
    #[serde(default)]
    reason: Option<String>,
}

/// `records.delete`
pub fn delete(desk: &mut Desk, arguments: Arguments) -> Result<Json, Stop> {
    let ids = std::slice::from_ref(&arguments.id);
    let present = records::lock_for_deletion(desk.conn, desk.business, &arguments.r#type, ids)?.pop();
    let present = present.ok_or_else(|| Refusal::not_found(&arguments.r#type, &arguments.id))?;
    if let Some(winner) = &present.merged_into {
        let sentence = format!("{} {} was merged into {winner}; change that one", present.record_type, present.id);
        return Err(Refusal::conflict("record_merged", sentence).into());
    }
    let lens = pinned::lens(desk, &*desk.record_type(&arguments.r#type)?)?;
    let record = remove(desk, present, arguments.reason, &|_| Sight::All)?;
    Ok(pinned::told(&lens, shown(&record)))
}

/// Records that go or change, by type and id.
type Ids = BTreeMap<String, BTreeSet<RecordId>>;

/// Deletes a record that is locked for it, with all that goes with it; gives it as it was. `reads` says which records
/// of a type the caller may be told of.
pub fn remove(desk: &mut Desk, present: Record, reason: Option<String>, reads: Reads<'_>) -> Result<Record, Stop> {
    let (mut refusing, mut clearing) = (Ids::new(), Ids::new());
    let mut going: BTreeMap<String, Vec<Record>> = BTreeMap::new();
    let mut level = BTreeMap::from([(present.record_type.clone(), vec![present.clone()])]);
    while !level.is_empty() {
        let mut next: BTreeMap<String, Vec<Record>> = BTreeMap::new();
        for (name, gone) in level {
            may_go(desk, &name, &gone, &present, reason.as_deref(), reads)?;
            let ids: Vec<String> = gone.iter().map(|record| entries::fitting(record.id.0.clone())).collect();
            for found in referring::to(desk, &name, &ids, MOST)? {
                match found.on_delete {
                    OnDelete::Refuse => refusing.entry(found.record_type).or_default().extend(found.ids),
                    OnDelete::Clear => clearing.entry(found.record_type).or_default().extend(found.ids),
                    OnDelete::Cascade => {
                        let locked =
                            records::lock_for_deletion(desk.conn, desk.business, &found.record_type, &found.ids)?;
                        let declared = desk.record_type(&found.record_type)?;
                        // Whoever was faster may have led it elsewhere.
                        let still = |record: &Record| {
                            let index = entries::index(&declared, &record.fields);
                            index.iter().any(|(path, id)| *path == found.path && ids.contains(id))
                        };
                        next.entry(found.record_type).or_default().extend(locked.into_iter().filter(still));
                    }
                }
            }
            going.entry(name).or_default().extend(gone);
        }
        for (name, records) in &mut next {
            let mut known: BTreeSet<RecordId> = going.get(name).into_iter().flatten().map(|r| r.id.clone()).collect();
            records.retain(|record| known.insert(record.id.clone()));
        }
        next.retain(|_, records| !records.is_empty());
        level = next;
        bounded(going.values().chain(level.values()).map(Vec::len).sum())?;
    }
    for (name, records) in &going {
        for others in [&mut refusing, &mut clearing] {
            if let Some(ids) = others.get_mut(name) {
                let gone: BTreeSet<&RecordId> = records.iter().map(|record| &record.id).collect();
                ids.retain(|id| !gone.contains(id));
            }
        }
    }
    referring::refuse(desk, &present, &refusing, reads)?;
    bounded(going.values().map(Vec::len).chain(clearing.values().map(BTreeSet::len)).sum())?;
    for (name, ids) in clearing {
        clear(desk, &name, ids, &going, reason.as_deref(), reads)?;
    }
    for (name, gone) in &going {
        let record_type = desk.record_type(name)?;
        keep::deleted(desk, &record_type, gone, reason.clone())?;
    }
    Ok(present)
}

/// Refuses the deletion of records that are closed, or of fields that ask for a reason.
fn may_go(
    desk: &mut Desk,
    record_type: &str,
    gone: &[Record],
    root: &Record,
    reason: Option<&str>,
    reads: Reads<'_>,
) -> Result<(), Stop> {
    let (record_type, scripts, none) = (desk.record_type(record_type)?, desk.scripts, JsonMap::new());
    let closed = gone.iter().map(|record| (record, closed::refuse_deletion(&record_type, scripts, record)));
    let reasons = gone.iter().map(|record| (record, rules::reasons(&record_type, &record.fields, &none, reason)));
    for (record, may) in closed.chain(reasons) {
        match may {
            Err(refusal) if record == root => return Err(refusal.into()),
            Err(refusal) => return Err(referring::refused_by(desk, refusal.into(), record, reads)),
            Ok(()) => {}
        }
    }
    Ok(())
}

/// Takes the references to what goes out of records of a type, which must meet the rules of their type without.
fn clear(
    desk: &mut Desk,
    record_type: &str,
    ids: BTreeSet<RecordId>,
    going: &BTreeMap<String, Vec<Record>>,
    reason: Option<&str>,
    reads: Reads<'_>,
) -> Result<(), Stop> {
    let record_type = desk.record_type(record_type)?;
    let ids: Vec<RecordId> = ids.into_iter().collect();
    let mut replaced = Vec::new();
    for before in records::lock_many(desk.conn, desk.business, &record_type.name, &ids)? {
        let mut fields = before.fields.clone();
        for (name, gone) in going {
            let gone: BTreeSet<&str> = gone.iter().map(|record| record.id.as_str()).collect();
            fields = relations::without(&record_type.fields, &fields, name, &gone);
        }
        match cleared(desk, &record_type, &before, fields, reason) {
            Ok(Some(after)) => replaced.push(Replaced { before, after }),
            Ok(None) => {}
            Err(stop) => return Err(referring::refused_by(desk, stop, &before, reads)),
        }
    }
    keep::changed(desk, &record_type, &replaced, reason.map(str::to_owned))
}

fn cleared(
    desk: &Desk,
    record_type: &RecordType,
    before: &Record,
    fields: JsonMap,
    reason: Option<&str>,
) -> Result<Option<Record>, Stop> {
    let closed = closed::is_closed(record_type, desk.scripts, before)?;
    if closed {
        closed::refuse_changes(record_type, before, &fields)?;
    }
    write::altered(desk, record_type, before, fields, reason, closed)
}

fn bounded(number: usize) -> Result<(), Refusal> {
    if number <= MOST {
        return Ok(());
    }
    let sentence = format!("this would delete or change more than {MOST} records at once; begin with those below it");
    Err(Refusal::conflict("cascade_too_large", sentence))
}
