//! Call activity: another process as a step of this one, inside the same root and the same transaction; or a root of its
//! own, begun in the same transaction and not waited for.

use super::{Entered, fail};
use crate::engine::binding;
use crate::engine::commands::start::{INPUT, with_input};
use crate::engine::compensation;
use crate::engine::leave;
use crate::engine::scope::{self, NewScope};
use crate::engine::variables;
use crate::engine::work::Work;
use crate::model::action::Ask;
use crate::model::beginning::{BeginResult, Beginning};
use crate::model::event::Event;
use crate::model::ids::InstanceId;
use crate::model::incident::Failure;
use crate::model::instance::{ScopeKind, TokenId};
use crate::model::json::{Json, JsonMap};
use crate::model::process::{Binding, CallActivity, Passed};

/// Calls inside one another, at most: a process that calls itself without end is stopped.
const DEPTH: usize = 100;

pub(super) fn enter(work: &mut Work, token: TokenId, call: &CallActivity) -> Result<Entered, Failure> {
    let level = work.token(token).scope;
    let revision = binding::revision(work, level, call.binding)?;
    let Some(process) = revision.processes.get(&call.process).cloned() else {
        return Err(binding::lacks(&revision, call.binding, "process", &call.process));
    };
    if depth(work, token) >= DEPTH {
        let sentence = format!("calls lie {DEPTH} deep inside one another; \"{}\" is not called again", call.process);
        return Err(Failure::new("call", sentence));
    }
    let values = match &call.input {
        Passed::Some(input) => variables::evaluate(work, token, input)?,
        Passed::All => all(&Json::Object(compensation::visible(work, level))),
    };
    if !call.wait {
        // All that is declared: a process that is begun takes no variables besides.
        let variables = if let Passed::All = call.input { process.declared(&values) } else { values };
        let (process, revision) = (call.process.clone(), revision.number);
        work.ask = Some(Ask::Begin(Beginning { token, process, revision, variables }));
        return Ok(Entered::Waits);
    }
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
        revision: (call.binding == Binding::Latest).then_some(revision.number),
        node: None,
        kind: ScopeKind::Level,
        atomic: false,
        variables,
    };
    scope::open(work, &process, new);
    Ok(Entered::Waits)
}

/// The runtime began the process, or could not.
pub(in crate::engine) fn begun(work: &mut Work, beginning: &Beginning, result: &BeginResult) {
    let token = beginning.token;
    match result {
        Ok(begun) => {
            work.emit(Event::ProcessBegun(begun.clone()));
            leave::leave(work, token);
        }
        Err(failure) => {
            let input = Json::Object(beginning.variables.clone());
            fail(work, token, failure.clone().with_input(input));
        }
    }
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
