//! Transactional actions asked from a process: what they give, and what becomes of a failure.

use super::*;
use crate::support::app::{JSON, MONDAY};
use crate::support::on_both;
use kamflow::model::authority::Limits;
use kamflow::model::directory::{Period, Unit, UnitKind};
use kamflow::model::text::Text;
use kamflow::model::window::Window;
use serde_json::json;

/// One process an action; its arguments come from outside.
fn asking(action: &str, arguments: &[&str]) -> (String, String) {
    let name = action.replace('.', "-");
    let given: Vec<String> = arguments.iter().map(|argument| format!("{argument}: args.{argument}")).collect();
    let text = format!(
        "process: {name}\n\
         title: {{en: Ask, zh: 询问}}\n\
         input: {{type: object, required: [args], properties: {{args: {{type: object}}}}}}\n\
         nodes:\n  \
           - {{id: ask, type: serviceTask, action: {action}, in: {{{}}}, out: {{got: result}}}}\n  \
           - {{id: wait, type: userTask, candidateGroups: [clerk]}}\n",
        given.join(", ")
    );
    (format!("processes/{name}.yaml"), text)
}

fn app(database: &TestDatabase) -> TestApp {
    let mut files: Vec<(String, String)> = vec![("records/thing.yaml".into(), THING.into())];
    for (action, arguments) in [
        ("records.create", &["type", "fields"][..]),
        ("records.update", &["type", "id", "fields", "reason"]),
        ("records.get", &["type", "id"]),
        ("records.candidates", &["type", "keys", "most"]),
        ("records.select", &["type", "where", "order", "most"]),
        ("records.aggregate", &["type", "measures"]),
        ("records.count", &["type", "where"]),
        ("org.candidates", &["role", "owns"]),
        ("org.superior", &["user"]),
    ] {
        files.push(asking(action, arguments));
    }
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    with(database, &files)
}

/// What an action gave, or its only incident.
fn ask(app: &TestApp, action: &str, args: Json) -> Result<Json, Json> {
    let id = app.by("ann").start(&action.replace('.', "-"), json!({"args": args}));
    match incidents(app, &id).pop() {
        Some(incident) => {
            assert_eq!(incident["node"], "ask");
            Err(incident)
        }
        None => Ok(instance(app, &id)["variables"]["got"].clone()),
    }
}

#[test]
fn records_are_created_found_counted_and_changed() {
    on_both(|database| {
        let app = app(database);
        let made = |name: &str, colour: &str, size: i64| {
            ask(
                &app,
                "records.create",
                json!({"type": "thing", "fields": {"name": name, "colour": colour, "size": size}}),
            )
        };
        let first = made("a", "red", 1).unwrap();
        assert_eq!(first["version"], 1);
        assert_eq!(first["fields"], json!({"name": "a", "colour": "red", "size": 1}));
        let second = made("b", "red", 2).unwrap();
        made("c", "green", 2).unwrap();

        let got = ask(&app, "records.get", json!({"type": "thing", "id": first["id"]})).unwrap();
        for part in ["id", "version", "fields"] {
            assert_eq!(got[part], first[part], "{part}");
        }
        assert_eq!((&got["created_at"], &got["updated_at"]), (&MONDAY.into(), &MONDAY.into()));
        assert_eq!(ask(&app, "records.get", json!({"type": "thing", "id": "nobody"})).unwrap(), Json::Null);
        assert_eq!(ask(&app, "records.get", json!({"type": "thing", "id": null})).unwrap(), Json::Null);

        let found =
            ask(&app, "records.candidates", json!({"type": "thing", "keys": {"colour": ["red", "blue"]}})).unwrap();
        assert_eq!(found["cut"], false);
        let matched: Vec<&Json> = found["records"].as_array().unwrap().iter().map(|record| &record["id"]).collect();
        assert_eq!(matched, [&first["id"], &second["id"]]);
        assert_eq!(found["records"][0]["matched"], json!(["colour"]));
        let cut =
            ask(&app, "records.candidates", json!({"type": "thing", "keys": {"colour": "red"}, "most": 1})).unwrap();
        assert_eq!((cut["records"].as_array().unwrap().len(), &cut["cut"]), (1, &json!(true)));
        let none = ask(&app, "records.candidates", json!({"type": "thing", "keys": {"colour": null}})).unwrap();
        assert_eq!(none, json!({"records": [], "cut": false, "deriving": false}));

        let two = ask(&app, "records.select", json!({"type": "thing", "where": {"size": 2}, "most": 1})).unwrap();
        assert_eq!((&two["records"][0]["id"], &two["cut"]), (&second["id"], &json!(true)));
        let number = ask(&app, "records.count", json!({"type": "thing", "where": {"size": 2}})).unwrap();
        assert_eq!(number, json!({"count": 2, "more": false}));
        let both = ask(&app, "records.count", json!({"type": "thing", "where": {"size": 2, "colour": "red"}})).unwrap();
        assert_eq!(both["count"], 1);

        let args =
            json!({"type": "thing", "id": first["id"], "fields": {"size": 2, "colour": null}, "reason": "grown"});
        let changed = ask(&app, "records.update", args.clone()).unwrap();
        assert_eq!(changed["fields"], json!({"name": "a", "size": 2}));
        assert_eq!(changed["version"], 2);
        let again = ask(&app, "records.update", args).unwrap();
        assert_eq!(again["version"], 2, "a change of nothing writes nothing");
        let number = ask(&app, "records.count", json!({"type": "thing", "where": {"size": 2}})).unwrap();
        assert_eq!(number["count"], 3);
    });
}

#[test]
fn what_makes_no_sense_is_an_incident_with_its_input() {
    on_both(|database| {
        let app = app(database);
        let there = ask(&app, "records.create", json!({"type": "thing", "fields": {"name": "there"}})).unwrap();
        for (action, args, code) in [
            ("records.create", json!({"type": "nothing", "fields": {}}), "not_found"),
            ("records.create", json!({"type": "thing", "fields": "text"}), "arguments"),
            ("records.create", json!({"type": "thing", "fields": {"size": "big"}}), "invalid_record"),
            ("records.create", json!({"type": "thing", "fields": {}}), "invalid_record"),
            ("records.create", json!({"type": "thing", "fields": {"name": "x", "owner": "nobody"}}), "invalid_record"),
            ("records.create", json!({"type": "thing", "fields": {"name": "there"}}), "not_unique"),
            ("records.update", json!({"type": "thing", "id": "nobody", "fields": {}}), "not_found"),
            ("records.update", json!({"type": "thing", "id": null, "fields": {}}), "arguments"),
            ("records.update", json!({"type": "thing", "id": there["id"], "fields": {"name": null}}), "invalid_record"),
            ("records.get", json!({"type": 7, "id": "x"}), "arguments"),
            ("records.get", json!({"type": "nothing", "id": "x"}), "not_found"),
            ("records.candidates", json!({"type": "thing", "keys": {"size": 1}}), "unknown_key"),
            ("records.candidates", json!({"type": "thing", "keys": {}, "most": "many"}), "arguments"),
            ("records.select", json!({"type": "thing", "where": {"note": "x"}}), "wrong_filter"),
            ("records.select", json!({"type": "thing", "where": {"size": [1, 2]}}), "wrong_filter"),
            ("records.select", json!({"type": "thing", "where": {"size": {"$near": 1}}}), "unknown_operator"),
            ("records.select", json!({"type": "thing", "where": {}, "order": "-"}), "wrong_sort"),
            ("records.count", json!({"type": "thing", "where": {"$text": "x"}}), "no_index"),
            ("records.aggregate", json!({"type": "thing", "measures": {}}), "wrong_aggregate"),
            ("records.aggregate", json!({"type": "thing", "measures": {"n": "median"}}), "arguments"),
            ("records.count", json!({"type": "thing", "where": 7}), "arguments"),
            ("org.candidates", json!({"role": null}), "arguments"),
            ("org.candidates", json!({"role": "clerk", "owns": "nothing"}), "not_found"),
            ("org.superior", json!({"user": ["ann"]}), "arguments"),
        ] {
            let incident = ask(&app, action, args.clone()).unwrap_err();
            assert_eq!(incident["code"], code, "{action} {args}: {incident}");
            assert!(!incident["message"].as_str().unwrap().is_empty());
            for (name, value) in args.as_object().unwrap() {
                assert_eq!(incident["input"][name], *value, "{incident}");
            }
        }
        assert_eq!(rows(database, "records"), 1);
    });
}

#[test]
fn a_unique_conflict_leaves_nothing_half_written_and_can_be_retried() {
    on_both(|database| {
        let app = app(database);
        let there =
            ask(&app, "records.create", json!({"type": "thing", "fields": {"name": "a", "colour": "red"}})).unwrap();
        let tables = ["records", "record_keys", "record_index", "record_history"];
        let before = tables.map(|table| rows(database, table));
        let args = json!({"type": "thing", "fields": {"name": "a", "colour": "green", "size": 3}});
        let id = app.by("ann").start("records-create", json!({"args": args}));
        let incident = incidents(&app, &id).pop().unwrap();
        assert_eq!(incident["code"], "not_unique");
        assert_eq!(tables.map(|table| rows(database, table)), before);

        let retry = format!("/api/v1/incidents/{}/retry", incident["id"].as_str().unwrap());
        app.by("alice").post(&retry, json!({})).ok(200);
        let second = incidents(&app, &id).pop().unwrap();
        assert_ne!(second["id"], incident["id"], "the same trouble is a new incident");
        assert_eq!(app.by("alice").post(&retry, json!({})).problem(409, "incident_not_open")["status"], 409);

        let path = format!("/api/v1/records/thing/{}", there["id"].as_str().unwrap());
        app.by("ann").send("PATCH", &path, &[JSON], &json!({"fields": {"name": "b"}}).to_string()).ok(200);
        let retry = format!("/api/v1/incidents/{}/retry", second["id"].as_str().unwrap());
        app.by("alice").post(&retry, json!({})).ok(200);
        assert_eq!(incidents(&app, &id), Vec::<Json>::new());
        assert_eq!(instance(&app, &id)["variables"]["got"]["fields"]["name"], "a");
        assert_eq!(rows(database, "records"), 2);
        let resolved = app.by("alice").get(&format!("/api/v1/incidents/{}", second["id"].as_str().unwrap())).ok(200);
        assert_eq!((&resolved["state"], &resolved["resolution"]), (&json!("resolved"), &json!("retried")));
        assert_eq!(resolved["resolvedBy"], "alice");
    });
}

#[test]
fn the_organisation_answers_a_process() {
    on_both(|database| {
        let app = app(database);
        app.user("boss", &["boss"]);
        let unit = Unit { id: "u".into(), parent: None, title: Text::same("Unit"), kind: UnitKind::Team, version: 0 };
        app.change(BUSINESS, Change::PutUnit(unit));
        let seat = |id: &str, user: Option<&str>, manager: Option<&str>| {
            let (user, manager) = (user.map(Into::into), manager.map(Into::into));
            let (unit, title, limits) = ("u".into(), "Seat".into(), Limits::new());
            let period = Period { window: Window::ALWAYS, unit, title, user, manager, limits };
            app.change(BUSINESS, Change::PutPosition { id: id.into(), period });
        };
        seat("top", Some("boss"), None);
        seat("vacant", None, Some("top"));
        seat("desk", Some("ann"), Some("vacant"));
        assert_eq!(ask(&app, "org.superior", json!({"user": "ann"})).unwrap(), json!({"user": "boss"}));
        assert_eq!(ask(&app, "org.superior", json!({"user": "boss"})).unwrap(), Json::Null);
        assert_eq!(ask(&app, "org.superior", json!({"user": "nobody"})).unwrap(), Json::Null);

        let fields = json!({"name": "a", "owner": "bob"});
        ask(&app, "records.create", json!({"type": "thing", "fields": fields})).unwrap();
        let people = ask(&app, "org.candidates", json!({"role": "clerk", "owns": "thing"})).unwrap();
        let loads: Vec<(&Json, &Json)> =
            people.as_array().unwrap().iter().map(|person| (&person["user"], &person["load"])).collect();
        assert_eq!(loads, [(&json!("ann"), &json!(0)), (&json!("bob"), &json!(1))]);
        assert_eq!(people[1]["last_assigned"], MONDAY);
    });
}

#[test]
fn texts_that_are_too_long_for_an_index_are_found_all_the_same() {
    let record = "\
record: paper
title: {en: Paper, zh: 文件}
fields:
  name: {type: string, required: true, max: 20000}
  body: {type: string, max: 20000}
  status: {type: string, max: 20000}
keys: [body]
unique: [{fields: [body]}]
indexes: [[body]]
columns: {name: name, status: status}
access: {read: [role:clerk], create: [role:clerk], update: [role:clerk]}
";
    on_both(|database| {
        let app = with(database, &[("records/paper.yaml", record)]);
        // Random enough that a database cannot press it into the room of an index entry.
        let long = |seed: u64| -> String {
            let mut state = seed;
            let mut next = || {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                char::from_u32(0x4e00 + u32::try_from(state >> 40).unwrap() % 20_000).unwrap()
            };
            (0..9_000).map(|_| next()).collect()
        };
        let ann = app.by("ann");
        let body = json!({"fields": {"name": long(1), "body": long(2), "status": long(3)}});
        let made = ann.post("/api/v1/records/paper", body.clone()).ok(201);
        let mut twin = body;
        twin["fields"]["name"] = json!("twin");
        ann.post("/api/v1/records/paper", twin).problem(409, "not_unique");
        for field in ["body", "status"] {
            let filter = json!({"filter": {field: made["fields"][field]}});
            let found = ann.post("/api/v1/records/paper/search", filter).ok(200);
            assert_eq!((&found["total"], &found["items"][0]["id"]), (&json!(1), &made["id"]));
        }
    });
}
