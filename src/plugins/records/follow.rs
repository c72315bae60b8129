//! Following redirects: who names a record that was merged means the one that it became.

use super::leaves::replaced;
use super::references;
use crate::model::field::{Field, FieldKind};
use crate::model::ids::RecordId;
use crate::model::json::JsonMap;
use crate::plugins::desk::Desk;
use crate::store::{StoreError, records};
use std::collections::BTreeMap;

/// Records that were merged, by type, each with the record at the end of its redirects.
#[derive(Debug, Default)]
pub struct Moved(BTreeMap<(String, String), RecordId>);

impl Moved {
    /// Takes up those of these records (id, what it was merged into) that were merged. The record at the end is held,
    /// too.
    pub fn follow(
        &mut self,
        desk: &mut Desk,
        record_type: &str,
        held: &[(RecordId, Option<RecordId>)],
    ) -> Result<(), StoreError> {
        let mut next: BTreeMap<RecordId, RecordId> = BTreeMap::new();
        let redirects = |held: &[(RecordId, Option<RecordId>)]| -> Vec<(RecordId, RecordId)> {
            held.iter().filter_map(|(id, into)| Some((id.clone(), into.clone()?))).collect()
        };
        let asked = redirects(held);
        let mut open = asked.clone();
        // A chain of redirects is as long as merges followed one another; almost always there is none.
        while !open.is_empty() {
            next.extend(open.iter().cloned());
            let ends: Vec<&str> = open.iter().map(|(_, into)| into.as_str()).collect();
            open = redirects(&records::hold(desk.conn, desk.business, record_type, &ends)?);
        }
        for (id, into) in asked {
            let mut end = &into;
            while let Some(further) = next.get(end) {
                end = further;
            }
            self.0.insert((record_type.to_owned(), id.0), end.clone());
        }
        Ok(())
    }

    /// The fields with what the records became in place of those that were merged.
    pub fn instead(&self, declared: &[Field], values: &JsonMap) -> JsonMap {
        if self.0.is_empty() {
            return values.clone();
        }
        replaced(declared, values, &mut |kind, text| match kind {
            FieldKind::Ref(reference) => {
                self.0.get(&(reference.record.clone(), text.to_owned())).map(|end| end.0.clone())
            }
            _ => None,
        })
    }
}

/// Values with what the records that they name became.
pub fn followed(desk: &mut Desk, declared: &[Field], values: &JsonMap) -> Result<JsonMap, StoreError> {
    Ok(references::check(desk, declared, values)?.moved.instead(declared, values))
}
