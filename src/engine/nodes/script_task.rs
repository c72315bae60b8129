//! Script task: calls a plugin's function, or sets variables by expressions.

use super::Entered;
use crate::engine::evaluator::Evaluator;
use crate::engine::variables;
use crate::engine::work::Work;
use crate::model::incident::Failure;
use crate::model::instance::TokenId;
use crate::model::json::Json;
use crate::model::process::{Call, ScriptTask};

pub(super) fn enter(work: &mut Work, token: TokenId, task: &ScriptTask) -> Result<Entered, Failure> {
    match task {
        ScriptTask::Set(mapping) => {
            let values = variables::evaluate(work, token, mapping)?;
            variables::set(work, token, values);
        }
        ScriptTask::Call(call) => {
            let scripts = work.revision(work.token(token).scope).scripts;
            self::call(work, token, call, scripts)?;
        }
    }
    Ok(Entered::Done)
}

/// Calls a function of these scripts and sets its `out` variables; gives input and result.
pub(super) fn call(
    work: &mut Work,
    token: TokenId,
    call: &Call,
    scripts: &dyn Evaluator,
) -> Result<(Json, Json), Failure> {
    let input = Json::Object(variables::evaluate(work, token, &call.input)?);
    let result = scripts.call(&call.function, &input)?;
    let values = variables::from_result(work, token, &call.output, result.clone())
        .map_err(|failure| failure.with_input(input.clone()))?;
    variables::set(work, token, values);
    Ok((input, result))
}
