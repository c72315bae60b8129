//! `records.candidates`: the records that could be the same as a new one, found by their keys and never by a scan.

use super::stamp::same_keys;
use super::{entries, pinned, shown};
use crate::model::json::{Json, JsonMap};
use crate::model::refusal::Refusal;
use crate::plugins::desk::{Desk, Stop};
use crate::store::records;
use serde::Deserialize;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// Candidates at most when the caller names no number.
const MOST: i64 = 50;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Arguments {
    r#type: String,
    keys: JsonMap,
    #[serde(default)]
    most: Option<i64>,
}

/// `{records: [{id, version, fields, matched}], cut, deriving}`, by id. Until the end of the transaction nobody else looks
/// for candidates of this type, so that two variants of one new record cannot both be found new.
///
/// `deriving` says that keys are computed by other rules than some of the records have theirs by: the result is cut then,
/// too, since a record that is the same may stand under another value.
pub fn candidates(desk: &mut Desk, arguments: Arguments) -> Result<Json, Stop> {
    let record_type = desk.record_type(&arguments.r#type)?;
    let lens = pinned::lens(desk, &record_type)?;
    let asked = pinned::given(&lens, arguments.keys);
    let most = arguments.most.unwrap_or(MOST).clamp(1, 1_000);
    let mut keys: BTreeMap<&String, Vec<String>> = BTreeMap::new();
    for (field, value) in &asked {
        if !record_type.keys.contains(field) {
            let known = record_type.keys.join(", ");
            let sentence = format!("\"{field}\" is not a key of {}; its keys are {known}", record_type.name);
            return Err(Refusal::invalid("unknown_key", sentence).into());
        }
        keys.insert(field, entries::values(value));
    }
    records::lock_look(desk.conn, desk.business, &record_type.name)?;

    let (least, most_alike) = same_keys(&record_type.stamp);
    let deriving = pinned::has_other_keys(desk, &record_type)
        || records::is_behind(desk.conn, desk.business, &record_type.name, &least, &most_alike)?;
    let (mut matched, mut cut) = (BTreeMap::<_, BTreeSet<&String>>::new(), deriving);
    for (field, values) in keys.iter().filter(|(_, values)| !values.is_empty()) {
        let found = records::by_index(desk.conn, desk.business, &record_type.name, field, values, most)?;
        cut |= found.cut;
        for id in found.ids {
            matched.entry(id).or_default().insert(field);
        }
    }
    let ids: Vec<_> = matched.keys().take(usize::try_from(most).unwrap_or(usize::MAX)).cloned().collect();
    cut |= ids.len() < matched.len();
    let found = records::find_many(desk.conn, desk.business, &record_type.name, &ids)?;
    let found = found.iter().map(|record| {
        let mut shown = pinned::told(&lens, shown(record));
        shown["matched"] = json!(matched.get(&record.id));
        shown
    });
    Ok(json!({ "records": found.collect::<Vec<_>>(), "cut": cut, "deriving": deriving }))
}
