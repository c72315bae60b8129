//! Call activity: another process as a step of this one, inside the same root and the same transaction.

use super::Entered;
use crate::engine::commands::start::with_input;
use crate::engine::scope::{self, NewScope};
use crate::engine::work::Work;
use crate::engine::{incident, leave, variables};
use crate::model::event::Event;
use crate::model::ids::InstanceId;
use crate::model::incident::Failure;
use crate::model::instance::TokenId;
use crate::model::json::{Json, JsonMap};
use crate::model::process::{CallActivity, NodeKind};

pub(super) fn enter(work: &mut Work, token: TokenId, call: &CallActivity) -> Result<Entered, Failure> {
    let Some(process) = work.context.processes.get(&call.process).cloned() else {
        return Err(Failure::new("call", format!("the pinned revision has no process \"{}\"", call.process)));
    };
    let values = variables::evaluate(work, token, &call.input)?;
    let level = work.token(token).scope;
    let instance = InstanceId(work.next_id());
    work.emit(Event::InstanceStarted {
        instance: instance.clone(),
        parent: Some(work.scope(level).instance.clone()),
        process: call.process.clone(),
        variables: values.clone(),
    });
    let variables = with_input(&values);
    scope::open(work, &process, NewScope { parent: Some(level), owner: Some(token), instance, node: None, variables });
    Ok(Entered::Waits)
}

/// The called process has ended with these variables.
pub(in crate::engine) fn returned(work: &mut Work, token: TokenId, result: JsonMap) {
    let Some((_, node)) = work.place(token) else { return };
    let NodeKind::CallActivity(call) = &node.kind else { return };
    match variables::from_result(work, token, &call.output, Json::Object(result)) {
        Ok(values) => {
            variables::set(work, token, values);
            leave::leave(work, token);
        }
        Err(failure) => incident::raise(work, token, failure),
    }
}
