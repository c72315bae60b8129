//! Retry an incident: its node is tried again.

use crate::engine::error::EngineError;
use crate::engine::work::Work;
use crate::model::event::{Event, Resolution};
use crate::model::ids::IncidentId;

pub(super) fn retry(work: &mut Work, incident: &IncidentId) -> Result<(), EngineError> {
    if !work.instance.incidents.contains_key(incident) {
        return Err(EngineError::IncidentNotOpen(incident.clone()));
    }
    let by = work.context.actor.user.clone();
    work.emit(Event::IncidentResolved { incident: incident.clone(), by, how: Resolution::Retried });
    Ok(())
}
