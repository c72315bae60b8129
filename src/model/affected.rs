//! Whose superiors a change of the hierarchy changes.

use super::directory::Affected;
use super::hierarchy::Above;
use super::ids::UserId;
use super::time::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// Everybody whose superiors differ at any instant from `from` on, by login, with the first such instant.
pub fn affected(before: &[Above], after: &[Above], from: Timestamp) -> Vec<Affected> {
    let (before, after) = (by_user(before), by_user(after));
    let users: BTreeSet<&UserId> = before.keys().chain(after.keys()).copied().collect();
    let none = Vec::new();
    let compare = |user: &UserId| {
        let (before, after) = (before.get(user).unwrap_or(&none), after.get(user).unwrap_or(&none));
        let bounds = before.iter().chain(after).flat_map(|above| [above.window.from, above.window.to]);
        let instants: BTreeSet<Timestamp> = bounds.filter(|at| *at > from).chain([from]).collect();
        let differs = |at: Timestamp| {
            let (before, after) = (superiors(before, at), superiors(after, at));
            (before != after).then(|| Affected { user: user.clone(), from: at, before, after })
        };
        instants.into_iter().find_map(differs)
    };
    users.into_iter().filter_map(compare).collect()
}

fn by_user(all: &[Above]) -> BTreeMap<&UserId, Vec<&Above>> {
    let mut users: BTreeMap<&UserId, Vec<&Above>> = BTreeMap::new();
    for above in all {
        users.entry(&above.user).or_default().push(above);
    }
    users
}

/// The nearest first, then by login.
fn superiors(rows: &[&Above], at: Timestamp) -> Vec<(UserId, i64)> {
    let here = rows.iter().filter(|above| above.window.contains(at));
    let mut found: Vec<(UserId, i64)> = here.map(|above| (above.superior.clone(), above.depth)).collect();
    found.sort_by(|(one, near), (other, far)| (near, one).cmp(&(far, other)));
    found
}
