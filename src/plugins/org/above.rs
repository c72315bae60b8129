//! `org.above`: who is next to look at what others have not done.

use crate::model::ids::UserId;
use crate::model::json::Json;
use crate::plugins::desk::{Desk, Stop};
use crate::store::{superiors, users};
use serde::Deserialize;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Arguments {
    #[serde(default)]
    users: Vec<UserId>,
    #[serde(default)]
    roles: Vec<String>,
    #[serde(default)]
    besides: BTreeSet<UserId>,
}

/// Logins: for each of the users and of the people of the roles the nearest people above who are none of `besides`, each
/// once.
pub fn above(desk: &mut Desk, arguments: Arguments) -> Result<Json, Stop> {
    let Arguments { users, roles, besides } = arguments;
    let mut responsible: BTreeSet<UserId> = users.into_iter().collect();
    for role in &roles {
        let people = users::with_role(desk.conn, desk.business, role)?;
        responsible.extend(people.into_iter().map(|user| user.id));
    }
    let responsible: Vec<&UserId> = responsible.iter().collect();
    let mut nearest: BTreeMap<UserId, i64> = BTreeMap::new();
    let mut found = BTreeSet::new();
    for (user, superior, depth) in superiors::of_all(desk.conn, desk.business, &responsible, desk.now)? {
        if besides.contains(&superior) {
            continue;
        }
        if *nearest.entry(user).or_insert(depth) == depth {
            found.insert(superior);
        }
    }
    Ok(json!(found))
}
