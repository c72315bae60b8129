//! Writing records: `records.create`, `records.update`, and the same for requests from outside. What a record must
//! meet stands beside: shape, references, rules, closing, numbers; `keep` writes the rows.

use super::keep::{self, Replaced};
use super::{closed, cycle, derive, files, matching, number, pinned, references, rules, shape, shown};
use crate::model::field::Field;
use crate::model::ids::RecordId;
use crate::model::json::{Json, JsonMap};
use crate::model::record::Record;
use crate::model::record_type::RecordType;
use crate::model::refusal::{FieldError, Refusal};
use crate::plugins::desk::{Desk, Stop};
use crate::store::records;
use serde::Deserialize;

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
    let Update { r#type: record_type, id, fields, reason } = arguments;
    // A process that knew the record before it was merged goes on with the one that it became.
    let winner = records::winner_of(desk.conn, desk.business, &record_type, &id)?;
    let present = records::lock(desk.conn, desk.business, &record_type, winner.as_ref().unwrap_or(&id))?;
    let present = present.ok_or_else(|| Refusal::not_found(&record_type, &id))?;
    let lens = pinned::lens(desk, &*desk.record_type(&record_type)?)?;
    let record = change(desk, present, &pinned::given(&lens, fields), reason)?;
    Ok(pinned::told(&lens, shown(&record)))
}

/// A new record with its number, keys, index and history. Defaults are filled in; what is computed may not be given.
pub fn insert(desk: &mut Desk, type_name: &str, given: &JsonMap) -> Result<Record, Stop> {
    let record_type = desk.record_type(type_name)?;
    let mut fields = checked(&record_type, given)?;
    for field in &record_type.fields {
        if let (Some(default), false) = (&field.default, given.contains_key(&field.name)) {
            fields.insert(field.name.clone(), default.clone());
        }
    }
    let mut fields = found(desk, &record_type, &fields, &fields)?;
    number::fill(desk, &record_type, std::slice::from_mut(&mut fields))?;
    let fields = computed(desk, &record_type, fields)?;
    rules::check(&record_type, desk.scripts, &fields)?;
    let record = Record {
        business: desk.business.clone(),
        record_type: type_name.to_owned(),
        id: RecordId((desk.new_id)()),
        fields,
        version: 1,
        created_at: desk.now,
        created_by: desk.actor.clone(),
        updated_at: desk.now,
        updated_by: desk.actor.clone(),
        derived: Some(record_type.stamp.clone()),
        merged_into: None,
    };
    matching::lock(desk, &record_type)?;
    keep::created(desk, &record_type, &record)?;
    matching::created(desk, &record_type, &record)?;
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
    let closed = closed::is_closed(&record_type, desk.scripts, &present)?;
    if closed {
        closed::refuse_changes(&record_type, &present, &fields)?;
    }
    let fields = found(desk, &record_type, &fields, patch)?;
    let Some(after) = altered(desk, &record_type, &present, fields, reason.as_deref(), closed)? else {
        return Ok(present);
    };
    let replaced = Replaced { before: present, after };
    keep::changed(desk, &record_type, std::slice::from_ref(&replaced), reason)?;
    cycle::refuse(desk, &record_type, &replaced)?;
    Ok(replaced.after)
}

/// What a record becomes with these fields, when it is another one: computed, and in keeping with every rule.
pub(super) fn altered(
    desk: &Desk,
    record_type: &RecordType,
    present: &Record,
    fields: JsonMap,
    reason: Option<&str>,
    closed: bool,
) -> Result<Option<Record>, Stop> {
    rules::reasons(record_type, &present.fields, &fields, reason)?;
    let mut fields = computed(desk, record_type, fields)?;
    if closed {
        closed::keep_computed(record_type, present, &mut fields);
    }
    if fields == present.fields {
        return Ok(None);
    }
    rules::check(record_type, desk.scripts, &fields)?;
    // What is computed of a closed record was not computed now.
    let derived = if closed { present.derived.clone() } else { Some(record_type.stamp.clone()) };
    Ok(Some(Record {
        fields,
        version: present.version + 1,
        updated_at: desk.now,
        updated_by: desk.actor.clone(),
        derived,
        ..present.clone()
    }))
}

/// The changes that a patch asks for, each value in its one written form, null for none.
pub fn patch(record_type: &RecordType, given: &JsonMap) -> Result<JsonMap, Refusal> {
    let mut asked = checked(record_type, given)?;
    let cleared = given.iter().filter(|(_, value)| value.is_null());
    asked.extend(cleared.map(|(name, _)| (name.clone(), Json::Null)));
    Ok(asked)
}

/// The shape of what was given, and nothing among it that is computed.
pub(super) fn checked(record_type: &RecordType, given: &JsonMap) -> Result<JsonMap, Refusal> {
    let derived = record_type.derive.iter().filter(|rule| given.contains_key(&rule.field));
    let mut computed: Vec<FieldError> = derived
        .map(|rule| FieldError {
            pointer: format!("/fields/{}", rule.field),
            code: "derived_field".into(),
            detail: format!("\"{}\" is computed by {}; it cannot be set", rule.field, rule.function),
        })
        .collect();
    if record_type.number.is_some() && given.contains_key(number::FIELD) {
        let detail = format!("every {} gets its \"{}\" by itself; it cannot be set", record_type.name, number::FIELD);
        let pointer = format!("/fields/{}", number::FIELD);
        computed.push(FieldError { pointer, code: "derived_field".into(), detail });
    }
    match shape::check(&record_type.fields, given, "/fields") {
        Ok(fields) if computed.is_empty() => Ok(fields),
        Ok(_) => Err(invalid(record_type, computed)),
        Err(errors) => Err(invalid(record_type, [errors, computed].concat())),
    }
}

/// Everything required there, and every reference and file among `changed` found; gives the fields, which name what
/// records became that were merged.
pub(super) fn found(
    desk: &mut Desk,
    record_type: &RecordType,
    fields: &JsonMap,
    changed: &JsonMap,
) -> Result<JsonMap, Stop> {
    let (_, given_ones) = apart(record_type);
    let mut errors = shape::missing(&given_ones, fields, "/fields");
    let references::Looked { errors: missing, moved } = references::check(desk, &given_ones, changed)?;
    errors.extend(missing);
    errors.extend(files::check(desk, &given_ones, fields, changed)?);
    if errors.is_empty() { Ok(moved.instead(&given_ones, fields)) } else { Err(invalid(record_type, errors).into()) }
}

/// Refuses fields of a record, kept before by other rules of its type, that do not fit or break a rule of now.
pub(super) fn fits(desk: &Desk, record_type: &RecordType, fields: &JsonMap) -> Result<(), Refusal> {
    let mut errors = match shape::check(&record_type.fields, fields, "/fields") {
        Ok(_) => Vec::new(),
        Err(errors) => errors,
    };
    errors.extend(shape::missing(&record_type.fields, fields, "/fields"));
    if errors.is_empty() { rules::check(record_type, desk.scripts, fields) } else { Err(invalid(record_type, errors)) }
}

/// The fields with the computed ones: they must fit their kinds, too.
pub(super) fn computed(desk: &Desk, record_type: &RecordType, mut fields: JsonMap) -> Result<JsonMap, Stop> {
    derive::derive(record_type, desk.scripts, &mut fields)
        .map_err(|failure| Refusal::invalid(&failure.code, failure.message))?;
    let (computed_ones, _) = apart(record_type);
    let is_computed = |name: &str| computed_ones.iter().any(|field| field.name == name);
    let (values, mut fields): (JsonMap, JsonMap) = fields.into_iter().partition(|(name, _)| is_computed(name));
    let values = shape::check(&computed_ones, &values, "/fields").map_err(|wrong| invalid(record_type, wrong))?;
    fields.extend(values);
    let errors = shape::missing(&computed_ones, &fields, "/fields");
    if errors.is_empty() { Ok(fields) } else { Err(invalid(record_type, errors).into()) }
}

/// The fields that are computed, and those that are given.
fn apart(record_type: &RecordType) -> (Vec<Field>, Vec<Field>) {
    let is_computed = |field: &Field| {
        let numbered = record_type.number.is_some() && field.name == number::FIELD;
        numbered || record_type.derive.iter().any(|rule| rule.field == field.name)
    };
    record_type.fields.iter().cloned().partition(is_computed)
}

pub(super) fn invalid(record_type: &RecordType, errors: Vec<FieldError>) -> Refusal {
    Refusal::invalid("invalid_record", format!("this is not a valid {}", record_type.name)).with_errors(errors)
}
