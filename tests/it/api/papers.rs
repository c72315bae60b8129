//! Examples of the operations beside tasks: counts, saved lists, remarks, files.

use super::world::{Example, Things};
use kamflow::model::json::Json;
use serde_json::json;

/// A list to save.
pub fn list() -> Json {
    json!({"name": {"en": "Mine", "zh": "我的"}, "filter": {"assignee": "me"}, "sort": "-due"})
}

/// A request that must be answered well.
pub fn example(things: &Things, operation: &str) -> Option<Example> {
    let task = || vec![things.open.clone()];
    let (ids, body) = match operation {
        "getTaskEligibility" | "listTaskComments" | "getTaskAttachments" => (task(), Json::Null),
        "writeTaskComment" => (task(), json!({"text": "they move in May"})),
        "attachFileToTask" => (task(), json!({"file": things.files[1]})),
        "detachFileFromTask" => (vec![things.open.clone(), things.task_file.clone()], Json::Null),
        "countUserTasks" => (vec![], json!({"counts": {"mine": {"filter": {"assignee": "me"}, "groupBy": "due"}}})),
        "getTaskFilter" | "deleteTaskFilter" => (vec![things.task_filter.clone()], Json::Null),
        "createTaskFilter" => (vec![], json!({"name": {"en": "All", "zh": "全部"}, "filter": {"state": "created"}})),
        "putTaskFilter" => (
            vec![things.task_filter.clone()],
            json!({"name": {"en": "All", "zh": "全部"}, "filter": {}, "roles": ["desk"]}),
        ),
        "listTaskFilters" => (vec![], Json::Null),
        _ => return None,
    };
    Some(Example { ids, body })
}
