//! What is refused, and to whom.

use super::*;
use crate::support::app::CHINESE;
use crate::support::app::JSON;
use crate::support::on_both;
use kamflow::model::ids::BusinessId;
use kamflow::model::text::Text;
use kamflow::server::first_run;

#[test]
fn only_workers_take_jobs_and_only_their_business_has_them() {
    on_both(|database| {
        let app = with(database);
        let id = app.by("ann").start("mail", json!({"to": "a"}));
        let body = json!({"types": ["send-mail"], "worker": "w"});
        app.by("ann").post("/api/v1/jobs/acquire", body.clone()).problem(403, "role_missing");
        app.by("alice").post("/api/v1/jobs/acquire", body.clone()).problem(403, "role_missing");
        app.by("ann").get("/api/v1/jobs").problem(403, "role_missing");
        assert_eq!(app.by("alice").get("/api/v1/jobs").ok(200)["total"], 1);
        let narrow = app.token("main", "wanda", Some(&["jobs:read"]));
        let narrow = app.with_authorization(&format!("Bearer {narrow}"));
        narrow.post("/api/v1/jobs/acquire", body.clone()).problem(403, "scope_missing");
        assert_eq!(narrow.get("/api/v1/jobs").ok(200)["total"], 1);

        app.wait(first_run::create_business(&app.runtime, &BusinessId::from("other"), Text::same("Other"))).unwrap();
        app.user_of("other", "walt", &["job_worker"]);
        let walt = app.by_of("other", "walt");
        assert_eq!(walt.post("/api/v1/jobs/acquire", body).ok(200)["items"], json!([]));
        let (path, lease) = take_one(&app.by("wanda"), "w");
        walt.get(&path).problem(404, "not_found");
        for verb in ["complete", "extend"] {
            walt.post(&format!("{path}/{verb}"), json!({"lease": lease})).problem(404, "not_found");
        }
        assert_eq!(instance(&app, &id)["state"], "active");
    });
}

#[test]
fn what_makes_no_sense_is_told_with_its_place() {
    on_both(|database| {
        let app = with(database);
        let wanda = app.by("wanda");
        let whole = json!({"types": ["send-mail"], "worker": "w"});
        for (field, value, place) in [
            ("types", json!([]), "/types"),
            ("types", json!(vec!["x"; 51]), "/types"),
            ("types", json!(["x", ""]), "/types/1"),
            ("worker", json!(""), "/worker"),
            ("worker", json!("a\nb"), "/worker"),
            ("most", json!(0), "/most"),
            ("most", json!(101), "/most"),
            ("lease", json!("PT0.5S"), "/lease"),
            ("lease", json!("P2D"), "/lease"),
            ("lease", json!("soon"), "/lease"),
            ("wait", json!("PT26S"), "/wait"),
        ] {
            let mut body = whole.clone();
            body[field] = value.clone();
            let problem = wanda.post("/api/v1/jobs/acquire", body).problem(422, "wrong_value");
            assert_eq!(problem["errors"][0]["pointer"], place, "{field}: {value}");
        }
        wanda.post("/api/v1/jobs/nothing.7/complete", json!({"lease": "x"})).problem(404, "not_found");
        app.by("ann").start("mail", json!({"to": "a"}));
        let (path, lease) = take_one(&wanda, "w");
        wanda.post(&format!("{path}/complete"), json!({})).problem(400, "invalid_body");
        wanda.post(&format!("{path}/fail"), json!({"lease": lease, "message": " "})).problem(422, "wrong_value");
        wanda
            .post(&format!("{path}/fail"), json!({"lease": lease, "message": "x", "retryAfter": "-PT1S"}))
            .problem(422, "wrong_value");
        wanda.post(&format!("{path}/error"), json!({"lease": lease, "code": "any"})).problem(422, "wrong_value");
        wanda.post(&format!("{path}/extend"), json!({"lease": lease, "by": "P2D"})).problem(422, "wrong_value");
        wanda.get("/api/v1/jobs?state=lost").problem(422, "wrong_filter");
        // Still the worker's.
        wanda.post(&format!("{path}/complete"), json!({"lease": lease, "result": {"id": "m"}})).ok(200);
    });
}

#[test]
fn a_job_that_nobody_has_must_be_taken_first_and_chinese_workers_read_it() {
    on_both(|database| {
        let app = with(database);
        app.by("ann").start("mail", json!({"to": "a"}));
        let job = path(&app.by("alice").get("/api/v1/jobs").ok(200)["items"][0]);
        let body = json!({"lease": "guessed"}).to_string();
        let refused = app.by("wanda").send("POST", &format!("{job}/complete"), &[JSON, CHINESE], &body);
        let problem = refused.problem(409, "lease_lost");
        assert_eq!(problem["title"], "作业租约已失效");
        assert!(problem["detail"].as_str().unwrap().contains("当前无人领取"), "{problem}");
    });
}

/// People, of whom the telephone is nobody's business.
const PERSON: &str = "\
record: person
title: {en: Person, zh: 人员}
fields:
  name: {type: string, max: 100}
  owner: {type: user}
  phone: {type: string, max: 30, personal: true}
access: {read: [owner], create: [role:clerk], update: [owner]}
columns: {name: name, owner: owner}
";

/// Somebody is called by a worker.
const CALL: &str = "\
process: call
title: {en: Call, zh: 致电}
input: {type: object, properties: {phone: {type: string}}}
nodes:
  - {id: call, type: serviceTask, job: send-mail, in: {phone: phone}, retry: {every: PT1S}}
";

#[test]
fn personal_fields_are_masked_for_who_looks_on_and_whole_for_the_worker() {
    on_both(|database| {
        let app = runtime::with(database, &[("processes/call.yaml", CALL), ("records/person.yaml", PERSON)]);
        app.user("wanda", &["job_worker"]);
        app.by("ann").start("call", json!({"phone": "021-5550-7788"}));
        let wanda = app.by("wanda");
        let taken = take(&wanda, "caller", json!({}));
        assert_eq!(taken[0]["input"], json!({"phone": "021-5550-7788"}));
        let failed = json!({"lease": taken[0]["lease"]["token"], "message": "nobody answers at 021-5550-7788"});
        wanda.post(&format!("{}/fail", path(&taken[0])), failed).ok(200);
        for seen in [app.by("alice").get("/api/v1/jobs"), wanda.get(&path(&taken[0]))] {
            assert_eq!(seen.status, 200, "{}", seen.text);
            assert!(!seen.text.contains("5550") && seen.text.contains("nobody answers at ***"), "{}", seen.text);
        }
    });
}
