//! What a caller may do with records that are there: which fields of which he may change, and which he may delete. What
//! a record says of this and what refuses a change is the same look at the same rows.

use super::fields::{FieldRights, fields};
use super::sight;
use crate::engine::evaluator::Evaluator;
use crate::model::actor::Actor;
use crate::model::definitions::Definitions;
use crate::model::ids::RecordId;
use crate::model::json::{Json, JsonMap};
use crate::model::record::Record;
use crate::model::record_type::RecordType;
use crate::model::refusal::{FieldError, Refusal};
use crate::model::seen_record::{RecordVerb, SeenRecord};
use crate::model::time::Timestamp;
use crate::plugins::Stop;
use crate::plugins::records::is_closed;
use crate::runtime::library::Library;
use crate::store::records::Sight;
use crate::store::{Connection, StoreError};
use std::collections::{BTreeMap, BTreeSet};

/// Records that the caller may read, as he sees them.
pub fn seen_records(
    conn: &mut Connection,
    actor: &Actor,
    library: &Library,
    declared: &RecordType,
    records: Vec<Record>,
    at: Timestamp,
) -> Result<Vec<SeenRecord>, StoreError> {
    let rights = Rights::of(actor, &library.definitions, declared, at);
    let ids: Vec<RecordId> = records.iter().map(|record| record.id.clone()).collect();
    let mut standings = rights.standings(conn, &ids)?;
    let seen = |record: Record| {
        let standing = standings.remove(&record.id).unwrap_or_default();
        shown(record, declared, &library.scripts, &standing)
    };
    Ok(records.into_iter().map(seen).collect())
}

/// A record that the caller has just written, as he sees it now. A change can take it out of his sight; then nothing is
/// shown but that it is there.
pub fn seen_record(
    conn: &mut Connection,
    actor: &Actor,
    library: &Library,
    declared: &RecordType,
    record: Record,
    at: Timestamp,
) -> Result<SeenRecord, StoreError> {
    let rights = Rights::of(actor, &library.definitions, declared, at);
    let ids = [record.id.clone()];
    let standing = match rights.fields.among(conn, &ids, &rights.read)?.is_empty() {
        true => Standing {
            hidden: declared.fields.iter().map(|field| field.name.as_str()).collect(),
            ..Standing::default()
        },
        false => rights.standings(conn, &ids)?.remove(&record.id).unwrap_or_default(),
    };
    Ok(shown(record, declared, &library.scripts, &standing))
}

/// Refuses a change of fields that the caller may not change on this record as it is now. A field that is given the
/// value that it has is not changed; `patch` has values in their one written form, null for none. Of a field that he may
/// not read he may not even say what it could be: the answer would tell.
pub fn may_change(
    conn: &mut Connection,
    actor: &Actor,
    definitions: &Definitions,
    declared: &RecordType,
    present: &Record,
    patch: &JsonMap,
    at: Timestamp,
) -> Result<(), Stop> {
    let rights = Rights::of(actor, definitions, declared, at);
    let ids = [present.id.clone()];
    let standing = rights.standings(conn, &ids)?.remove(&present.id).unwrap_or_default();
    if !standing.may_change_any() {
        return Err(Refusal::forbidden(
            "record_not_allowed",
            format!("this {} may not be changed by you", declared.name),
        )
        .into());
    }
    let same = |name: &String, value: &Json| present.fields.get(name).unwrap_or(&Json::Null) == value;
    let refused = patch.iter().filter(|(name, value)| {
        !standing.may_change(name) && (standing.hidden.contains(name.as_str()) || !same(name, value))
    });
    none_refused(refused.map(|(name, _)| name.as_str()), &declared.name, ("changed", "changed"))
}

/// Refuses a new record in which the caller gave a field that not everybody who creates one may give. The rights are
/// asked of the record as it was just written; its default is nobody's gift.
pub fn may_fill(
    conn: &mut Connection,
    actor: &Actor,
    definitions: &Definitions,
    declared: &RecordType,
    written: &Record,
    at: Timestamp,
) -> Result<(), Stop> {
    let rights = fields(actor, definitions, declared, at);
    let ids = [written.id.clone()];
    let mut refused = Vec::new();
    for (name, right) in &declared.access.fields {
        let Some(relations) = &right.create else { continue };
        let field = declared.fields.iter().find(|field| field.name == *name);
        let given = written.fields.get(name).filter(|value| !value.is_null());
        if given.is_none() || given == field.and_then(|field| field.default.as_ref()) {
            continue;
        }
        if rights.among(conn, &ids, &sight(actor, definitions, declared, relations, at))?.is_empty() {
            refused.push(name.as_str());
        }
    }
    none_refused(refused.into_iter(), &declared.name, ("created", "given"))
}

/// `verbs` say what may not be done with the record, and what with its fields.
fn none_refused<'n>(fields: impl Iterator<Item = &'n str>, record_type: &str, verbs: (&str, &str)) -> Result<(), Stop> {
    let errors: Vec<FieldError> = fields
        .map(|name| FieldError {
            pointer: format!("/fields/{name}"),
            code: "field_not_allowed".to_owned(),
            detail: format!("\"{name}\" may not be {} by you", verbs.1),
        })
        .collect();
    if errors.is_empty() {
        return Ok(());
    }
    let sentence = format!("this {record_type} may not be {} so by you; see errors", verbs.0);
    Err(Refusal::forbidden("field_not_allowed", sentence).with_errors(errors).into())
}

/// What somebody may do with the records of a type.
struct Rights<'d> {
    fields: FieldRights<'d>,
    read: Sight,
    update: Sight,
    delete: Sight,
    /// Fields with a right of their own.
    own: Vec<(&'d str, Sight)>,
}

/// How somebody stands to one record.
#[derive(Debug, Default)]
struct Standing<'d> {
    update: bool,
    delete: bool,
    own: BTreeMap<&'d str, bool>,
    hidden: BTreeSet<&'d str>,
}

impl<'d> Rights<'d> {
    fn of(actor: &Actor, definitions: &Definitions, declared: &'d RecordType, at: Timestamp) -> Rights<'d> {
        let access = &declared.access;
        let sight = |relations| sight(actor, definitions, declared, relations, at);
        let own = access.fields.iter().filter_map(|(name, right)| Some((name.as_str(), sight(right.update.as_ref()?))));
        Rights {
            fields: fields(actor, definitions, declared, at),
            read: sight(&access.read),
            update: sight(&access.update),
            delete: sight(&access.delete),
            own: own.collect(),
        }
    }

    /// One look at the database for each distinct right, however many records there are.
    fn standings(
        &self,
        conn: &mut Connection,
        ids: &[RecordId],
    ) -> Result<BTreeMap<RecordId, Standing<'d>>, StoreError> {
        let mut looked: Vec<(&Sight, BTreeSet<RecordId>)> = Vec::new();
        for sight in [&self.update, &self.delete].into_iter().chain(self.own.iter().map(|(_, sight)| sight)) {
            if !looked.iter().any(|(known, _)| *known == sight) {
                looked.push((sight, self.fields.among(conn, ids, sight)?));
            }
        }
        let holds =
            |sight: &Sight, id: &RecordId| looked.iter().any(|(known, seen)| *known == sight && seen.contains(id));
        let mut hidden = self.fields.hidden(conn, ids)?;
        let standing = |id: &RecordId| {
            let standing = Standing {
                update: holds(&self.update, id),
                delete: holds(&self.delete, id),
                own: self.own.iter().map(|(name, sight)| (*name, holds(sight, id))).collect(),
                hidden: hidden.remove(id).unwrap_or_default(),
            };
            (id.clone(), standing)
        };
        Ok(ids.iter().map(standing).collect())
    }
}

impl Standing<'_> {
    fn may_change(&self, field: &str) -> bool {
        !self.hidden.contains(field) && self.own.get(field).copied().unwrap_or(self.update)
    }

    fn may_change_any(&self) -> bool {
        self.update || self.own.iter().any(|(field, holds)| *holds && !self.hidden.contains(field))
    }
}

/// A record that is closed, or whose rule cannot say whether it is, is changed in the fields that its type excepts.
fn shown(mut record: Record, declared: &RecordType, scripts: &dyn Evaluator, standing: &Standing) -> SeenRecord {
    let closed = !matches!(is_closed(declared, scripts, &record), Ok(false));
    record.fields.retain(|name, _| !standing.hidden.contains(name.as_str()));
    let computed = |name: &str| declared.derive.iter().any(|rule| rule.field == name);
    let open = |name: &str| !closed || declared.immutable.iter().flat_map(|rule| &rule.except).any(|open| open == name);
    let may = |name: &str| open(name) && !computed(name) && standing.may_change(name) && !declared.append_only;
    let names = || declared.fields.iter().map(|field| field.name.as_str());
    let update = names().any(may);
    let verbs = [(update, RecordVerb::Update), (standing.delete && !closed, RecordVerb::Delete)];
    SeenRecord {
        record,
        allowed: verbs.into_iter().filter(|(may, _)| *may).map(|(_, verb)| verb).collect(),
        read_only: names().filter(|name| update && !may(name)).map(str::to_owned).collect(),
        hidden: standing.hidden.iter().map(|name| (*name).to_owned()).collect(),
    }
}
