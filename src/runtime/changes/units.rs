//! Units of the organisation: their tree.

use super::people::named;
use super::stale::unchanged;
use crate::model::directory::Unit;
use crate::model::ids::UserId;
use crate::model::refusal::Refusal;
use crate::plugins::Stop;
use crate::runtime::job::Job;
use crate::runtime::request::Outcome;
use crate::store::positions::{self, PositionQuery};
use crate::store::units::{self, UnitQuery};
use crate::store::{Connection, superiors};
use std::collections::BTreeMap;

/// How many of those that stand in the way a sentence names.
const NAMED: i64 = 3;

pub(super) fn put(conn: &mut Connection, job: &Job, unit: &Unit) -> Result<Outcome, Stop> {
    named(&unit.id, "unit")?;
    let business = &job.actor.business;
    superiors::lock(conn, business)?;
    let mut all = units::list(conn, business)?;
    let present = all.iter().position(|one| one.id == unit.id).map(|at| all.swap_remove(at));
    let version = present.as_ref().map_or(0, |present| present.version);
    unchanged(job.if_match, "unit", &unit.id, version, present.as_ref())?;
    let unit = Unit { version: version + 1, ..unit.clone() };
    all.push(unit.clone());
    if let Some((_, refusal)) = wrong(&all) {
        return Err(refusal.into());
    }
    units::save(conn, business, std::slice::from_ref(&unit))?;
    Ok(Outcome::Unit(unit))
}

/// Removes a unit that holds nothing any more. A position that belonged to it once keeps it: its past names it.
pub(super) fn delete(conn: &mut Connection, job: &Job, id: &str) -> Result<Outcome, Stop> {
    let business = &job.actor.business;
    superiors::lock(conn, business)?;
    let present = units::find(conn, business, id)?.ok_or_else(|| Refusal::not_found("unit", id))?;
    unchanged(job.if_match, "unit", id, present.version, Some(&present))?;
    let inside =
        UnitQuery { business: business.clone(), parent: Some(id.to_owned()), kind: None, after: None, limit: NAMED };
    let mut held: Vec<String> =
        units::search(conn, &inside)?.into_iter().map(|unit| format!("unit {}", unit.id)).collect();
    let inside = PositionQuery {
        business: business.clone(),
        unit: Some(id.to_owned()),
        user: None,
        at: None,
        after: None,
        limit: NAMED,
    };
    let positions = positions::search(conn, &inside)?;
    held.extend(positions.into_iter().map(|position| format!("position {}", position.id)));
    if !held.is_empty() {
        let sentence = format!("unit {id} is not empty; it has {}", held.join(", "));
        return Err(Refusal::conflict("unit_not_empty", sentence).into());
    }
    units::delete(conn, business, id)?;
    Ok(Outcome::Done { about: UserId::from(id) })
}

/// The first unit that makes no tree, and why: its parent is not there, or it would belong to itself.
pub(super) fn wrong(all: &[Unit]) -> Option<(&str, Refusal)> {
    let by_id: BTreeMap<&str, &Unit> = all.iter().map(|unit| (unit.id.as_str(), unit)).collect();
    by_id.values().find_map(|unit| {
        let mut path = vec![unit.id.as_str()];
        let mut at = unit;
        while let Some(parent) = &at.parent {
            path.push(parent);
            if *parent == unit.id {
                let sentence = format!("unit {parent} would belong to itself: {}", path.join(" -> "));
                return Some((unit.id.as_str(), Refusal::invalid("cycle", sentence)));
            }
            let Some(above) = by_id.get(parent.as_str()) else {
                let refusal = Refusal::invalid("not_there", format!("there is no unit \"{parent}\""));
                return Some((at.id.as_str(), refusal));
            };
            if path.len() > by_id.len() {
                // A circle further up, which is found where it begins.
                break;
            }
            at = above;
        }
        None
    })
}
