//! What the outside asks and says, a worker or a sender of messages, in the tests that ask every operation.

use super::world::{Example, Things};
use crate::support::app::Caller;
use kamflow::model::json::Json;
use serde_json::json;

/// What the outside speaks to.
#[derive(Clone)]
pub struct Outside {
    /// Jobs that the worker of the business has, each with its lease.
    pub jobs: [[String; 2]; 4],
    /// An instance that waits for messages and for people who begin something.
    pub outing: String,
}

/// Jobs that a worker takes, and an instance that waits.
pub fn taken(caller: &Caller, name: &str, login: &str) -> Outside {
    let jobs = std::array::from_fn(|_| {
        caller.start(&format!("{name}-job"), json!({}));
        let wanted = json!({"types": [format!("{name}-book")], "worker": login});
        let taken = caller.post("/api/v1/jobs/acquire", wanted).ok(200)["items"][0].clone();
        [&taken["id"], &taken["lease"]["token"]].map(|text| text.as_str().unwrap().to_owned())
    });
    Outside { jobs, outing: caller.start(&format!("{name}-outing"), json!({})) }
}

/// A request that must be answered well.
pub fn example(things: &Things, operation: &str) -> Option<Example> {
    let job = |number: usize, mut body: Json| {
        let [id, lease] = &things.outside.jobs[number];
        body["lease"] = json!(lease);
        (vec![id.clone()], body)
    };
    let job_type = format!("{}-book", things.name);
    let (ids, body) = match operation {
        "acquireJobs" => (vec![], json!({"types": [job_type], "worker": "me", "most": 3, "lease": "PT1M"})),
        "listJobs" => (vec![], Json::Null),
        "searchJobs" => (vec![], json!({"filter": {"state": "open", "type": job_type}})),
        "getJob" => (vec![things.outside.jobs[0][0].clone()], Json::Null),
        "completeJob" => job(0, json!({"result": {"seat": "12A"}})),
        "failJob" => job(1, json!({"message": "no seat is left", "retryAfter": "PT5M"})),
        "throwJobError" => job(2, json!({"code": "sold-out", "variables": {}})),
        "sendMessage" => (vec![], json!({"name": format!("{} reply", things.name), "ttl": "PT1H"})),
        "sendSignal" => (vec![], json!({"name": "price list changed", "variables": {"list": "2026-03"}})),
        "triggerActivity" => (vec![things.outside.outing.clone()], json!({"node": "arrive"})),
        "beginActivity" => (vec![things.outside.outing.clone()], json!({"node": "bag"})),
        "addActivityInstance" => (vec![things.outside.outing.clone(), "visit".to_owned()], json!({"item": "wang.wei"})),
        "extendJob" => job(3, json!({"by": "PT1M"})),
        _ => return None,
    };
    Some(Example { ids, body })
}
