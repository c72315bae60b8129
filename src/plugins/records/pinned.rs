//! Records for an instance that is pinned to another revision than the active one. There is one store of records and it
//! goes by the active revision; the instance reads and writes it under the names that its own revision has.

use super::migrate;
use crate::model::json::{Json, JsonMap};
use crate::model::lens::Lens;
use crate::model::record_type::RecordType;
use crate::plugins::desk::{Desk, Stop};
use crate::store::records;

/// How records of a type read for the instance that asks: from its names to those of now. Plain, when it has the same.
pub fn lens(desk: &mut Desk, present: &RecordType) -> Result<Lens, Stop> {
    let Some(own) = own(desk, present) else { return Ok(Lens::default()) };
    let renames = records::renames(desk.conn, desk.business, &present.name)?;
    Ok(migrate::step(own, present, &renames))
}

/// Whether the instance computes keys by other rules than the records that are there were: what it asks for may then
/// stand under other values.
pub fn has_other_keys(desk: &Desk, present: &RecordType) -> bool {
    let same = |own: &RecordType| super::stamp::same_keys(&own.stamp) == super::stamp::same_keys(&present.stamp);
    own(desk, present).is_some_and(|own| !same(own))
}

/// The name of now of a field, or of a path that begins with one.
pub fn path(lens: &Lens, path: &str) -> String {
    match path.split_once('.') {
        Some((field, inside)) => format!("{}.{inside}", lens.name(field)),
        None => lens.name(path).to_owned(),
    }
}

/// A filter under the names of now. A field that is gone stays in it, and is refused: without it more would be found.
pub fn asked(lens: &Lens, filter: JsonMap) -> JsonMap {
    let inside = |value: Json| match value {
        Json::Object(filter) => Json::Object(asked(lens, filter)),
        other => other,
    };
    let named = |(name, value): (String, Json)| match value {
        Json::Array(any) if name == "$or" => (name, any.into_iter().map(inside).collect()),
        value => (path(lens, &name), value),
    };
    filter.into_iter().map(named).collect()
}

/// Given fields under the names of now; null clears as ever. Fields that are gone are left out.
pub fn given(lens: &Lens, fields: JsonMap) -> JsonMap {
    Lens { defaults: JsonMap::new(), ..lens.clone() }.read(fields)
}

/// What an action gives of a record, with its fields under the names that the instance knows, too.
pub fn told(lens: &Lens, mut shown: Json) -> Json {
    if let (false, Some(Json::Object(fields))) = (lens.names.is_empty(), shown.get("fields")) {
        shown["fields"] = Json::Object(lens.told(fields));
    }
    shown
}

fn own<'d>(desk: &Desk<'d>, present: &RecordType) -> Option<&'d RecordType> {
    desk.pinned.and_then(|definitions| definitions.records.get(&present.name)).map(|own| &**own)
}
