//! Of which revision a decision or a called process is, and processes that are begun without waiting for them.

mod beginning;
mod binding;

use crate::runtime::{deploy, finish, incidents, instance, with};
use crate::support::app::TestApp;
use kamflow::model::json::Json;
use serde_json::json;

/// The instances of a process as alice sees them, oldest first.
fn instances(app: &TestApp, process: &str) -> Vec<Json> {
    let path = format!("/api/v1/process-instances?process={process}&limit=500");
    let mut found = app.by("alice").get(&path).ok(200)["items"].as_array().unwrap().clone();
    found.sort_by_key(|one| one["id"].as_str().unwrap().to_owned());
    found
}

/// What the history of an instance says of this kind, oldest first.
fn told(app: &TestApp, id: &str, kind: &str) -> Vec<Json> {
    let found = app.by("alice").get(&format!("/api/v1/process-instances/{id}/history?limit=1000")).ok(200);
    let items = found["items"].as_array().unwrap().iter();
    items.filter(|entry| entry["kind"] == kind).map(|entry| entry["data"].clone()).collect()
}

/// Tries the only incident of an instance again.
fn retry(app: &TestApp, id: &str, body: Json) {
    let open = incidents(app, id);
    assert_eq!(open.len(), 1, "{open:?}");
    let path = format!("/api/v1/incidents/{}/retry", open[0]["id"].as_str().unwrap());
    app.by("alice").post(&path, body).ok(200);
}
