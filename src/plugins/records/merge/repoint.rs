//! Everything that refers to the loser refers to the winner: found by the index, locked, changed in memory.

use super::rewrite::Rewrite;
use crate::model::definitions::Definitions;
use crate::model::field::{Field, FieldKind};
use crate::model::ids::RecordId;
use crate::model::json::{Json, JsonMap};
use crate::model::record_type::RecordType;
use crate::model::refusal::Refusal;
use crate::plugins::desk::{Desk, Stop};
use crate::plugins::records::derive;
use crate::plugins::records::leaves::replaced;
use crate::store::records::{self, Spot};

/// Records that refer to the loser at most: one transaction carries no more.
const MOST: i64 = 10_000;

/// Every record that refers to `from`, referring to `to` instead; but for the two themselves.
pub fn repoint(desk: &mut Desk, of: &str, from: &RecordId, to: &RecordId) -> Result<Vec<Rewrite>, Stop> {
    let spots = spots(desk.definitions, of);
    let mut found = records::referring(desk.conn, desk.business, &spots, from.as_str(), MOST + 3)?;
    found.retain(|(other, id)| other != of || (id != from && id != to));
    if i64::try_from(found.len()).unwrap_or(i64::MAX) > MOST {
        let number = records::count_referring(desk.conn, desk.business, &spots, from.as_str())?;
        let sentence = format!("{number} records refer to {of} {from}; at most {MOST} are moved in one merge");
        return Err(Refusal::conflict("merge_too_large", sentence).into());
    }
    let mut rewrites = Vec::new();
    for record in records::lock_many(desk.conn, desk.business, &found)? {
        let declared = desk.record_type(&record.record_type)?;
        let mut fields = moved(&declared, &record.fields, of, from, to);
        // The index may be behind by a change that was committed while this waited for the lock.
        if fields == record.fields {
            continue;
        }
        derive::derive(&declared, desk.scripts, &mut fields).map_err(|failure| {
            let sentence = format!("{} {}: {}", record.record_type, record.id, failure.message);
            Refusal::invalid(&failure.code, sentence)
        })?;
        rewrites.push(Rewrite::new(desk, &declared, &record, fields, None));
    }
    Ok(rewrites)
}

/// The fields with one reference in place of another. A list that named both names the one once.
fn moved(declared: &RecordType, fields: &JsonMap, of: &str, from: &RecordId, to: &RecordId) -> JsonMap {
    let refers = |kind: &FieldKind| matches!(kind, FieldKind::Ref(reference) if reference.record == of);
    let mut change = |kind: &FieldKind, text: &str| (refers(kind) && text == from.as_str()).then(|| to.0.clone());
    let mut moved = replaced(&declared.fields, fields, &mut change);
    let winner = Json::from(to.as_str());
    for field in &declared.fields {
        if let (FieldKind::List(kind), Some(Json::Array(items))) = (&field.kind, moved.get_mut(&field.name))
            && refers(kind)
            && fields.get(&field.name).and_then(Json::as_array) != Some(items)
        {
            let mut named = false;
            items.retain(|item| *item != winner || !std::mem::replace(&mut named, true));
        }
    }
    moved
}

/// Every place where a record of this type can be referred to.
fn spots(definitions: &Definitions, of: &str) -> Vec<Spot> {
    let mut spots = Vec::new();
    for declared in definitions.records.values() {
        within(&declared.fields, "", &mut |path, kind| {
            if matches!(kind, FieldKind::Ref(reference) if reference.record == of) {
                spots.push(Spot { record_type: declared.name.clone(), path: path.to_owned() });
            }
        });
    }
    spots
}

fn within(fields: &[Field], above: &str, visit: &mut dyn FnMut(&str, &FieldKind)) {
    for field in fields {
        let path = if above.is_empty() { field.name.clone() } else { format!("{above}.{}", field.name) };
        let mut kind = &field.kind;
        while let FieldKind::List(of) = kind {
            kind = of;
        }
        match kind {
            FieldKind::Map(inner) => within(inner, &path, visit),
            kind => visit(&path, kind),
        }
    }
}
