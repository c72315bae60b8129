//! Writing records: `records.create`, `records.update`, and the same for requests from outside.

use super::{derive, entries, pinned, references, shape, shown};
use crate::model::field::Field;
use crate::model::ids::RecordId;
use crate::model::json::{Json, JsonMap};
use crate::model::record::{FieldChange, Record};
use crate::model::record_type::RecordType;
use crate::model::refusal::{FieldError, Refusal, RefusalKind};
use crate::plugins::desk::{Desk, Stop};
use crate::store::records;
use serde::Deserialize;
use std::collections::BTreeSet;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Create {
    r#type: String,
    fields: JsonMap,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Update {
    r#type: String,
    id: RecordId,
    fields: JsonMap,
    #[serde(default)]
    reason: Option<String>,
}

/// `records.create`
pub fn create(desk: &mut Desk, arguments: Create) -> Result<Json, Stop> {
    let record_type = desk.record_type(&arguments.r#type)?;
    let lens = pinned::lens(desk, &record_type)?;
    let record = insert(desk, &arguments.r#type, &pinned::given(&lens, arguments.fields))?;
    Ok(pinned::told(&lens, shown(&record)))
}

/// `records.update`
pub fn update(desk: &mut Desk, arguments: Update) -> Result<Json, Stop> {
    let present = records::lock(desk.conn, desk.business, &arguments.r#type, &arguments.id)?;
    let present = present.ok_or_else(|| Refusal::not_found(&arguments.r#type, &arguments.id))?;
    let record_type = desk.record_type(&arguments.r#type)?;
    let lens = pinned::lens(desk, &record_type)?;
    let record = change(desk, present, &pinned::given(&lens, arguments.fields), arguments.reason)?;
    Ok(pinned::told(&lens, shown(&record)))
}

/// A new record with its keys, index and history. Defaults are filled in; derived fields may not be given.
pub fn insert(desk: &mut Desk, type_name: &str, given: &JsonMap) -> Result<Record, Stop> {
    let record_type = desk.record_type(type_name)?;
    let mut fields = checked(&record_type, given)?;
    for field in &record_type.fields {
        if let (Some(default), false) = (&field.default, given.contains_key(&field.name)) {
            fields.insert(field.name.clone(), default.clone());
        }
    }
    let record = Record {
        business: desk.business.clone(),
        record_type: type_name.to_owned(),
        id: RecordId((desk.new_id)()),
        fields: finished(desk, &record_type, fields, given)?,
        version: 1,
        created_at: desk.now,
        created_by: desk.actor.clone(),
        updated_at: desk.now,
        updated_by: desk.actor.clone(),
        derived: Some(record_type.stamp.clone()),
    };
    take_keys(desk, &record_type, &record, &[])?;
    records::insert(desk.conn, &record, &entries::columns(&record_type, &record.fields))?;
    keep(desk, &record_type, &record, &JsonMap::new(), None)?;
    Ok(record)
}

/// Changes fields of a record; null clears one. A change of nothing writes nothing.
pub fn change(desk: &mut Desk, present: Record, patch: &JsonMap, reason: Option<String>) -> Result<Record, Stop> {
    let record_type = desk.record_type(&present.record_type)?;
    let mut fields = present.fields.clone();
    for (name, value) in checked(&record_type, patch)? {
        fields.insert(name, value);
    }
    fields.retain(|name, _| patch.get(name).is_none_or(|value| !value.is_null()));
    let fields = finished(desk, &record_type, fields, patch)?;
    if fields == present.fields {
        return Ok(present);
    }
    let record = Record {
        fields,
        version: present.version + 1,
        updated_at: desk.now,
        updated_by: desk.actor.clone(),
        derived: Some(record_type.stamp.clone()),
        ..present.clone()
    };
    if !records::update(desk.conn, &record, &entries::columns(&record_type, &record.fields))? {
        let sentence = format!("{} {} was changed by somebody else in the meantime", record.record_type, record.id);
        return Err(Refusal::new(RefusalKind::Stale, "stale_record", sentence).into());
    }
    let mut held = Vec::new();
    if present.derived == record.derived {
        held = unique_keys(desk, &record_type, &present.fields)?;
    } else {
        // Its keys and entries may stand under other names: all of them are written anew.
        records::keys_clear(desk.conn, desk.business, &record_type.name, &record.id)?;
        let index = entries::index(&record_type, &record.fields);
        records::index_replace(desk.conn, desk.business, &record_type.name, &record.id, &index)?;
    }
    take_keys(desk, &record_type, &record, &held)?;
    keep(desk, &record_type, &record, &present.fields, reason)?;
    Ok(record)
}

/// The shape of what was given, and no derived field among it.
fn checked(record_type: &RecordType, given: &JsonMap) -> Result<JsonMap, Refusal> {
    let derived = record_type.derive.iter().filter(|rule| given.contains_key(&rule.field));
    let derived: Vec<FieldError> = derived
        .map(|rule| FieldError {
            pointer: format!("/fields/{}", rule.field),
            code: "derived_field".into(),
            detail: format!("\"{}\" is computed by {}; it cannot be set", rule.field, rule.function),
        })
        .collect();
    match shape::check(&record_type.fields, given, "/fields") {
        Ok(fields) if derived.is_empty() => Ok(fields),
        Ok(_) => Err(invalid(record_type, derived)),
        Err(errors) => Err(invalid(record_type, [errors, derived].concat())),
    }
}

/// Everything required there, every reference found, derived fields computed: they must fit their kinds, too.
fn finished(desk: &mut Desk, record_type: &RecordType, mut fields: JsonMap, given: &JsonMap) -> Result<JsonMap, Stop> {
    let is_derived = |name: &str| record_type.derive.iter().any(|rule| rule.field == name);
    let (derived, given_ones): (Vec<Field>, Vec<Field>) =
        record_type.fields.iter().cloned().partition(|field| is_derived(&field.name));
    let mut errors = shape::missing(&given_ones, &fields, "/fields");
    errors.extend(references::check(desk, &given_ones, given)?);
    if !errors.is_empty() {
        return Err(invalid(record_type, errors).into());
    }
    derive::derive(record_type, desk.scripts, &mut fields)
        .map_err(|failure| Refusal::invalid(&failure.code, failure.message))?;
    let (computed, mut fields): (JsonMap, JsonMap) = fields.into_iter().partition(|(name, _)| is_derived(name));
    let computed = shape::check(&derived, &computed, "/fields").map_err(|wrong| invalid(record_type, wrong))?;
    fields.extend(computed);
    let errors = shape::missing(&derived, &fields, "/fields");
    if errors.is_empty() { Ok(fields) } else { Err(invalid(record_type, errors).into()) }
}

/// The keys (rule, value) that a record with these fields needs.
pub fn unique_keys(desk: &Desk, record_type: &RecordType, fields: &JsonMap) -> Result<Vec<(String, String)>, Refusal> {
    let mut keys = Vec::new();
    for rule in &record_type.unique {
        let holds = derive::holds(record_type, rule, desk.scripts, fields);
        if holds.map_err(|failure| Refusal::invalid(&failure.code, failure.message))? {
            keys.extend(entries::unique_key(rule, fields));
        }
    }
    Ok(keys)
}

/// Takes the keys that the record now needs and gives those back that it held and needs no more.
fn take_keys(
    desk: &mut Desk,
    record_type: &RecordType,
    record: &Record,
    held: &[(String, String)],
) -> Result<(), Stop> {
    let needed = unique_keys(desk, record_type, &record.fields)?;
    let gone: Vec<(String, String)> = held.iter().filter(|key| !needed.contains(key)).cloned().collect();
    records::keys_delete(desk.conn, desk.business, &record_type.name, &record.id, &gone)?;
    let conflicts = records::keys_insert(desk.conn, desk.business, &record_type.name, &record.id, &needed)?;
    if conflicts.is_empty() {
        return Ok(());
    }
    let errors = conflicts.iter().map(|conflict| FieldError {
        pointer: format!("/fields/{}", conflict.rule.split(',').next().unwrap_or_default()),
        code: "not_unique".into(),
        detail: format!("another {} already has this {}", record_type.name, conflict.rule),
    });
    let sentence = format!("this {} is already there", record_type.name);
    Err(Refusal::conflict("not_unique", sentence).with_errors(errors.collect()).into())
}

/// Index and history.
fn keep(
    desk: &mut Desk,
    record_type: &RecordType,
    record: &Record,
    before: &JsonMap,
    reason: Option<String>,
) -> Result<(), Stop> {
    let index = entries::index(record_type, &record.fields);
    if index != entries::index(record_type, before) {
        records::index_replace(desk.conn, desk.business, &record_type.name, &record.id, &index)?;
    }
    let changes = changes(desk, record, before, reason);
    records::changes_insert(desk.conn, desk.business, &record_type.name, &record.id, &changes)?;
    Ok(())
}

/// What is different in a record's fields from those it had.
pub(super) fn changes(desk: &Desk, record: &Record, before: &JsonMap, reason: Option<String>) -> Vec<FieldChange> {
    let names: BTreeSet<&String> = before.keys().chain(record.fields.keys()).collect();
    let value = |fields: &JsonMap, name: &str| fields.get(name).cloned().unwrap_or(Json::Null);
    names
        .into_iter()
        .filter(|name| before.get(*name) != record.fields.get(*name))
        .map(|name| FieldChange {
            version: record.version,
            field: name.clone(),
            old: value(before, name),
            new: value(&record.fields, name),
            by: desk.actor.clone(),
            at: desk.now,
            reason: reason.clone(),
            instance: desk.instance.map(|instance| instance.0.clone()),
        })
        .collect()
}

fn invalid(record_type: &RecordType, errors: Vec<FieldError>) -> Refusal {
    Refusal::invalid("invalid_record", format!("this is not a valid {}", record_type.name)).with_errors(errors)
}
