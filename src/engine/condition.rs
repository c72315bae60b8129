//! Conditions: expressions that are true or false. Anything else is a failure.

use super::work::Work;
use crate::model::expression::Expression;
use crate::model::incident::Failure;
use crate::model::instance::TokenId;
use crate::model::json::{Json, JsonMap};

/// Whether a condition is true over the variables of a token, those of `extra` first.
pub(super) fn holds(
    work: &Work,
    token: TokenId,
    condition: &Expression,
    extra: Option<&JsonMap>,
) -> Result<bool, Failure> {
    match work.evaluate(work.token(token).scope, condition, extra)? {
        Json::Bool(holds) => Ok(holds),
        other => {
            let sentence =
                format!("{}: the condition `{}` gave {other}, neither true nor false", condition.at, condition.source);
            Err(Failure::new("condition", sentence))
        }
    }
}
