//! What fields are compared with: values of the kind of the field, as they stand in its column or index.

use super::places::{NAME_MOST, Place, in_column};
use super::terms::{Asking, refused};
use super::{entries, shape, sortable};
use crate::model::field::FieldKind;
use crate::model::filter::{Condition, Operator};
use crate::model::json::Json;
use crate::model::money::Money;
use crate::model::refusal::Refusal;
use crate::model::stage::StageList;
use crate::model::time::Timestamp;
use crate::store::records::{Bounds, Slot, Term, Value};
use crate::store::slots;
use serde_json::json;

/// The ends of a range, each with whether it belongs to it.
#[derive(Debug, Clone, Default)]
pub struct Range {
    least: Option<(Json, bool)>,
    most: Option<(Json, bool)>,
}

/// A value that a condition compares with, checked by the kind of the field. Texts of queries are read as numbers, as
/// true and false, and as amounts (`1000.00 CNY`).
pub fn operand(asking: Asking, place: &Place, condition: &Condition, given: &Json) -> Result<Json, Refusal> {
    let wrong = |sentence: String| refused("wrong_filter", sentence, &condition.at);
    if matches!(place.kind, FieldKind::Text | FieldKind::List(_) | FieldKind::Map(_) | FieldKind::Json) {
        let sentence = format!("\"{}\" cannot be compared; ask with $exists whether it is there", place.path);
        return Err(wrong(sentence));
    }
    if given.is_null() {
        return Err(wrong(format!("\"{}\" is not compared with null; ask with $exists", place.path)));
    }
    let meant = match (&place.kind, given.as_str()) {
        (FieldKind::Int, Some(text)) => text.parse::<i64>().ok().map(Json::from),
        (FieldKind::Bool, Some(text)) => text.parse::<bool>().ok().map(Json::from),
        (FieldKind::Money, Some(text)) => {
            text.split_once(' ').map(|(amount, currency)| json!({"amount": amount.trim(), "currency": currency.trim()}))
        }
        (FieldKind::User, Some("me")) => asking.me.map(Json::from),
        _ => None,
    };
    let value = shape::of_kind(&place.kind, meant.as_ref().unwrap_or(given), &condition.at)
        .map_err(|errors| wrong(errors.into_iter().map(|error| error.detail).collect::<Vec<_>>().join("; ")))?;
    let long = value.as_str().map_or(0, |text| text.chars().count()) >= NAME_MOST;
    match &place.kind {
        FieldKind::String { max } if place.column == Some(Slot::Name) && long && *max > NAME_MOST => {
            Err(wrong(format!("\"{}\" is compared with at most {} characters", place.path, NAME_MOST - 1)))
        }
        _ => Ok(value),
    }
}

/// Has one of these values; whether the database answers it.
pub fn equal(place: &Place, values: &[Json]) -> (Term, bool) {
    if place.column == Some(Slot::Amount) {
        let same = |money: Money| {
            Term::All(vec![
                Term::In(Slot::Currency, vec![money.currency.into()]),
                Term::In(Slot::Amount, vec![money.minor.into()]),
            ])
        };
        let terms: Vec<Term> = values.iter().filter_map(amount).map(same).collect();
        return (Term::Any(terms), true);
    }
    let slot = slot(place);
    let known = place.column.is_some() || place.sorted || place.named || place.key;
    let values = values.iter().filter_map(|value| match &slot {
        Slot::Entry(_) if place.named || (place.key && !place.sorted) => {
            slots::text(value).map(entries::fitting).map(Value::Text)
        }
        slot => held(place, slot, value),
    });
    let values = values.collect();
    (Term::In(slot, values), known)
}

/// Adds an end to the ranges of a field; a second lower or upper end begins another range.
pub fn range(asking: Asking, place: &Place, condition: &Condition, ranges: &mut Vec<Range>) -> Result<(), Refusal> {
    let wrong = |sentence: String| refused("wrong_filter", sentence, &condition.at);
    let ordered = matches!(
        place.kind,
        FieldKind::String { .. }
            | FieldKind::Int
            | FieldKind::Decimal
            | FieldKind::Percent
            | FieldKind::Money
            | FieldKind::Date
            | FieldKind::Datetime
            | FieldKind::Stage(_)
    );
    if !ordered || place.many {
        return Err(wrong(format!("\"{}\" has no order; it takes no {}", place.path, condition.operator.name())));
    }
    let value = operand(asking, place, condition, &condition.value)?;
    let currency = |value: &Json| amount(value).map(|money| money.currency);
    let other = |end: &Option<(Json, bool)>| end.as_ref().is_some_and(|(end, _)| currency(end) != currency(&value));
    if ranges.iter().any(|range| other(&range.least) || other(&range.most)) {
        let sentence = format!("\"{}\" is compared with two currencies; their amounts never compare", place.path);
        return Err(wrong(sentence));
    }
    let with = matches!(condition.operator, Operator::Gte | Operator::Lte);
    let lower = matches!(condition.operator, Operator::Gt | Operator::Gte);
    let taken = |range: &Range| if lower { range.least.is_some() } else { range.most.is_some() };
    if ranges.last().is_none_or(taken) {
        ranges.push(Range::default());
    }
    if let Some(last) = ranges.last_mut() {
        let end = if lower { &mut last.least } else { &mut last.most };
        *end = Some((value, with));
    }
    Ok(())
}

/// Has a value in a range; whether the database answers it.
pub fn within(place: &Place, range: &Range) -> (Term, bool) {
    if let FieldKind::Stage(list) = &place.kind {
        return equal(place, &stages(list, range));
    }
    if place.column == Some(Slot::Amount) {
        let end = |end: &Option<(Json, bool)>| {
            end.as_ref().and_then(|(value, with)| Some((Value::Number(amount(value)?.minor), *with)))
        };
        let currency = [&range.least, &range.most].into_iter().flatten().find_map(|(value, _)| amount(value));
        let currency = currency.map(|money| Value::Text(money.currency)).into_iter().collect();
        let bounds = Bounds { least: end(&range.least), most: end(&range.most) };
        return (Term::All(vec![Term::In(Slot::Currency, currency), Term::Between(Slot::Amount, bounds)]), true);
    }
    if let Some(slot) = &place.column {
        let end = |end: &Option<(Json, bool)>| {
            end.as_ref().and_then(|(value, with)| Some((held(place, slot, value)?, *with)))
        };
        let bounds = Bounds { least: end(&range.least), most: end(&range.most) };
        return (Term::Between(slot.clone(), bounds), true);
    }
    let (least, most) = ends(&place.kind, range, sortable::ROOM);
    let value = |end: Option<(String, bool)>| end.map(|(text, with)| (Value::Text(text), with));
    let bounds = Bounds { least: value(least), most: value(most) };
    (Term::Between(Slot::Entry(place.entry()), bounds), place.sorted)
}

/// The codes of a range, by the order of the list as it is now: what is kept of a stage is its code alone.
fn stages(list: &StageList, range: &Range) -> Vec<Json> {
    let position = |end: &Option<(Json, bool)>| {
        end.as_ref().and_then(|(code, with)| Some((list.position(code.as_str()?)?, *with)))
    };
    let (least, most) = (position(&range.least), position(&range.most));
    let inside = |at: usize| {
        least.is_none_or(|(least, with)| at > least || with && at == least)
            && most.is_none_or(|(most, with)| at < most || with && at == most)
    };
    list.codes().enumerate().filter(|(at, _)| inside(*at)).map(|(_, code)| Json::from(code)).collect()
}

/// The same range of the last value of an index of several fields, behind its first values.
pub fn behind(first: &[String], kind: &FieldKind, range: &Range, room: usize) -> Bounds {
    let (least, most) = ends(kind, range, room);
    let (begin, end) = sortable::beginning(first);
    let text = |last: String| Value::Text(sortable::several(&[first, &[last]].concat()));
    Bounds {
        least: Some(least.map_or((Value::Text(begin), true), |(last, with)| (text(last), with))),
        most: Some(most.map_or((Value::Text(end), false), |(last, with)| (text(last), with))),
    }
}

/// An end of a range, as text that sorts, and whether it is within.
type End = Option<(String, bool)>;

/// The ends of a range; amounts stay within their currency.
fn ends(kind: &FieldKind, range: &Range, room: usize) -> (End, End) {
    let end = |end: &Option<(Json, bool)>| {
        end.as_ref().and_then(|(value, with)| Some((sortable::text(kind, value, room)?, *with)))
    };
    let currency = [&range.least, &range.most].into_iter().flatten().find_map(|(value, _)| amount(value));
    let currency = currency.map(|money| money.currency);
    (
        end(&range.least).or_else(|| currency.clone().map(|currency| (currency, true))),
        end(&range.most).or_else(|| currency.and_then(|currency| Some((sortable::behind(&currency)?, false)))),
    )
}

/// Begins with a text: `Huaxin%`; whether the database answers it.
pub fn like(place: &Place, condition: &Condition) -> Result<(Term, bool), Refusal> {
    let wrong = |sentence: String| Err(refused("wrong_filter", sentence, &condition.at));
    if !matches!(place.kind, FieldKind::String { .. }) || place.many {
        return wrong(format!("\"{}\" is no line of text; it takes no $like", place.path));
    }
    let prefix = condition.value.as_str().and_then(|text| text.strip_suffix('%'));
    let prefix = prefix.filter(|prefix| !prefix.contains('%') && prefix.len() <= 100 && !prefix.is_empty());
    let Some(prefix) = prefix else {
        return wrong(format!("\"{}\" takes a prefix such as \"Huaxin%\"", place.path));
    };
    let least = Some((Value::from(prefix), true));
    let most = sortable::behind(prefix).map(|end| (Value::Text(end), false));
    let known = place.column.is_some() || place.sorted;
    Ok((
        Term::Between(place.column.clone().unwrap_or_else(|| Slot::Entry(place.entry())), Bounds { least, most }),
        known,
    ))
}

/// Has a value, or none; whether the database answers it.
pub fn exists(place: &Place, exists: bool) -> (Term, bool) {
    let slot = match slot(place) {
        Slot::Amount => Slot::Currency,
        Slot::Entry(_) if !exists && place.sorted => {
            return (Term::In(Slot::Entry(entries::lacking_name(place.path)), vec![Value::from("")]), true);
        }
        slot => slot,
    };
    let known = place.column.is_some() || place.sorted || place.named || place.key;
    (if exists { Term::Has(slot) } else { Term::Lacks(slot) }, known)
}

/// Where values of the field are found one by one.
fn slot(place: &Place) -> Slot {
    match &place.column {
        Some(slot) => slot.clone(),
        None if place.named || (place.key && !place.sorted) => Slot::Entry(place.path.to_owned()),
        None => Slot::Entry(place.entry()),
    }
}

/// A value as it stands in its column or index.
pub fn held(place: &Place, slot: &Slot, value: &Json) -> Option<Value> {
    match slot {
        Slot::CreatedAt | Slot::UpdatedAt => Timestamp::parse(value.as_str()?).map(|at| Value::Number(at.0)),
        Slot::Entry(_) => sortable::text(&place.kind, value, sortable::ROOM).map(Value::Text),
        slot => in_column(slot, &place.kind, value).map(Value::Text),
    }
}

fn amount(value: &Json) -> Option<Money> {
    Money::from_json(value)?.ok()
}
