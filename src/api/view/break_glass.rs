//! A request for access beyond the rules.

use crate::model::break_glass::{BreakGlass, Target};
use serde::Serialize;
use utoipa::ToSchema;

/// Access beyond the rules: asked for, and what became of it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = BreakGlass)]
pub(in crate::api) struct BreakGlassView {
    /// Its id.
    id: String,
    /// Who asked.
    user: String,
    /// To what.
    target: TargetView,
    /// To do what: `read` or `update`.
    right: String,
    /// Why.
    reason: String,
    /// `waiting`, `open`, `declined` or `ended`; open or waiting only until `endsAt`.
    state: String,
    /// When it was asked for.
    asked_at: String,
    /// When it was opened or declined.
    decided_at: Option<String>,
    /// By which second person; none where the rule asks for none.
    decided_by: Option<String>,
    /// Until when it waits or is open, or when it ended.
    ends_at: String,
}

/// A record or a process instance.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = BreakGlassTarget)]
pub(in crate::api) struct TargetView {
    /// `record` or `process-instance`.
    kind: String,
    /// The record type, or the process.
    r#type: String,
    /// Its id.
    id: String,
}

/// Shows a request.
pub(in crate::api) fn break_glass(glass: BreakGlass) -> BreakGlassView {
    let (kind, of, id) = match glass.target {
        Target::Record { record_type, id } => ("record", record_type, id.0),
        Target::Instance { process, id } => ("process-instance", process, id.0),
    };
    BreakGlassView {
        id: glass.id,
        user: glass.user.0,
        target: TargetView { kind: kind.to_owned(), r#type: of, id },
        right: glass.right.name().to_owned(),
        reason: glass.reason,
        state: glass.state.name().to_owned(),
        asked_at: glass.asked_at.rfc3339(),
        decided_at: glass.decided_at.map(|at| at.rfc3339()),
        decided_by: glass.decided_by.map(|user| user.0),
        ends_at: glass.ends_at.rfc3339(),
    }
}
