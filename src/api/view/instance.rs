//! A process instance, and its history.

use crate::model::history::HistoryEntry;
use crate::model::instance::InstanceSummary;
use crate::model::json::{Json, JsonMap};
use serde::Serialize;
use utoipa::ToSchema;

/// A process instance.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ProcessInstance)]
pub(in crate::api) struct InstanceView {
    /// Its id.
    id: String,
    /// The instance that called it.
    parent: Option<String>,
    /// Its process.
    process: String,
    /// The revision it is pinned to; negative: an edition of a process that kamflow brings along.
    revision: i64,
    /// `active`, `suspended`, `completed`, `ended_with_error` or `cancelled`.
    state: &'static str,
    /// The code of the error that ended it.
    error: Option<String>,
    /// Its business key.
    business_key: Option<String>,
    /// Who started it.
    starter: String,
    /// When it was started.
    started_at: String,
    /// When it ended.
    ended_at: Option<String>,
    /// The search variables of the process.
    #[schema(value_type = Object)]
    search: JsonMap,
    /// Counts its changes; also its ETag.
    version: i64,
    /// Its variables; only when it is asked for by its id.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    variables: Option<JsonMap>,
}

/// Shows an instance as a list does.
pub(in crate::api) fn instance(instance: InstanceSummary) -> InstanceView {
    InstanceView {
        id: instance.id.0,
        parent: instance.parent.map(|id| id.0),
        process: instance.process,
        revision: instance.revision,
        state: instance.state.name(),
        error: instance.error,
        business_key: instance.business_key,
        starter: instance.starter.0,
        started_at: instance.started_at.rfc3339(),
        ended_at: instance.ended_at.map(|at| at.rfc3339()),
        search: instance.search,
        version: instance.version,
        variables: None,
    }
}

/// Shows an instance with its variables.
pub(in crate::api) fn whole(summary: InstanceSummary, variables: JsonMap) -> InstanceView {
    InstanceView { variables: Some(variables), ..instance(summary) }
}

/// One entry of the history of an instance.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = HistoryEntry)]
pub(in crate::api) struct EntryView {
    /// Counts from 1 in the root instance.
    sequence: i64,
    /// When.
    at: String,
    /// The instance it happened in: the root or a called one.
    instance: String,
    /// What happened, `task_completed`.
    kind: String,
    /// The node, where there is one.
    node: Option<String>,
    /// Who made it happen.
    actor: String,
    /// What else is to say, by kind.
    #[schema(value_type = Value)]
    data: Json,
}

/// Shows an entry.
pub(in crate::api) fn entry(entry: HistoryEntry) -> EntryView {
    EntryView {
        sequence: entry.sequence,
        at: entry.at.rfc3339(),
        instance: entry.instance.0,
        kind: entry.kind,
        node: entry.node.map(|node| node.to_string()),
        actor: entry.actor.0,
        data: entry.data,
    }
}

/// A part of a history.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = History)]
pub(in crate::api) struct HistoryView {
    /// The entries, oldest first.
    items: Vec<EntryView>,
    /// The `after` of the next part; null at the end.
    next: Option<i64>,
}

/// Shows a part of a history that was asked for with this limit.
pub(in crate::api) fn history(entries: Vec<HistoryEntry>, limit: usize) -> HistoryView {
    let next = entries.last().filter(|_| entries.len() >= limit).map(|last| last.sequence);
    HistoryView { items: entries.into_iter().map(entry).collect(), next }
}
