//! Units of the organisation.

use super::people::named;
use crate::model::directory::Unit;
use crate::model::ids::UserId;
use crate::model::refusal::Refusal;
use crate::plugins::Stop;
use crate::runtime::job::Job;
use crate::runtime::request::Outcome;
use crate::store::{Connection, units};

pub(super) fn put(conn: &mut Connection, job: &Job, unit: &Unit) -> Result<Outcome, Stop> {
    named(&unit.id, "unit")?;
    let business = &job.actor.business;
    if let Some(parent) = &unit.parent
        && units::find(conn, business, parent)?.is_none()
    {
        return Err(Refusal::invalid("not_there", format!("there is no unit \"{parent}\"")).into());
    }
    units::upsert(conn, business, unit)?;
    Ok(Outcome::Done { about: UserId::from(unit.id.as_str()) })
}
