//! `org.superior` and `org.superiors`: who stands above a user.

use crate::model::ids::UserId;
use crate::model::json::Json;
use crate::plugins::desk::{Desk, Stop};
use crate::store::superiors;
use serde::Deserialize;
use serde_json::json;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Arguments {
    user: UserId,
}

/// `{user}` of the nearest one, or null at the top of the hierarchy. Vacant positions are passed over.
pub fn superior(desk: &mut Desk, arguments: Arguments) -> Result<Json, Stop> {
    let above = superiors::of(desk.conn, desk.business, &arguments.user, desk.now)?;
    Ok(above.first().map_or(Json::Null, |(user, _)| json!({ "user": user })))
}

/// `[{user, depth}]`, the nearest first.
pub fn superiors_of(desk: &mut Desk, arguments: Arguments) -> Result<Json, Stop> {
    let above = superiors::of(desk.conn, desk.business, &arguments.user, desk.now)?;
    Ok(above.into_iter().map(|(user, depth)| json!({ "user": user, "depth": depth })).collect())
}
