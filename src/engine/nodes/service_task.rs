//! Service task: asks the runtime for an action in the same transaction, and goes on with its result.

use super::Entered;
use crate::engine::work::Work;
use crate::engine::{incident, leave, variables};
use crate::model::action::{ActionCall, ActionResult, Ask};
use crate::model::event::Event;
use crate::model::incident::Failure;
use crate::model::instance::TokenId;
use crate::model::json::Json;
use crate::model::process::ServiceTask;

pub(super) fn enter(work: &mut Work, token: TokenId, task: &ServiceTask) -> Result<Entered, Failure> {
    let input = Json::Object(variables::evaluate(work, token, &task.input)?);
    work.ask = Some(Ask::Action(ActionCall { token, action: task.action.clone(), input }));
    Ok(Entered::Waits)
}

/// The runtime ran the action.
pub(in crate::engine) fn acted(work: &mut Work, call: &ActionCall, task: &ServiceTask, result: &ActionResult) {
    let token = call.token;
    let kept = result.clone().and_then(|output| {
        let (action, input) = (call.action.clone(), call.input.clone());
        work.emit(Event::ActionPerformed { token, action, input, output: output.clone() });
        variables::from_result(work, token, &task.output, output)
            .map_err(|failure| failure.with_input(call.input.clone()))
    });
    match kept {
        Ok(values) => {
            variables::set(work, token, values);
            leave::leave(work, token);
        }
        Err(failure) => incident::raise(work, token, failure),
    }
}
