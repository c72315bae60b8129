//! The past of business records: every change, page by page, and what a record was at an instant.

use super::filter;
use super::reading::Reading;
use crate::model::actor::Actor;
use crate::model::field::{Field, FieldKind};
use crate::model::ids::RecordId;
use crate::model::json::{Json, JsonMap};
use crate::model::lens::{Rename, name_now, turned};
use crate::model::page::{Page, Search};
use crate::model::record::{FieldChange, Record, is_about_merge};
use crate::model::record_type::RecordType;
use crate::model::refusal::Refusal;
use crate::model::seen_record::SeenRecord;
use crate::model::time::Timestamp;
use crate::plugins::Stop;
use crate::runtime::{Runtime, access};
use crate::store::Connection;
use crate::store::records::{self, Past, Sight};

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
            match records::find(conn, &actor.business, &record_type, &id)? {
                // Who else could see a record that was merged is not kept.
                Some(record) if record.merged_into.is_some() && reading.sight() == Sight::All => {}
                Some(_) => drop(reading.find(conn, &id)?),
                None => was_there(conn, &reading, &id)?,
            }
            let (business, after) = (&actor.business, filter::after(&search)?);
            let limit = filter::limit(&search);
            let hidden = reading.fields().hidden_in_history(conn, &id)?;
            let mut found = records::history(conn, business, &record_type, &id, &hidden, after.as_ref(), limit)?;
            let renames = records::renames(conn, business, &record_type)?;
            found.items.iter_mut().for_each(|change| change.field = name_now(&change.field, change.at, &renames).0);
            let count = records::history_count(conn, business, &record_type, &id, &hidden)?;
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
            let past = records::past(conn, &present, at)?;
            let renames = records::renames(conn, &actor.business, &record_type)?;
            let seen = reading.seen_one(conn, rebuilt(reading.declared, present, past, &renames, at)?)?;
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
    if may && !records::history(conn, &actor.business, record_type, id, &[], None, 1)?.items.is_empty() {
        return Ok(());
    }
    Err(Refusal::not_found(record_type, id).into())
}

fn no_history(sentence: String) -> Refusal {
    Refusal::invalid("no_history", sentence)
}

/// The record as its history tells it, at an instant.
fn rebuilt(
    declared: &RecordType,
    present: Record,
    told: Past,
    renames: &[Rename],
    at: Timestamp,
) -> Result<Record, Refusal> {
    if !told.whole {
        let sentence = format!("the history of {} {} has gaps, so its past is not known", declared.name, present.id);
        return Err(no_history(sentence));
    }
    let (updated_at, updated_by) = match told.last.last() {
        Some(change) => (change.at, change.by.clone()),
        None => (present.created_at, present.created_by.clone()),
    };
    // What became of names later changes nothing but the names.
    let (before, later): (Vec<Rename>, Vec<Rename>) = renames.iter().cloned().partition(|rename| rename.at <= at);
    let fields = fields(told.last, &before, present.created_at).into_iter().filter_map(|(name, value)| {
        let (name, hidden) = name_now(&name, at, &later);
        let is_there = declared.fields.iter().any(|field| field.name == name);
        (is_there || !hidden).then(|| (name.clone(), renamed_inside(&declared.fields, &name, value)))
    });
    let fields = fields.collect();
    Ok(Record { fields, version: told.version, updated_at, updated_by, ..present })
}

/// The fields after these changes, which come in the order of their versions, and after what became of the fields of the
/// type in between.
fn fields(last: Vec<FieldChange>, renames: &[Rename], created_at: Timestamp) -> JsonMap {
    let mut fields = JsonMap::new();
    let mut turns = renames.iter().filter(|rename| rename.at >= created_at).peekable();
    for change in last.into_iter().filter(|change| !is_about_merge(&change.field)) {
        while let Some(turn) = turns.next_if(|turn| turn.at < change.at) {
            fields = turned(fields, turn);
        }
        fields.insert(change.field, change.new);
    }
    let mut fields = turns.fold(fields, turned);
    fields.retain(|_, value| !value.is_null());
    fields
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
                let name = present_name(declared, name);
                let value = renamed_inside(declared, &name, value);
                (name, value)
            };
            object.into_iter().map(field).collect()
        }
        (_, value) => value,
    }
}

/// What a field inside a map is called today.
fn present_name(declared: &[Field], name: String) -> String {
    let now = declared.iter().find(|field| field.was.as_ref() == Some(&name));
    let taken = declared.iter().any(|field| field.name == name);
    now.filter(|_| !taken).map_or(name, |field| field.name.clone())
}
