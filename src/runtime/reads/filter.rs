//! Reading a search: each list says which fields it can be filtered by; any other is refused with their names.

use crate::model::actor::Actor;
use crate::model::filter::{Condition, Filter, Operator};
use crate::model::ids::UserId;
use crate::model::page::{PAGE_DEFAULT, PAGE_MOST, Page, Search};
use crate::model::refusal::{FieldError, Refusal};
use crate::model::time::Timestamp;
use crate::store::page::{Count, Cursor, MOST_COUNTED};
use crate::store::slots;

/// The rows asked for: 1 to 500, 50 when not said.
pub fn limit(search: &Search) -> i64 {
    let limit = if search.limit == 0 { PAGE_DEFAULT } else { search.limit };
    i64::try_from(limit.min(PAGE_MOST)).unwrap_or(1)
}

/// The place after which the page begins.
pub fn after(search: &Search) -> Result<Option<Cursor>, Refusal> {
    let read = |text: &String| {
        text.parse().map_err(|sentence: String| at("/page/cursor", Refusal::invalid("wrong_cursor", sentence)))
    };
    search.cursor.as_ref().map(read).transpose()
}

/// The conditions, one for each field: no list here knows ranges or alternatives, and the last one must not win in
/// silence.
pub fn conditions(search: &Search) -> Result<Vec<&Condition>, Refusal> {
    let mut conditions: Vec<&Condition> = Vec::new();
    for part in &search.filter {
        match part {
            Filter::Where(condition) if conditions.iter().any(|before| before.field == condition.field) => {
                return Err(wrong(&condition.field, "takes one condition"));
            }
            Filter::Where(condition) => conditions.push(condition),
            Filter::Any(_) => return Err(wrong("$or", "is known only to searches of records and tasks")),
            Filter::Text { .. } => return Err(wrong("$text", "is known only to searches of records and tasks")),
        }
    }
    Ok(conditions)
}

/// The one text of an `$eq` condition.
pub fn text(condition: &Condition) -> Result<String, Refusal> {
    match (condition.operator, slots::text(&condition.value)) {
        (Operator::Eq, Some(text)) if !condition.value.is_array() && !condition.value.is_object() => Ok(text),
        _ => Err(wrong(&condition.field, "takes one value, compared with $eq")),
    }
}

/// A field that this list cannot be filtered by.
pub fn unknown(field: &str, known: &[&str]) -> Refusal {
    wrong(field, &format!("is not filterable here; filterable are {}", known.join(", ")))
}

/// A condition that makes no sense.
pub fn wrong(field: &str, sentence: &str) -> Refusal {
    let pointer = format!("/filter/{}", field.replace('~', "~0").replace('/', "~1"));
    at(&pointer, Refusal::invalid("wrong_filter", format!("\"{field}\" {sentence}")))
}

/// A refusal of this order.
pub fn wrong_sort(sentence: impl Into<String>) -> Refusal {
    at("/sort/0", Refusal::invalid("wrong_sort", sentence))
}

/// The same refusal at one place of the search.
pub fn at(pointer: &str, refusal: Refusal) -> Refusal {
    let Refusal { code, detail, .. } = refusal.clone();
    refusal.with_errors(vec![FieldError { pointer: pointer.to_owned(), code, detail }])
}

/// Refuses an order that the list does not have.
pub fn no_sort(search: &Search) -> Result<(), Refusal> {
    match &search.sort {
        Some((field, _)) => Err(wrong_sort(format!("this list cannot be sorted by \"{field}\""))),
        None => Ok(()),
    }
}

/// Refuses conditions and an order: for a list that has neither.
pub fn nothing(search: &Search) -> Result<(), Refusal> {
    no_sort(search)?;
    match conditions(search)?.first() {
        Some(condition) => Err(wrong(&condition.field, "is not filterable here")),
        None => Ok(()),
    }
}

/// A page with its count.
pub fn page<T>(found: crate::store::page::Page<T>, count: Count) -> Page<T> {
    Page { items: found.items, next: found.next.map(|next| next.to_string()), total: total(count) }
}

/// A page of a list whose cursor is the id of its last row. One row more than the page holds was asked for: it tells
/// whether there is another page.
pub fn page_by_id<T>(search: &Search, mut items: Vec<T>, id: impl Fn(&T) -> String, count: Count) -> Page<T> {
    let most = usize::try_from(limit(search)).unwrap_or(0);
    let more = items.len() > most;
    items.truncate(most);
    let next = if more { items.last().map(id) } else { None };
    Page { items, next, total: total(count) }
}

/// The person of this login; `me` is the caller.
pub fn person(actor: &Actor, login: String) -> UserId {
    if login == "me" { actor.user.clone() } else { UserId(login) }
}

/// The instant of an `$eq` condition.
pub fn instant(condition: &Condition) -> Result<Timestamp, Refusal> {
    let text = text(condition)?;
    Timestamp::parse(&text).ok_or_else(|| wrong(&condition.field, "is an instant such as 2026-01-31T08:00:00Z"))
}

/// The truth value of an `$eq` condition.
pub fn truth(condition: &Condition) -> Result<bool, Refusal> {
    match text(condition)?.as_str() {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(wrong(&condition.field, "is true or false")),
    }
}

/// A count as a page tells it: one more than the limit means more.
pub fn total(count: Count) -> i64 {
    if count.more { MOST_COUNTED + 1 } else { count.number }
}
