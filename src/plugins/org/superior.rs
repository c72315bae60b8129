//! `org.superior`: the nearest person above a user.

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

/// `{user}`, or null at the top of the hierarchy. Vacant positions are passed over.
pub fn superior(desk: &mut Desk, arguments: Arguments) -> Result<Json, Stop> {
    let above = superiors::of(desk.conn, desk.business, &arguments.user, desk.now)?;
    Ok(above.first().map_or(Json::Null, |(user, _)| json!({ "user": user })))
}
