//! Records above and below one: `records.ancestors` and `records.descendants`, over the parent column of a type whose
//! parent leads to its own type and never in a circle.

use super::cycle::DEEPEST;
use super::{pinned, shown};
use crate::model::field::FieldKind;
use crate::model::ids::RecordId;
use crate::model::json::Json;
use crate::model::record_type::{Column, RecordType};
use crate::model::refusal::Refusal;
use crate::plugins::desk::{Desk, Stop};
use crate::store::records::{self, Sight, TreeQuery, Way};
use serde::Deserialize;
use serde_json::json;
use std::collections::BTreeMap;

/// Records at most when the caller names no number.
const MOST: i64 = 100;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ancestors {
    r#type: String,
    id: RecordId,
    #[serde(default)]
    most: Option<i64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Descendants {
    r#type: String,
    id: RecordId,
    #[serde(default)]
    depth: Option<i64>,
    #[serde(default)]
    most: Option<i64>,
}

/// `records.ancestors`: `{records: [{id, version, fields, depth}], cut}`, the nearest first.
pub fn ancestors(desk: &mut Desk, arguments: Ancestors) -> Result<Json, Stop> {
    let Ancestors { r#type, id, most } = arguments;
    walk(desk, r#type, id, Way::Up, DEEPEST, most)
}

/// `records.descendants`: the same downwards, at most `depth` steps.
pub fn descendants(desk: &mut Desk, arguments: Descendants) -> Result<Json, Stop> {
    let Descendants { r#type, id, depth, most } = arguments;
    walk(desk, r#type, id, Way::Down, depth.unwrap_or(DEEPEST).clamp(1, DEEPEST), most)
}

/// Refuses a type that has no hierarchy.
pub fn hierarchical(record_type: &RecordType) -> Result<(), Refusal> {
    let parent = record_type.columns.get(&Column::Parent);
    let field = parent.and_then(|name| record_type.fields.iter().find(|field| field.name == *name));
    let of_its_own = field.is_some_and(|field| {
        matches!(&field.kind, FieldKind::Ref(reference) if reference.acyclic && reference.record == record_type.name)
    });
    if of_its_own {
        return Ok(());
    }
    let sentence = format!(
        "{} has no hierarchy: its parent column must be a reference to {} with \"acyclic: true\"",
        record_type.name, record_type.name
    );
    Err(Refusal::invalid("no_hierarchy", sentence))
}

fn walk(
    desk: &mut Desk,
    record_type: String,
    from: RecordId,
    way: Way,
    depth: i64,
    most: Option<i64>,
) -> Result<Json, Stop> {
    let declared = desk.record_type(&record_type)?;
    hierarchical(&declared)?;
    let lens = pinned::lens(desk, &declared)?;
    if records::find(desk.conn, desk.business, &record_type, &from)?.is_none() {
        return Err(Refusal::not_found(&record_type, &from).into());
    }
    let limit = most.unwrap_or(MOST).clamp(1, 1_000);
    let business = desk.business.clone();
    let query = TreeQuery { business, record_type, from, way, depth, sight: Sight::All, after: None, limit };
    let page = records::tree(desk.conn, &query)?;
    let ids: Vec<RecordId> = page.items.iter().map(|(id, _)| id.clone()).collect();
    let found = records::find_many(desk.conn, desk.business, &query.record_type, &ids)?;
    let found: BTreeMap<RecordId, _> = found.into_iter().map(|record| (record.id.clone(), record)).collect();
    let line = |(id, depth): &(RecordId, i64)| {
        let mut shown = pinned::told(&lens, shown(found.get(id)?));
        shown["depth"] = json!(depth);
        Some(shown)
    };
    let lines: Vec<Json> = page.items.iter().filter_map(line).collect();
    Ok(json!({ "records": lines, "cut": page.next.is_some() }))
}
