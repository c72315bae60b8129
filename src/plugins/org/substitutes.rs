//! `org.substitutes`: who acts for a user now.

use crate::model::ids::UserId;
use crate::model::json::Json;
use crate::plugins::desk::{Desk, Stop};
use crate::store::{absences, substitutions};
use serde::Deserialize;
use serde_json::json;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Arguments {
    user: UserId,
    /// The key of the process in which somebody would act; without it only who may act in all of them.
    #[serde(default)]
    process: Option<String>,
}

/// `[{user, limits, until, absent}]` by login; `absent` says whether the substitute is away too.
pub fn substitutes(desk: &mut Desk, arguments: Arguments) -> Result<Json, Stop> {
    let Arguments { user, process } = arguments;
    let away = absences::absent(desk.conn, desk.business, desk.now)?;
    let found = substitutions::substitutes_of(desk.conn, desk.business, &user, desk.now)?;
    let here = found.into_iter().filter(|one| one.covers(process.as_deref()));
    let shown = here.map(|one| {
        json!({
            "user": one.user,
            "limits": one.limits,
            "until": one.window.ends().map(|to| to.rfc3339()),
            "absent": away.contains_key(&one.user),
        })
    });
    Ok(shown.collect())
}
