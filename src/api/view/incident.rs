//! An incident.

use crate::model::event::Resolution;
use crate::model::json::Json;
use crate::runtime::IncidentView as Kept;
use serde::Serialize;
use utoipa::ToSchema;

/// A node that failed.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Incident)]
pub(in crate::api) struct IncidentView {
    /// Its id.
    id: String,
    /// The instance it belongs to.
    instance: String,
    /// The process of that instance.
    process: String,
    /// The node that failed.
    node: String,
    /// What failed: `script`, `condition`, `action`, `loop`.
    code: String,
    /// A sentence with file, line and column where there is one.
    message: String,
    /// What the node failed on.
    #[schema(value_type = Value)]
    input: Json,
    /// When.
    created_at: String,
    /// `open` or `resolved`.
    state: String,
    /// When it was resolved.
    resolved_at: Option<String>,
    /// Who resolved it.
    resolved_by: Option<String>,
    /// How: `retried`, `skipped` or `cancelled`.
    resolution: Option<String>,
}

/// Shows an incident.
pub(in crate::api) fn incident(kept: Kept) -> IncidentView {
    let incident = kept.incident;
    IncidentView {
        id: incident.id.0,
        instance: incident.instance.0,
        process: incident.process,
        node: incident.node.to_string(),
        code: incident.failure.code,
        message: incident.failure.message,
        input: incident.failure.input,
        created_at: incident.created_at.rfc3339(),
        state: kept.state.to_owned(),
        resolved_at: kept.resolved_at.map(|at| at.rfc3339()),
        resolved_by: kept.resolved_by.map(|user| user.0),
        resolution: kept.resolution.map(|how| {
            let word = match how {
                Resolution::Retried => "retried",
                Resolution::Cancelled => "cancelled",
                Resolution::Skipped => "skipped",
            };
            word.to_owned()
        }),
    }
}
