//! Absences and substitutions over the API: who may say them, what is refused, what is odd.

use super::company::{Company, NOW};
use crate::support::app::{Answer, JSON};
use crate::support::on_both;
use kamflow::model::json::Json;
use serde_json::{Value, json};

const LATER: &str = "2026-04-01T00:00:00Z";
const JUNE: &str = "2026-06-01T00:00:00Z";
const JULY: &str = "2026-07-01T00:00:00Z";

fn ids(answer: &Answer) -> Vec<String> {
    let page = answer.ok(200);
    page["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

fn id(made: &Json) -> String {
    made["id"].as_str().unwrap().to_owned()
}

#[test]
fn an_absence_is_said_by_the_person_a_superior_or_an_administrator() {
    on_both(|database| {
        let company = Company::start(database);
        let say = |login: &str, body: Value| company.app.by(login).post("/api/v1/absences", body);
        let made = say("anna", json!({"from": NOW, "to": LATER, "note": "operation"}));
        let own = id(&made.ok(201));
        assert_eq!((made.header("etag"), &made.json()["user"]), ("\"1\"", &json!("anna")));
        let by_bo = id(&say("bo", json!({"user": "anna", "from": JUNE, "to": JULY})).ok(201));
        say("alice", json!({"user": "dora", "from": NOW})).ok(201);
        say("ed", json!({"user": "anna", "from": NOW})).problem(403, "not_yours");
        say("dora", json!({"user": "anna", "from": NOW})).problem(403, "not_yours");
        say("alice", json!({"user": "nobody", "from": NOW})).problem(422, "not_there");
        say("anna", json!({"from": NOW, "to": NOW})).problem(422, "empty_time");
        let problem = say("anna", json!({"from": "soon"})).problem(422, "wrong_value");
        assert_eq!(problem["errors"][0]["pointer"], "/from");

        let seen = |login: &str, query: &str| ids(&company.app.by(login).get(&format!("/api/v1/absences?{query}")));
        assert_eq!(seen("anna", ""), [own.as_str(), &by_bo]);
        assert_eq!(seen("bo", "user=anna"), [own.as_str(), &by_bo]);
        assert_eq!(seen("carl", &format!("at={JUNE}&user=anna")), [by_bo.as_str()]);
        assert_eq!(seen("ed", ""), [""; 0], "a note is not for colleagues");
        assert_eq!(seen("dora", "user=me").len(), 1);
        assert_eq!(seen("alice", "").len(), 3);
        let path = format!("/api/v1/absences/{own}");
        company.app.by("ed").get(&path).problem(404, "not_found");
        company.app.by("ed").put(&path, json!({"from": NOW})).problem(404, "not_found");
        assert_eq!(company.app.by("bo").get(&path).ok(200)["note"], "operation");
        let changed = company.app.by("anna").put(&path, json!({"from": NOW, "to": JUNE})).ok(200);
        assert_eq!((&changed["to"], &changed["version"], &changed["user"]), (&json!(JUNE), &json!(2), &json!("anna")));
        let stale = [JSON, ("If-Match", "\"1\"")];
        let problem = company.app.by("anna").send("DELETE", &path, &stale, "").problem(412, "stale_absence");
        assert_eq!(problem["present"], changed);
        company.app.by("bo").send("DELETE", &path, &[], "").ok(200);
        company.app.by("anna").get(&path).problem(404, "not_found");
    });
}

#[test]
fn nobody_gives_authority_to_themselves() {
    on_both(|database| {
        let company = Company::start(database);
        let say = |login: &str, body: Value| company.app.by(login).post("/api/v1/substitutions", body);
        let body = json!({"user": "anna", "forUser": "bo", "from": NOW, "to": LATER});
        say("anna", body.clone()).problem(403, "not_yours");
        say("dora", body.clone()).problem(403, "not_yours");
        let made = say("bo", body).ok(201);
        let path = format!("/api/v1/substitutions/{}", id(&made));
        assert_eq!((&made["warnings"], &made["forUser"]), (&json!([]), &json!("bo")));
        assert_eq!(company.app.by("anna").get(&path).ok(200)["limits"], json!({}), "a substitute sees it");
        company.app.by("carl").get(&path).ok(200);
        company.app.by("ed").get(&path).problem(404, "not_found");
        let longer = json!({"user": "anna", "from": NOW, "to": JULY});
        company.app.by("anna").put(&path, longer.clone()).problem(403, "not_yours");
        company.app.by("anna").send("DELETE", &path, &[], "").problem(403, "not_yours");
        company.app.by("ed").send("DELETE", &path, &[], "").problem(404, "not_found");
        assert_eq!(ids(&company.app.by("anna").get("/api/v1/substitutions?user=me")).len(), 1);
        assert_eq!(ids(&company.app.by("carl").get("/api/v1/substitutions?forUser=bo")).len(), 1);
        assert_eq!(ids(&company.app.by("ed").get("/api/v1/substitutions")).len(), 0);
        // By a superior, for somebody below.
        say("carl", json!({"user": "dora", "forUser": "bo", "from": JUNE, "to": JULY})).ok(201);
        say("bo", json!({"user": "bo", "from": NOW})).problem(422, "own_substitute");
        say("bo", json!({"user": "nobody", "from": NOW})).problem(422, "not_there");
        say("bo", json!({"user": "dora", "from": LATER, "to": NOW})).problem(422, "empty_time");
        say("bo", json!({"user": "dora", "from": NOW, "limits": {"x": "y"}})).problem(422, "wrong_limit");
        company.app.by("alice").put("/api/v1/users/fay", json!({"name": "fay", "active": false})).ok(200);
        say("bo", json!({"user": "fay", "from": NOW})).problem(422, "inactive_user");
    });
}

#[test]
fn what_was_in_force_stays_on_record() {
    on_both(|database| {
        let company = Company::start(database);
        let bo = company.app.by("bo");
        let made = bo.post("/api/v1/substitutions", json!({"user": "anna", "from": NOW, "to": JULY})).ok(201);
        let path = format!("/api/v1/substitutions/{}", id(&made));
        bo.send("DELETE", &path, &[], "").problem(409, "already_begun");
        let put = |user: &str, from: &str, to: &str| bo.put(&path, json!({"user": user, "from": from, "to": to}));
        put("dora", NOW, JULY).problem(409, "already_begun");
        put("anna", JUNE, JULY).problem(409, "already_begun");
        put("anna", NOW, "2026-03-01T00:00:00Z").problem(409, "already_begun");
        assert_eq!(put("anna", NOW, LATER).ok(200)["to"], LATER);
        company.app.clock.advance(60 * 86_400_000);
        let bo = company.app.by("bo");
        bo.put(&path, json!({"user": "anna", "from": NOW, "to": JULY})).problem(409, "already_begun");
        let later = bo.post("/api/v1/substitutions", json!({"user": "anna", "from": JUNE, "to": JULY})).ok(201);
        let path = format!("/api/v1/substitutions/{}", id(&later));
        let other = bo.put(&path, json!({"user": "dora", "from": JUNE, "processes": ["x"]})).ok(200);
        assert_eq!((&other["user"], &other["to"], &other["forUser"]), (&json!("dora"), &Value::Null, &json!("bo")));
        bo.send("DELETE", &path, &[], "").ok(200);
    });
}

#[test]
fn a_circle_of_substitutes_is_refused_when_it_is_one_at_some_instant() {
    on_both(|database| {
        let company = Company::start(database);
        let say = |user: &str, for_user: &str, from: &str, to: &str| {
            let body = json!({"user": user, "forUser": for_user, "from": from, "to": to});
            company.app.by("alice").post("/api/v1/substitutions", body)
        };
        say("anna", "bo", NOW, JUNE).ok(201);
        say("bo", "anna", NOW, LATER).problem(409, "substitution_loop");
        say("bo", "anna", JUNE, JULY).ok(201);
        say("bo", "dora", LATER, JULY).ok(201);
        let problem = say("dora", "anna", NOW, JULY).problem(409, "substitution_loop");
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains("dora for anna for bo for dora") && detail.contains(LATER), "{detail}");
        say("dora", "anna", NOW, LATER).ok(201);
        // Not one instant in which all three hold, though each two of them do.
        say("ed", "carl", NOW, LATER).ok(201);
        let one = say("carl", "ed", LATER, JULY).ok(201);
        let path = format!("/api/v1/substitutions/{}", id(&one));
        let earlier = json!({"user": "carl", "from": NOW, "to": JULY});
        company.app.by("alice").put(&path, earlier).problem(409, "substitution_loop");
        let same = json!({"user": "carl", "from": LATER, "to": JUNE});
        company.app.by("alice").put(&path, same).ok(200);
    });
}

#[test]
fn a_substitute_who_is_away_all_the_time_is_odd() {
    on_both(|database| {
        let company = Company::start(database);
        let alice = company.app.by("alice");
        let away = |from: &str, to: Value| {
            alice.post("/api/v1/absences", json!({"user": "anna", "from": from, "to": to})).ok(201)
        };
        let say = |from: &str, to: &str| {
            let made =
                company.app.by("bo").post("/api/v1/substitutions", json!({"user": "anna", "from": from, "to": to}));
            made.ok(201)["warnings"].clone()
        };
        away(NOW, json!(LATER));
        assert_eq!(say(NOW, JUNE), json!([]), "back before it ends");
        away(LATER, json!(JUNE));
        let warnings = say(NOW, JUNE);
        assert_eq!(warnings[0]["code"], "substitute_absent");
        assert!(warnings[0]["text"]["zh"].as_str().unwrap().contains("缺勤"), "{warnings}");
        assert_eq!(say(NOW, JULY), json!([]));
        away(JUNE, Value::Null);
        assert_eq!(say(NOW, JULY).as_array().unwrap().len(), 1, "three absences, one after the other");
    });
}
