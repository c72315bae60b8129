//! A decision record, with its explanation in words.

use crate::model::decision::Decision;
use crate::model::json::Json;
use serde::Serialize;
use utoipa::ToSchema;

/// What a business rule decided, on what, and why.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Decision)]
pub(in crate::api) struct DecisionView {
    /// Its id.
    id: String,
    /// The instance it was made in.
    instance: String,
    /// The business rule task.
    node: String,
    /// The function that decided, `customer-match/decide`.
    function: String,
    /// The revision that the script came from.
    revision: i64,
    /// SHA-256 of the script sources and settings.
    script_hash: String,
    /// What it was given.
    #[schema(value_type = Value)]
    input: Json,
    /// What it returned.
    #[schema(value_type = Value)]
    output: Json,
    /// When.
    at: String,
    /// Why, as sentences in the language of the request; only when it is asked for by its id.
    #[serde(skip_serializing_if = "Option::is_none")]
    explanation: Option<Vec<String>>,
}

/// Shows a decision as a list does.
pub(in crate::api) fn decision(decision: Decision) -> DecisionView {
    DecisionView {
        id: decision.id.0,
        instance: decision.instance.0,
        node: decision.node.to_string(),
        function: decision.function.to_string(),
        revision: decision.revision,
        script_hash: decision.script_hash,
        input: decision.input,
        output: decision.output,
        at: decision.at.rfc3339(),
        explanation: None,
    }
}

/// Shows a decision with why.
pub(in crate::api) fn explained(record: Decision, explanation: Vec<String>) -> DecisionView {
    DecisionView { explanation: Some(explanation), ..decision(record) }
}
