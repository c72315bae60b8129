//! References: the users, units and records that a record names must be there, in the same business, and stay there
//! until it is written.

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

/// Every named user, unit or record that is not there. Only fields of `changed` are looked at.
pub fn check(desk: &mut Desk, fields: &[Field], changed: &JsonMap) -> Result<Vec<FieldError>, StoreError> {
    let mut named = Named::new();
    collect(fields, changed, "/fields", &mut named);
    let mut errors = Vec::new();
    for (kind, places) in named {
        let there = there(desk, kind, &places)?;
        for (id, pointers) in places.into_iter().filter(|(id, _)| !there.contains(*id)) {
            let what = match kind {
                Kind::User => "user",
                Kind::Unit => "unit",
                Kind::Record(record_type) => record_type,
            };
            let detail = format!("there is no {what} \"{id}\"");
            let error = |pointer| FieldError { pointer, code: "not_there".into(), detail: detail.clone() };
            errors.extend(pointers.into_iter().map(error));
        }
    }
    errors.sort_by(|one, other| one.pointer.cmp(&other.pointer));
    Ok(errors)
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

/// Those that are there. Records are held: nobody deletes them before the transaction is over.
fn there(desk: &mut Desk, kind: Kind<'_>, ids: &BTreeMap<&str, Vec<String>>) -> Result<BTreeSet<String>, StoreError> {
    let ids: Vec<&str> = ids.keys().copied().collect();
    let mut there = BTreeSet::new();
    match kind {
        Kind::Record(record_type) => {
            let held = records::hold(desk.conn, desk.business, record_type, &ids)?;
            there.extend(held.into_iter().map(|id| id.0));
        }
        Kind::User => there.extend(users::there(desk.conn, desk.business, &ids)?),
        Kind::Unit => there.extend(units::there(desk.conn, desk.business, &ids)?),
    }
    Ok(there)
}
