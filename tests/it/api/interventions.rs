//! Examples of the operations that a person does with an instance from outside.

use super::world::{Example, Things};
use super::{papers, provisioning};
use crate::support::app::TestApp;
use kamflow::model::json::Json;
use serde_json::json;

/// A request that must be answered well; those of the other areas follow.
pub fn example(things: &Things, operation: &str) -> Option<Example> {
    let (ids, body) = match operation {
        "skipIncident" => (vec![things.stuck.clone()], json!({"variables": {"quotient": 2}, "reason": "by hand"})),
        "suspendProcessInstance" => (vec![things.doomed_instance.clone()], json!({"reason": "later"})),
        "resumeProcessInstance" => (vec![things.suspended.clone()], json!({})),
        "setProcessInstanceVariables" => {
            (vec![things.doomed_instance.clone()], json!({"variables": {"amount": 5}, "reason": "misread"}))
        }
        "modifyProcessInstance" => (
            vec![things.doomed_instance.clone()],
            json!({"steps": [{"startBefore": {"node": "approve"}}], "reason": "a second one decides"}),
        ),
        "cancelProcessInstance" => (vec![things.doomed_instance.clone()], json!({"reason": "nobody travels"})),
        "listProcessInstanceTokens" => (vec![things.instance.clone()], Json::Null),
        "assignUserTask" => (vec![things.claimed[2].clone()], json!({"user": things.user})),
        "patchUserTask" => (vec![things.claimed[2].clone()], json!({"followUp": "2026-07-03T08:00:00Z"})),
        "delegateUserTask" => (vec![things.claimed[3].clone()], json!({"user": things.colleague})),
        "createSubTask" => (vec![things.claimed[4].clone()], json!({"title": "Ask", "assignee": things.colleague})),
        "resolveUserTask" => (vec![things.claimed[5].clone()], json!({"variables": {"note": "fine"}})),
        _ => return papers::example(things, operation).or_else(|| provisioning::example(things, operation)),
    };
    Some(Example { ids, body })
}

/// A task that one delegated to the other.
pub fn delegated(app: &TestApp, business: &str, task: String, [from, to]: [&str; 2]) -> String {
    for (verb, body) in [("claim", json!({})), ("delegate", json!({ "user": to }))] {
        app.by_of(business, from).post(&format!("/api/v1/user-tasks/{task}/{verb}"), body).ok(200);
    }
    task
}
