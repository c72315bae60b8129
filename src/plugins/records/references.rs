//! References: the users and records that a record names must be there, in the same business.

use crate::model::field::{Field, FieldKind, Reference};
use crate::model::ids::{RecordId, UserId};
use crate::model::json::{Json, JsonMap};
use crate::model::refusal::FieldError;
use crate::plugins::desk::Desk;
use crate::store::{StoreError, records, units, users};

/// Every named user or record that is not there. Only fields of `changed` are looked at.
pub fn check(desk: &mut Desk, fields: &[Field], changed: &JsonMap) -> Result<Vec<FieldError>, StoreError> {
    let mut errors = Vec::new();
    for field in fields {
        if let Some(value) = changed.get(&field.name) {
            look(desk, &field.kind, value, &format!("/fields/{}", field.name), &mut errors)?;
        }
    }
    Ok(errors)
}

fn look(
    desk: &mut Desk,
    kind: &FieldKind,
    value: &Json,
    pointer: &str,
    errors: &mut Vec<FieldError>,
) -> Result<(), StoreError> {
    let missing = match (kind, value) {
        (FieldKind::User, Json::String(login)) => {
            let there = users::find(desk.conn, desk.business, &UserId::from(login.as_str()))?.is_some();
            (!there).then(|| format!("there is no user \"{login}\""))
        }
        (FieldKind::OrgUnit, Json::String(id)) => {
            let there = units::find(desk.conn, desk.business, id)?.is_some();
            (!there).then(|| format!("there is no unit \"{id}\""))
        }
        (FieldKind::Ref(Reference { record: record_type, .. }), Json::String(id)) => {
            let there = records::find(desk.conn, desk.business, record_type, &RecordId::from(id.as_str()))?.is_some();
            (!there).then(|| format!("there is no {record_type} \"{id}\""))
        }
        (FieldKind::List(of), Json::Array(items)) => {
            for (index, item) in items.iter().enumerate() {
                look(desk, of, item, &format!("{pointer}/{index}"), errors)?;
            }
            None
        }
        (FieldKind::Map(fields), Json::Object(object)) => {
            for field in fields {
                if let Some(value) = object.get(&field.name) {
                    look(desk, &field.kind, value, &format!("{pointer}/{}", field.name), errors)?;
                }
            }
            None
        }
        _ => None,
    };
    let error = |detail| FieldError { pointer: pointer.to_owned(), code: "not_there".into(), detail };
    errors.extend(missing.map(error));
    Ok(())
}
