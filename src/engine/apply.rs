//! `apply` decides: a command on a state becomes events, a new state, and perhaps something to ask of the runtime.

use super::commands;
use super::context::Context;
use super::error::EngineError;
use super::work::Work;
use crate::model::action::Ask;
use crate::model::command::Command;
use crate::model::event::Event;
use crate::model::instance::Instance;

/// What came of a command.
#[derive(Debug, Clone, PartialEq)]
pub struct Transition {
    /// The state after all events.
    pub instance: Instance,
    /// What happened, in order.
    pub events: Vec<Event>,
    /// What the runtime must do in the same transaction before it applies the answer; none: the instance waits or ended.
    pub ask: Option<Ask>,
}

/// Applies a command to a root instance; `None` only for [`Command::Start`].
///
/// A refusal changes nothing. A failing script, condition or action is never a refusal: it becomes an incident.
pub fn apply(instance: Option<&Instance>, command: &Command, context: &Context) -> Result<Transition, EngineError> {
    let state = match (instance, command) {
        (None, Command::Start(start)) => commands::start::blank(start, context.now),
        (Some(instance), _) => instance.clone(),
        (None, _) => return Err(EngineError::NoInstance),
    };
    apply_to(state, command, context)
}

/// The same for a state that nobody else needs: the answer to what a transition asked goes on with its state.
pub fn apply_to(state: Instance, command: &Command, context: &Context) -> Result<Transition, EngineError> {
    let mut work = Work::new(context, state);
    commands::run(&mut work, command)?;
    Ok(Transition { instance: work.instance, events: work.events, ask: work.ask })
}
