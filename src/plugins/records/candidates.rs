//! `records.candidates`: the records that could be the same as a new one. Found by their keys, which must be equal, and by
//! the pieces that they share; never by a scan.

use super::similar::{Alike, alike};
use super::{entries, shown};
use crate::model::ids::RecordId;
use crate::model::json::{Json, JsonMap};
use crate::model::record_type::RecordType;
use crate::model::refusal::Refusal;
use crate::plugins::desk::{Desk, Stop};
use crate::store::records;
use serde::Deserialize;
use serde_json::json;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Candidates at most when the caller names no number.
const MOST: i64 = 50;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Arguments {
    r#type: String,
    keys: JsonMap,
    #[serde(default)]
    similar: JsonMap,
    #[serde(default)]
    most: Option<i64>,
}

/// How a record was found.
#[derive(Default)]
struct Match {
    fields: BTreeSet<String>,
    /// How many keys are equal.
    equal: usize,
    /// How much it shares beside.
    shared: i64,
}

/// `{records: [{id, version, fields, matched}], cut}`: those with the most equal keys first, then those that share most,
/// then by id. Until the end of the transaction nobody else looks for candidates of this type, so that two variants of
/// one new record cannot both be found new.
pub fn candidates(desk: &mut Desk, arguments: Arguments) -> Result<Json, Stop> {
    let record_type = desk.record_type(&arguments.r#type)?;
    let most = arguments.most.unwrap_or(MOST).clamp(1, 1_000);
    let keys = wanted(&record_type, &arguments)?;
    records::lock_look(desk.conn, desk.business, &record_type.name)?;

    let (mut matches, mut cut) = (BTreeMap::<RecordId, Match>::new(), false);
    for (field, values) in keys.iter().filter(|(_, values)| !values.is_empty()) {
        let found = records::by_index(desk.conn, desk.business, &record_type.name, field, values, most)?;
        cut |= found.cut;
        for id in found.ids {
            let one = matches.entry(id).or_default();
            one.equal += 1;
            one.fields.insert((*field).clone());
        }
    }
    let limit = usize::try_from(most).unwrap_or(usize::MAX);
    for (field, value) in &arguments.similar {
        let Alike { records, cut: more } = alike(desk, &record_type, field, value, limit)?;
        cut |= more;
        for (id, shared) in records {
            let one = matches.entry(id).or_default();
            one.shared += shared;
            one.fields.insert(field.clone());
        }
    }

    let mut ranked: Vec<(RecordId, Match)> = matches.into_iter().collect();
    ranked.sort_by(|(a, left), (b, right)| {
        (Reverse((left.equal, left.shared)), a).cmp(&(Reverse((right.equal, right.shared)), b))
    });
    cut |= ranked.len() > limit;
    ranked.truncate(limit);
    let ids: Vec<RecordId> = ranked.iter().map(|(id, _)| id.clone()).collect();
    let found = records::find_many(desk.conn, desk.business, &record_type.name, &ids)?;
    let mut found: BTreeMap<RecordId, Json> = found.iter().map(|record| (record.id.clone(), shown(record))).collect();
    let shown = ranked.into_iter().filter_map(|(id, how)| {
        let mut shown = found.remove(&id)?;
        shown["matched"] = json!(how.fields);
        Some(shown)
    });
    Ok(json!({ "records": shown.collect::<Vec<_>>(), "cut": cut }))
}

/// The values of the keys that are asked for; fields that are no keys or have no pieces are refused.
fn wanted<'a>(
    record_type: &RecordType,
    arguments: &'a Arguments,
) -> Result<BTreeMap<&'a String, Vec<String>>, Refusal> {
    let mut keys = BTreeMap::new();
    for (field, value) in &arguments.keys {
        if !record_type.keys.contains(field) {
            let known = record_type.keys.join(", ");
            let sentence = format!("\"{field}\" is not a key of {}; its keys are {known}", record_type.name);
            return Err(Refusal::invalid("unknown_key", sentence));
        }
        keys.insert(field, entries::values(value));
    }
    if let Some(field) = arguments.similar.keys().find(|field| !record_type.similar.contains(field)) {
        let known = record_type.similar.join(", ");
        let sentence =
            format!("\"{field}\" finds nothing alike in {}; declare it under \"similar\" ({known})", record_type.name);
        return Err(Refusal::invalid("unknown_key", sentence));
    }
    Ok(keys)
}
