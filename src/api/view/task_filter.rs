//! A saved list of tasks.

use super::text::TextView;
use crate::model::json::JsonMap;
use crate::model::task_paper::TaskFilter;
use serde::Serialize;
use utoipa::ToSchema;

/// A saved list of tasks.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = TaskFilter)]
pub(in crate::api) struct TaskFilterView {
    /// Its id: `GET /user-tasks?filter=<id>`.
    id: String,
    /// Whose it is: nobody else changes it.
    owner: String,
    /// What it is called.
    name: TextView,
    /// Its conditions.
    #[schema(value_type = Object)]
    filter: JsonMap,
    /// Its order.
    sort: Option<String>,
    /// Roles whose members use it as well.
    roles: Vec<String>,
    /// When it was saved first.
    created_at: String,
    /// When it was saved last.
    updated_at: String,
    /// Counts its changes; also its ETag.
    version: i64,
}

/// Shows a saved list.
pub(in crate::api) fn task_filter(filter: TaskFilter) -> TaskFilterView {
    TaskFilterView {
        id: filter.id,
        owner: filter.owner.0,
        name: TextView::from(&filter.name),
        filter: filter.filter,
        sort: filter.sort,
        roles: filter.roles,
        created_at: filter.created_at.rfc3339(),
        updated_at: filter.updated_at.rfc3339(),
        version: filter.version,
    }
}
