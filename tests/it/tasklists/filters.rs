//! Saved lists: kept, shared, used, and out of date.

use super::{CALL, PACK, cities, field};
use crate::support::app::JSON;
use crate::support::on_both;
use serde_json::json;

#[test]
fn a_list_is_saved_shared_and_used() {
    on_both(|database| {
        let app = field(database);
        let (ann, bob, cleo) = (app.by("ann"), app.by("bob"), app.by("cleo"));
        for city in ["Rome", "Ulm"] {
            app.clock.advance(60_000);
            ann.start("visit", json!({"city": city, "ref": city}));
        }
        let name = json!({"en": "Visits to Rome", "zh": "罗马拜访"});
        let mine = json!({"name": name, "filter": {"process": "visit", "variables.city": "Rome"}, "sort": "-due"});
        let saved = ann.post("/api/v1/task-filters", mine.clone());
        assert_eq!(saved.header("etag"), "\"1\"");
        let saved = saved.ok(201);
        let id = saved["id"].as_str().unwrap();
        let path = format!("/api/v1/task-filters/{id}");
        let used = format!("/api/v1/user-tasks?filter={id}");
        assert_eq!(cities(&ann.get(&used)), ["Rome"]);
        assert_eq!(cities(&ann.get(&format!("{used}&node=report"))), [""; 0], "with more conditions");
        let counted = ann.post("/api/v1/user-tasks/count", json!({"counts": {"rome": {"saved": id}}})).ok(200);
        assert_eq!(counted["counts"]["rome"]["total"], 1);
        // It is the owner's alone until it is shared.
        bob.get(&used).problem(404, "not_found");
        bob.get(&path).problem(404, "not_found");
        let shared = json!({"name": name, "filter": {"process": "visit"}, "sort": "-createdAt", "roles": ["clerk"]});
        ann.send("PUT", &path, &[JSON, ("If-Match", "\"7\"")], &shared.to_string()).problem(412, "stale_task_filter");
        ann.send("PUT", &path, &[JSON, ("If-Match", "\"1\"")], &shared.to_string()).ok(200);
        assert_eq!(cities(&bob.get(&used)), ["Ulm", "Rome"], "in the order that was saved");
        assert_eq!(cities(&bob.get(&format!("{used}&sort=createdAt"))), ["Rome", "Ulm"], "or in another one");
        assert_eq!(bob.get("/api/v1/task-filters").ok(200)["items"][0]["id"], id);
        assert_eq!(cleo.get("/api/v1/task-filters").ok(200)["total"], 0);
        bob.put(&path, shared.clone()).problem(403, "not_owner");
        bob.send("DELETE", &path, &[], "").problem(403, "not_owner");
        let theirs = json!({"name": name, "filter": {}, "roles": ["boss"]});
        let problem = ann.post("/api/v1/task-filters", theirs.clone()).problem(403, "role_missing");
        assert_eq!(problem["errors"][0]["pointer"], "/roles/0");
        app.by("alice").post("/api/v1/task-filters", theirs).ok(201);
        ann.send("DELETE", &path, &[], "").ok(200);
        bob.get(&used).problem(404, "not_found");
    });
}

#[test]
fn a_list_is_checked_when_it_is_saved_and_says_what_is_gone_later() {
    on_both(|database| {
        let app = field(database);
        let ann = app.by("ann");
        let name = json!({"en": "x", "zh": "x"});
        let save = |body| ann.post("/api/v1/task-filters", body);
        let wrong = save(json!({"name": name, "filter": {"colour": "red"}}));
        assert_eq!(wrong.problem(422, "wrong_filter")["errors"][0]["pointer"], "/filter/colour");
        save(json!({"name": name, "filter": {"due": {"$near": 1}}})).problem(422, "unknown_operator");
        save(json!({"name": name, "filter": {}, "sort": "node"})).problem(422, "wrong_sort");
        save(json!({"name": {"en": "", "zh": "x"}, "filter": {}})).problem(422, "wrong_name");
        let id =
            save(json!({"name": name, "filter": {"process": "visit", "variables.city": "Rome"}})).ok(201)["id"].clone();
        let used = format!("/api/v1/user-tasks?filter={}", id.as_str().unwrap());
        ann.get(&used).ok(200);
        app.deploy(&[("workflows/field/pack.yaml", PACK), ("workflows/field/processes/call.yaml", CALL)]);
        let problem = ann.get(&used).problem(404, "not_found");
        assert!(problem["detail"].as_str().unwrap().contains("process \"visit\""), "{problem}");
    });
}
