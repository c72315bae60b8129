//! Reading records: `records.get`, `records.select` and `records.count`. A process sees every record of its business.

use super::lookup::{Lookup, lookup};
use super::terms::Asking;
use super::{follow, pinned, shown};
use crate::model::definitions::Definitions;
use crate::model::filter::{self, Filter};
use crate::model::ids::RecordId;
use crate::model::json::{Json, JsonMap};
use crate::model::page;
use crate::model::record::Record;
use crate::model::record_type::RecordType;
use crate::model::refusal::Refusal;
use crate::plugins::desk::{Desk, Stop};
use crate::store::records::{self, Sight};
use serde::Deserialize;
use serde_json::json;

/// Records at most when the caller names no number.
const MOST: i64 = 100;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Get {
    r#type: String,
    id: Option<RecordId>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Select {
    r#type: String,
    r#where: JsonMap,
    #[serde(default)]
    order: Option<String>,
    #[serde(default)]
    most: Option<i64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Count {
    r#type: String,
    r#where: JsonMap,
}

/// A record with when it was made and last changed.
fn dated(record: &Record) -> Json {
    let mut told = shown(record);
    told["created_at"] = json!(record.created_at.rfc3339());
    told["updated_at"] = json!(record.updated_at.rfc3339());
    told
}

/// `records.get`: `{id, version, fields, created_at, updated_at}`, or null. Of a record that was merged the one that it became, with its id also
/// as `merged_into`.
pub fn get(desk: &mut Desk, arguments: Get) -> Result<Json, Stop> {
    let record_type = desk.record_type(&arguments.r#type)?;
    let lens = pinned::lens(desk, &record_type)?;
    let Some(id) = arguments.id else { return Ok(Json::Null) };
    let winner = records::winner_of(desk.conn, desk.business, &arguments.r#type, &id)?;
    let found = records::find(desk.conn, desk.business, &arguments.r#type, winner.as_ref().unwrap_or(&id))?;
    let mut shown = found.map_or(Json::Null, |found| pinned::told(&lens, dated(&found)));
    if let (Some(winner), false) = (winner, shown.is_null()) {
        shown["merged_into"] = json!(winner);
    }
    Ok(shown)
}

/// `records.lock`: the same of a record that nobody else changes before this transaction ends.
pub fn lock(desk: &mut Desk, arguments: Get) -> Result<Json, Stop> {
    if let Some(id) = &arguments.id {
        let winner = records::winner_of(desk.conn, desk.business, &arguments.r#type, id)?;
        records::lock(desk.conn, desk.business, &arguments.r#type, id)?;
        if let Some(winner) = winner {
            records::lock(desk.conn, desk.business, &arguments.r#type, &winner)?;
        }
    }
    get(desk, arguments)
}

/// `records.select`: `{records, cut}`, each as `records.get` tells it, by id when no order is given.
pub fn select(desk: &mut Desk, arguments: Select) -> Result<Json, Stop> {
    let record_type = desk.record_type(&arguments.r#type)?;
    let order = arguments.order.as_deref().map(|order| {
        page::order(order)
            .ok_or_else(|| Refusal::invalid("wrong_sort", "order takes the name of a field, such as -due"))
    });
    let order = order.transpose()?;
    let lens = pinned::lens(desk, &record_type)?;
    let order = order.map(|(field, descending)| (pinned::path(&lens, &field), descending));
    let wanted = pinned::asked(&lens, arguments.r#where);
    let lookup = asked(desk, desk.definitions, &record_type, wanted, order.as_ref())?;
    let page = lookup.page(desk.conn, None, arguments.most.unwrap_or(MOST).clamp(1, 1_000))?;
    let found: Vec<Json> = page.items.iter().map(|found| pinned::told(&lens, dated(found))).collect();
    Ok(json!({ "records": found, "cut": page.next.is_some() }))
}

/// `records.count`: `{count, more}`.
pub fn count(desk: &mut Desk, arguments: Count) -> Result<Json, Stop> {
    let record_type = desk.record_type(&arguments.r#type)?;
    let lens = pinned::lens(desk, &record_type)?;
    let wanted = pinned::asked(&lens, arguments.r#where);
    let count = asked(desk, desk.definitions, &record_type, wanted, None)?.count(desk.conn)?;
    Ok(json!({ "count": count.number, "more": count.more }))
}

/// What is asked for; who names a record that was merged means the one that it became.
fn asked<'a>(
    desk: &mut Desk,
    definitions: &'a Definitions,
    record_type: &'a RecordType,
    filter: JsonMap,
    order: Option<&(String, bool)>,
) -> Result<Lookup<'a>, Stop> {
    let filter = follow::followed(desk, &record_type.fields, &filter)?;
    let filter = read(filter, "/where")?;
    Ok(lookup(of_process(definitions, record_type), desk.business, Sight::All, &filter, order)?)
}

/// A filter among the arguments of an action.
pub fn read(filter: JsonMap, at: &str) -> Result<Vec<Filter>, Refusal> {
    filter::parse(filter, at)
        .map_err(|error| Refusal::invalid(&error.code.clone(), error.detail.clone()).with_errors(vec![error]))
}

/// A process asks: it reads every field, and nobody is `me`.
pub fn of_process<'a>(definitions: &'a Definitions, record_type: &'a RecordType) -> Asking<'a> {
    Asking { definitions, record_type, readable: &|_| true, me: None, past: false, few: records::FEW }
}
