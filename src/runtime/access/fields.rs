//! Which fields of a record a caller may read. Decided for many records at once: one look at the database for each list
//! of relations, never one a record.

use super::sight;
use crate::model::actor::Actor;
use crate::model::definitions::Definitions;
use crate::model::ids::{BusinessId, RecordId};
use crate::model::record::{FieldChange, Record};
use crate::model::record_type::RecordType;
use crate::model::refusal::{FieldError, Refusal};
use crate::model::time::Timestamp;
use crate::store::records::{self, Sight};
use crate::store::{Connection, StoreError};
use std::collections::{BTreeMap, BTreeSet};

/// What somebody may read of the fields of a type, in records that he may read.
#[derive(Debug, Clone)]
pub struct FieldRights<'d> {
    business: BusinessId,
    declared: &'d RecordType,
    held: Vec<Held<'d>>,
}

/// Fields that are read on some of the records only.
#[derive(Debug, Clone)]
struct Held<'d> {
    sight: Sight,
    fields: &'d BTreeSet<String>,
}

/// What the caller may read of the fields of a type at an instant. A limit that holds for every reader of a record (by
/// a role, or because its relations are among those of the record) holds nothing back.
pub fn fields<'d>(
    actor: &Actor,
    definitions: &Definitions,
    declared: &'d RecordType,
    at: Timestamp,
) -> FieldRights<'d> {
    let read = sight(actor, definitions, declared, &declared.access.read, at);
    let limits = declared.access.limits.iter();
    let held = limits.filter_map(|limit| {
        let sight = sight(actor, definitions, declared, &limit.read, at);
        (!sight.covers(&read)).then_some(Held { sight, fields: &limit.fields })
    });
    FieldRights { business: actor.business.clone(), declared, held: held.collect() }
}

impl<'d> FieldRights<'d> {
    /// Whether the caller may read a field on every record that he sees: only then may he filter, sort, group, measure
    /// or search by it. Of a path such as `team.user` the field at its beginning counts.
    pub fn readable_everywhere(&self, field: &str) -> bool {
        let field = field.split('.').next().unwrap_or(field);
        !self.held.iter().any(|held| held.fields.contains(field))
    }

    /// Refuses a request that uses a field in a way that would tell what is in it.
    pub fn require(&self, field: &str, pointer: &str) -> Result<(), Refusal> {
        if self.readable_everywhere(field) {
            return Ok(());
        }
        let sentence = format!(
            "you may not read \"{field}\" on every {} that you see, so it cannot be used here",
            self.declared.name
        );
        let code = "field_not_readable";
        let error = FieldError { pointer: pointer.to_owned(), code: code.to_owned(), detail: sentence.clone() };
        Err(Refusal::invalid(code, sentence).with_errors(vec![error]))
    }

    /// Takes away, of records that the caller may read, what he may not read.
    pub fn hide(&self, conn: &mut Connection, records: &mut [Record]) -> Result<(), StoreError> {
        let ids: Vec<RecordId> = records.iter().map(|record| record.id.clone()).collect();
        let hidden = self.hidden(conn, &ids)?;
        for record in records {
            if let Some(hidden) = hidden.get(&record.id) {
                record.fields.retain(|name, _| !hidden.contains(name.as_str()));
            }
        }
        Ok(())
    }

    /// Takes away the changes of fields that the caller may not read on the record as it is now.
    pub fn hide_changes(
        &self,
        conn: &mut Connection,
        record: &RecordId,
        changes: &mut Vec<FieldChange>,
    ) -> Result<(), StoreError> {
        if let Some(hidden) = self.hidden(conn, std::slice::from_ref(record))?.get(record) {
            changes.retain(|change| !hidden.contains(change.field.as_str()));
        }
        Ok(())
    }

    /// The fields that the caller may not read, of each of these records; a record without any is left out.
    pub(super) fn hidden(
        &self,
        conn: &mut Connection,
        ids: &[RecordId],
    ) -> Result<BTreeMap<RecordId, BTreeSet<&'d str>>, StoreError> {
        let mut hidden: BTreeMap<RecordId, BTreeSet<&str>> = BTreeMap::new();
        for held in &self.held {
            let seen = self.among(conn, ids, &held.sight)?;
            for id in ids.iter().filter(|id| !seen.contains(*id)) {
                hidden.entry(id.clone()).or_default().extend(held.fields.iter().map(String::as_str));
            }
        }
        Ok(hidden)
    }

    /// Those of these records that are seen.
    pub(super) fn among(
        &self,
        conn: &mut Connection,
        ids: &[RecordId],
        sight: &Sight,
    ) -> Result<BTreeSet<RecordId>, StoreError> {
        if *sight == Sight::All {
            return Ok(ids.iter().cloned().collect());
        }
        if sight.is_nothing() || ids.is_empty() {
            return Ok(BTreeSet::new());
        }
        Ok(records::seen(conn, &self.business, &self.declared.name, ids, sight)?.into_iter().collect())
    }
}
