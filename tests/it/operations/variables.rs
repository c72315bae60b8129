//! Setting variables: of the process, or of the level that a token runs in.

use super::*;
use crate::runtime::instance;
use crate::support::app::JSON;
use crate::support::on_both;

fn set(app: &TestApp, id: &str, body: Json) -> Answer {
    app.by("alice").send("PATCH", &format!("/api/v1/process-instances/{id}/variables"), &[JSON], &body.to_string())
}

#[test]
fn variables_are_set_and_found_and_the_history_says_why() {
    on_both(|database| {
        let app = house(database);
        let id = waiting(&app, "k1");
        let answer = set(&app, &id, json!({"variables": {"key": "k2", "more": [1]}, "reason": "misread"}));
        assert_eq!(answer.ok(200)["version"], 2);
        assert_eq!(instance(&app, &id)["variables"], json!({"key": "k2", "more": [1], "zero": 5, "quotient": 2}));
        let found = app.by("alice").get("/api/v1/process-instances?process=parent&variables.key=k2").ok(200);
        assert_eq!(found["items"][0]["id"], id);
        let told = entry(&app, &id, "variables_changed");
        assert_eq!((&told["actor"], &told["data"]), (&json!("alice"), &json!({"reason": "misread", "token": null})));
        assert_eq!(entry(&app, &id, "variables_set")["data"]["values"], json!({"key": "k2", "more": [1]}));

        // Of a called instance: its own, and it is found by them.
        let child = called(&app, &id)["id"].as_str().unwrap().to_owned();
        let answer = set(&app, &child, json!({"variables": {"key": "inner"}, "reason": "misread"})).ok(200);
        assert_eq!((&answer["id"], &answer["version"]), (&json!(id), &json!(3)), "the answer is the root");
        assert_eq!(instance(&app, &child)["variables"]["key"], "inner");
        assert_eq!(instance(&app, &id)["variables"]["key"], "k2");
        assert_eq!(called(&app, &id)["search"]["key"], "inner");
    });
}

#[test]
fn the_level_of_a_token_has_variables_of_its_own() {
    on_both(|database| {
        let app = house(database);
        let id = waiting(&app, "k1");
        let steps = json!([{"startBefore": {"node": "inside"}}]);
        act(&app, &id, "modify", json!({"steps": steps, "reason": "left out"})).ok(200);
        let inside = token(&app, &id, "inside")["id"].clone();
        let body = json!({"variables": {"key": "boxed"}, "token": inside, "reason": "for the box alone"});
        set(&app, &id, body).ok(200);
        assert_eq!(instance(&app, &id)["variables"]["key"], "k1");
        assert_eq!(entry(&app, &id, "variables_changed")["data"]["token"], inside);

        let child = called(&app, &id)["id"].as_str().unwrap().to_owned();
        let body = json!({"variables": {"key": "x"}, "token": inside, "reason": "of another"});
        assert_eq!(set(&app, &child, body).problem(409, "token_gone")["errors"][0]["pointer"], "/token");
        let body = json!({"variables": {"key": "x"}, "token": "nothing", "reason": "of nothing"});
        assert_eq!(set(&app, &id, body).problem(422, "wrong_token")["errors"][0]["pointer"], "/token");
    });
}

#[test]
fn what_cannot_be_set_is_refused_with_its_place() {
    on_both(|database| {
        let app = house(database);
        let id = waiting(&app, "k1");
        let names = json!({"input": 1, "now": 2, "1st": 3, "good": 4});
        let problem = set(&app, &id, json!({"variables": names, "reason": "x"})).problem(422, "invalid_variables");
        let places: Vec<&str> =
            problem["errors"].as_array().unwrap().iter().map(|error| error["pointer"].as_str().unwrap()).collect();
        assert_eq!(places, ["/variables/1st", "/variables/input", "/variables/now"]);
        set(&app, &id, json!({"variables": {}, "reason": "x"})).problem(422, "invalid_variables");
        set(&app, &id, json!({"variables": {"good": 1}})).problem(400, "invalid_body");
        set(&app, &id, json!({"variables": {"good": 1}, "reason": ""})).problem(422, "reason_required");
        act(&app, &id, "cancel", json!({"reason": "over"})).ok(200);
        set(&app, &id, json!({"variables": {"good": 1}, "reason": "late"})).problem(409, "instance_ended");
    });
}
