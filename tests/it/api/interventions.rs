//! Examples of the operations that a person does with an instance from outside.

use super::world::{Example, Things};
use super::{papers, provisioning};
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
        _ => return papers::example(things, operation).or_else(|| provisioning::example(things, operation)),
    };
    Some(Example { ids, body })
}
