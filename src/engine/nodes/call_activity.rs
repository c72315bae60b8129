//! Call activity: another process as a step of this one, inside the same root and the same transaction.

use super::Entered;
use crate::engine::commands::start::{INPUT, with_input};
use crate::engine::compensation;
use crate::engine::scope::{self, NewScope};
use crate::engine::variables;
use crate::engine::work::Work;
use crate::model::event::Event;
use crate::model::ids::InstanceId;
use crate::model::incident::Failure;
use crate::model::instance::{ScopeKind, TokenId};
use crate::model::json::{Json, JsonMap};
use crate::model::process::{CallActivity, Passed};

/// Calls inside one another, at most: a process that calls itself without end is stopped.
const DEPTH: usize = 100;

pub(super) fn enter(work: &mut Work, token: TokenId, call: &CallActivity) -> Result<Entered, Failure> {
    let Some(process) = work.context.processes.get(&call.process).cloned() else {
        return Err(Failure::new("call", format!("the pinned revision has no process \"{}\"", call.process)));
    };
    if depth(work, token) >= DEPTH {
        let sentence = format!("calls lie {DEPTH} deep inside one another; \"{}\" is not called again", call.process);
        return Err(Failure::new("call", sentence));
    }
    let values = match &call.input {
        Passed::Some(input) => variables::evaluate(work, token, input)?,
        Passed::All => all(&Json::Object(compensation::visible(work, work.token(token).scope))),
    };
    let level = work.token(token).scope;
    let instance = InstanceId(work.next_id());
    work.emit(Event::InstanceStarted {
        instance: instance.clone(),
        parent: Some(work.scope(level).instance.clone()),
        process: call.process.clone(),
        variables: values.clone(),
    });
    let variables = with_input(&values);
    let new = NewScope {
        parent: Some(level),
        owner: Some(token),
        instance,
        process: process.key.clone(),
        node: None,
        kind: ScopeKind::Level,
        atomic: false,
        variables,
    };
    scope::open(work, &process, new);
    Ok(Entered::Waits)
}

/// All variables that are passed on when a call names none; `input` belongs to one process.
pub(super) fn all(variables: &Json) -> JsonMap {
    let map = variables.as_object().into_iter().flatten().filter(|(name, _)| *name != INPUT);
    map.map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// The calls that this token is inside of.
fn depth(work: &Work, token: TokenId) -> usize {
    let scopes = scope::around(work, work.token(token).scope);
    scopes.filter(|scope| scope.owner.is_some() && scope.node.is_none()).count()
}
