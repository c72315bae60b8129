//! Searches and the short form of them in a query: what they find.

use super::desk::{Desk, deploy};
use crate::support::app::{Answer, TestApp};
use crate::support::on_both;
use serde_json::{Value, json};

fn names(answer: &Answer) -> Vec<String> {
    let page = answer.ok(200);
    let items = page["items"].as_array().unwrap();
    assert_eq!(page["total"], items.len(), "{page}");
    items.iter().map(|item| item["search"]["name"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_search_becomes_conditions_order_and_page() {
    on_both(|database| {
        let app = TestApp::start(database);
        deploy(&app);
        let alice = app.by("alice");
        for (name, amount) in [("Berlin", 5), ("Rome", 5), ("Wien 维也纳", 9)] {
            app.clock.advance(60_000);
            alice.start("trip", json!({"name": name, "amount": amount}));
        }
        let search = |body: Value| names(&alice.post("/api/v1/user-tasks/search", body));
        assert_eq!(search(json!({})), ["Berlin", "Rome", "Wien 维也纳"], "what is due first comes first");
        assert_eq!(search(json!({"sort": ["-createdAt"]})), ["Wien 维也纳", "Rome", "Berlin"]);
        let five = json!({"process": "trip", "variables.amount": 5});
        assert_eq!(search(json!({"filter": five})), ["Berlin", "Rome"]);
        let both = json!({"process": {"$eq": "trip"}, "variables.name": "Wien 维也纳", "variables.amount": 9});
        assert_eq!(search(json!({"filter": both})), ["Wien 维也纳"]);
        let task = alice.get("/api/v1/user-tasks?limit=1").ok(200)["items"][0]["id"].clone();
        alice.post(&format!("/api/v1/user-tasks/{}/claim", task.as_str().unwrap()), json!({})).ok(200);
        assert_eq!(search(json!({"filter": {"state": {"$in": ["created", "claimed"]}}})).len(), 3);
        assert_eq!(search(json!({"filter": {"state": "claimed"}})), ["Berlin"]);
        let list = |query: &str| names(&alice.get(&format!("/api/v1/user-tasks?{query}")));
        assert_eq!(list("state=created&state=claimed&sort=due&limit=500"), ["Berlin", "Rome", "Wien 维也纳"]);
        assert_eq!(list("assignee=me"), ["Berlin"]);
        assert_eq!(list("assignee=%E6%9D%8E+na"), [""; 0]);
        assert_eq!(list("candidateGroup=desk&state=created"), ["Rome", "Wien 维也纳"]);
        assert_eq!(list("process=trip&variables.name=Wien+%E7%BB%B4%E4%B9%9F%E7%BA%B3"), ["Wien 维也纳"]);
        let instances = |query: &str| names(&alice.get(&format!("/api/v1/process-instances?{query}")));
        assert_eq!(instances("process=trip&variables.amount=5&starter=me"), ["Rome", "Berlin"], "the newest first");
        assert_eq!(instances("state=completed"), [""; 0]);
    });
}

#[test]
fn records_are_found_by_what_their_type_declares() {
    on_both(|database| {
        let app = TestApp::start(database);
        deploy(&app);
        app.user("bob", &[]);
        let alice = app.by("alice");
        for (name, owner, class) in [("华新机械", "alice", "A"), ("华新重工", "bob", "A"), ("Boreal", "alice", "B")]
        {
            let fields = json!({"name": name, "owner": owner, "class": class});
            alice.post("/api/v1/records/customer", json!({ "fields": fields })).ok(201);
        }
        let found = |answer: Answer| -> Vec<String> {
            let page = answer.ok(200);
            let items = page["items"].as_array().unwrap();
            assert_eq!(page["total"], items.len());
            items.iter().map(|item| item["fields"]["name"].as_str().unwrap().to_owned()).collect()
        };
        let list = |query: &str| found(alice.get(&format!("/api/v1/records/customer?{query}")));
        assert_eq!(list("").len(), 3);
        assert_eq!(list("owner=me&class=A"), ["华新机械"]);
        assert_eq!(list("class=B"), ["Boreal"]);
        let search = |filter: Value| alice.post("/api/v1/records/customer/search", json!({ "filter": filter }));
        assert_eq!(found(search(json!({"name": {"$like": "华新%"}}))), ["华新机械", "华新重工"]);
        assert_eq!(found(search(json!({"name": {"$like": "华新%"}, "owner": "bob"}))), ["华新重工"]);
        assert_eq!(found(app.by("bob").get("/api/v1/records/customer")), ["华新重工"], "an owner sees what is theirs");
        assert_eq!(found(app.by("bob").get("/api/v1/records/customer?owner=alice")), [""; 0]);

        // A field without an index is answered from the records, as long as they are few.
        assert_eq!(found(search(json!({"count": 7}))), [""; 0]);
        assert_eq!(found(search(json!({"count": {"$exists": false}}))).len(), 3);
        let problem = alice.get("/api/v1/records/customer?count=many").problem(422, "wrong_filter");
        assert_eq!(problem["errors"][0]["pointer"], "?count");
        for filter in [json!({"name": {"$like": "%新"}}), json!({"class": {"$gte": "A"}}), json!({"colour": "red"})] {
            search(filter).problem(422, "wrong_filter");
        }
    });
}

#[test]
fn incidents_and_decisions_are_found_and_counted() {
    on_both(|database| {
        let app = TestApp::start(database);
        deploy(&app);
        let alice = app.by("alice");
        for amount in 0..3 {
            alice.start("trip-rule", json!({ "amount": amount }));
            alice.start("trip-broken", json!({"zero": 0}));
        }
        let total = |path: &str| alice.get(path).ok(200)["total"].clone();
        assert_eq!(total("/api/v1/incidents?limit=1"), 3, "of all pages, not of this one");
        assert_eq!(total("/api/v1/decisions?limit=1"), 3);
        assert_eq!(total("/api/v1/incidents?process=trip-broken&node=divide&state=open&code=script"), 3);
        assert_eq!(total("/api/v1/incidents?node=elsewhere"), 0);
        assert_eq!(total("/api/v1/decisions?function=trip/decide"), 3);
        let incident = alice.get("/api/v1/incidents?limit=1").ok(200)["items"][0].clone();
        assert_eq!(total(&format!("/api/v1/incidents?instance={}", incident["instance"].as_str().unwrap())), 1);
        let id = incident["id"].as_str().unwrap();
        let again = alice.post(&format!("/api/v1/incidents/{id}/retry"), json!({})).ok(200);
        assert_eq!((&again["id"], &again["state"]), (&incident["instance"], &json!("active")));
        assert_eq!(total("/api/v1/incidents?state=resolved"), 1);
        assert_eq!(total("/api/v1/incidents?state=open"), 3, "it failed again");
    });
}

#[test]
fn what_a_list_does_not_know_it_says_with_what_it_knows() {
    let app = Desk::start();
    let place = |answer: Answer, code: &str| answer.problem(422, code)["errors"][0]["pointer"].clone();
    let search = |list: &str, body: Value| app.post(&format!("/api/v1/{list}/search"), body);
    assert_eq!(place(search("user-tasks", json!({"filter": {"due": 1}})), "wrong_filter"), "/filter/due");
    assert_eq!(place(search("user-tasks", json!({"sort": ["-node"]})), "wrong_sort"), "/sort/0");
    assert_eq!(place(search("process-instances", json!({"sort": ["process"]})), "wrong_sort"), "/sort/0");
    assert_eq!(place(search("user-tasks", json!({"page": {"cursor": "x"}})), "wrong_cursor"), "/page/cursor");
    assert_eq!(place(app.get("/api/v1/user-tasks?cursor=x"), "wrong_cursor"), "?cursor");
    assert_eq!(place(app.get("/api/v1/user-tasks?sort=-node"), "wrong_sort"), "?sort");
    assert_eq!(place(app.get("/api/v1/user-tasks?state=gone"), "wrong_filter"), "?state");
    assert_eq!(place(app.get("/api/v1/user-tasks?process=trip&variables.x=1"), "wrong_filter"), "?variables.x");
    assert_eq!(place(app.get("/api/v1/user-tasks?variables.name=1"), "wrong_filter"), "?variables.name");
    app.get("/api/v1/process-instances?sort=process").problem(400, "unknown_parameter");
    let twice = json!({"filter": {"state": {"$eq": "active", "$in": ["completed"]}}});
    assert_eq!(place(search("process-instances", twice), "wrong_filter"), "/filter/state");
    let missing = search("user-tasks", json!({"filter": {"process": "gone", "variables.x": 1}}));
    missing.problem(404, "not_found");
    assert_eq!(place(app.get("/api/v1/user-tasks?process=%00"), "nul_character"), "?process");
}
