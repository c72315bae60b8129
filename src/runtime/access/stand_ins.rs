//! For whom somebody stands in at an instant: about tasks alone, one step, and only for people who are active.

use crate::model::actor::StandsIn;
use crate::model::ids::{BusinessId, UserId};
use crate::model::time::Timestamp;
use crate::store::{Connection, StoreError, substitutions, users};
use std::collections::BTreeMap;

/// By login of these. Several substitutions for one person count together.
pub fn stands_in(
    conn: &mut Connection,
    business: &BusinessId,
    user: &UserId,
    at: Timestamp,
) -> Result<Vec<StandsIn>, StoreError> {
    let found = substitutions::acting_for(conn, business, user, at)?;
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let mut processes: BTreeMap<UserId, Option<Vec<String>>> = BTreeMap::new();
    for one in found {
        let together = match (processes.remove(&one.for_user), one.processes) {
            (None, only) => only,
            (Some(Some(mut some)), Some(more)) => {
                some.extend(more);
                Some(some)
            }
            (Some(_), _) => None,
        };
        processes.insert(one.for_user, together);
    }
    let logins: Vec<&str> = processes.keys().map(UserId::as_str).collect();
    let people = users::among(conn, business, &logins)?;
    let stands_in = people.into_iter().filter(|user| user.active).filter_map(|person| {
        let (user, processes) = processes.remove_entry(&person.id)?;
        Some(StandsIn { user, roles: person.roles.into_iter().collect(), processes })
    });
    Ok(stands_in.collect())
}
