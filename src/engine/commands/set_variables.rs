//! Set variables: of the whole process, or of the level that a token runs in.

use super::modify::token_of;
use crate::engine::intervention_error::InterventionError;
use crate::engine::work::Work;
use crate::model::event::Event;
use crate::model::ids::token_name;
use crate::model::instance::{ScopeId, TokenId};
use crate::model::json::JsonMap;

/// `level` is that of the whole process.
pub(super) fn set(
    work: &mut Work,
    level: ScopeId,
    token: Option<TokenId>,
    values: &JsonMap,
) -> Result<(), InterventionError> {
    let scope = match token {
        None => level,
        Some(token) => token_of(work, level, token).ok_or_else(|| InterventionError::NoToken {
            instance: work.scope(level).instance.clone(),
            token: token_name(&work.instance.id, token),
        })?,
    };
    work.emit(Event::VariablesSet { scope, values: values.clone() });
    Ok(())
}
