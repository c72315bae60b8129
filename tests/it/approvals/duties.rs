//! Who may not have a say has none, on whatever way.

use super::*;
use crate::support::on_both;

#[test]
fn who_prepared_it_is_not_asked_and_cannot_vote_for_somebody_else() {
    on_both(|database| {
        let app = company(database);
        // Ben writes it down for ann: he is her superior, and has no say any more. Hers is ben: nobody is there.
        let ann = app.by("ann");
        let instance = ann.start("spend", json!({"amount": 10, "what": "a fair"}));
        runtime::finish(&app.by("ben"), &instance, json!({})).ok(200);
        let incidents = app.by("alice").get(&format!("/api/v1/incidents?instance={instance}&state=open")).ok(200);
        assert_eq!(incidents["items"][0]["code"], "no_approver");
        let incident = incidents["items"][0]["id"].as_str().unwrap().to_owned();
        // A person in charge of processes cannot say that it is approved.
        let path = format!("/api/v1/incidents/{incident}/skip");
        app.by("alice")
            .post(&path, json!({"outcome": "approved", "reason": "it is urgent"}))
            .problem(422, "wrong_outcome");
        let modify =
            json!({"steps": [{"startAfter": {"node": "approve", "outcome": "approved"}}], "reason": "it is urgent"});
        let path = format!("/api/v1/process-instances/{instance}/modify");
        let refused = app.by("alice").post(&path, modify).json();
        assert_eq!(refused["status"], 422, "{refused}");
        // With somebody above ben's place it is asked anew.
        app.hierarchy(&[("carl", None), ("ann", Some("carl"))]);
        app.by("alice").post(&format!("/api/v1/incidents/{incident}/retry"), json!({})).ok(200);
        assert_eq!(approval(&app, "ann", &instance)["seats"][0]["user"], "carl");
        vote(&app, "carl", &instance, "approve").ok(200);
    });
}

#[test]
fn a_vote_is_decided_and_not_completed_by_whoever_is_asked() {
    on_both(|database| {
        let app = company(database);
        let instance = asked(&app, 10);
        let (task, digest) = seat(&app, "ben", &instance);
        let path = |verb: &str| format!("/api/v1/user-tasks/{task}/{verb}");
        app.by("ben").post(&path("complete"), json!({"outcome": "approve"})).problem(409, "task_is_a_vote");
        app.by("ben").post(&path("unclaim"), json!({})).problem(409, "task_for_one_alone");
        let body = json!({"decision": "approve", "digest": digest});
        app.by("ann").post(&path("decide"), body.clone()).problem(403, "task_of_another");
        app.by("gus").post(&path("decide"), body).problem(404, "not_found");
        app.by("ben")
            .post(&path("decide"), json!({"decision": "maybe", "digest": digest}))
            .problem(400, "invalid_body");
    });
}

#[test]
fn a_delegate_and_a_substitute_vote_for_the_approver_and_never_who_asks() {
    on_both(|database| {
        let app = company(database);
        let ben = app.by("ben");
        // A delegate gives the vote, which is ben's; ann, who asks, cannot be one.
        let instance = asked(&app, 10);
        let (task, digest) = seat(&app, "ben", &instance);
        let path = |verb: &str| format!("/api/v1/user-tasks/{task}/{verb}");
        let body = json!({"decision": "approve", "digest": digest});
        ben.post(&path("delegate"), json!({"user": "ann"})).problem(403, "separation_of_duties");
        app.by("ann").post(&path("decide"), body.clone()).problem(403, "task_of_another");
        ben.post(&path("delegate"), json!({"user": "gus"})).ok(200);
        app.by("gus").post(&path("resolve"), json!({})).problem(409, "task_is_a_vote");
        app.by("gus").post(&path("decide"), body).ok(200);
        let done = approval(&app, "ann", &instance);
        assert_eq!((&done["votes"][0]["by"], &done["votes"][0]["for"]), (&json!("gus"), &json!("ben")));
        assert_eq!(done["state"], "approved");
        // A substitute votes for whom he stands in, not in what he asked for himself.
        let body = json!({"user": "zoe", "from": "2026-03-01T00:00:00Z", "to": "2026-04-01T00:00:00Z"});
        ben.post("/api/v1/substitutions", body).ok(201);
        let instance = asked(&app, 10);
        let (task, digest) = seat(&app, "ben", &instance);
        let body = json!({"decision": "approve", "digest": digest});
        send(&app, "zoe", &task, body).ok(200);
        let done = approval(&app, "ann", &instance);
        assert_eq!((&done["votes"][0]["by"], &done["votes"][0]["for"]), (&json!("zoe"), &json!("ben")));
        // Nobody in charge of processes gives a vote to somebody else.
        let instance = asked(&app, 10);
        let (task, _) = seat(&app, "ben", &instance);
        let refused = app.by("alice").post(&format!("/api/v1/user-tasks/{task}/assign"), json!({"user": "gus"}));
        assert_eq!(refused.status, 403, "{}", refused.json());
    });
}

#[test]
fn an_approver_asks_first_and_votes_when_the_answer_is_there() {
    on_both(|database| {
        let app = company(database);
        let instance = asked(&app, 10);
        let (task, digest) = seat(&app, "ben", &instance);
        let question = json!({"title": "Which fair?", "assignee": "ann"});
        let asked = app.by("ben").post(&format!("/api/v1/user-tasks/{task}/sub-tasks"), question).ok(201);
        let body = json!({"decision": "approve", "digest": digest});
        send(&app, "ben", &task, body.clone()).problem(409, "sub_tasks_open");
        // Ann, who asks for it, sees what is asked of her, and answers; no vote becomes hers by that.
        let question = asked["id"].as_str().unwrap();
        let list = app.by("ann").get("/api/v1/user-tasks?assignee=me&state=claimed").ok(200)["items"].clone();
        assert_eq!((list[0]["id"].as_str(), &list[0]["parent"]), (Some(question), &json!(task)));
        send(&app, "ann", question, body.clone()).problem(409, "task_is_no_vote");
        let path = |what: &str| format!("/api/v1/user-tasks/{question}/{what}");
        app.by("ann").post(&path("comments"), json!({"text": "That in Hannover."})).ok(201);
        app.by("ann").post(&path("complete"), json!({})).ok(200);
        let answers = app.by("ben").get(&path("comments")).ok(200)["items"].clone();
        assert_eq!((&answers[0]["text"], &answers[0]["author"]), (&json!("That in Hannover."), &json!("ann")));
        send(&app, "ben", &task, body).ok(200);
        assert_eq!(approval(&app, "ann", &instance)["state"], "approved");
    });
}
