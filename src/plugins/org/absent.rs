//! `org.absent`: whether a user is away now.

use crate::model::ids::UserId;
use crate::model::json::Json;
use crate::plugins::desk::{Desk, Stop};
use crate::store::absences;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Arguments {
    user: UserId,
}

/// True or false.
pub fn absent(desk: &mut Desk, arguments: Arguments) -> Result<Json, Stop> {
    let away = absences::absent(desk.conn, desk.business, desk.now)?;
    Ok(Json::Bool(away.contains_key(&arguments.user)))
}
