//! `org.candidates`: the people who could be given a record, with what an assignment rule weighs.

use crate::model::ids::UserId;
use crate::model::json::Json;
use crate::model::time::Timestamp;
use crate::model::window::Window;
use crate::plugins::desk::{Desk, Stop};
use crate::store::{absences, records, substitutions, users};
use serde::Deserialize;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Arguments {
    role: String,
    #[serde(default)]
    owns: Option<String>,
}

/// Active users with the role, by login. With `owns`, the loads are locked until the end of the transaction, so that two
/// assignments at the same moment do not both see the lighter load.
pub fn candidates(desk: &mut Desk, arguments: Arguments) -> Result<Json, Stop> {
    let mut loads = BTreeMap::new();
    if let Some(record_type) = &arguments.owns {
        desk.record_type(record_type)?;
        records::lock_look(desk.conn, desk.business, record_type)?;
        for load in records::loads(desk.conn, desk.business, record_type)? {
            loads.insert(load.owner.clone(), load);
        }
    }
    let away = absences::absent(desk.conn, desk.business, desk.now)?;
    let this_moment = Window { from: desk.now, to: Timestamp(desk.now.0 + 1) };
    let mut stand_ins: BTreeMap<UserId, Vec<UserId>> = BTreeMap::new();
    for one in substitutions::within(desk.conn, desk.business, this_moment)? {
        if one.covers(None) {
            stand_ins.entry(one.for_user).or_default().push(one.user);
        }
    }
    let people = users::with_role(desk.conn, desk.business, &arguments.role)?;
    let people = people.into_iter().filter(|user| user.active).map(|user| {
        let load = loads.get(&user.id);
        json!({
            "user": user.id,
            "name": user.name,
            "attributes": user.attributes,
            "load": load.map_or(0, |load| load.count),
            "absent": away.contains_key(&user.id),
            "away_until": away.get(&user.id).filter(|until| **until != Window::ALWAYS.to).map(|until| until.rfc3339()),
            "substitutes": stand_ins.get(&user.id).map_or_else(Vec::new, |them| sorted(them)),
            "assigned_order": load.and_then(|load| load.order),
            "last_assigned": load.and_then(|load| load.latest).map(Timestamp::rfc3339),
        })
    });
    Ok(people.collect())
}

/// Each of them once, by login.
fn sorted(logins: &[UserId]) -> Vec<&UserId> {
    logins.iter().collect::<BTreeSet<_>>().into_iter().collect()
}
