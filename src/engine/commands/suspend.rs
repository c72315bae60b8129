//! Suspend and resume: stopping a root and letting it go on. Which commands a suspended root takes is decided in `run`.

use crate::engine::intervention_error::InterventionError;
use crate::engine::work::Work;
use crate::model::instance::InstanceState;

pub(super) fn may_suspend(work: &Work) -> Result<(), InterventionError> {
    match work.instance.state {
        InstanceState::Suspended => Err(InterventionError::Suspended(work.instance.id.clone())),
        _ => Ok(()),
    }
}

pub(super) fn may_resume(work: &Work) -> Result<(), InterventionError> {
    match work.instance.state {
        InstanceState::Suspended => Ok(()),
        _ => Err(InterventionError::NotSuspended(work.instance.id.clone())),
    }
}
