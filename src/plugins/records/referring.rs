//! What refers to a record that is to be deleted, and the refusal that tells of it.

use super::relations;
use crate::model::field::OnDelete;
use crate::model::ids::RecordId;
use crate::model::record::Record;
use crate::model::record_type::RecordType;
use crate::model::refusal::Refusal;
use crate::plugins::desk::{Desk, Stop};
use crate::store::records::{self, Sight};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// Which records of a type the caller may be told of.
pub type Reads<'a> = &'a dyn Fn(&RecordType) -> Sight;

/// Records of one type that refer to others by one field.
pub struct Referring {
    /// Their type.
    pub record_type: String,
    /// The path of the field.
    pub path: String,
    /// What the deletion means for them.
    pub on_delete: OnDelete,
    /// Their ids, at most one more than were asked for.
    pub ids: Vec<RecordId>,
}

/// Everything that refers to one of these records of a type, at most `most` by each field.
pub fn to(desk: &mut Desk, record_type: &str, ids: &[String], most: usize) -> Result<Vec<Referring>, Stop> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let definitions = desk.definitions;
    let mut found = Vec::new();
    for declared in definitions.records.values() {
        let references = relations::references(declared);
        for (path, reference) in references.into_iter().filter(|(_, reference)| reference.record == record_type) {
            let by = records::by_index(desk.conn, desk.business, &declared.name, &path, ids, most + 1)?;
            if !by.ids.is_empty() {
                let (record_type, on_delete) = (declared.name.clone(), reference.on_delete);
                found.push(Referring { record_type, path, on_delete, ids: by.ids });
            }
        }
    }
    Ok(found)
}

/// Refuses a deletion while others refer to the record: it tells how many of which type, of those that may be told.
pub fn refuse(
    desk: &mut Desk,
    record: &Record,
    referring: &BTreeMap<String, BTreeSet<RecordId>>,
    reads: Reads<'_>,
) -> Result<(), Stop> {
    let (mut told, mut hidden) = (Vec::new(), false);
    for (name, ids) in referring.iter().filter(|(_, ids)| !ids.is_empty()) {
        let sight = reads(&*desk.record_type(name)?);
        let ids: Vec<RecordId> = ids.iter().cloned().collect();
        let seen = records::seen(desk.conn, desk.business, name, &ids, &sight)?.len();
        hidden |= seen < ids.len();
        if seen > 0 {
            told.push((name, seen));
        }
    }
    let list: Vec<String> = told.iter().map(|(name, number)| format!("{number} {name}")).collect();
    let by = match (&list[..], hidden) {
        ([], false) => return Ok(()),
        ([], true) => "records that you may not see".to_owned(),
        (list, false) => list.join(", "),
        (list, true) => format!("{} and by others that you may not see", list.join(", ")),
    };
    let sentence = format!("{} {} is still referred to by {by}", record.record_type, record.id);
    let told: Vec<_> = told.iter().map(|(name, number)| json!({ "type": name, "number": number })).collect();
    let present = json!({ "referring": told, "others": hidden });
    Err(Refusal::conflict("referenced", sentence).with_present(present).into())
}

/// The refusal of a deletion by a record that would go along or be cleared: who may not see that one is told no more
/// than the code.
pub fn refused_by(desk: &mut Desk, stop: Stop, record: &Record, reads: Reads<'_>) -> Stop {
    let Stop::Refused(refusal) = stop else { return stop };
    let seen = desk.record_type(&record.record_type).and_then(|record_type| {
        let (ids, sight) = (std::slice::from_ref(&record.id), reads(&record_type));
        Ok(records::seen(desk.conn, desk.business, &record.record_type, ids, &sight)?)
    });
    match seen {
        Err(stop) => stop,
        Ok(seen) if seen.is_empty() => {
            let sentence = "a record that refers to it, and that you may not see, does not allow this";
            Refusal::new(refusal.kind, &refusal.code, sentence).into()
        }
        Ok(_) => refusal.with_present(json!({ "type": record.record_type, "id": record.id })).into(),
    }
}
