//! Records over REST: the same rules as the actions, plus who may.

use super::*;
use crate::support::app::JSON;
use crate::support::on_both;
use serde_json::json;

/// Every kind of field.
const KINDS: &str = "\
record: kinds
title: {en: Kinds, zh: 类型}
fields:
  name: {type: string, required: true, max: 10}
  text: {type: text}
  int: {type: int}
  decimal: {type: decimal}
  money: {type: money}
  percent: {type: percent}
  bool: {type: bool, default: true}
  date: {type: date}
  datetime: {type: datetime}
  enum: {type: enum, values: [red, green], default: red}
  user: {type: user}
  ref: {type: ref, record: kinds}
  list: {type: list, of: {type: int}}
  map: {type: map, fields: {inner: {type: string, required: true}, deep: {type: list, of: {type: ref, record: kinds}}}}
  json: {type: json}
  upper: {type: string, max: 20}
derive:
  upper: {function: text/upper, in: {name: name}, value: result.upper}
unique: [{fields: [upper]}]
access: {read: [role:clerk], create: [role:clerk], update: [role:clerk]}
";

const UPPER: &str = "\
plugin: text
version: 1.0.0
title: {en: Text, zh: 文本}
functions:
  upper:
    script: upper.rhai
    input: {type: object, required: [name], properties: {name: {type: string}}}
    output: {type: object, required: [upper], properties: {upper: {}}}
";

const UPPER_SCRIPT: &str = "\
//! Capital letters.
fn upper(input) {
    if input.name == \"odd\" { return #{upper: 7}; }
    if input.name == \"fails\" { throw \"not this name\"; }
    #{upper: input.name.to_upper()}
}
";

/// Owned by one person; bosses see all.
const OWNED: &str = "\
record: owned
title: {en: Owned, zh: 自有}
fields:
  name: {type: string, required: true, max: 50}
  owner: {type: user}
columns: {name: name, owner: owner}
access: {read: [owner, role:boss], create: [role:clerk], update: [owner]}
";

const FILES: [(&str, &str); 4] = [
    ("records/kinds.yaml", KINDS),
    ("records/owned.yaml", OWNED),
    ("plugins/text/plugin.yaml", UPPER),
    ("plugins/text/upper.rhai", UPPER_SCRIPT),
];

const KIND: &str = "/api/v1/records/kinds";
const OWN: &str = "/api/v1/records/owned";

#[test]
fn every_kind_of_field_comes_back_as_it_was_sent() {
    on_both(|database| {
        let app = with(database, &FILES);
        let other = app.by("ann").post(KIND, json!({"fields": {"name": "other"}})).ok(201);
        // As text: a number keeps every digit.
        let body = format!(
            r#"{{"fields": {{"name": "客户😀", "text": "a\nb", "int": -9007199254740993, "decimal": 0.1000000000000000000000000001,
            "money": {{"amount": "1234.50", "currency": "CNY"}}, "percent": 12.5, "bool": false, "date": "2026-02-28",
            "datetime": "2026-01-31T16:00:00+08:00", "enum": "green", "user": "bob", "ref": "{id}", "list": [1, 2],
            "map": {{"inner": "x", "deep": ["{id}"]}}, "json": {{"a": [null, 1.50, "x"]}}}}}}"#,
            id = other["id"].as_str().unwrap()
        );
        let made = app.by("ann").send("POST", KIND, &[JSON], &body);
        assert_eq!(made.status, 201, "{}", made.text);
        let sent: Json = serde_json::from_str(&body).unwrap();
        let mut expected = sent["fields"].clone();
        expected["datetime"] = json!("2026-01-31T08:00:00Z");
        expected["upper"] = json!("客户😀");
        assert_eq!(made.json()["fields"], expected);
        let path = format!("{KIND}/{}", made.json()["id"].as_str().unwrap());
        let got = app.by("ann").get(&path);
        assert_eq!(got.ok(200), made.json());
        assert!(got.text.contains("0.1000000000000000000000000001") && got.text.contains("-9007199254740993"));
        assert_eq!((made.header("etag"), made.header("location")), ("\"1\"", path.as_str()));
    });
}

#[test]
fn every_wrong_field_is_named_at_once() {
    on_both(|database| {
        let app = with(database, &FILES);
        let fields = json!({
            "name": "longer than ten", "text": 7, "int": 1.5, "decimal": "x", "money": {"amount": "1"}, "percent": true,
            "bool": "yes", "date": "2026-02-30", "datetime": "yesterday", "enum": "blue", "user": 7, "ref": [],
            "list": [1, "two", 3, null], "map": {"deep": 7, "other": 1}, "upper": "X", "nmae": "x", "a/b~": 1
        });
        let refused = app.by("ann").post(KIND, json!({"fields": fields})).problem(422, "invalid_record");
        let mut places: Vec<(&str, &str)> = refused["errors"]
            .as_array()
            .unwrap()
            .iter()
            .map(|error| (error["pointer"].as_str().unwrap(), error["code"].as_str().unwrap()))
            .collect();
        places.sort_unstable();
        let wrong = |pointer| (pointer, "wrong_value");
        let expected = [
            ("/fields/a~1b~0", "unknown_field"),
            wrong("/fields/bool"),
            wrong("/fields/date"),
            wrong("/fields/datetime"),
            wrong("/fields/decimal"),
            wrong("/fields/enum"),
            wrong("/fields/int"),
            wrong("/fields/list/1"),
            wrong("/fields/list/3"),
            wrong("/fields/map/deep"),
            ("/fields/map/other", "unknown_field"),
            wrong("/fields/money"),
            wrong("/fields/name"),
            ("/fields/nmae", "unknown_field"),
            wrong("/fields/percent"),
            wrong("/fields/ref"),
            wrong("/fields/text"),
            ("/fields/upper", "derived_field"),
            wrong("/fields/user"),
        ];
        assert_eq!(places, expected);
        let detail = |pointer: &str| {
            let errors = refused["errors"].as_array().unwrap();
            errors.iter().find(|error| error["pointer"] == pointer).unwrap()["detail"].as_str().unwrap().to_owned()
        };
        assert!(detail("/fields/nmae").contains("did you mean \"name\"?"));
        assert!(detail("/fields/enum").contains("red, green"));
        assert!(detail("/fields/upper").contains("text/upper"));
        assert_eq!(rows(database, "records"), 0);
    });
}

#[test]
fn what_is_required_referenced_or_computed_is_checked_after_the_shape() {
    on_both(|database| {
        let app = with(database, &FILES);
        let refused = |fields: Json| -> Vec<(String, String)> {
            let refused = app.by("ann").post(KIND, json!({"fields": fields})).problem(422, "invalid_record");
            let of = |error: &Json, key: &str| error[key].as_str().unwrap().to_owned();
            refused["errors"].as_array().unwrap().iter().map(|one| (of(one, "pointer"), of(one, "code"))).collect()
        };
        let place = |pointer: &str, code: &str| (pointer.to_owned(), code.to_owned());
        assert_eq!(refused(json!({"name": "x", "map": {}})), [place("/fields/map/inner", "required")]);
        let missing = json!({"name": "x", "user": "nobody", "ref": "no-id", "map": {"inner": "x", "deep": ["no-id"]}});
        let expected = ["/fields/map/deep/0", "/fields/ref", "/fields/user"].map(|at| place(at, "not_there"));
        let mut got = refused(missing);
        got.sort_unstable();
        assert_eq!(got, expected);
        // What a script computes must fit its field, too.
        assert_eq!(refused(json!({"name": "odd"})), [place("/fields/upper", "wrong_value")]);
        app.by("ann").post(KIND, json!({"fields": {"name": "fails"}})).problem(422, "script");
        assert_eq!(rows(database, "records"), 0);
    });
}

#[test]
fn a_required_field_that_is_missing_is_named() {
    on_both(|database| {
        let app = with(database, &FILES);
        for fields in [json!({}), json!({"name": null})] {
            let refused = app.by("ann").post(OWN, json!({"fields": fields})).problem(422, "invalid_record");
            assert_eq!(refused["errors"][0]["pointer"], "/fields/name");
            assert_eq!(refused["errors"][0]["code"], "required");
        }
    });
}

#[test]
fn defaults_are_filled_in_null_clears_and_unique_holds_across_updates() {
    on_both(|database| {
        let app = with(database, &FILES);
        let ann = app.by("ann");
        let patch = |id: &Json, fields: Json| {
            let path = format!("{KIND}/{}", id.as_str().unwrap());
            ann.send("PATCH", &path, &[JSON], &json!({"fields": fields}).to_string())
        };
        let one = ann.post(KIND, json!({"fields": {"name": "a", "enum": null}})).ok(201);
        assert_eq!(one["fields"], json!({"name": "a", "upper": "A", "bool": true}));
        let two = ann.post(KIND, json!({"fields": {"name": "b"}})).ok(201);
        assert_eq!(two["fields"], json!({"name": "b", "upper": "B", "bool": true, "enum": "red"}));

        let cleared = patch(&two["id"], json!({"bool": null, "enum": null, "text": null})).ok(200);
        assert_eq!((&cleared["fields"], &cleared["version"]), (&json!({"name": "b", "upper": "B"}), &json!(2)));
        assert_eq!(patch(&two["id"], json!({"bool": null})).ok(200)["version"], 2);
        patch(&two["id"], json!({"name": null})).problem(422, "invalid_record");
        patch(&two["id"], json!({"upper": "X"})).problem(422, "invalid_record");

        let conflict = patch(&two["id"], json!({"name": "A"})).problem(409, "not_unique");
        assert_eq!(conflict["errors"][0]["pointer"], "/fields/upper");
        assert_eq!(ann.get(&format!("{KIND}/{}", two["id"].as_str().unwrap())).ok(200)["fields"]["name"], "b");
        // The key moves with its record.
        patch(&one["id"], json!({"name": "c"})).ok(200);
        patch(&two["id"], json!({"name": "A"})).ok(200);
        ann.post(KIND, json!({"fields": {"name": "b"}})).ok(201);
        ann.post(KIND, json!({"fields": {"name": "C"}})).problem(409, "not_unique");
        assert_eq!(rows(database, "record_keys"), 3);
        patch(&json!("no-id"), json!({"name": "x"})).problem(404, "not_found");
    });
}

#[test]
fn a_stale_version_is_refused_with_the_present_one() {
    on_both(|database| {
        let app = with(database, &FILES);
        let made = app.by("ann").post(KIND, json!({"fields": {"name": "a"}})).ok(201);
        let path = format!("{KIND}/{}", made["id"].as_str().unwrap());
        let patch = |seen: &str, int: i64| {
            let body = json!({"fields": {"int": int}}).to_string();
            app.by("ann").send("PATCH", &path, &[JSON, ("If-Match", seen)], &body)
        };
        let changed = patch("\"1\"", 1);
        assert_eq!((changed.status, changed.header("etag")), (200, "\"2\""));
        let stale = patch("\"1\"", 2).problem(412, "stale_record");
        assert_eq!((&stale["present"]["version"], &stale["present"]["fields"]["int"]), (&json!(2), &json!(1)));
        patch("*", 3).ok(200);
        patch("1", 4).problem(400, "invalid_if_match");
        assert_eq!(app.by("ann").get(&path).ok(200)["fields"]["int"], 3);
    });
}

#[test]
fn who_may_not_see_is_told_nothing_and_who_may_not_change_is_told_so() {
    on_both(|database| {
        let app = with(database, &FILES);
        app.user("boss", &["boss"]);
        app.user("eve", &[]);
        let made = app.by("ann").post(OWN, json!({"fields": {"name": "a", "owner": "ann"}})).ok(201);
        let path = format!("{OWN}/{}", made["id"].as_str().unwrap());
        let patch =
            |login: &str| app.by(login).send("PATCH", &path, &[JSON], &json!({"fields": {"name": "b"}}).to_string());

        app.by("ann").get(&path).ok(200);
        app.by("boss").get(&path).ok(200);
        // Another clerk may create such records but does not see this one; eve does not even know the type... but for
        // those that she owns.
        for login in ["bob", "eve"] {
            app.by(login).get(&path).problem(404, "not_found");
            app.by(login).get(&format!("{path}/history")).problem(404, "not_found");
            patch(login).problem(404, "not_found");
            assert_eq!(app.by(login).get(OWN).ok(200)["items"], json!([]));
        }
        patch("boss").problem(403, "record_not_allowed");
        patch("ann").ok(200);
        app.by("boss").post(OWN, json!({"fields": {"name": "x"}})).problem(403, "record_not_allowed");
        app.by("eve").post(OWN, json!({"fields": {"name": "x"}})).problem(403, "record_not_allowed");
        app.by("eve").post(KIND, json!({"fields": {"name": "x"}})).problem(404, "not_found");
        app.by("eve").get(KIND).problem(404, "not_found");
        app.by("ann").get("/api/v1/records/nothing").problem(404, "not_found");

        // Handed over: the new owner sees it, the old one no more.
        let body = json!({"fields": {"owner": "bob"}, "reason": "moved"}).to_string();
        app.by("ann").send("PATCH", &path, &[JSON], &body).ok(200);
        app.by("ann").get(&path).problem(404, "not_found");
        assert_eq!(app.by("bob").get(OWN).ok(200)["total"], 1);
        assert_eq!(app.by("boss").get(OWN).ok(200)["total"], 1);
    });
}
