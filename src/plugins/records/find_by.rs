//! The one record that has a value in a field that records are known by: a unique rule, a key or an index.

use super::entries;
use crate::model::ids::RecordId;
use crate::model::json::{Json, JsonMap};
use crate::model::record_type::{RecordType, Unique};
use crate::model::refusal::Refusal;
use crate::plugins::desk::{Desk, Stop};
use crate::store::records;

/// Whether records can be found by this field; else what they can be found by.
pub fn can_be_found_by(record_type: &RecordType, field: &str) -> Result<(), Refusal> {
    if rule(record_type, field).is_some() || is_indexed(record_type, field) {
        return Ok(());
    }
    let sentence = format!(
        "{} cannot be found by \"{field}\": declare a unique rule of this field, a key or an index of it",
        record_type.name
    );
    Err(Refusal::invalid("no_index", sentence))
}

/// The record with this value; none when there is none, refused when there are several.
pub fn find_by(desk: &mut Desk, type_name: &str, field: &str, value: &Json) -> Result<Option<RecordId>, Stop> {
    let record_type = desk.record_type(type_name)?;
    can_be_found_by(&record_type, field)?;
    if let Some(rule) = rule(&record_type, field) {
        let fields: JsonMap = [(field.to_owned(), value.clone())].into_iter().collect();
        let Some((rule, value)) = entries::unique_key(rule, &fields) else { return Ok(None) };
        return Ok(records::key_holder(desk.conn, desk.business, type_name, rule, value)?);
    }
    let found = records::by_index(desk.conn, desk.business, type_name, field, &entries::values(value), 1)?;
    if found.cut {
        let sentence = format!("several records of type {type_name} have this \"{field}\"; say which by _id");
        return Err(Refusal::conflict("not_one", sentence).into());
    }
    Ok(found.ids.into_iter().next())
}

fn rule<'t>(record_type: &'t RecordType, field: &str) -> Option<&'t Unique> {
    record_type.unique.iter().find(|rule| rule.fields == [field])
}

fn is_indexed(record_type: &RecordType, field: &str) -> bool {
    record_type.keys.iter().any(|key| key == field)
        || record_type.indexes.iter().any(|index| index.len() == 1 && index[0] == field)
}
