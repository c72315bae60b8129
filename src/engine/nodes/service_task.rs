//! Service task: asks the runtime for an action in the same transaction, and goes on with its result.

use super::{Entered, fail, finish};
use crate::engine::variables;
use crate::engine::work::Work;
use crate::model::action::{ActionCall, ActionResult, Ask};
use crate::model::event::Event;
use crate::model::incident::Failure;
use crate::model::instance::TokenId;
use crate::model::json::Json;
use crate::model::process::ServiceTask;

pub(super) fn enter(work: &mut Work, token: TokenId, task: &ServiceTask) -> Result<Entered, Failure> {
    let input = Json::Object(variables::evaluate(work, token, &task.input)?);
    work.ask = Some(Ask::Action(ActionCall { token, task: None, action: task.action.clone(), input }));
    Ok(Entered::Waits)
}

/// The runtime ran the action.
pub(in crate::engine) fn acted(work: &mut Work, call: &ActionCall, result: &ActionResult) {
    let token = call.token;
    match result {
        Ok(output) => {
            let (action, input, output) = (call.action.clone(), call.input.clone(), output.clone());
            work.emit(Event::ActionPerformed { token, action, input, output: output.clone() });
            finish(work, token, output);
        }
        Err(failure) => fail(work, token, failure.clone().with_input(call.input.clone())),
    }
}
