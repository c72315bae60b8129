//! What a search means, said a second time and as simply as it goes: over records in memory, without any index.

use super::random::DAY_OF;
use kamflow::model::field::FieldKind;
use kamflow::model::json::{Json, JsonMap};
use kamflow::model::record::Record;
use kamflow::model::record_type::RecordType;
use kamflow::model::time::Timestamp;
use rust_decimal::Decimal;
use std::cmp::Ordering;

/// A value that compares.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    Money(String, Decimal),
    Number(Decimal),
    Text(String),
    Day(jiff::civil::Date),
    Instant(i64),
}

/// A value of a kind.
pub fn key(kind: &FieldKind, value: &Json) -> Key {
    let text = || value.as_str().unwrap().to_owned();
    match kind {
        FieldKind::Int | FieldKind::Decimal | FieldKind::Percent => Key::Number(value.to_string().parse().unwrap()),
        FieldKind::Money => {
            let amount = value["amount"].as_str().unwrap().parse().unwrap();
            Key::Money(value["currency"].as_str().unwrap().to_owned(), amount)
        }
        FieldKind::Bool => Key::Text(value.to_string()),
        FieldKind::Date => Key::Day(text().parse().unwrap()),
        FieldKind::Datetime => Key::Instant(Timestamp::parse(&text()).unwrap().0),
        _ => Key::Text(text()),
    }
}

/// The kind of a field, also of those that every record has.
pub fn kind(record_type: &RecordType, field: &str) -> FieldKind {
    let list_of = |kind: &FieldKind| if let FieldKind::List(of) = kind { (**of).clone() } else { kind.clone() };
    match field {
        "team.user" => FieldKind::User,
        "createdAt" | "updatedAt" => FieldKind::Datetime,
        "id" | "createdBy" => FieldKind::User,
        field => list_of(&record_type.fields.iter().find(|known| known.name == field).unwrap().kind),
    }
}

/// The values of a field.
pub fn values(record: &Record, field: &str) -> Vec<Json> {
    match field {
        "id" => vec![record.id.0.clone().into()],
        "createdAt" => vec![record.created_at.rfc3339().into()],
        "createdBy" => vec![record.created_by.0.clone().into()],
        "updatedAt" => vec![record.updated_at.rfc3339().into()],
        "team.user" => {
            let team = record.fields.get("team").and_then(Json::as_array).cloned().unwrap_or_default();
            team.iter().filter_map(|member| member.get("user").cloned()).collect()
        }
        field => match record.fields.get(field) {
            Some(Json::Array(items)) => items.clone(),
            other => other.cloned().into_iter().collect(),
        },
    }
}

/// Whether a record meets a filter; all records say who stands below whom.
pub fn meets(record_type: &RecordType, all: &[Record], record: &Record, filter: &JsonMap) -> bool {
    filter.iter().all(|(field, asked)| match field.as_str() {
        "$or" => asked.as_array().unwrap().iter().any(|one| meets(record_type, all, record, one.as_object().unwrap())),
        "$text" => asked.as_str().unwrap().split(' ').all(|word| {
            ["name", "note"]
                .iter()
                .flat_map(|field| values(record, field))
                .any(|text| occurs(text.as_str().unwrap(), word))
        }),
        field => match asked.as_object().filter(|map| map.keys().any(|key| key.starts_with('$'))) {
            Some(operators) => operators.iter().all(|(name, value)| one(record_type, all, record, field, name, value)),
            None => one(record_type, all, record, field, "$eq", asked),
        },
    })
}

fn one(record_type: &RecordType, all: &[Record], record: &Record, field: &str, operator: &str, value: &Json) -> bool {
    let kind = kind(record_type, field);
    let has = values(record, field);
    let keys = || has.iter().map(|value| key(&kind, value)).collect::<Vec<_>>();
    let any_of = |list: &Json| list.as_array().unwrap().iter().any(|one| keys().contains(&key(&kind, one)));
    match operator {
        "$eq" => keys().contains(&key(&kind, value)),
        "$neq" => !keys().contains(&key(&kind, value)),
        "$in" => any_of(value),
        "$nin" => !any_of(value),
        "$like" => {
            let prefix = value.as_str().unwrap().strip_suffix('%').unwrap();
            has.iter().any(|text| text.as_str().unwrap().starts_with(prefix))
        }
        "$exists" => has.is_empty() != value.as_bool().unwrap(),
        "$under" => {
            let mut at = Some(record);
            let mut steps = 0;
            while let Some(here) = at {
                if here.id.0 == value.as_str().unwrap() {
                    return true;
                }
                steps += 1;
                let above = here.fields.get("parent").and_then(Json::as_str).filter(|_| steps < all.len());
                at = above.and_then(|above| all.iter().find(|record| record.id.0 == above));
            }
            false
        }
        range => keys().iter().any(|has| {
            let bound = key(&kind, value);
            let comparable = match (has, &bound) {
                (Key::Money(one, _), Key::Money(other, _)) => one == other,
                _ => true,
            };
            comparable
                && match range {
                    "$gt" => *has > bound,
                    "$gte" => *has >= bound,
                    "$lt" => *has < bound,
                    "$lte" => *has <= bound,
                    other => panic!("{other}"),
                }
        }),
    }
}

/// Whether a word of the test's vocabulary occurs: words have spaces around them, Chinese ones have not.
fn occurs(text: &str, word: &str) -> bool {
    let (text, word) = (text.to_lowercase(), word.to_lowercase());
    match word.is_ascii() {
        true => text.split(|c: char| !c.is_ascii_alphanumeric()).any(|one| one == word),
        false => text.contains(&word),
    }
}

/// The ids in order: those without a value last, ties by id in the same direction.
pub fn ordered(record_type: &RecordType, mut found: Vec<&Record>, sort: Option<&(String, bool)>) -> Vec<String> {
    let field = sort.map_or("id", |(field, _)| field.as_str());
    let descending = sort.is_some_and(|(_, descending)| *descending);
    let kind = kind(record_type, field);
    let of = |record: &Record| values(record, field).first().map(|value| key(&kind, value));
    found.sort_by(|one, other| {
        let (left, right) = (of(one), of(other));
        let ordering = match (&left, &right) {
            (Some(_), None) => return Ordering::Less,
            (None, Some(_)) => return Ordering::Greater,
            _ => (left, &one.id).cmp(&(right, &other.id)),
        };
        if descending { ordering.reverse() } else { ordering }
    });
    found.into_iter().map(|record| record.id.0.clone()).collect()
}

/// The part of a day, as groups are called.
pub fn part(day: &str, by: &str) -> String {
    let (year, month) = (&day[..4], &day[5..7]);
    match by {
        "year" => year.to_owned(),
        "month" => format!("{year}-{month}"),
        "quarter" => format!("{year}-Q{}", month.parse::<u32>().unwrap().div_ceil(3)),
        DAY_OF => day.to_owned(),
        other => panic!("{other}"),
    }
}
