//! Customer intake over HTTP, on both databases: from a name on a list to a customer with an owner and a class.
//!
//! What goes on from there (key accounts) and what leads there (leads) stands beside it. The requests are those of
//! `workflows/sales/demo/requests`, which the README posts too.

mod again;
mod channels;
mod conflict;
mod designation;
mod duplicates;
mod fairness;
mod group;
mod handover;
mod leads;
mod merging;
mod naughty;
mod overdue;
mod pool;
mod refused;
mod requests;
mod review;
mod rule;
mod silence;
mod variants;

use crate::support::app::{Answer, Caller, TestApp};
use kamflow::model::json::Json;
use serde_json::json;
use std::fs;
use std::path::Path;

/// The business of the demonstration, which has the people who sell.
const DEMO: &str = "demo";

/// The body that a channel sends, by the number of its file.
fn request(number: u8) -> Json {
    let folder = demo_folder().join("requests");
    let mut files = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let file = files.find(|path| path.file_name().unwrap().to_str().unwrap().starts_with(&format!("{number}-")));
    serde_json::from_str(&fs::read_to_string(file.unwrap()).unwrap()).unwrap()
}

/// A request for a manufacturer from Zhejiang that nobody knows.
fn manufacturer(event: &str, name: &str) -> Json {
    json!({"source_channel": "online_sales", "event_id": event, "name": name, "region": "浙江", "industry": "manufacturing"})
}

/// Puts the customers of the demonstration whose names hold this part into the database; their ids.
fn know(app: &TestApp, part: &str) -> Vec<String> {
    let text = fs::read_to_string(demo_folder().join("records/customer.jsonl")).unwrap();
    let lines = text.lines().filter(|line| line.contains(part));
    let customers = lines.map(|line| serde_json::from_str::<Json>(line).unwrap());
    let ma_li = app.by_of(DEMO, "ma.li");
    let ids: Vec<String> = customers
        .map(|fields| {
            let made = ma_li.post("/api/v1/records/customer", json!({ "fields": fields })).ok(201);
            made["id"].as_str().unwrap().to_owned()
        })
        .collect();
    assert!(!ids.is_empty(), "the demonstration has no customer {part}");
    ids
}

fn demo_folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("workflows/sales/demo")
}

/// Sends an intake.
fn send(caller: &Caller<'_>, variables: &Json) -> Answer {
    caller.post("/api/v1/process-instances", json!({"process": "customer-intake", "variables": variables}))
}

/// Sends a new intake; the instance.
fn take_in(caller: &Caller<'_>, variables: &Json) -> Json {
    send(caller, variables).ok(201)
}

/// The one item of a list.
fn one(caller: &Caller<'_>, path: &str) -> Json {
    let list = caller.get(path).ok(200);
    assert_eq!(list["total"], 1, "{path}: {list}");
    list["items"][0].clone()
}

/// How many rows of each kind an intake can write there are.
fn rows(app: &TestApp) -> Json {
    let admin = app.by_of(DEMO, "gao.peng");
    let total = |path: &str| admin.get(path).ok(200)["total"].clone();
    json!({
        "instances": total("/api/v1/process-instances"), "tasks": total("/api/v1/user-tasks"),
        "decisions": total("/api/v1/decisions"), "incidents": total("/api/v1/incidents"),
        "customers": total("/api/v1/records/customer"), "events": total("/api/v1/records/intake_event"),
    })
}

/// The open task of a node of an instance, as somebody sees it.
fn open_task(caller: &Caller<'_>, instance: &Json, node: &str) -> Json {
    let tasks = tasks_of(caller, instance, node);
    let open: Vec<&Json> = tasks.iter().filter(|task| ["created", "claimed"].contains(&word(&task["state"]))).collect();
    assert_eq!(open.len(), 1, "open tasks of {node}: {tasks:?}");
    open[0].clone()
}

/// All tasks of a node of an instance that somebody sees.
fn tasks_of(caller: &Caller<'_>, instance: &Json, node: &str) -> Vec<Json> {
    let list = caller.get(&format!("/api/v1/user-tasks?instance={}", word(&instance["id"]))).ok(200);
    list["items"].as_array().unwrap().iter().filter(|task| task["node"] == node).cloned().collect()
}

/// Completes a task.
fn complete(caller: &Caller<'_>, task: &Json, outcome: Option<&str>, variables: Json) -> Answer {
    let mut body = json!({ "variables": variables });
    if let Some(outcome) = outcome {
        body["outcome"] = json!(outcome);
    }
    caller.post(&format!("/api/v1/user-tasks/{}/complete", word(&task["id"])), body)
}

/// Claims a task and completes it.
fn claim_and_complete(caller: &Caller<'_>, task: &Json, outcome: Option<&str>, variables: Json) {
    let claimed = caller.post(&format!("/api/v1/user-tasks/{}/claim", word(&task["id"])), json!({})).ok(200);
    assert_eq!(claimed["state"], "claimed");
    let completed = complete(caller, task, outcome, variables).ok(200);
    assert_eq!(completed["state"], "completed");
}

/// The instance as it is now, with its variables.
fn now(app: &TestApp, instance: &Json) -> Json {
    app.by_of(DEMO, "gao.peng").get(&format!("/api/v1/process-instances/{}", word(&instance["id"]))).ok(200)
}

/// The customer that an intake ended with, as sales operations sees it.
fn customer_of(app: &TestApp, instance: &Json) -> Json {
    let event = event_of(app, instance);
    let id = word(&event["fields"]["customer"]).to_owned();
    app.by_of(DEMO, "ma.li").get(&format!("/api/v1/records/customer/{id}")).ok(200)
}

/// The kept delivery of an intake.
fn event_of(app: &TestApp, instance: &Json) -> Json {
    let variables = now(app, instance)["variables"].clone();
    let path = format!("/api/v1/records/intake_event/{}", word(&variables["intake"]));
    let event = app.by_of(DEMO, "ma.li").get(&path).ok(200);
    assert_eq!(event["fields"]["event_id"], variables["event_id"]);
    event
}

/// The decision of a function in an instance, with why in English and in Chinese.
fn why(app: &TestApp, instance: &Json, function: &str) -> (Json, Vec<String>, Vec<String>) {
    let admin = app.by_of(DEMO, "gao.peng");
    let found = one(&admin, &format!("/api/v1/decisions?instance={}&function={function}", word(&instance["id"])));
    let path = format!("/api/v1/decisions/{}", word(&found["id"]));
    let told = |language| admin.send("GET", &path, &[("Accept-Language", language)], "").ok(200);
    let sentences = |decision: &Json| {
        decision["explanation"].as_array().unwrap().iter().map(|line| word(line).to_owned()).collect()
    };
    let (en, zh) = (told("en"), told("zh"));
    (en.clone(), sentences(&en), sentences(&zh))
}

/// What happened in an instance: kind and node, oldest first.
fn happened(app: &TestApp, instance: &Json) -> Vec<String> {
    let path = format!("/api/v1/process-instances/{}/history?limit=1000", word(&instance["id"]));
    let history = app.by_of(DEMO, "gao.peng").get(&path).ok(200);
    let entries = history["items"].as_array().unwrap();
    let numbers: Vec<i64> = entries.iter().map(|entry| entry["sequence"].as_i64().unwrap()).collect();
    assert!(numbers.is_sorted_by(|a, b| a < b), "a history has nothing twice: {numbers:?}");
    entries.iter().map(|entry| format!("{} {}", word(&entry["kind"]), entry["node"].as_str().unwrap_or("-"))).collect()
}

/// How often something happened.
fn times(happened: &[String], what: &str) -> usize {
    happened.iter().filter(|entry| *entry == what).count()
}

fn word(json: &Json) -> &str {
    json.as_str().unwrap_or_else(|| panic!("{json} is no text"))
}
