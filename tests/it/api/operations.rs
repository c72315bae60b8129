//! Every operation of the table, asked with an example: its answer is what the document says, ids of others are ids of
//! nothing, and what is sent wrongly is refused with its place.

use super::desk::ALICE;
use super::world::{Example, Things, World};
use crate::support::app::{Answer, BUSINESS, JSON, TestApp};
use crate::support::{on_both, sqlite};
use kamflow::api::{self, Route};
use kamflow::model::json::Json;
use serde_json::{Value, json};

fn document() -> Value {
    serde_json::from_str(&api::openapi().to_json().unwrap()).unwrap()
}

/// The example for a row, filled into its path.
fn example(world: &World, things: &Things, row: &Route) -> (String, Json) {
    let token = world.app.token(BUSINESS, "alice", None);
    let Some(Example { ids, body }) = things.example(row.operation, &token) else {
        panic!("{} is new: give it an example in tests/it/api/world.rs", row.operation)
    };
    let mut ids = ids.into_iter();
    let steps =
        row.path.split('/').map(|step| if step.starts_with('{') { ids.next().unwrap() } else { step.to_owned() });
    (steps.collect::<Vec<_>>().join("/"), body)
}

fn send(app: &TestApp, row: &Route, path: &str, body: &Json) -> Answer {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let kind = if row.file { ("Content-Type", "application/x-ndjson") } else { JSON };
    app.by("alice").send(row.method.as_str(), path, &[kind], &body)
}

#[test]
fn every_operation_answers_its_example_as_the_document_says() {
    on_both(|database| {
        let (world, document) = (World::start(database), strict(document()));
        for row in api::routes() {
            let (path, body) = example(&world, &world.own, row);
            let answer = send(&world.app, row, &path, &body);
            assert!((200..300).contains(&answer.status), "{} {path}: {} {}", row.method, answer.status, answer.text);
            let operation = &document["paths"][&row.path][row.method.as_str().to_lowercase()];
            let response = &operation["responses"][answer.status.to_string()];
            assert!(response.is_object(), "{}: {} is not in the document", row.operation, answer.status);
            let media = answer.header("content-type").split(';').next().unwrap();
            if answer.status == 204 {
                assert!(answer.text.is_empty() && response["content"].is_null(), "{}", row.operation);
                continue;
            }
            let content = match &response["content"][media] {
                Value::Null => &response["content"]["*/*"],
                content => content,
            };
            assert!(content.is_object(), "{}: {media} is not in the document", row.operation);
            if ["application/json", "application/scim+json"].contains(&media) {
                fits(&document, &content["schema"], &answer.json(), row.operation);
            }
            let tagged = response["headers"]["ETag"].is_object();
            assert_eq!(tagged, !answer.header("etag").is_empty(), "{}: ETag and document differ", row.operation);
        }
    });
}

/// The same document with objects that may have nothing beside what it says.
fn strict(mut document: Value) -> Value {
    for schema in document["components"]["schemas"].as_object_mut().unwrap().values_mut() {
        if schema["properties"].is_object() && schema.get("additionalProperties").is_none() {
            schema["additionalProperties"] = json!(false);
        }
    }
    document
}

fn fits(document: &Value, schema: &Value, answer: &Value, what: &str) {
    let mut schema = schema.clone();
    schema["components"] = document["components"].clone();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let wrong: Vec<String> =
        validator.iter_errors(answer).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert_eq!(wrong, Vec::<String>::new(), "{what}: {answer}");
}

#[test]
fn ids_of_another_business_and_of_nothing_are_not_there() {
    on_both(|database| {
        let (world, document) = (World::start(database), strict(document()));
        let problem = json!({"$ref": "#/components/schemas/Problem"});
        let scim_error = json!({"$ref": "#/components/schemas/ScimError"});
        for row in api::routes().iter().filter(|row| row.path.contains('{')) {
            // What is put is made when it is not there.
            if row.method == "PUT" {
                continue;
            }
            let (_, body) = example(&world, &world.own, row);
            for things in [&world.other, &Things::nowhere()] {
                let (path, _) = example(&world, things, row);
                let answer = send(&world.app, row, &path, &body);
                assert_eq!(answer.status, 404, "{} {path}: {}", row.method, answer.text);
                let schema = if row.path.starts_with("/scim/") { &scim_error } else { &problem };
                fits(&document, schema, &answer.refused(&path, 404, "not_found"), row.operation);
            }
        }
        let zoe = world.app.by_of("other", "zoe");
        let task = zoe.get(&format!("/api/v1/user-tasks/{}", world.other.open)).ok(200);
        assert_eq!(task["state"], "created", "nobody touched it");
    });
}

#[test]
fn heads_options_and_unknown_parameters() {
    let database = sqlite();
    let world = World::start(&database);
    let alice = world.app.by("alice");
    for row in api::routes() {
        let (path, body) = example(&world, &world.own, row);
        let options = world.app.send("OPTIONS", &path, &[], "");
        assert_eq!(options.status, 204, "{path}");
        assert!(options.header("allow").split(", ").any(|method| method == row.method.as_str()), "{path}");
        if row.method == "GET" {
            let (get, head) = (alice.get(&path), alice.send("HEAD", &path, &[], ""));
            assert_eq!((head.status, head.text.as_str()), (200, ""), "{path}");
            for name in ["content-type", "etag", "cache-control"] {
                assert_eq!(head.header(name), get.header(name), "{path}");
            }
        }
        let answer = send(&world.app, row, &format!("{path}?zzz=1"), &body);
        match row.operation {
            "listRecords" | "exportRecords" | "listUserTasks" => {
                assert_eq!(answer.problem(422, "wrong_filter")["errors"][0]["pointer"], "?zzz")
            }
            _ if path.starts_with("/scim/") => {
                let detail = answer.scim_error(400, "")["detail"].clone();
                assert!(detail.as_str().unwrap().contains("\"zzz\""), "{detail}");
            }
            _ => assert_eq!(answer.problem(400, "unknown_parameter")["errors"][0]["pointer"], "?zzz"),
        }
    }
}

#[test]
fn every_parameter_of_the_document_is_known_to_its_list() {
    let database = sqlite();
    let world = World::start(&database);
    let alice = world.app.by("alice");
    let mut asked = 0;
    for row in api::routes().iter().filter(|row| row.list) {
        let (path, _) = example(&world, &world.own, row);
        for name in row.query {
            let value = match (row.operation, *name) {
                ("listProcessInstances", "state") => "active",
                ("listIncidents" | "listBreakGlass" | "listJobs", "state") => "open",
                ("listUserTasks", "filter") => &world.own.papers.filter,
                ("listUserTasks", "state") => "created",
                ("listUserTasks", "actionable") => "true",
                ("listApprovals", "instance") | ("listDecisions", "instance") | ("listProcessInstances", "parent") => {
                    &world.own.instance
                }
                ("listDecisions", "function") => "trip/decide",
                ("listUsers", "active") | (_, "direct") => "true",
                ("listOrgUnits", "kind") => "team",
                (_, "at") => "2026-03-02T00:00:00Z",
                ("getRecordDescendants", "depth") => "2",
                _ => "x",
            };
            alice.get(&format!("{path}?{name}={value}")).ok(200);
            asked += 1;
            let twice = alice.get(&format!("{path}?{name}={value}&{name}={value}"));
            match row.many.contains(name) {
                true => drop(twice.ok(200)),
                false => assert_eq!(twice.problem(422, "wrong_filter")["errors"][0]["pointer"], format!("?{name}")),
            }
        }
        for sort in row.sorts {
            alice.get(&format!("{path}?sort={sort}&limit=500")).ok(200);
        }
        if let Some(free) = row.free {
            let value = match free.prefix {
                "" if row.operation == "listUserTasks" => "variables.name[like]=Ber%25&process=trip&priority[lte]=90",
                "" => "class=A&owner=me",
                _ => "variables.name=Berlin&process=trip",
            };
            assert!(alice.get(&format!("{path}?{value}")).ok(200)["total"] != 0, "{path}?{value}");
        }
    }
    assert!(asked > 15, "{asked}");
}

#[test]
fn unknown_fields_and_wrong_types_are_refused_with_their_place() {
    let database = sqlite();
    let (world, document) = (World::start(&database), document());
    for row in api::routes() {
        let (path, body) = example(&world, &world.own, row);
        let operation = &document["paths"][&row.path][row.method.as_str().to_lowercase()];
        let Some(schema) = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].as_str() else {
            continue;
        };
        let schema = document.pointer(schema.strip_prefix('#').unwrap()).unwrap();
        assert_eq!(schema["additionalProperties"], false, "{}", row.operation);
        let refused = |name: &str, value: Value| {
            let mut body = body.clone();
            body[name] = value;
            let problem = send(&world.app, row, &path, &body).problem(400, "invalid_body");
            assert_eq!(problem["errors"][0]["pointer"], format!("/{name}"), "{}: {problem}", row.operation);
        };
        refused("zzz", json!(1));
        // What says no type takes any value.
        let typed =
            |property: &&Value| ["type", "$ref", "oneOf", "allOf", "anyOf"].iter().any(|key| !property[key].is_null());
        let properties = schema["properties"].as_object().into_iter().flatten();
        for (name, property) in properties.filter(|(_, property)| typed(property)) {
            let kinds = property["type"].to_string();
            let no_text = kinds.contains("boolean") || kinds.contains("integer");
            refused(name, if no_text { json!("x") } else { json!(7) });
        }
    }
}

#[test]
fn a_user_that_is_put_is_the_callers_own() {
    let database = sqlite();
    let world = World::start(&database);
    world.app.user_of("other", "new.one", &["desk"]);
    let body = json!({"name": "Changed", "roles": ALICE});
    world.app.by("alice").send("PUT", "/api/v1/users/new.one", &[JSON], &body.to_string()).ok(200);
    let kept = world.app.by_of("other", "zoe").get("/api/v1/users/new.one").ok(200);
    assert_eq!((&kept["name"], &kept["roles"]), (&json!("new.one"), &json!(["desk"])));
}
