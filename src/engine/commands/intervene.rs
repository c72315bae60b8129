//! Intervene: a person does something with an instance from outside. Who and why come first in its history.

use super::{cancel, modify, set_variables, suspend};
use crate::engine::error::EngineError;
use crate::engine::intervention_error::InterventionError;
use crate::engine::work::Work;
use crate::model::event::Event;
use crate::model::ids::InstanceId;
use crate::model::instance::ScopeId;
use crate::model::intervention::{Intervene, Intervention};

pub(super) fn intervene(work: &mut Work, command: &Intervene) -> Result<(), EngineError> {
    let Intervene { instance, what, reason } = command.clone();
    let Some(level) = process_of(work, &instance) else { return Err(InterventionError::Ended(instance).into()) };
    match what {
        Intervention::Cancel => whole_root(work, &instance)?,
        Intervention::Suspend => whole_root(work, &instance).and_then(|()| suspend::may_suspend(work))?,
        Intervention::Resume => whole_root(work, &instance).and_then(|()| suspend::may_resume(work))?,
        Intervention::SetVariables { .. } | Intervention::Modify { .. } => {}
    }
    let by = work.context.actor.user.clone();
    work.emit(Event::Intervened { instance, by, what, reason });
    match &command.what {
        Intervention::Cancel => cancel::cancel(work),
        Intervention::Suspend | Intervention::Resume => {}
        Intervention::SetVariables { token, values } => set_variables::set(work, level, *token, values)?,
        Intervention::Modify { steps } => modify::modify(work, level, steps)?,
    }
    Ok(())
}

/// The level of the whole process of an instance; none when it is over.
fn process_of(work: &Work, instance: &InstanceId) -> Option<ScopeId> {
    let mut open = work.instance.scopes.values().filter(|_| !work.instance.state.has_ended());
    open.find(|scope| scope.instance == *instance && scope.node.is_none() && scope.is_level()).map(|scope| scope.id)
}

/// What is done with a root as a whole cannot be done with an instance that lives inside of it.
fn whole_root(work: &Work, instance: &InstanceId) -> Result<(), InterventionError> {
    let root = &work.instance.id;
    if instance == root {
        return Ok(());
    }
    Err(InterventionError::NotRoot { instance: instance.clone(), root: root.clone() })
}
