//! Re-organisations over the API: seen from their date on, refused when they make no hierarchy, all of them or none.

use super::company::{Company, NOW, logins};
use crate::support::app::{BUSINESS, CHINESE, JSON, TestApp};
use crate::support::on_both;
use kamflow::api::Limits;
use serde_json::{Value, json};

const JULY: &str = "2026-07-01T00:00:00Z";
const JUNE: &str = "2026-06-30T23:59:59.999Z";

#[test]
fn a_reorganisation_is_seen_from_its_date_on_and_after_a_restart() {
    on_both(|database| {
        let company = Company::start(database);
        assert_eq!(company.above("anna", NOW), ["bo", "carl"]);
        let moved = company.seat(
            "rep-1",
            json!({"unit": "south", "title": "rep-1", "user": "anna", "manager": "lead-south", "validFrom": JULY}),
        );
        assert_eq!(moved.header("etag"), "\"2\"");
        let periods = moved.ok(200)["periods"].clone();
        assert_eq!((&periods[0]["validTo"], &periods[0]["manager"]), (&json!(JULY), &json!("lead-north")));
        assert_eq!((&periods[1]["validFrom"], &periods[1]["unit"]), (&json!(JULY), &json!("south")));
        drop(company);

        let company = Company { app: TestApp::open(database, Limits::default()) };
        assert_eq!(company.above("anna", NOW), ["bo", "carl"]);
        assert_eq!(company.above("anna", JUNE), ["bo", "carl"]);
        assert_eq!(company.above("anna", JULY), ["dora", "carl"]);
        assert_eq!(company.below("bo", JULY), ["ed"], "an ex-superior is none any more");
        assert_eq!(company.below("dora", JUNE), [""; 0]);
        let found = |query: &str| -> Vec<String> {
            let page = company.app.by("anna").get(&format!("/api/v1/positions?{query}")).ok(200);
            page["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(found("unit=north").len(), 3, "at any time");
        assert_eq!(found(&format!("unit=north&at={JULY}")), ["lead-north", "rep-2"]);
        assert_eq!(found("user=anna"), ["rep-1"]);
        assert_eq!(found("limit=2").len(), 2);
        company.app.clock.advance(122 * 86_400_000);
        assert_eq!(logins(&company.app.by("ed").get("/api/v1/users/anna/superiors")), ["dora", "carl"], "now");
        let direct = company.app.by("anna").get("/api/v1/users/anna/superiors?direct=true");
        assert_eq!(logins(&direct), ["dora"]);
    });
}

#[test]
fn a_circle_at_any_instant_is_refused_and_named() {
    on_both(|database| {
        let company = Company::start(database);
        let head = |from: Value| json!({"unit": "company", "title": "Head", "user": "carl", "manager": "rep-1", "validFrom": from});
        let problem = company.seat("head", head(json!(JULY))).problem(422, "cycle");
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains(JULY) && detail.contains("lead-north -> head -> rep-1 -> lead-north"), "{detail}");
        company.seat("head", head(Value::Null)).problem(422, "cycle");
        // A later period of somebody else makes it one, though neither does now.
        company.seat("rep-1", json!({"unit": "north", "title": "r", "user": "anna", "validTo": JULY})).ok(200);
        let until = json!({"unit": "company", "title": "h", "user": "carl", "manager": "rep-1", "validTo": JULY});
        company.seat("head", until.clone()).ok(200);
        let mut longer = until;
        longer["validTo"] = json!("2026-07-01T00:00:00.001Z");
        let chinese =
            company.app.by("alice").send("PUT", "/api/v1/positions/head", &[JSON, CHINESE], &longer.to_string());
        let problem = chinese.problem(422, "cycle");
        assert!(problem["detail"].as_str().unwrap().contains("将成为自己的上级"), "{problem}");
        company.seat("rep-9", json!({"unit": "north", "title": "r", "manager": "nobody"})).problem(422, "not_there");
        company.seat("rep-9", json!({"unit": "moon", "title": "r"})).problem(422, "not_there");
        let empty = json!({"unit": "north", "title": "r", "validFrom": JULY, "validTo": JULY});
        company.seat("rep-9", empty).problem(422, "empty_time");
        let before = company.app.by("alice").get("/api/v1/positions/rep-9");
        before.problem(404, "not_found");
    });
}

#[test]
fn vacancies_are_passed_over_and_every_position_counts() {
    on_both(|database| {
        let company = Company::start(database);
        company.seat("lead-north", json!({"unit": "north", "title": "Lead", "manager": "head"})).ok(200);
        assert_eq!(company.above("anna", NOW), ["carl"], "nobody leads the north");
        let project = json!({"unit": "south", "title": "Project", "user": "anna", "manager": "lead-south"});
        company.seat("project", project).ok(200);
        assert_eq!(company.above("anna", NOW), ["carl", "dora"], "both directly, by login");
        let ended = company.app.by("alice").post("/api/v1/positions/lead-south/end", json!({"at": NOW})).ok(200);
        assert_eq!(ended["periods"][0]["validTo"], NOW);
        assert_eq!(company.above("anna", NOW), ["carl"], "who leads nothing any more leads nobody");
        assert_eq!(company.below("carl", NOW), ["anna", "ed"]);
        company.app.by("alice").post("/api/v1/positions/nothing/end", json!({"at": NOW})).problem(404, "not_found");
        let late = json!({"unit": "north", "title": "r", "user": "fay", "validFrom": JULY});
        company.seat("late", late).ok(200);
        let never = company.app.by("alice").post("/api/v1/positions/late/end", json!({"at": JULY}));
        never.problem(422, "empty_time");
    });
}

#[test]
fn who_leaves_is_a_vacancy_and_can_be_followed_up() {
    on_both(|database| {
        let company = Company::start(database);
        let left = json!({"name": "bo", "active": false});
        company.app.clock.advance(1_000);
        company.app.by("alice").put("/api/v1/users/bo", left).ok(200);
        assert_eq!(company.above("anna", NOW), ["bo", "carl"], "what was, was");
        assert_eq!(logins(&company.app.by("ed").get("/api/v1/users/anna/superiors")), ["carl"]);
        assert_eq!(logins(&company.app.by("ed").get("/api/v1/users/bo/superiors")), ["carl"]);
        let below = company.app.by("carl").get("/api/v1/users/carl/subordinates?direct=true").ok(200);
        let bo = &below["items"].as_array().unwrap().iter().find(|one| one["user"] == "bo").unwrap()["active"];
        assert_eq!(bo, &json!(false));
        company.app.by("alice").put("/api/v1/users/bo", json!({"name": "bo"})).ok(200);
        assert_eq!(logins(&company.app.by("ed").get("/api/v1/users/anna/superiors")), ["bo", "carl"]);
    });
}

#[test]
fn several_positions_move_together_or_not_at_all() {
    on_both(|database| {
        let company = Company::start(database);
        let alice = company.app.by("alice");
        let send = |changes: Value, dry_run: bool| {
            let body = json!({"at": JULY, "changes": changes, "dryRun": dry_run});
            alice.post("/api/v1/positions/reorganise", body)
        };
        let swap = json!([
            {"id": "rep-1", "manager": "lead-south", "unit": "south"},
            {"id": "lead-north", "user": null},
        ]);
        let told = send(swap.clone(), true).ok(200);
        assert_eq!(told["affectedTotal"], 3, "bo stands nowhere, and those in the north have others: {told}");
        let affected = told["affected"].as_array().unwrap();
        let anna = &affected[0];
        assert_eq!((&anna["user"], &anna["from"]), (&json!("anna"), &json!(JULY)));
        assert_eq!(anna["before"], json!([{"user": "bo", "depth": 1}, {"user": "carl", "depth": 2}]));
        assert_eq!(anna["after"], json!([{"user": "dora", "depth": 1}, {"user": "carl", "depth": 2}]));
        assert_eq!(company.above("anna", JULY), ["bo", "carl"], "nothing was done");
        assert_eq!(alice.get("/api/v1/positions/rep-1").ok(200)["version"], 1);

        let with_old = json!([{"id": "lead-north", "user": null}, {"id": "rep-1", "manager": null, "version": 7}]);
        let problem = send(with_old, false).problem(422, "stale_position");
        assert_eq!(problem["errors"][0]["pointer"], "/changes/1/id");
        let wrong = json!([{"id": "nothing", "user": null}, {"id": "rep-1"}, {"id": "rep-1"}]);
        let problem = send(wrong, false).problem(422, "not_there");
        let codes: Vec<&Value> = problem["errors"].as_array().unwrap().iter().map(|error| &error["code"]).collect();
        assert_eq!(codes, ["not_there", "twice"]);
        let circle = json!([{"id": "head", "manager": "rep-1"}]);
        send(circle.clone(), true).problem(422, "cycle");
        send(circle, false).problem(422, "cycle");
        assert_eq!(company.above("ed", JULY), ["bo", "carl"], "nothing of all these is there");

        assert_eq!(send(swap, false).ok(200)["affected"], told["affected"], "as it was told before");
        assert_eq!(company.above("anna", JULY), ["dora", "carl"]);
        assert_eq!(company.above("ed", JULY), ["carl"]);
        assert_eq!(company.above("ed", JUNE), ["bo", "carl"]);
        assert_eq!(alice.get("/api/v1/positions/rep-1").header("etag"), "\"2\"");
        let over = json!({"at": "2026-01-01T00:00:00Z", "changes": [{"id": "rep-2", "unit": "south"}]});
        alice.post("/api/v1/positions/reorganise", over).ok(200);
        alice.post("/api/v1/positions/rep-2/end", json!({"at": NOW})).ok(200);
        let problem = send(json!([{"id": "rep-2", "user": "fay"}]), false).problem(422, "not_valid");
        assert_eq!(problem["errors"][0]["pointer"], "/changes/0/id");
    });
}

#[test]
fn what_is_planned_stays_planned() {
    on_both(|database| {
        let company = Company::start(database);
        let planned =
            json!({"unit": "south", "title": "rep-1", "user": "anna", "manager": "lead-south", "validFrom": JULY});
        company.seat("rep-1", planned).ok(200);
        let now = json!({"at": NOW, "changes": [{"id": "rep-1", "user": "fay"}]});
        company.app.by("alice").post("/api/v1/positions/reorganise", now).ok(200);
        assert_eq!(company.above("fay", NOW), ["bo", "carl"]);
        assert_eq!(company.above("fay", JULY), ["dora", "carl"], "the move of July is still there");
        assert_eq!(company.above("anna", JULY), [""; 0]);
    });
}

#[test]
fn only_those_concerned_see_who_stands_below() {
    on_both(|database| {
        let company = Company::start(database);
        let below = |login: &str, of: &str| company.app.by(login).get(&format!("/api/v1/users/{of}/subordinates"));
        assert_eq!(logins(&below("bo", "bo")), ["anna", "ed"]);
        assert_eq!(logins(&below("carl", "bo")), ["anna", "ed"]);
        below("dora", "bo").problem(404, "not_found");
        below("anna", "bo").problem(404, "not_found");
        below("alice", "nobody").problem(404, "not_found");
        let page = below("carl", "carl").ok(200);
        assert_eq!(page["total"], 4);
        let first = company.app.by("carl").get("/api/v1/users/carl/subordinates?limit=3").ok(200);
        let next = first["next"].as_str().unwrap();
        let rest = company.app.by("carl").get(&format!("/api/v1/users/carl/subordinates?limit=3&cursor={next}"));
        assert_eq!(logins(&rest), ["ed"]);
        let wrong = company.app.by("carl").get("/api/v1/users/carl/subordinates?at=soon").problem(422, "wrong_filter");
        assert_eq!(wrong["errors"][0]["pointer"], "?at");
        for (method, path) in [("PUT", "/api/v1/positions/x"), ("POST", "/api/v1/positions/reorganise")] {
            company.app.by("carl").send(method, path, &[JSON], "{}").problem(403, "role_missing");
        }
    });
}

#[test]
fn versions_keep_two_people_from_overwriting_one_another() {
    on_both(|database| {
        let company = Company::start(database);
        let put = |tag: &str, user: &str| {
            let body = json!({"unit": "north", "title": "r", "user": user, "manager": "lead-north"}).to_string();
            let headers = [JSON, ("If-Match", tag)];
            company.app.by("alice").send("PUT", "/api/v1/positions/rep-2", &headers, &body)
        };
        put("\"1\"", "fay").ok(200);
        let problem = put("\"1\"", "ed").problem(412, "stale_position");
        assert_eq!(problem["present"], company.app.by("alice").get("/api/v1/positions/rep-2").ok(200));
        let headers = [JSON, ("If-Match", "\"1\"")];
        let end = json!({"at": JULY}).to_string();
        let path = "/api/v1/positions/rep-2/end";
        company.app.by("alice").send("POST", path, &headers, &end).problem(412, "stale_position");
    });
}

#[test]
fn two_businesses_do_not_see_one_another() {
    on_both(|database| {
        let company = Company::start(database);
        let other = kamflow::model::ids::BusinessId::from("other");
        let title = kamflow::model::text::Text::same("Other");
        company.app.wait(kamflow::server::first_run::create_business(&company.app.runtime, &other, title)).unwrap();
        company.app.user_of("other", "anna", &["admin"]);
        company.app.user_of("other", "zoe", &[]);
        let anna = company.app.by_of("other", "anna");
        anna.get("/api/v1/positions/rep-1").problem(404, "not_found");
        anna.get("/api/v1/org-units/north").problem(404, "not_found");
        anna.get("/api/v1/users/bo/superiors").problem(404, "not_found");
        assert_eq!(anna.get("/api/v1/positions").ok(200)["total"], 0);
        assert_eq!(anna.get("/api/v1/org-units").ok(200)["total"], 0);
        let problem = anna.put("/api/v1/positions/rep-1", json!({"unit": "north", "title": "r"}));
        problem.problem(422, "not_there");
        anna.put("/api/v1/org-units/north", json!({"title": {"en": "N", "zh": "北"}, "kind": "region"})).ok(200);
        let mine = json!({"unit": "north", "title": "r", "user": "zoe", "manager": "lead-north"});
        anna.put("/api/v1/positions/rep-1", mine).problem(422, "not_there");
        let strange = json!({"unit": "north", "title": "r", "user": "bo"});
        anna.put("/api/v1/positions/rep-1", strange).problem(422, "not_there");
        anna.put("/api/v1/positions/rep-1", json!({"unit": "north", "title": "r", "user": "zoe"})).ok(200);
        assert_eq!(company.above("anna", NOW), ["bo", "carl"], "of {}", BUSINESS);
    });
}
