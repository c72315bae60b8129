//! `org.authority`: how far a user may go, on the user's own authority or for somebody else.

use crate::model::authority::{Limit, Limits};
use crate::model::ids::UserId;
use crate::model::json::Json;
use crate::model::refusal::Refusal;
use crate::plugins::desk::{Desk, Stop};
use crate::store::{positions, roles, substitutions, users};
use serde::Deserialize;
use serde_json::json;
use std::cmp::Ordering;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Arguments {
    user: UserId,
    /// The name of the limit.
    limit: String,
    /// Whom the user acts for; nobody: on the user's own authority.
    #[serde(default)]
    acting_for: Option<UserId>,
    /// The key of the process, for substitutions that count in some only.
    #[serde(default)]
    process: Option<String>,
}

/// A limit, and what gives it: `role manager`, `position head`.
type Source = (Limit, String);

/// `{limit, source}`: the highest limit of the user's roles and present positions; for somebody else the lower one of that
/// person's and the substitution's. Null when nothing gives any, which is no authority, not all of it.
pub fn authority(desk: &mut Desk, arguments: Arguments) -> Result<Json, Stop> {
    let Arguments { user, limit, acting_for, process } = arguments;
    let found = match acting_for.filter(|other| *other != user) {
        None => own(desk, &user, &limit)?,
        Some(other) => acting(desk, &user, &other, &limit, process.as_deref())?,
    };
    Ok(found.map_or(Json::Null, |(limit, source)| json!({ "limit": limit, "source": source })))
}

/// The highest; the first by name among equals.
fn own(desk: &mut Desk, user: &UserId, name: &str) -> Result<Option<Source>, Stop> {
    let Some(found) = users::find(desk.conn, desk.business, user)?.filter(|found| found.active) else {
        return Ok(None);
    };
    let roles = roles::list(desk.conn, desk.business)?.into_iter();
    let roles = roles.filter(|role| found.roles.contains(&role.name));
    let mut sources: Vec<(Limits, String)> = roles.map(|role| (role.limits, format!("role {}", role.name))).collect();
    let held = positions::of_user(desk.conn, desk.business, user, desk.now)?;
    sources.extend(held.into_iter().map(|held| (held.period.limits, format!("position {}", held.position))));
    let mut best: Option<Source> = None;
    for (mut limits, source) in sources {
        let Some(limit) = limits.remove(name) else { continue };
        best = match best {
            Some(best) if compare(name, &limit, &best.0)? != Ordering::Greater => Some(best),
            _ => Some((limit, source)),
        };
    }
    Ok(best)
}

/// Of several substitutions the one that goes furthest.
fn acting(
    desk: &mut Desk,
    user: &UserId,
    other: &UserId,
    name: &str,
    process: Option<&str>,
) -> Result<Option<Source>, Stop> {
    let active = users::find(desk.conn, desk.business, user)?.is_some_and(|found| found.active);
    let found = substitutions::acting_for(desk.conn, desk.business, user, desk.now)?;
    let here = found.into_iter().filter(|one| active && one.for_user == *other && one.covers(process));
    let mut best: Option<Source> = None;
    for mut one in here {
        let Some((full, source)) = own(desk, other, name)? else { return Ok(None) };
        let allowed = match one.limits.remove(name) {
            Some(limit) if compare(name, &limit, &full)? == Ordering::Less => {
                (limit, format!("substitution {}", one.id))
            }
            _ => (full, source),
        };
        best = match best {
            Some(best) if compare(name, &allowed.0, &best.0)? != Ordering::Greater => Some(best),
            _ => Some(allowed),
        };
    }
    Ok(best)
}

fn compare(name: &str, one: &Limit, other: &Limit) -> Result<Ordering, Refusal> {
    one.compare(other).ok_or_else(|| {
        let sentence = format!(
            "the limit \"{name}\" is given in {} and in {}, which cannot be compared; say it in one",
            one.unit(),
            other.unit()
        );
        Refusal::invalid("limits_differ", sentence)
    })
}
