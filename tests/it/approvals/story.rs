//! Four levels, from the first vote to the last.

use super::*;
use crate::support::app::JSON;
use crate::support::on_both;

#[test]
fn four_levels_agree() {
    on_both(|database| {
        let app = company(database);
        let instance = asked(&app, 20_000);
        let seen = approval(&app, "ann", &instance);
        assert_eq!(seen["state"], "open");
        assert_eq!(seen["of"], json!([{"name": "amount", "value": 20_000}, {"name": "what", "value": "a fair"}]));
        assert_eq!(seen["allowedActions"], json!(["withdraw"]));
        assert_eq!(seen["levels"].as_array().map(Vec::len), Some(4));
        let (task, _) = seat(&app, "ben", &instance);
        let shown = app.by("ben").get(&format!("/api/v1/user-tasks/{task}")).ok(200);
        assert_eq!(shown["approval"], seen["id"]);
        assert_eq!(shown["allowedActions"], json!(["decide", "delegate", "createSubTask", "update"]));

        assert_eq!(vote(&app, "ben", &instance, "approve").ok(200)["state"], "completed");
        vote(&app, "gus", &instance, "approve").ok(200);
        vote(&app, "dora", &instance, "approve").ok(200);
        vote(&app, "eva", &instance, "approve").ok(200);
        // Two of the board agree, and whoever has a veto has not said anything yet.
        assert_eq!(approval(&app, "ann", &instance)["level"], 3);
        vote(&app, "finn", &instance, "abstain").ok(200);
        // Ben is a boss, too, and has agreed before: nobody else needs to.
        let done = approval(&app, "ann", &instance);
        assert_eq!(done["state"], "approved");
        let votes: Vec<(&str, &str)> = done["votes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|vote| (vote["for"].as_str().unwrap(), vote["decision"].as_str().unwrap()))
            .collect();
        let expected = [("ben", "approve"), ("gus", "approve"), ("dora", "approve"), ("eva", "approve")];
        assert_eq!(votes, [&expected[..], &[("finn", "abstain"), ("ben", "approve")]].concat());
        assert!(done["votes"].as_array().unwrap().iter().all(|vote| vote["digest"] == done["digest"]));
        let instance = app.by("ann").get(&format!("/api/v1/process-instances/{instance}")).ok(200);
        assert_eq!(instance["state"], "completed");
    });
}

#[test]
fn the_history_says_who_said_what() {
    on_both(|database| {
        let app = company(database);
        let instance = asked(&app, 10);
        vote(&app, "ben", &instance, "reject").ok(200);
        let history = app.by("ann").get(&format!("/api/v1/process-instances/{instance}/history")).ok(200);
        let told = |kind: &str| -> Value {
            let entries = history["items"].as_array().unwrap();
            entries.iter().find(|entry| entry["kind"] == kind).unwrap_or_else(|| panic!("no {kind}"))["data"].clone()
        };
        assert_eq!(told("approval_opened")["submitter"], "ann");
        assert_eq!(told("approvers_asked")["asked"], json!(["ben"]));
        let voted = told("voted");
        assert_eq!((&voted["by"], &voted["for"], &voted["decision"]), (&json!("ben"), &json!("ben"), &json!("reject")));
        assert_eq!((&voted["reason"], &voted["digest"]), (&json!("as discussed"), &told("approval_opened")["digest"]));
        assert_eq!(told("approval_closed")["outcome"], "rejected");
    });
}

#[test]
fn a_vote_is_on_what_was_seen() {
    on_both(|database| {
        let app = company(database);
        let instance = asked(&app, 5_000);
        vote(&app, "ben", &instance, "approve").ok(200);
        let (task, digest) = seat(&app, "gus", &instance);
        let change = |variables: Value| {
            let body = json!({"variables": variables, "reason": "typed wrongly"});
            app.by("alice").send(
                "PATCH",
                &format!("/api/v1/process-instances/{instance}/variables"),
                &[JSON],
                &body.to_string(),
            )
        };
        // What is not approved changes nothing.
        change(json!({"note": "urgent"})).ok(200);
        assert_eq!(approval(&app, "ann", &instance)["round"], 1);
        // What is approved voids what was said, and begins anew.
        change(json!({"amount": 4_000})).ok(200);
        send(&app, "gus", &task, json!({"decision": "approve", "digest": digest})).problem(409, "task_not_open");
        let seen = approval(&app, "ben", &instance);
        assert_eq!((&seen["round"], &seen["level"], &seen["votes"][0]["void"]), (&json!(2), &json!(1), &json!(true)));
        assert_ne!(seen["digest"], json!(digest));
        let (task, new) = seat(&app, "ben", &instance);
        let refused =
            send(&app, "ben", &task, json!({"decision": "approve", "digest": digest})).problem(409, "other_digest");
        assert_eq!(refused["present"], json!({"digest": new}));
        vote(&app, "ben", &instance, "approve").ok(200);
        vote(&app, "gus", &instance, "approve").ok(200);
        assert_eq!(approval(&app, "ann", &instance)["state"], "approved");
    });
}

#[test]
fn it_goes_back_and_comes_again() {
    on_both(|database| {
        let app = company(database);
        let instance = asked(&app, 10);
        let (task, digest) = seat(&app, "ben", &instance);
        let body = json!({"decision": "return", "to": "pay", "digest": digest});
        let refused = send(&app, "ben", &task, body).problem(422, "wrong_return");
        assert_eq!(refused["errors"][0]["pointer"], "/to");
        let body = json!({"decision": "return", "to": "draft", "digest": digest, "reason": "which fair?"});
        send(&app, "ben", &task, body).ok(200);
        assert_eq!(approval(&app, "ann", &instance)["state"], "returned:draft");
        runtime::finish(&app.by("ann"), &instance, json!({"variables": {"amount": 20}})).ok(200);
        let open = app.by("ann").get(&format!("/api/v1/approvals?instance={instance}&state=open")).ok(200);
        assert_eq!(open["items"][0]["of"][0]["value"], 20);
    });
}

#[test]
fn who_asks_takes_it_back_and_nobody_else() {
    on_both(|database| {
        let app = company(database);
        let instance = asked(&app, 10);
        let id = approval(&app, "ann", &instance)["id"].as_str().unwrap().to_owned();
        let withdraw =
            |login: &str| app.by(login).post(&format!("/api/v1/approvals/{id}/withdraw"), json!({"reason": "not yet"}));
        withdraw("ben").problem(403, "not_submitter");
        withdraw("gus").problem(404, "not_found");
        assert_eq!(withdraw("ann").ok(200)["state"], "returned");
        withdraw("ann").problem(409, "approval_not_open");
        app.by("gus").get(&format!("/api/v1/approvals/{id}")).problem(404, "not_found");
    });
}

#[test]
fn what_is_approved_is_for_those_it_concerns() {
    on_both(|database| {
        let app = company(database);
        let instance = asked(&app, 10);
        // Carl stands above ben, who is asked: he sees that it goes on, and not what it is.
        let seen = approval(&app, "carl", &instance);
        assert_eq!((&seen["state"], &seen["of"]), (&json!("open"), &json!([])));
        assert_eq!(approval(&app, "ben", &instance)["of"][0]["value"], 10);
    });
}

#[test]
fn what_is_approved_does_not_depend_on_the_moment() {
    let database = crate::support::sqlite();
    let app = company(&database);
    let files = |of: &str| {
        let process = SPEND.replace("of: [amount, what]", of);
        let file = |path: &str, content: &str| json!({"path": format!("workflows/work/{path}"), "content": content});
        json!({"files": [file("pack.yaml", PACK), file("processes/spend.yaml", &process), file("forms/amount.yaml", FORM)]})
    };
    let said =
        |of: &str| app.by("alice").post("/api/v1/deployments/validate", files(of)).ok(200)["findings"].to_string();
    assert!(said("of: [amount, now]").contains("unknown variable \\\"now\\\""), "{}", said("of: [amount, now]"));
    assert!(said("of: [actor.user]").contains("unknown variable \\\"actor\\\""));
    assert!(!said("of: [amount, what]").contains("unknown"));
}
