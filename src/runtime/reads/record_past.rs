//! The past of business records: every change, page by page, and what a record was at an instant.

use super::filter;
use super::reading::Reading;
use crate::model::actor::Actor;
use crate::model::field::{Field, FieldKind};
use crate::model::ids::RecordId;
use crate::model::json::{Json, JsonMap};
use crate::model::lens::Rename;
use crate::model::page::{Page, Search};
use crate::model::record::{FieldChange, Record};
use crate::model::record_type::RecordType;
use crate::model::refusal::Refusal;
use crate::model::seen_record::SeenRecord;
use crate::model::time::Timestamp;
use crate::plugins::Stop;
use crate::runtime::{Runtime, access};
use crate::store::Connection;
use crate::store::records::{self, Past, Sight};
use std::collections::BTreeMap;

impl Runtime {
    /// A page of the changes of a record that the caller may read, oldest first. Those of a deleted record are for
    /// process administrators who may read every record of its type: no row is left that could say who else may.
    pub async fn record_history(
        &self,
        actor: &Actor,
        record_type: &str,
        id: &RecordId,
        search: Search,
    ) -> Result<Page<FieldChange>, Refusal> {
        let (actor, record_type, id) = (actor.clone(), record_type.to_owned(), id.clone());
        self.read(move |conn, shared| {
            filter::nothing(&search)?;
            let library = shared.libraries.active(conn, &actor.business)?;
            let reading = Reading::of(&library, &actor, &record_type, shared.clock.now())?;
            if records::find(conn, &actor.business, &record_type, &id)?.is_some() {
                reading.find(conn, &id)?;
            } else {
                was_there(conn, &reading, &id)?;
            }
            let (business, after) = (&actor.business, filter::after(&search)?);
            let limit = filter::limit(&search);
            let mut found = records::history(conn, business, &record_type, &id, after.as_ref(), limit)?;
            let renames = records::renames(conn, business, &record_type)?;
            found.items = found.items.into_iter().filter_map(|one| named(one, &renames, reading.declared)).collect();
            reading.fields().hide_changes(conn, &id, &mut found.items)?;
            let count = records::history_count(conn, business, &record_type, &id)?;
            Ok(filter::page(found, count))
        })
        .await
    }

    /// What a record was at an instant, for who may read it now; it is not there before it was created. Fields that
    /// have another name today are shown under that.
    pub async fn record_as_of(
        &self,
        actor: &Actor,
        record_type: &str,
        id: &RecordId,
        at: Timestamp,
    ) -> Result<SeenRecord, Refusal> {
        let (actor, record_type, id) = (actor.clone(), record_type.to_owned(), id.clone());
        self.read(move |conn, shared| {
            let library = shared.libraries.active(conn, &actor.business)?;
            let reading = Reading::of(&library, &actor, &record_type, shared.clock.now())?;
            let present = reading.find(conn, &id)?;
            if !reading.declared.history {
                return Err(no_history(format!("{record_type} keeps no history, so its past is not known")).into());
            }
            if at < present.created_at {
                return Err(Refusal::not_found(&record_type, &id).into());
            }
            let mut past = records::past(conn, &present, at)?;
            let renames = records::renames(conn, &actor.business, &record_type)?;
            past.last = past.last.into_iter().filter_map(|one| named(one, &renames, reading.declared)).collect();
            let seen = reading.seen_one(conn, rebuilt(reading.declared, present, past)?)?;
            // Nothing can be done with the past.
            Ok(SeenRecord { allowed: Vec::new(), read_only: Vec::new(), ..seen })
        })
        .await
    }
}

/// Refuses whoever may not see the history of a record that was deleted, as if it had never been there.
fn was_there(conn: &mut Connection, reading: &Reading, id: &RecordId) -> Result<(), Stop> {
    let (actor, record_type) = (reading.actor, &reading.declared.name);
    let may = access::require(actor, access::PROCESS_ADMIN).is_ok() && reading.sight() == Sight::All;
    if may && !records::history(conn, &actor.business, record_type, id, None, 1)?.items.is_empty() {
        return Ok(());
    }
    Err(Refusal::not_found(record_type, id).into())
}

/// A change under the name that its field has now. One of a field that the type no longer has stands under the last name
/// that it had; none when fewer could read the field than the record.
fn named(mut change: FieldChange, renames: &[Rename], declared: &RecordType) -> Option<FieldChange> {
    let mut hidden = false;
    for rename in renames.iter().filter(|rename| rename.at >= change.at) {
        if rename.field == change.field {
            change.field = rename.name.clone().unwrap_or(change.field);
            hidden |= rename.hidden;
        }
    }
    let is_there = declared.fields.iter().any(|field| field.name == change.field);
    (is_there || !hidden).then_some(change)
}

fn no_history(sentence: String) -> Refusal {
    Refusal::invalid("no_history", sentence)
}

/// The record as its history tells it.
fn rebuilt(declared: &RecordType, present: Record, told: Past) -> Result<Record, Refusal> {
    if !told.whole {
        let sentence = format!("the history of {} {} has gaps, so its past is not known", declared.name, present.id);
        return Err(no_history(sentence));
    }
    let (updated_at, updated_by) = match told.last.last() {
        Some(change) => (change.at, change.by.clone()),
        None => (present.created_at, present.created_by.clone()),
    };
    let fields = fields(&declared.fields, told.last);
    Ok(Record { fields, version: told.version, updated_at, updated_by, ..present })
}

/// The fields after these changes, which come in the order of their versions.
fn fields(declared: &[Field], last: Vec<FieldChange>) -> JsonMap {
    let mut fields: BTreeMap<String, (i64, bool, Json)> = BTreeMap::new();
    for FieldChange { version, field, new, .. } in last {
        let (name, renamed) = present_name(declared, &field);
        let new = renamed_inside(declared, &name, new);
        // In one version the name of today says more than the one before.
        let entry = (version, !renamed, new);
        match fields.get(&name) {
            Some((other, today, _)) if (*other, *today) > (version, !renamed) => {}
            _ => drop(fields.insert(name, entry)),
        }
    }
    let kept = fields.into_iter().filter(|(_, (_, _, value))| !value.is_null());
    kept.map(|(name, (_, _, value))| (name, value)).collect()
}

/// What a field is called today, and whether it had another name.
fn present_name(declared: &[Field], name: &str) -> (String, bool) {
    let now = declared.iter().find(|field| field.was.as_deref() == Some(name));
    match now {
        Some(field) if declared.iter().all(|field| field.name != name) => (field.name.clone(), true),
        _ => (name.to_owned(), false),
    }
}

fn renamed_inside(declared: &[Field], name: &str, value: Json) -> Json {
    match declared.iter().find(|field| field.name == name) {
        Some(field) => renamed(&field.kind, value),
        None => value,
    }
}

/// A value with the names that the fields of its maps have today.
fn renamed(kind: &FieldKind, value: Json) -> Json {
    match (kind, value) {
        (FieldKind::List(of), Json::Array(items)) => items.into_iter().map(|item| renamed(of, item)).collect(),
        (FieldKind::Map(declared), Json::Object(object)) => {
            let field = |(name, value): (String, Json)| {
                let (name, _) = present_name(declared, &name);
                let value = renamed_inside(declared, &name, value);
                (name, value)
            };
            object.into_iter().map(field).collect()
        }
        (_, value) => value,
    }
}
