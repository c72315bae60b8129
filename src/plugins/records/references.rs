//! References: the users, units and records that a record names must be there, in the same business, and stay there
//! until it is written. Who names a record that was merged means the one that it became.

use super::follow::Moved;
use crate::model::field::{Field, FieldKind};
use crate::model::json::{Json, JsonMap};
use crate::model::refusal::FieldError;
use crate::plugins::desk::Desk;
use crate::store::{StoreError, records, units, users};
use std::collections::{BTreeMap, BTreeSet};

/// What is named, of which kind, and where.
type Named<'a> = BTreeMap<Kind<'a>, BTreeMap<&'a str, Vec<String>>>;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind<'a> {
    User,
    Unit,
    Record(&'a str),
}

/// What came of looking for everything that is named.
pub struct Looked {
    /// What is not there.
    pub errors: Vec<FieldError>,
    /// Records that were merged, and what each of them became.
    pub moved: Moved,
}

/// Looks for every named user, unit and record. Only fields of `changed` are looked at. Records are held: nobody deletes
/// or merges them before the transaction is over.
pub fn check(desk: &mut Desk, fields: &[Field], changed: &JsonMap) -> Result<Looked, StoreError> {
    let mut named = Named::new();
    collect(fields, changed, "/fields", &mut named);
    let (mut errors, mut moved) = (Vec::new(), Moved::default());
    for (kind, places) in named {
        let there = match kind {
            Kind::Record(record_type) => {
                let held = records::hold(desk.conn, desk.business, record_type, &ids(&places))?;
                moved.follow(desk, record_type, &held)?;
                held.into_iter().map(|(id, _)| id.0).collect()
            }
            kind => there(desk, kind, &ids(&places))?,
        };
        errors.extend(not_there(kind, places, &there));
    }
    errors.sort_by(|one, other| one.pointer.cmp(&other.pointer));
    Ok(Looked { errors, moved })
}

/// What is named in these fields of many records and is not there, for who only looks: each behind the position of its
/// record, `/17/fields/owner`.
pub fn missing(desk: &mut Desk, fields: &[Field], all: &[JsonMap]) -> Result<Vec<FieldError>, StoreError> {
    let mut named = Named::new();
    for (position, values) in all.iter().enumerate() {
        collect(fields, values, &format!("/{position}/fields"), &mut named);
    }
    let mut errors = Vec::new();
    for (kind, places) in named {
        let there = there(desk, kind, &ids(&places))?;
        errors.extend(not_there(kind, places, &there));
    }
    Ok(errors)
}

fn ids<'a>(places: &BTreeMap<&'a str, Vec<String>>) -> Vec<&'a str> {
    places.keys().copied().collect()
}

fn there(desk: &mut Desk, kind: Kind<'_>, ids: &[&str]) -> Result<BTreeSet<String>, StoreError> {
    Ok(match kind {
        Kind::Record(record_type) => {
            let there = records::there(desk.conn, desk.business, record_type, ids)?;
            there.into_iter().map(|(id, _)| id.0).collect()
        }
        Kind::User => users::there(desk.conn, desk.business, ids)?.into_iter().collect(),
        Kind::Unit => units::there(desk.conn, desk.business, ids)?.into_iter().collect(),
    })
}

fn not_there(kind: Kind<'_>, places: BTreeMap<&str, Vec<String>>, there: &BTreeSet<String>) -> Vec<FieldError> {
    let what = match kind {
        Kind::User => "user",
        Kind::Unit => "unit",
        Kind::Record(record_type) => record_type,
    };
    let missing = places.into_iter().filter(|(id, _)| !there.contains(*id));
    let errors = missing.flat_map(|(id, pointers)| {
        let detail = format!("there is no {what} \"{id}\"");
        pointers.into_iter().map(move |pointer| FieldError {
            pointer,
            code: "not_there".into(),
            detail: detail.clone(),
        })
    });
    errors.collect()
}

fn collect<'a>(fields: &'a [Field], values: &'a JsonMap, at: &str, named: &mut Named<'a>) {
    for field in fields {
        if let Some(value) = values.get(&field.name) {
            look(&field.kind, value, format!("{at}/{}", field.name), named);
        }
    }
}

fn look<'a>(kind: &'a FieldKind, value: &'a Json, pointer: String, named: &mut Named<'a>) {
    let mut note = |kind, id| named.entry(kind).or_default().entry(id).or_default().push(pointer.clone());
    match (kind, value) {
        (FieldKind::User, Json::String(login)) => note(Kind::User, login.as_str()),
        (FieldKind::OrgUnit, Json::String(id)) => note(Kind::Unit, id.as_str()),
        (FieldKind::Ref(reference), Json::String(id)) => note(Kind::Record(&reference.record), id.as_str()),
        (FieldKind::List(of), Json::Array(items)) => {
            for (index, item) in items.iter().enumerate() {
                look(of, item, format!("{pointer}/{index}"), named);
            }
        }
        (FieldKind::Map(fields), Json::Object(object)) => collect(fields, object, &pointer, named),
        _ => {}
    }
}
