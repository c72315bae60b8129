//! Reading records: `records.get`, `records.select` and `records.count`, over declared columns and indexes only.

use super::{entries, pinned, shown};
use crate::model::ids::{RecordId, UserId};
use crate::model::json::{Json, JsonMap};
use crate::model::lens::Lens;
use crate::model::record_type::{Column, RecordType};
use crate::model::refusal::Refusal;
use crate::plugins::desk::{Desk, Stop};
use crate::store::records::{self, RecordQuery, Sight};
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
    most: Option<i64>,
}

/// `records.get`: `{id, version, fields}`, or null.
pub fn get(desk: &mut Desk, arguments: Get) -> Result<Json, Stop> {
    let record_type = desk.record_type(&arguments.r#type)?;
    let lens = pinned::lens(desk, &record_type)?;
    let Some(id) = arguments.id else { return Ok(Json::Null) };
    let found = records::find(desk.conn, desk.business, &arguments.r#type, &id)?;
    Ok(found.map_or(Json::Null, |found| pinned::told(&lens, shown(&found))))
}

/// `records.select`: `{records, cut}`, by id.
pub fn select(desk: &mut Desk, arguments: Select) -> Result<Json, Stop> {
    let (query, lens) = query(desk, arguments)?;
    let page = records::search(desk.conn, &query)?;
    let found: Vec<Json> = page.items.iter().map(|found| pinned::told(&lens, shown(found))).collect();
    Ok(json!({ "records": found, "cut": page.next.is_some() }))
}

/// `records.count`: `{count, more}`.
pub fn count(desk: &mut Desk, arguments: Select) -> Result<Json, Stop> {
    let (query, _) = query(desk, arguments)?;
    let count = records::count(desk.conn, &query)?;
    Ok(json!({ "count": count.number, "more": count.more }))
}

fn query(desk: &mut Desk, arguments: Select) -> Result<(RecordQuery, Lens), Stop> {
    let record_type = desk.record_type(&arguments.r#type)?;
    let lens = pinned::lens(desk, &record_type)?;
    let mut query = RecordQuery {
        business: desk.business.clone(),
        record_type: record_type.name.clone(),
        sight: Sight::All,
        owner: None,
        status: None,
        parent: None,
        name_prefix: None,
        indexed: Vec::new(),
        after: None,
        limit: arguments.most.unwrap_or(MOST).clamp(1, 1_000),
    };
    for (field, value) in &pinned::given(&lens, arguments.r#where) {
        let [value] = &entries::values(value)[..] else {
            return Err(Refusal::invalid("one_value", format!("\"{field}\" is compared with exactly one value")).into());
        };
        condition(&record_type, &mut query, field, value)?;
    }
    Ok((query, lens))
}

/// Adds a condition on a field that has a column or an index of its own.
pub fn condition(record_type: &RecordType, query: &mut RecordQuery, field: &str, value: &str) -> Result<(), Refusal> {
    let column = record_type.columns.iter().find(|(_, of)| of.as_str() == field).map(|(column, _)| *column);
    match column {
        Some(Column::Owner) => query.owner = Some(UserId::from(value)),
        Some(Column::Status) => query.status = Some(entries::fitting(value.to_owned())),
        Some(Column::Parent) => query.parent = Some(RecordId::from(value)),
        _ if record_type.keys.iter().any(|key| key == field)
            || record_type.indexes.iter().any(|index| index.len() == 1 && index[0] == field) =>
        {
            query.indexed.push((field.to_owned(), entries::fitting(value.to_owned())));
        }
        _ => {
            let sentence = format!(
                "{} cannot be filtered by \"{field}\": add \"indexes: [[{field}]]\" to its type",
                record_type.name
            );
            return Err(Refusal::invalid("no_index", sentence));
        }
    }
    Ok(())
}
