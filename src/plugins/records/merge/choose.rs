//! Which value each field of the winner gets: what was chosen, else its own, else the loser's; lists that the type
//! unites get the items of both.

use super::parents;
use crate::model::json::{Json, JsonMap};
use crate::model::merge::{Choice, Choices};
use crate::model::record::Record;
use crate::model::record_type::RecordType;
use crate::plugins::desk::{Desk, Stop};

/// The fields of the winner that change, null for those that lose their value. What was chosen for a field that is not
/// there or computed is among them, for the check of the shape to find.
pub fn choose(
    desk: &mut Desk,
    declared: &RecordType,
    winner: &Record,
    loser: &Record,
    choices: &Choices,
) -> Result<JsonMap, Stop> {
    let mut chosen = JsonMap::new();
    for (name, choice) in choices {
        let value = match choice {
            Choice::Winner => value(winner, name),
            Choice::Loser => value(loser, name),
            Choice::Value(value) => value.clone(),
        };
        chosen.insert(name.clone(), value);
    }
    for name in open(declared, choices) {
        let (own, other) = (value(winner, name), value(loser, name));
        let value = if declared.merge.unite.contains(name) { united(own, other) } else { or(own, other) };
        chosen.insert(name.clone(), value);
    }
    for (from, to) in declared.merge.into.iter().filter(|(_, to)| !choices.contains_key(*to)) {
        let kept = chosen.get(from).cloned().unwrap_or(Json::Null);
        let spare = [winner, loser].map(|record| value(record, from));
        let spare = spare.into_iter().filter(|value| !value.is_null() && *value != kept).collect();
        let list = chosen.get(to).cloned().unwrap_or(Json::Null);
        chosen.insert(to.clone(), united(list, Json::Array(spare)));
    }
    parents::settle(desk, declared, winner, loser, choices, &mut chosen)?;
    chosen.retain(|name, value| choices.contains_key(name) || winner.fields.get(name).unwrap_or(&Json::Null) != value);
    Ok(chosen)
}

/// The fields that nobody chose a value for, and that a merge may set: not the computed ones, and not the number.
fn open<'a>(declared: &'a RecordType, choices: &Choices) -> impl Iterator<Item = &'a String> {
    let is_set = |name: &str| {
        declared.derive.iter().any(|rule| rule.field == name) || (declared.number.is_some() && name == "number")
    };
    let names = declared.fields.iter().map(|field| &field.name);
    names.filter(move |name| !is_set(name) && !choices.contains_key(*name)).collect::<Vec<_>>().into_iter()
}

fn value(record: &Record, name: &str) -> Json {
    record.fields.get(name).cloned().unwrap_or(Json::Null)
}

fn or(own: Json, other: Json) -> Json {
    if own.is_null() { other } else { own }
}

/// The items of both, each once, those of the first before.
fn united(own: Json, other: Json) -> Json {
    let (Json::Array(_) | Json::Null, Json::Array(more)) = (&own, &other) else { return or(own, other) };
    let mut items = own.as_array().cloned().unwrap_or_default();
    for item in more {
        if !items.contains(item) {
            items.push(item.clone());
        }
    }
    if items.is_empty() { own } else { Json::Array(items) }
}
