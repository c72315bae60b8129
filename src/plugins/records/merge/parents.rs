//! What the winner refers to of its own type, once the two records are one: never to itself, never in a circle. Where
//! the winner stood below the loser it takes the loser's place.

use crate::model::field::{Field, FieldKind};
use crate::model::ids::RecordId;
use crate::model::json::{Json, JsonMap};
use crate::model::merge::{Choice, Choices};
use crate::model::record::Record;
use crate::model::record_type::{Column, RecordType};
use crate::model::refusal::Refusal;
use crate::plugins::desk::{Desk, Stop};
use crate::plugins::records::DEEPEST;
use crate::plugins::records::leaves::replaced;
use crate::store::records;

/// Settles every reference to the two among the values that were chosen.
pub fn settle(
    desk: &mut Desk,
    declared: &RecordType,
    winner: &Record,
    loser: &Record,
    choices: &Choices,
    chosen: &mut JsonMap,
) -> Result<(), Stop> {
    for field in &declared.fields {
        if is_own(declared, &field.kind) {
            let value = single(desk, declared, field, winner, loser, choices, chosen)?;
            chosen.insert(field.name.clone(), value);
        }
    }
    let mut change = |kind: &FieldKind, text: &str| {
        (is_own(declared, kind) && text == loser.id.as_str()).then(|| winner.id.0.clone())
    };
    *chosen = replaced(&declared.fields, chosen, &mut change);
    for field in &declared.fields {
        let FieldKind::List(of) = &field.kind else { continue };
        let itself = Json::from(winner.id.as_str());
        let had = winner.fields.get(&field.name).and_then(Json::as_array).is_some_and(|list| list.contains(&itself));
        if let (true, false, Some(Json::Array(items))) = (is_own(declared, of), had, chosen.get_mut(&field.name)) {
            items.retain(|item| *item != itself);
        }
    }
    Ok(())
}

fn single(
    desk: &mut Desk,
    declared: &RecordType,
    field: &Field,
    winner: &Record,
    loser: &Record,
    choices: &Choices,
    chosen: &JsonMap,
) -> Result<Json, Stop> {
    let value = chosen.get(&field.name).cloned().unwrap_or(Json::Null);
    if let Some(choice) = choices.get(&field.name) {
        let stays =
            *choice == Choice::Winner && winner.fields.get(&field.name) == Some(&Json::from(winner.id.as_str()));
        if value.is_null() || stays || fits(desk, declared, field, winner, loser, &value)? {
            return Ok(value);
        }
        let sentence = format!("{} would stand above itself by its {}", winner.id, field.name);
        return Err(Refusal::invalid("cycle", sentence).into());
    }
    for candidate in [winner, loser].map(|record| record.fields.get(&field.name)).into_iter().flatten() {
        if fits(desk, declared, field, winner, loser, candidate)? {
            return Ok(candidate.clone());
        }
    }
    Ok(Json::Null)
}

/// Whether the winner can refer to this one, when it and the loser are one record.
fn fits(
    desk: &mut Desk,
    declared: &RecordType,
    field: &Field,
    winner: &Record,
    loser: &Record,
    value: &Json,
) -> Result<bool, Stop> {
    // What is no text is no reference; the check of the shape says so.
    let Some(id) = value.as_str().map(RecordId::from) else { return Ok(true) };
    let itself = |id: &RecordId| *id == winner.id || *id == loser.id;
    if itself(&id) || !leads_up(declared, field) {
        return Ok(!itself(&id));
    }
    // The same lock as for every move in this hierarchy, before looking.
    records::lock_keys(desk.conn, desk.business, "", &[format!("acyclic:{}", field.name)])?;
    let steps = records::steps_up(desk.conn, desk.business, &[&declared.name], &field.name, &id, DEEPEST)?;
    Ok(!steps.iter().any(|step| itself(&step.above)))
}

fn is_own(declared: &RecordType, kind: &FieldKind) -> bool {
    matches!(kind, FieldKind::Ref(reference) if reference.record == declared.name)
}

/// Whether a field makes a hierarchy.
fn leads_up(declared: &RecordType, field: &Field) -> bool {
    let acyclic = matches!(&field.kind, FieldKind::Ref(reference) if reference.acyclic);
    acyclic || declared.columns.get(&Column::Parent) == Some(&field.name)
}
