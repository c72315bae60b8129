//! Which fields of a record a caller may read. Decided for many records at once: one look at the database for each list
//! of relations, never one a record.

use super::sight;
use crate::model::actor::Actor;
use crate::model::definitions::Definitions;
use crate::model::ids::{BusinessId, RecordId};
use crate::model::lens::name_now;
use crate::model::record::Record;
use crate::model::record_type::RecordType;
use crate::model::time::Timestamp;
use crate::store::records::{self, Hidden, Sight};
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

    /// The changes that the caller may not read in the history of a record: those of fields that he may not read on the
    /// record as it is now, under the names that they have and had while they had them; and of fields that are gone and
    /// had narrower rights than the record.
    pub fn hidden_in_history(&self, conn: &mut Connection, record: &RecordId) -> Result<Vec<Hidden>, StoreError> {
        let hidden = self.hidden(conn, std::slice::from_ref(record))?.remove(record).unwrap_or_default();
        let renames = records::renames(conn, &self.business, &self.declared.name)?;
        let is_there = |name: &str| self.declared.fields.iter().any(|field| field.name == name);
        let is_hidden = |kept: &str, at: Timestamp| {
            let (name, gone_hidden) = name_now(kept, at, &renames);
            hidden.contains(name.as_str()) || (gone_hidden && !is_there(&name))
        };
        let had = renames.iter().map(|rename| rename.field.as_str());
        let names: BTreeSet<&str> = self.declared.fields.iter().map(|field| field.name.as_str()).chain(had).collect();
        let turns: BTreeSet<Timestamp> = renames.iter().map(|rename| rename.at).collect();
        let turns: Vec<Timestamp> = turns.into_iter().collect();
        Ok(names.into_iter().flat_map(|name| while_hidden(name, &turns, |at| is_hidden(name, at))).collect())
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

/// When what was kept under a name is hidden: it may turn after each of these instants, which are in order.
fn while_hidden(name: &str, turns: &[Timestamp], is_hidden: impl Fn(Timestamp) -> bool) -> Vec<Hidden> {
    let mut spans: Vec<Hidden> = Vec::new();
    let (mut after, mut open) = (None, false);
    for until in turns.iter().copied().map(Some).chain([None]) {
        let now = is_hidden(until.unwrap_or(Timestamp(i64::MAX)));
        match spans.last_mut().filter(|_| now && open) {
            Some(span) => span.until = until,
            None if now => spans.push(Hidden { field: name.to_owned(), after, until }),
            None => {}
        }
        (after, open) = (until, now);
    }
    spans
}
