//! Variables: evaluating mappings, and setting what they give where it belongs.

use super::work::Work;
use crate::model::event::Event;
use crate::model::incident::Failure;
use crate::model::instance::{ScopeId, ScopeKind, TokenId};
use crate::model::json::{Json, JsonMap};
use crate::model::process::Mapping;
use std::collections::BTreeMap;

/// Evaluates every expression of a mapping over the variables of a token, all on the same state.
pub(super) fn evaluate(work: &Work, token: TokenId, mapping: &Mapping) -> Result<JsonMap, Failure> {
    with_extra(work, token, mapping, None)
}

/// Evaluates a mapping over the variables and `result`.
pub(super) fn from_result(work: &Work, token: TokenId, mapping: &Mapping, result: Json) -> Result<JsonMap, Failure> {
    let mut extra = JsonMap::new();
    extra.insert("result".into(), result);
    with_extra(work, token, mapping, Some(&extra))
}

/// Evaluates a mapping over the variables, those of `extra` first.
pub(super) fn with_extra(
    work: &Work,
    token: TokenId,
    mapping: &Mapping,
    extra: Option<&JsonMap>,
) -> Result<JsonMap, Failure> {
    let names = work.names(work.token(token).scope, extra);
    let scripts = work.revision(work.token(token).scope).scripts;
    let evaluate =
        |(name, expression): (&String, _)| scripts.evaluate(expression, &names).map(|value| (name.clone(), value));
    mapping.iter().map(evaluate).collect()
}

/// Sets variables: each in the nearest scope that has it, a new one in the scope of the whole process.
pub(super) fn set(work: &mut Work, token: TokenId, values: JsonMap) {
    let from = work.token(token).scope;
    let mut by_scope: BTreeMap<ScopeId, JsonMap> = BTreeMap::new();
    for (name, value) in values {
        let mut owner = None;
        for scope in work.chain(from).filter(|scope| scope.variables.contains_key(&name)) {
            if !matches!(scope.kind, ScopeKind::Undoing(_)) {
                owner = Some(scope.id);
                break;
            }
            // What was there when it was done is a copy: the variable itself lies further out.
            by_scope.entry(scope.id).or_default().insert(name.clone(), value.clone());
        }
        let scope = owner.unwrap_or_else(|| work.process_scope(from));
        by_scope.entry(scope).or_default().insert(name, value);
    }
    for (scope, values) in by_scope {
        work.emit(Event::VariablesSet { scope, values });
    }
}
