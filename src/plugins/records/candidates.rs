//! `records.candidates`: the records that could be the same as a new one. Found by their keys, which must be equal, and by
//! the pieces that they share; never by a scan.

use super::similar::{Alike, alike};
use super::stamp::same_keys;
use super::{entries, pinned, shown};
use crate::model::ids::RecordId;
use crate::model::json::{Json, JsonMap};
use crate::model::record::Record;
use crate::model::record_type::RecordType;
use crate::model::refusal::Refusal;
use crate::plugins::desk::{Desk, Stop};
use crate::store::records;
use serde::Deserialize;
use serde_json::json;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Candidates at most when the caller names no number.
pub const MOST: i64 = 50;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Arguments {
    r#type: String,
    keys: JsonMap,
    #[serde(default)]
    similar: JsonMap,
    #[serde(default)]
    most: Option<i64>,
    #[serde(default)]
    fields: Option<BTreeSet<String>>,
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

/// `{records: [{id, version, fields, matched}], cut, deriving}`: those with the most equal keys first, then those that share
/// most, then by id; of their fields those that are asked for. Until the end of the transaction nobody else looks for
/// candidates of this type, so that two variants of one new record cannot both be found new.
///
/// `deriving` says that keys are computed by other rules than some of the records have theirs by: the result is cut then,
/// too, since a record that is the same may stand under another value.
pub fn candidates(desk: &mut Desk, arguments: Arguments) -> Result<Json, Stop> {
    let Arguments { r#type, keys, similar, most, fields } = arguments;
    let record_type = desk.record_type(&r#type)?;
    let lens = pinned::lens(desk, &record_type)?;
    let wanted = Wanted { keys: pinned::given(&lens, keys), similar: pinned::given(&lens, similar), fields };
    records::lock_look(desk.conn, desk.business, &record_type.name)?;
    let found = find(desk, &record_type, &wanted, most.unwrap_or(MOST).clamp(1, 1_000))?;
    let told =
        |(record, matched): &(Record, BTreeSet<String>)| wanted.told(pinned::told(&lens, shown(record)), matched);
    let records: Vec<Json> = found.records.iter().map(told).collect();
    Ok(json!({ "records": records, "cut": found.cut, "deriving": found.deriving }))
}

/// What candidates share: values of keys, and of fields whose pieces are compared; and what is told of them.
#[derive(Deserialize)]
pub struct Wanted {
    keys: JsonMap,
    #[serde(default)]
    similar: JsonMap,
    #[serde(default)]
    fields: Option<BTreeSet<String>>,
}

impl Wanted {
    /// A candidate as it is told: with the fields that are asked for, all of them when none are named.
    pub fn told(&self, mut shown: Json, matched: &BTreeSet<String>) -> Json {
        if let (Some(wanted), Some(fields)) = (&self.fields, shown["fields"].as_object_mut()) {
            fields.retain(|name, _| wanted.contains(name));
        }
        shown["matched"] = json!(matched);
        shown
    }
}

/// What was found.
pub struct Found {
    /// The records, each with the fields that found it, in the order of candidates.
    pub records: Vec<(Record, BTreeSet<String>)>,
    /// Whether there may be more.
    pub cut: bool,
    /// Whether keys are being computed by other rules.
    pub deriving: bool,
}

/// The candidates, [`MOST`] or another number of them at most. Who goes on to write locks the look first.
pub fn find(desk: &mut Desk, record_type: &RecordType, wanted: &Wanted, most: i64) -> Result<Found, Stop> {
    let keys = values(record_type, wanted)?;
    let (least, most_alike) = same_keys(&record_type.stamp);
    let deriving = pinned::has_other_keys(desk, record_type)
        || records::is_behind(desk.conn, desk.business, &record_type.name, &least, &most_alike)?;
    let (mut matches, mut cut) = (BTreeMap::<RecordId, Match>::new(), deriving);
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
    for (field, value) in &wanted.similar {
        let Alike { records, cut: more } = alike(desk, record_type, field, value, limit)?;
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
    let mut found: BTreeMap<RecordId, Record> = found.into_iter().map(|one| (one.id.clone(), one)).collect();
    let records = ranked.into_iter().filter_map(|(id, how)| Some((found.remove(&id)?, how.fields)));
    Ok(Found { records: records.collect(), cut, deriving })
}

/// The values of the keys that are asked for; fields that are no keys or have no pieces are refused.
fn values<'a>(record_type: &RecordType, wanted: &'a Wanted) -> Result<BTreeMap<&'a String, Vec<String>>, Refusal> {
    let mut keys = BTreeMap::new();
    for (field, value) in &wanted.keys {
        if !record_type.keys.contains(field) {
            let known = record_type.keys.join(", ");
            let sentence = format!("\"{field}\" is not a key of {}; its keys are {known}", record_type.name);
            return Err(Refusal::invalid("unknown_key", sentence));
        }
        keys.insert(field, entries::values(value));
    }
    if let Some(field) = wanted.similar.keys().find(|field| !record_type.similar.contains(field)) {
        let known = record_type.similar.join(", ");
        let sentence =
            format!("\"{field}\" finds nothing alike in {}; declare it under \"similar\" ({known})", record_type.name);
        return Err(Refusal::invalid("unknown_key", sentence));
    }
    Ok(keys)
}
