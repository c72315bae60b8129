//! `org.unit`: the unit that a user works in.

use crate::model::directory::Unit;
use crate::model::ids::UserId;
use crate::model::json::Json;
use crate::plugins::desk::{Desk, Stop};
use crate::store::{positions, units};
use serde::Deserialize;
use serde_json::json;
use std::collections::BTreeMap;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Arguments {
    user: UserId,
}

/// `{unit, kind, title, path}` of the first position that the user holds now, by id; `path` has the units from it up to
/// the top. Null for somebody without a position.
pub fn unit(desk: &mut Desk, arguments: Arguments) -> Result<Json, Stop> {
    let held = positions::of_user(desk.conn, desk.business, &arguments.user, desk.now)?;
    let Some(held) = held.into_iter().next() else { return Ok(Json::Null) };
    let all = units::list(desk.conn, desk.business)?;
    let all: BTreeMap<&str, &Unit> = all.iter().map(|unit| (unit.id.as_str(), unit)).collect();
    let id = held.period.unit;
    let mut path = vec![id.as_str()];
    let mut at = all.get(id.as_str());
    while let Some(parent) = at.and_then(|unit| unit.parent.as_deref()).filter(|parent| !path.contains(parent)) {
        path.push(parent);
        at = all.get(parent);
    }
    let unit = all.get(id.as_str());
    Ok(json!({
        "unit": id,
        "kind": unit.map(|unit| unit.kind),
        "title": unit.map(|unit| &unit.title),
        "path": path,
    }))
}
