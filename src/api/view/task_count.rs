//! How many tasks lists have.

use super::page::{TotalView, total};
use crate::model::json::Json;
use crate::model::task_count::TaskCount;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Counts, by the names that were asked for.
#[derive(Serialize, ToSchema)]
#[schema(as = TaskCounts)]
pub(in crate::api) struct TaskCountsView {
    /// The lists.
    counts: BTreeMap<String, TaskCountView>,
}

/// How many tasks a list has.
#[derive(Serialize, ToSchema)]
#[schema(as = TaskCount)]
struct TaskCountView {
    /// How many in all.
    #[schema(value_type = TotalView)]
    total: Json,
    /// How many of each kind; not there when not asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    groups: Option<Vec<TaskGroupView>>,
}

/// How many tasks are of one kind.
#[derive(Serialize, ToSchema)]
#[schema(as = TaskGroup)]
struct TaskGroupView {
    /// The kind; null for what has none. By `node` it is `process/node`; by `due` `overdue`, `today`, `later` or `never`.
    kind: Option<String>,
    /// How many.
    total: i64,
}

/// Shows counts.
pub(in crate::api) fn counts(counts: Vec<TaskCount>) -> TaskCountsView {
    let group = |(kind, total)| TaskGroupView { kind, total };
    let one = |count: TaskCount| {
        let groups = count.groups.map(|groups| groups.into_iter().map(group).collect());
        (count.name, TaskCountView { total: total(count.total), groups })
    };
    TaskCountsView { counts: counts.into_iter().map(one).collect() }
}
