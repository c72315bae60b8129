//! Over HTTP: two worlds that differ only in what somebody may not read answer him with the same bytes, on every route
//! that leads to records.

use super::*;
use crate::support::{databases, on_both};
use std::collections::BTreeSet;

/// Every route to records. What is missing here is not asked below.
const ASKED: [&str; 18] = [
    "get /api/v1/records/{type}",
    // Creating and importing tell whether a unique value is taken, and nothing else: see docs/access.md.
    "post /api/v1/records/{type}",
    "post /api/v1/records/{type}/import",
    "post /api/v1/records/{type}/search",
    "post /api/v1/records/{type}/aggregate",
    "get /api/v1/records/{type}/export",
    "get /api/v1/records/{type}/{id}",
    "patch /api/v1/records/{type}/{id}",
    "delete /api/v1/records/{type}/{id}",
    "get /api/v1/records/{type}/{id}/history",
    "get /api/v1/records/{type}/{id}/ancestors",
    "get /api/v1/records/{type}/{id}/descendants",
    "get /api/v1/records/{type}/{id}/attachments",
    "post /api/v1/records/{type}/{id}/attachments",
    "delete /api/v1/records/{type}/{id}/attachments/{file}",
    "get /api/v1/records/{type}/{id}/merges",
    "post /api/v1/records/{type}/{id}/merge",
    "post /api/v1/records/{type}/{id}/merges/{merge}/undo",
];

#[test]
fn every_route_to_records_is_asked_here() {
    let document = std::fs::read_to_string(format!("{}/docs/openapi.json", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let document: Json = serde_json::from_str(&document).unwrap();
    let mut routes = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        if path.starts_with("/api/v1/records/") {
            routes.extend(methods.as_object().unwrap().keys().map(|method| format!("{method} {path}")));
        }
    }
    let asked = ASKED.map(str::to_owned).into();
    let new: Vec<&String> = routes.difference(&asked).collect();
    assert!(new.is_empty(), "ask {new:?} in `answers` as somebody who may not read `secret`, then add it to ASKED");
}

#[test]
fn what_may_not_be_read_changes_no_byte() {
    on_both(|database| {
        let other = databases().into_iter().find(|other| other.name() == database.name()).unwrap();
        // Both bands are high: the band is open by the word of its author.
        let one = answers(database, ["tulip", "rose"], [70, 80]);
        let other = answers(&other, ["violet", "iris"], [71, 99]);
        assert_eq!(one.len(), other.len());
        for ((question, one), (_, other)) in one.iter().zip(&other) {
            assert_eq!(one, other, "{question}");
        }
        assert!(one.iter().any(|(_, answer)| answer.contains("field_not_readable")));
    });
}

/// What bob, who is in the team, and boss, who has the role, are answered.
fn answers(database: &TestDatabase, secrets: [&str; 2], scores: [i64; 2]) -> Vec<(String, String)> {
    let app = app(database, &[]);
    let fields = json!({"name": "Line 4", "owner": "ann", "note": "n", "secret": secrets[0], "score": scores[0],
        "team": [{"user": "bob"}]});
    let made = app.by("ann").post(ACCOUNTS, json!({"fields": fields})).ok(201);
    let path = format!("{ACCOUNTS}/{}", made["id"].as_str().unwrap());
    patch(&app.by("ann"), &path, json!({"secret": secrets[1], "score": scores[1]})).ok(200);
    let mut answers = Vec::new();
    for login in ["bob", "boss"] {
        let by = app.by(login);
        let mut told = |question: String, answer: Answer| {
            // An export is no JSON.
            let mut body = serde_json::from_str(&answer.text).unwrap_or_else(|_| Json::from(answer.text.clone()));
            if let Some(trace) = body.get_mut("traceId") {
                trace.take();
            }
            let tags = format!("{} {}", answer.status, answer.header("etag"));
            answers.push((
                format!("{login}: {question}"),
                format!("{tags} {body}").replace(made["id"].as_str().unwrap(), "ID"),
            ));
        };
        told("get".into(), by.get(&path));
        told("history".into(), by.get(&format!("{path}/history")));
        told("a part of the history".into(), by.get(&format!("{path}/history?limit=2")));
        told("as it was".into(), by.get(&format!("{path}?asOf=2026-03-02T00:00:00Z")));
        for way in ["ancestors", "descendants"] {
            told(way.into(), by.get(&format!("{path}/{way}")));
        }
        for list in ["attachments", "merges"] {
            told(list.into(), by.get(&format!("{path}/{list}")));
        }
        told("attach".into(), by.post(&format!("{path}/attachments"), json!({"file": "none"})));
        told("detach".into(), by.send("DELETE", &format!("{path}/attachments/none"), &[], ""));
        told("merge".into(), by.post(&format!("{path}/merge"), json!({"loser": "none", "reason": "the same"})));
        told("undo".into(), by.post(&format!("{path}/merges/none/undo"), json!({"reason": "they are two"})));
        told("list".into(), by.get(ACCOUNTS));
        told("words".into(), by.post(&format!("{ACCOUNTS}/search"), json!({"filter": {"$text": "rose"}})));
        for format in ["csv", "jsonl"] {
            told(format!("export {format}"), by.get(&format!("{ACCOUNTS}/export?format={format}")));
        }
        for field in ["name", "note", "owner", "secret", "score", "grade", "shout", "band", "team", "createdAt"] {
            for value in [
                json!("tulip"),
                json!("iris"),
                json!(99),
                json!({"$like": "r%"}),
                json!({"$in": ["rose", "iris"]}),
                json!({"$gte": 90}),
            ] {
                let filter = json!({"filter": {field: value}});
                told(format!("{filter}"), by.post(&format!("{ACCOUNTS}/search"), filter));
            }
            told(format!("export {field}"), by.get(&format!("{ACCOUNTS}/export?fields={field}")));
            told(format!("export where {field}"), by.get(&format!("{ACCOUNTS}/export?{field}=99")));
            for asked in [
                json!({"group": [field], "measures": {"n": "count"}}),
                json!({"measures": {"n": {"max": field}}}),
                json!({"measures": {"n": "count"}, "filter": {field: "rose"}}),
                json!({"measures": {"n": "count"}, "filter": {"$or": [{"note": "n"}, {field: {"$gte": 0}}]}}),
            ] {
                told(format!("{asked}"), by.post(&format!("{ACCOUNTS}/aggregate"), asked));
            }
            told(format!("?{field}"), by.get(&format!("{ACCOUNTS}?{field}=99")));
            for sort in [field.to_owned(), format!("-{field}")] {
                told(format!("sort {sort}"), by.get(&format!("{ACCOUNTS}?sort={sort}")));
            }
        }
        for fields in [
            json!({"secret": "rose"}),
            json!({"secret": "iris", "note": "x"}),
            json!({"score": 80}),
            json!({"score": null}),
        ] {
            told(format!("patch {fields}"), patch(&by, &path, fields.clone()));
            let stale = by.send("PATCH", &path, &[JSON, ("If-Match", "\"1\"")], &json!({"fields": fields}).to_string());
            told(format!("stale {fields}"), stale);
        }
        let stale = by.send("PATCH", &path, &[JSON, ("If-Match", "\"1\"")], r#"{"fields": {"note": "y"}}"#);
        told("stale".into(), stale);
        told("patch note".into(), patch(&by, &path, json!({"note": "z"})));
    }
    let gone = app.by("boss").send("DELETE", &path, &[], "");
    answers.push(("delete".into(), format!("{}", gone.ok(200)["fields"])));
    answers
}
