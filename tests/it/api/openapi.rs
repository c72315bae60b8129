//! The document of the API, and the table that it is made from.

use super::desk::Desk;
use kamflow::api;
use serde_json::Value;
use std::collections::BTreeSet;

fn document() -> Value {
    serde_json::from_str(&api::openapi().to_json().unwrap()).unwrap()
}

/// Method, path and operation of everything in the document.
fn operations(document: &Value) -> Vec<(String, String, &Value)> {
    let paths = document["paths"].as_object().unwrap();
    paths
        .iter()
        .flat_map(|(path, item)| {
            item.as_object()
                .unwrap()
                .iter()
                .map(move |(method, operation)| (method.to_uppercase(), path.clone(), operation))
        })
        .collect()
}

#[test]
fn the_document_and_the_table_have_the_same_routes() {
    let document = document();
    let documented: BTreeSet<_> = operations(&document).into_iter().map(|(method, path, _)| (method, path)).collect();
    let served: BTreeSet<_> = api::routes().iter().map(|row| (row.method.to_string(), row.path.clone())).collect();
    assert_eq!(documented, served);
    assert_eq!(served.len(), api::routes().len(), "a route stands in the table twice");
}

#[test]
fn every_route_of_the_table_is_served() {
    let app = Desk::start();
    for row in api::routes() {
        let path: Vec<&str> = row.path.split('/').map(|step| if step.starts_with('{') { "1" } else { step }).collect();
        let answer = app.send(row.method.as_str(), &path.join("/"), &[], "");
        // What everybody may ask for, by an id of nothing, is not there; it is served all the same.
        let nowhere = answer.status == 404 && answer.text.contains("nothing is served");
        assert!(answer.status != 405 && !nowhere, "{} {}: {}", row.method, row.path, answer.text);
    }
}

#[test]
fn the_document_is_complete() {
    let document = document();
    assert_eq!(document["openapi"], "3.1.0");
    assert_eq!(document["components"]["securitySchemes"]["bearer"]["scheme"], "bearer");
    let mut ids = BTreeSet::new();
    for (method, path, operation) in operations(&document) {
        let id = operation["operationId"].as_str().unwrap();
        assert!(ids.insert(id), "operationId {id} is used twice");
        assert!(operation["summary"].is_string() && operation["tags"][0].is_string(), "{method} {path}");
        assert!(operation["responses"].as_object().unwrap().keys().any(|status| status.starts_with('2')), "{path}");
    }
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        assert!(schema["description"].is_string(), "schema {name} has no description");
        for (field, property) in schema["properties"].as_object().into_iter().flatten() {
            let described = property["description"].is_string() || property.get("$ref").is_some();
            assert!(described, "{name}.{field} has no description");
        }
    }
}

#[test]
fn every_reference_in_the_document_leads_somewhere() {
    let document = document();
    let mut references = Vec::new();
    collect(&document, &mut references);
    assert!(references.len() > 50);
    for reference in references {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
    }
}

#[test]
fn every_list_has_a_schema_of_its_own() {
    let document = document();
    let mut seen = BTreeSet::new();
    for (_, path, operation) in operations(&document) {
        let id = operation["operationId"].as_str().unwrap();
        if id.starts_with("list") {
            let schema = &operation["responses"]["200"]["content"]["application/json"]["schema"]["$ref"];
            assert!(schema.as_str().unwrap().contains("Of") && seen.insert(schema.to_string()), "{path}: {schema}");
        }
    }
    assert_eq!(
        document["components"]["schemas"]["PageOfUserTask"]["properties"]["items"]["items"]["$ref"],
        "#/components/schemas/UserTask"
    );
}

fn collect<'a>(value: &'a Value, references: &mut Vec<&'a str>) {
    match value {
        Value::Object(map) => {
            references.extend(map.get("$ref").and_then(Value::as_str));
            map.values().for_each(|value| collect(value, references));
        }
        Value::Array(values) => values.iter().for_each(|value| collect(value, references)),
        _ => {}
    }
}

#[test]
fn the_committed_document_is_what_the_server_serves() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/openapi.json");
    let now = api::openapi().to_pretty_json().unwrap() + "\n";
    if std::env::var_os("KAMFLOW_WRITE").is_some() {
        std::fs::write(path, &now).unwrap();
    }
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        committed == now,
        "the API changed: look at it, then run KAMFLOW_WRITE=1 cargo test --test it openapi and commit docs/openapi.json"
    );
    let app = Desk::start();
    assert_eq!(app.get("/openapi.json").json(), document());
}
