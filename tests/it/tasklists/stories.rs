//! Tasks found by variables, subjects, words, times and whom they are for.

use super::{cities, field, open, search};
use crate::support::app::TestApp;
use crate::support::on_both;
use serde_json::{Value, json};

fn money(amount: &str, currency: &str) -> Value {
    json!({"amount": amount, "currency": currency})
}

/// Five visits and a call, a minute apart.
fn visits(app: &TestApp) {
    let ann = app.by("ann");
    for (city, size, worth, day, urgent) in [
        ("Berlin", json!(9), money("1000.00", "CNY"), "2026-03-01", true),
        ("Rome", json!(10), money("999.50", "CNY"), "2026-04-01", false),
        ("北京", json!(-2.5), money("1000.00", "EUR"), "2026-05-01", true),
        ("Wien", json!(100), money("12000.00", "CNY"), "2025-12-31", false),
    ] {
        app.clock.advance(60_000);
        let variables = json!({"city": city, "size": size, "worth": worth, "day": day, "urgent": urgent, "ref": format!("v-{city}")});
        ann.start("visit", variables);
    }
    app.clock.advance(60_000);
    ann.start("visit", json!({"ref": "v-none"}));
    app.clock.advance(60_000);
    ann.start("call", json!({"city": "Oslo"}));
}

#[test]
fn variables_compare_as_what_they_are() {
    on_both(|database| {
        let app = field(database);
        visits(&app);
        let ann = app.by("ann");
        let found = |condition: Value| {
            let mut filter = json!({"process": "visit"});
            filter.as_object_mut().unwrap().extend(condition.as_object().unwrap().clone());
            cities(&search(&ann, filter))
        };
        assert_eq!(found(json!({"variables.size": {"$gt": 9}})), ["Rome", "Wien"], "10 is more than 9");
        assert_eq!(found(json!({"variables.size": {"$gte": 9, "$lt": 100}})), ["Berlin", "Rome"]);
        assert_eq!(found(json!({"variables.size": {"$lt": 0}})), ["北京"]);
        assert_eq!(found(json!({"variables.size": {"$in": [9.0, 100]}})), ["Berlin", "Wien"]);
        assert_eq!(found(json!({"variables.size": {"$exists": false}})), ["-"]);
        assert_eq!(found(json!({"variables.size": {"$nin": [9, 10, 100]}})), ["北京", "-"], "another value, or none");
        assert_eq!(found(json!({"variables.worth": {"$gte": money("1000.00", "CNY")}})), ["Berlin", "Wien"]);
        assert_eq!(found(json!({"variables.worth": {"$lt": money("2000.00", "EUR")}})), ["北京"], "one currency");
        assert_eq!(found(json!({"variables.day": {"$gte": "2026-03-01", "$lte": "2026-04-01"}})), ["Berlin", "Rome"]);
        assert_eq!(found(json!({"variables.city": {"$like": "B%"}})), ["Berlin"]);
        assert_eq!(found(json!({"variables.city": {"$like": "北%"}})), ["北京"]);
        assert_eq!(found(json!({"variables.urgent": true})), ["Berlin", "北京"]);
        let either = json!({"$or": [{"variables.size": {"$gt": 50}}, {"variables.city": "Rome"}]});
        assert_eq!(found(either), ["Rome", "Wien"]);
        let list = |query: &str| cities(&ann.get(&format!("/api/v1/user-tasks?process=visit&sort=createdAt&{query}")));
        assert_eq!(list("variables.size[gt]=9"), ["Rome", "Wien"]);
        assert_eq!(list("variables.worth[gte]=1000.00+CNY"), ["Berlin", "Wien"]);
        assert_eq!(list("variables.urgent=true&variables.size=9"), ["Berlin"]);
        assert_eq!(list("businessKey=v-Rome"), ["Rome"]);
    });
}

#[test]
fn tasks_are_found_by_words_times_and_whom_they_are_for() {
    on_both(|database| {
        let app = field(database);
        visits(&app);
        let (ann, cleo) = (app.by("ann"), app.by("cleo"));
        assert_eq!(cities(&search(&ann, json!({"$text": "visit plan"}))).len(), 5, "in any order");
        assert_eq!(cities(&search(&ann, json!({"$text": "客户拜访"}))).len(), 5);
        assert_eq!(cities(&search(&ann, json!({"$text": "回访"}))), ["Oslo"]);
        assert_eq!(cities(&search(&ann, json!({"$text": "visits"}))), [""; 0], "whole words");
        assert_eq!(
            cities(&search(&ann, json!({"$or": [{"$text": "ring"}, {"businessKey": "v-Rome"}]}))),
            ["Rome", "Oslo"]
        );
        let dated = json!({"due": {"$gt": "2026-03-03T00:01:00Z", "$lte": "2026-03-03T00:03:00Z"}});
        assert_eq!(cities(&search(&ann, dated)), ["Rome", "北京"]);
        assert_eq!(cities(&search(&ann, json!({"due": {"$exists": false}}))), ["Oslo"]);
        let late = json!({"createdAt": {"$gte": "2026-03-02T00:05:00Z"}, "priority": {"$gt": 30}});
        assert_eq!(cities(&search(&ann, late)), ["-"]);
        assert_eq!(cities(&search(&ann, json!({"candidateGroup": {"$in": ["boss", "nobody"]}}))), ["Oslo"]);
        assert_eq!(cities(&search(&ann, json!({"process": {"$in": ["call"]}, "node": "ring"}))), ["Oslo"]);
        assert_eq!(cities(&search(&cleo, json!({"actionable": true}))), ["Oslo"], "each sees their own");
        let by_due = |sort: &str| cities(&ann.get(&format!("/api/v1/user-tasks?actionable=true&sort={sort}")));
        assert_eq!(by_due("due"), ["Berlin", "Rome", "北京", "Wien", "-", "Oslo"]);
        assert_eq!(by_due("-due"), ["-", "Wien", "北京", "Rome", "Berlin", "Oslo"], "what is never due is last");
        assert_eq!(by_due("priority")[0], "Oslo");
        assert_eq!(by_due("-createdAt")[..2], ["Oslo", "-"]);
        // A list that nobody counts says so.
        let page = ann.get("/api/v1/user-tasks?actionable=true&$total=false&limit=2").ok(200);
        assert_eq!((&page["total"], page["items"].as_array().unwrap().len()), (&Value::Null, 2));
        let next = page["next"].as_str().unwrap();
        let rest = ann.get(&format!("/api/v1/user-tasks?actionable=true&limit=50&cursor={next}"));
        assert_eq!(cities(&rest), ["北京", "Wien", "-", "Oslo"]);
        // What was written is found at once, and what is done is no longer to be done.
        let oslo = search(&ann, json!({"process": "call"})).ok(200)["items"][0]["id"].as_str().unwrap().to_owned();
        cleo.post(&format!("/api/v1/user-tasks/{oslo}/claim"), json!({})).ok(200);
        assert_eq!(by_due("due").len(), 5, "somebody else has it");
        assert_eq!(cities(&search(&ann, json!({"candidateGroup": "clerk", "state": "claimed"}))), ["Oslo"]);
        cleo.post(&format!("/api/v1/user-tasks/{oslo}/complete"), json!({})).ok(200);
        assert_eq!(cities(&search(&ann, json!({"completedBy": "cleo"}))), ["Oslo"], "who started it sees it");
        assert_eq!(cities(&search(&app.by("dan"), json!({}))), [""; 0]);
    });
}

#[test]
fn tasks_are_found_by_the_record_they_are_about() {
    on_both(|database| {
        let app = field(database);
        let ann = app.by("ann");
        let customer = |name: &str, class: &str, owner: &str| {
            let fields = json!({"name": name, "class": class, "owner": owner, "secret": "x"});
            let new = ann.post("/api/v1/records/customer", json!({"fields": fields})).ok(201);
            new["id"].as_str().unwrap().to_owned()
        };
        let (huaxin, boreal) = (customer("Huaxin", "A", "ann"), customer("Boreal", "B", "bob"));
        for (customer, city) in [(&huaxin, "Wuhan"), (&boreal, "Rome"), (&huaxin, "Ulm")] {
            app.clock.advance(60_000);
            ann.start("visit", json!({"customer": customer, "city": city, "ref": city}));
        }
        let of = |filter: Value| cities(&search(&ann, filter));
        assert_eq!(of(json!({"subject": huaxin})), ["Wuhan", "Ulm"]);
        assert_eq!(of(json!({"process": "visit", "subject.class": "A"})), ["Wuhan", "Ulm"]);
        assert_eq!(of(json!({"process": "visit", "subject.owner": "bob"})), ["Rome"]);
        assert_eq!(of(json!({"process": "visit", "subject.class": "A", "subject.name": {"$like": "Bo%"}})), [""; 0]);
        let task = search(&ann, json!({"subject": boreal})).ok(200)["items"][0].clone();
        assert_eq!(task["subject"], json!(boreal));
        // Only what one reads of records finds tasks.
        let hidden = search(&ann, json!({"process": "visit", "subject.secret": "x"}));
        assert_eq!(hidden.problem(422, "field_not_readable")["errors"][0]["pointer"], "/filter/subject.secret");
        search(&ann, json!({"subject.class": "A"})).problem(422, "wrong_filter");
        search(&ann, json!({"process": "call", "subject.class": "A"})).problem(422, "wrong_filter");
        let cleo = search(&app.by("cleo"), json!({"process": "visit", "subject.class": "A"}));
        assert_eq!(cities(&cleo), [""; 0], "cleo reads no customer");
        // The subject stays that of the next task of the instance.
        let wuhan = search(&ann, json!({"businessKey": "Wuhan"})).ok(200)["items"][0]["instance"].clone();
        let id = open(&ann, wuhan.as_str().unwrap());
        ann.post(&format!("/api/v1/user-tasks/{id}/claim"), json!({})).ok(200);
        ann.post(&format!("/api/v1/user-tasks/{id}/complete"), json!({})).ok(200);
        assert_eq!(of(json!({"subject": huaxin, "node": "report"})), ["Wuhan"]);
    });
}

#[test]
fn what_a_task_list_cannot_do_it_says_at_its_place() {
    on_both(|database| {
        let app = field(database);
        let ann = app.by("ann");
        let place = |filter: Value| search(&ann, filter).problem(422, "wrong_filter")["errors"][0]["pointer"].clone();
        assert_eq!(place(json!({"colour": "red"})), "/filter/colour");
        assert_eq!(place(json!({"due": {"$gt": "tomorrow"}})), "/filter/due/$gt");
        assert_eq!(place(json!({"priority": {"$like": "1%"}})), "/filter/priority/$like");
        assert_eq!(place(json!({"node": {"$gt": "a"}})), "/filter/node/$gt");
        assert_eq!(place(json!({"state": "gone"})), "/filter/state");
        assert_eq!(place(json!({"variables.city": "Rome"})), "/filter/variables.city");
        assert_eq!(
            place(json!({"process": {"$in": ["visit", "call"]}, "variables.city": "Rome"})),
            "/filter/variables.city"
        );
        assert_eq!(place(json!({"process": "visit", "variables.ref": "x"})), "/filter/variables.ref");
        assert_eq!(place(json!({"$or": [{"actionable": true}, {"node": "plan"}]})), "/filter/$or/0/actionable");
        assert_eq!(place(json!({"process": "visit", "variables.worth": {"$gt": true}})), "/filter/variables.worth/$gt");
        assert_eq!(
            place(json!({"process": "visit", "variables.city": {"$like": "%x"}})),
            "/filter/variables.city/$like"
        );
        search(&ann, json!({"process": "gone", "variables.city": "x"})).problem(404, "not_found");
        ann.get("/api/v1/user-tasks?filter=nothing").problem(404, "not_found");
    });
}
