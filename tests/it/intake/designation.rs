//! Key accounts: a script proposes with reasons, a person who did not propose decides, and nothing else changes it.

use super::{DEMO, manufacturer, now, one, take_in, why, word};
use crate::support::app::{Answer, Caller, JSON, TestApp, shipped};
use crate::support::on_both;
use kamflow::model::ids::BusinessId;
use kamflow::model::json::Json;
use kamflow::server::folders;
use serde_json::json;

const PROCESS: &str = "workflows/sales/processes/key-account-designation.yaml";

#[test]
fn a_manager_who_did_not_propose_makes_a_key_account() {
    on_both(|database| {
        let app = TestApp::sales(database);
        let by = |login: &str| app.by_of(DEMO, login);
        let customer = customer(&app, "宁波拾光精密铸造有限公司", "zhou.min");
        let proposal = json!({"customer": customer, "why": "the greatest buyer of the region", "years": 5,
            "purchases": {"amount": "6000000.00", "currency": "CNY"}, "decision_levels": 2});
        let made = propose(&by("zhou.min"), &proposal).ok(201);
        assert_eq!((&made["state"], is_key(&app, &customer)), (&json!("active"), json!(false)));
        let (decision, en, zh) = why(&app, &made, "customer-classification/key_account");
        assert_eq!(decision["output"]["traits"], json!(["volume", "relations", "cooperation"]));
        let last = "60 points, proposed from 60: proposed as a key account. A manager decides.";
        assert_eq!(en.last().unwrap(), last);
        assert_eq!(zh.last().unwrap(), "60 分（60 分起提名）：提名为大客户，由经理决定。");

        // Again is the same; another one waits until this one is decided.
        assert_eq!(propose(&by("zhou.min"), &proposal).ok(200)["id"], made["id"]);
        let other = json!({"customer": customer, "why": "another reason"});
        propose(&by("ma.li"), &other).problem(422, "business_key_reused");

        // Who proposed does not decide; who decides says why.
        let (task, _) = vote_of(&app, "lin.xiaoyan");
        let path = format!("/api/v1/user-tasks/{task}/decide");
        for (login, status, code) in [("zhou.min", 403, "task_of_another"), ("li.na", 404, "not_found")] {
            by(login).post(&path, json!({"decision": "approve", "digest": "", "reason": "mine"})).problem(status, code);
        }
        for (decision, reason) in [("approve", Json::Null), ("reject", json!(" "))] {
            decide(&app, "lin.xiaoyan", decision, reason).problem(422, "reason_missing");
        }
        decide(&app, "lin.xiaoyan", "approve", json!("three of five traits, and growing")).ok(200);
        assert_eq!(now(&app, &made)["search"]["outcome"], "approved");
        assert_eq!(is_key(&app, &customer), true);

        // From the field to who, why and the decision behind it.
        let change = last_change(&by("zhou.min"), &customer, "is_key");
        assert_eq!((&change["by"], &change["instance"]), (&json!("lin.xiaoyan"), &made["id"]));
        assert!(word(&change["reason"]).ends_with(": three of five traits, and growing"), "{change}");
        let kept = one(&by("zhou.min"), &format!("/api/v1/records/key_designation?customer={customer}"));
        assert_eq!(kept["fields"]["status"], "approved");
        assert_eq!(
            (&kept["fields"]["proposed_by"], &kept["fields"]["decided_by"]),
            (&json!("zhou.min"), &json!("lin.xiaoyan"))
        );

        // It is one already; taking it back is a decision, too.
        let again = propose(&by("zhou.min"), &json!({"customer": customer, "why": "to be sure"})).ok(201);
        assert_eq!((&again["state"], &again["search"]["outcome"]), (&json!("completed"), &json!("nothing_to_do")));
        let back = json!({"customer": customer, "change": "withdraw", "why": "it was sold"});
        let back = propose(&by("lin.xiaoyan"), &back).ok(201);
        let asked = by("chen.guodong").get(&format!("/api/v1/user-tasks?instance={}", word(&back["id"]))).ok(200);
        let asked: Vec<&str> = asked["items"].as_array().unwrap().iter().map(|task| word(&task["assignee"])).collect();
        assert!(!asked.contains(&"lin.xiaoyan"), "{asked:?}");
        decide(&app, "chen.guodong", "reject", json!("the new owner buys more")).ok(200);
        assert_eq!(is_key(&app, &customer), true);
    });
}

#[test]
fn nothing_else_makes_a_key_account() {
    on_both(|database| {
        let app = TestApp::sales(database);
        let by = |login: &str| app.by_of(DEMO, login);
        let customer = customer(&app, "宁波拾光精密铸造有限公司", "zhou.min");
        let path = format!("/api/v1/records/customer/{customer}");
        for login in ["zhou.min", "lin.xiaoyan", "chen.guodong", "ma.li", "intake-gateway"] {
            for fields in [json!({"is_key": true}), json!({"class": "A"}), json!({"tier": "gold"})] {
                let patch =
                    |fields: &Json| by(login).send("PATCH", &path, &[JSON], &json!({"fields": fields}).to_string());
                let problem = patch(&fields).problem(403, "field_not_allowed");
                let field = fields.as_object().unwrap().keys().next().unwrap();
                assert_eq!(problem["errors"][0]["pointer"], format!("/fields/{field}"), "{login}");
            }
        }
        // Nor by creating one: sales operations may bring key accounts along, an account manager may not.
        let new = |login: &str, key: bool| {
            let fields =
                json!({"name": format!("绍兴砚溪机床有限公司{login}{key}"), "owner": "zhou.min", "is_key": key});
            by(login).post("/api/v1/records/customer", json!({ "fields": fields }))
        };
        let problem = new("zhou.min", true).problem(403, "field_not_allowed");
        assert_eq!(problem["errors"][0]["detail"], "\"is_key\" may not be given by you");
        new("zhou.min", false).ok(201);
        new("ma.li", true).ok(201);
        let forged =
            json!({"fields": {"customer": customer, "change": "designate", "why": "-", "proposed_by": "li.na"}});
        by("ma.li").post("/api/v1/records/key_designation", forged).problem(403, "record_not_allowed");

        // Who does not deal with a customer learns nothing of it.
        let stranger = propose(&by("li.na"), &json!({"customer": customer, "why": "curious"})).ok(201);
        let nobody =
            propose(&by("li.na"), &json!({"customer": "01890000-0000-7000-8000-000000000000", "why": "curious"}))
                .ok(201);
        for instance in [&stranger, &nobody] {
            assert_eq!(
                (&instance["state"], &instance["search"]["outcome"]),
                (&json!("completed"), &json!("not_found"))
            );
            assert_eq!(instance["search"]["customer_name"], Json::Null);
        }
    });
}

#[test]
fn a_decision_of_the_proposer_does_not_count_whoever_the_candidates_are() {
    on_both(|database| {
        let app = TestApp::sales(database);
        let mut files = shipped();
        let text = String::from_utf8(files[PROCESS].clone()).unwrap();
        let edited = text.replace("approvers: approvers", "approvers: '[role(\"manager\"), role(\"bu_head\")]'");
        assert_ne!(text, edited);
        files.insert(PROCESS.to_owned(), edited.into_bytes());
        app.wait(folders::deploy(&app.runtime, &BusinessId::from(DEMO), files, "groups")).unwrap();

        let lin = app.by_of(DEMO, "lin.xiaoyan");
        let customer = customer(&app, "宁波拾光精密铸造有限公司", "zhou.min");
        propose(&lin, &json!({"customer": customer, "why": "mine to propose"})).ok(201);
        // Her superior has her seat, and she stands in for huang.wei in vain.
        let (task, digest) = vote_of(&app, "huang.wei");
        let body = json!({"decision": "approve", "digest": digest, "reason": "and mine to approve"});
        lin.post(&format!("/api/v1/user-tasks/{task}/decide"), body).problem(403, "task_of_another");
        assert_eq!(is_key(&app, &customer), false);
        decide(&app, "chen.guodong", "approve", json!("agreed")).ok(200);
        assert_eq!(is_key(&app, &customer), true);
    });
}

#[test]
fn an_intake_can_propose_and_waits_for_the_decision() {
    on_both(|database| {
        let app = TestApp::sales(database);
        let mut request = manufacturer("E-1", "宁波市拾光精密铸造有限公司");
        request["key_account"] = json!({"why": "asked for a frame contract", "decision_levels": 3});
        let gateway = app.by_of(DEMO, "intake-gateway");
        let first = take_in(&gateway, &request);
        assert_eq!((&first["state"], &first["search"]["outcome"]), (&json!("active"), &json!("created")));
        let ma_li = app.by_of(DEMO, "ma.li");
        let customer = super::customer_of(&app, &first);
        let id = word(&customer["id"]);

        // The customer comes in once more while that is open: nothing is proposed twice.
        request["event_id"] = json!("E-2");
        let second = take_in(&gateway, &request);
        assert_eq!((&second["state"], &second["search"]["outcome"]), (&json!("completed"), &json!("matched")));
        let kept = one(&ma_li, &format!("/api/v1/records/key_designation?customer={id}"));
        assert_eq!(
            (&kept["fields"]["status"], &kept["fields"]["proposed_by"]),
            (&json!("proposed"), &json!("intake-gateway"))
        );

        let boss = app.by_of(DEMO, "chen.guodong");
        let tasks = boss.get("/api/v1/user-tasks?actionable=true").ok(200);
        assert_eq!(tasks["total"], 1, "{tasks}");
        decide(&app, "chen.guodong", "approve", json!("a frame contract")).ok(200);
        assert_eq!(now(&app, &first)["state"], "completed");
        assert_eq!(is_key(&app, id), true);

        // The class of the customer, too, leads to the decision behind it, with the script.
        let change = last_change(&ma_li, id, "class_missing");
        assert_eq!(change["instance"], first["id"]);
        let (decision, en, _) = why(&app, &first, "customer-classification/classify");
        assert_eq!(decision["scriptHash"].as_str().unwrap().len(), 64);
        assert_eq!(en.last().unwrap(), "Unrated: 2 of the facts that a class needs are missing.");
    });
}

/// The open vote of somebody, and the digest of what is decided.
fn vote_of(app: &TestApp, login: &str) -> (String, String) {
    let by = app.by_of(DEMO, login);
    let found = by.get(&format!("/api/v1/user-tasks?assignee={login}&state=claimed")).ok(200);
    let task = &found["items"][0];
    let approval = by.get(&format!("/api/v1/approvals/{}", word(&task["approval"]))).ok(200);
    (word(&task["id"]).to_owned(), word(&approval["digest"]).to_owned())
}

fn decide(app: &TestApp, login: &str, decision: &str, reason: Json) -> Answer {
    let (task, digest) = vote_of(app, login);
    let body = json!({"decision": decision, "digest": digest, "reason": reason});
    app.by_of(DEMO, login).post(&format!("/api/v1/user-tasks/{task}/decide"), body)
}

fn propose(caller: &Caller<'_>, variables: &Json) -> Answer {
    caller.post("/api/v1/process-instances", json!({"process": "key-account-designation", "variables": variables}))
}

/// A customer with an account manager; its id.
fn customer(app: &TestApp, name: &str, owner: &str) -> String {
    let fields = json!({"name": name, "owner": owner, "region": "浙江"});
    let made = app.by_of(DEMO, "ma.li").post("/api/v1/records/customer", json!({ "fields": fields })).ok(201);
    word(&made["id"]).to_owned()
}

fn is_key(app: &TestApp, customer: &str) -> Json {
    app.by_of(DEMO, "ma.li").get(&format!("/api/v1/records/customer/{customer}")).ok(200)["fields"]["is_key"].clone()
}

/// The last change of a field of a customer.
fn last_change(caller: &Caller<'_>, customer: &str, field: &str) -> Json {
    let history = caller.get(&format!("/api/v1/records/customer/{customer}/history?limit=500")).ok(200);
    let changes = history["items"].as_array().unwrap().iter().filter(|change| change["field"] == field);
    changes.max_by_key(|change| change["version"].as_i64()).unwrap_or_else(|| panic!("{field}: {history}")).clone()
}
