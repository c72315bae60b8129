//! Examples of the operations beside tasks: counts, saved lists, remarks, files, votes.

use super::world::{Example, Things};
use crate::support::app::Caller;
use kamflow::model::json::Json;
use serde_json::json;

/// A saved list of tasks, a file that the open task has, an approval that the caller asked for, and a vote of the caller.
#[derive(Clone)]
pub struct Papers {
    pub filter: String,
    pub file: String,
    pub approval: String,
    pub vote: String,
    /// The approval that the vote is for.
    pub asked: String,
    pub digest: String,
    /// A task that the caller made by itself.
    pub standalone: String,
}

/// Saves a list, adds a file to a task, asks for an approval and is asked for one.
pub fn made(caller: &Caller, open: &str, [name, login]: [&str; 2]) -> Papers {
    let id = |made: Json| made["id"].as_str().unwrap().to_owned();
    let list = json!({"name": {"en": "Mine", "zh": "我的"}, "filter": {"assignee": "me"}, "sort": "-due"});
    let filter = id(caller.post("/api/v1/task-filters", list).ok(201));
    let text = [("Content-Type", "text/plain")];
    let file = id(caller.send("POST", "/api/v1/files?name=three.txt", &text, "three").ok(201));
    caller.post(&format!("/api/v1/user-tasks/{open}/attachments"), json!({"file": file})).ok(201);
    let colleague = format!("{name}.colleague");
    let asked = |asks: &str, decides: &str| {
        let instance = caller.start(&format!("{name}-vote"), json!({"asks": asks, "decides": decides}));
        let first = |path: &str| caller.get(&format!("{path}?instance={instance}")).ok(200)["items"][0].clone();
        (first("/api/v1/approvals"), first("/api/v1/user-tasks"))
    };
    let approval = id(asked(login, &colleague).0);
    let (seen, vote) = asked(&colleague, login);
    let standalone = id(caller.post("/api/v1/user-tasks", json!({"name": "Ask them", "assignee": login})).ok(201));
    let digest = seen["digest"].as_str().unwrap().to_owned();
    Papers { filter, file, approval, vote: id(vote), asked: id(seen), digest, standalone }
}

/// A request that must be answered well.
pub fn example(things: &Things, operation: &str) -> Option<Example> {
    let task = || vec![things.open.clone()];
    let (ids, body) = match operation {
        "getTaskEligibility" | "listTaskComments" | "getTaskAttachments" => (task(), Json::Null),
        "createUserTask" => (vec![], json!({"name": "Ask the plant", "candidateUsers": [things.user]})),
        "cancelUserTask" => (vec![things.papers.standalone.clone()], json!({"reason": "they answered"})),
        "getProcessDefinitionForm" => (vec![things.name.to_owned()], Json::Null),
        "writeTaskComment" => (task(), json!({"text": "they move in May"})),
        "attachFileToTask" => (task(), json!({"file": things.files[1]})),
        "detachFileFromTask" => (vec![things.open.clone(), things.papers.file.clone()], Json::Null),
        "countUserTasks" => (vec![], json!({"counts": {"mine": {"filter": {"assignee": "me"}, "groupBy": "due"}}})),
        "getTaskFilter" | "deleteTaskFilter" => (vec![things.papers.filter.clone()], Json::Null),
        "createTaskFilter" => (vec![], json!({"name": {"en": "All", "zh": "全部"}, "filter": {"state": "created"}})),
        "putTaskFilter" => (
            vec![things.papers.filter.clone()],
            json!({"name": {"en": "All", "zh": "全部"}, "filter": {}, "roles": ["desk"]}),
        ),
        "listTaskFilters" | "listApprovals" => (vec![], Json::Null),
        "searchApprovals" => (vec![], json!({})),
        "getApproval" => (vec![things.papers.approval.clone()], Json::Null),
        "withdrawApproval" => (vec![things.papers.approval.clone()], json!({"reason": "not yet"})),
        "addApprover" => (
            vec![things.papers.asked.clone()],
            json!({"user": format!("{}-second", things.user), "reason": "they know it"}),
        ),
        "decideUserTask" => {
            (vec![things.papers.vote.clone()], json!({"decision": "approve", "digest": things.papers.digest}))
        }
        _ => return None,
    };
    Some(Example { ids, body })
}
