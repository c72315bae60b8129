//! Words for people whom the directory knows: who is meant, not who it is. The directory is asked when it counts.

use super::{Given, HostFunction, put};
use rhai::{Dynamic, Map};

pub(super) const TABLE: &[HostFunction] = &[
    HostFunction {
        name: "superior",
        signature: "superior(login) -> map",
        text: "Means the nearest person above a user, where approvers are named: `#{superior: login}`.",
        add: |module| put(module, "superior", superior),
    },
    HostFunction {
        name: "role",
        signature: "role(name) -> map",
        text: "Means the members of a role, where approvers are named: `#{role: name}`.",
        add: |module| put(module, "role", role),
    },
];

fn superior(login: Dynamic) -> Given<Map> {
    Ok(Map::from_iter([("superior".into(), login)]))
}

fn role(name: Dynamic) -> Given<Map> {
    Ok(Map::from_iter([("role".into(), name)]))
}
