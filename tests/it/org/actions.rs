//! What a process can ask of the organisation.

use super::company::{Company, NOW};
use crate::support::app::{BUSINESS, TestApp};
use crate::support::{TestDatabase, on_both};
use kamflow::model::json::Json;
use serde_json::{Value, json};

const QUESTIONS: [(&str, &[&str]); 6] = [
    ("org.superiors", &["user"]),
    ("org.unit", &["user"]),
    ("org.absent", &["user"]),
    ("org.substitutes", &["user", "process"]),
    ("org.authority", &["user", "limit", "acting_for", "process"]),
    ("org.candidates", &["role"]),
];

fn company(database: &TestDatabase) -> Company {
    let company = Company::start(database);
    let mut files = vec![(
        "workflows/p/pack.yaml".to_owned(),
        "pack: p\ntitle: {en: P, zh: P}\nversion: '1'\nroles: {sales: {en: Sales, zh: 销售}}\n".to_owned(),
    )];
    for (action, arguments) in QUESTIONS {
        let name = action.replace('.', "-");
        let given: Vec<String> = arguments.iter().map(|argument| format!("{argument}: args.{argument}")).collect();
        let text = format!(
            "process: {name}\ntitle: {{en: Ask, zh: 询问}}\n\
             input: {{type: object, required: [args], properties: {{args: {{type: object}}}}}}\n\
             nodes:\n  \
               - {{id: ask, type: serviceTask, action: {action}, in: {{{}}}, out: {{got: result}}}}\n  \
               - {{id: wait, type: userTask, candidateGroups: [sales]}}\n",
            given.join(", ")
        );
        files.push((format!("workflows/p/processes/{name}.yaml"), text));
    }
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    company.app.deploy(&files);
    company
}

/// What an action gave, or the code of its incident.
fn ask(app: &TestApp, action: &str, args: Json) -> Result<Json, String> {
    let instance = app.by("alice").start(&action.replace('.', "-"), json!({ "args": args }));
    let incidents = app.by("alice").get(&format!("/api/v1/incidents?instance={instance}")).ok(200);
    if let Some(incident) = incidents["items"].as_array().unwrap().first() {
        return Err(incident["code"].as_str().unwrap().to_owned());
    }
    let shown = app.by("alice").get(&format!("/api/v1/process-instances/{instance}")).ok(200);
    Ok(shown["variables"]["got"].clone())
}

#[test]
fn a_process_asks_who_stands_above_where_and_who_is_away() {
    on_both(|database| {
        let company = company(database);
        let app = &company.app;
        let above = ask(app, "org.superiors", json!({"user": "anna"})).unwrap();
        assert_eq!(above, json!([{"user": "bo", "depth": 1}, {"user": "carl", "depth": 2}]));
        let unit = ask(app, "org.unit", json!({"user": "anna"})).unwrap();
        assert_eq!((&unit["unit"], &unit["kind"]), (&json!("north"), &json!("region")));
        assert_eq!(unit["path"], json!(["north", "company"]));
        assert_eq!(ask(app, "org.unit", json!({"user": "fay"})).unwrap(), Value::Null);

        assert_eq!(ask(app, "org.absent", json!({"user": "bo"})).unwrap(), json!(false));
        let away = json!({"from": NOW, "to": "2026-03-09T00:00:00Z"});
        app.by("bo").post("/api/v1/absences", away).ok(201);
        let stand_in = |user: &str, more: Value| {
            let mut body = json!({"user": user, "from": NOW, "to": "2026-03-09T00:00:00Z"});
            body.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
            app.by("bo").post("/api/v1/substitutions", body).ok(201)
        };
        stand_in("anna", json!({"limits": {"discount": 0.05}}));
        stand_in("dora", json!({"processes": ["org-unit"]}));
        assert_eq!(ask(app, "org.absent", json!({"user": "bo"})).unwrap(), json!(true));
        let everywhere = ask(app, "org.substitutes", json!({"user": "bo", "process": null})).unwrap();
        let until = "2026-03-09T00:00:00Z";
        let anna = json!({"user": "anna", "limits": {"discount": 0.05}, "until": until, "absent": false});
        assert_eq!(everywhere, json!([anna]));
        let there = ask(app, "org.substitutes", json!({"user": "bo", "process": "org-unit"})).unwrap();
        assert_eq!(there.as_array().unwrap().len(), 2);
        let people = ask(app, "org.candidates", json!({"role": "sales"})).unwrap();
        let away: Vec<&Json> =
            people.as_array().unwrap().iter().filter(|one| one["absent"] == true).map(|one| &one["user"]).collect();
        assert_eq!(away, ["bo"]);
        app.clock.advance(7 * 86_400_000);
        assert_eq!(ask(app, "org.absent", json!({"user": "bo"})).unwrap(), json!(false), "back at that instant");
        assert_eq!(ask(app, "org.substitutes", json!({"user": "bo", "process": "org-unit"})).unwrap(), json!([]));
    });
}

#[test]
fn authority_is_the_highest_of_ones_own_and_the_lower_one_for_somebody_else() {
    on_both(|database| {
        let company = company(database);
        let app = &company.app;
        let alice = app.by("alice");
        let may = |user: &str, limit: &str, for_user: Value| {
            ask(app, "org.authority", json!({"user": user, "limit": limit, "acting_for": for_user, "process": null}))
        };
        let yuan = |amount: &str| json!({"amount": amount, "currency": "CNY"});
        assert_eq!(may("bo", "discount", Value::Null).unwrap(), Value::Null, "nothing gives any");
        let sales = json!({"limits": {"discount": 0.05, "amount": yuan("10000.00")}});
        alice.put("/api/v1/roles/sales", sales).ok(200);
        assert_eq!(may("bo", "discount", Value::Null).unwrap(), json!({"limit": 0.05, "source": "role sales"}));
        let lead = |limits: Value| {
            let body = json!({"unit": "north", "title": "l", "user": "bo", "manager": "head", "limits": limits});
            company.seat("lead-north", body).ok(200)
        };
        lead(json!({"discount": 0.20, "amount": yuan("9000.00")}));
        let bo = json!({"limit": 0.20, "source": "position lead-north"});
        assert_eq!(may("bo", "discount", Value::Null).unwrap(), bo);
        assert_eq!(may("bo", "amount", Value::Null).unwrap()["source"], "role sales");
        assert_eq!(may("bo", "payment", Value::Null).unwrap(), Value::Null);

        assert_eq!(may("anna", "discount", json!("bo")).unwrap(), Value::Null, "anna does not stand in");
        let body = json!({"user": "anna", "from": NOW, "limits": {"discount": 0.1, "amount": yuan("99999.00")}});
        let made = app.by("bo").post("/api/v1/substitutions", body).ok(201);
        let source = format!("substitution {}", made["id"].as_str().unwrap());
        assert_eq!(may("anna", "discount", json!("bo")).unwrap(), json!({"limit": 0.1, "source": source}));
        let own = may("anna", "amount", json!("bo")).unwrap();
        assert_eq!(own, json!({"limit": yuan("10000.00"), "source": "role sales"}), "never more than bo has");
        assert_eq!(may("anna", "discount", Value::Null).unwrap()["limit"], json!(0.05), "in her own name");
        app.by("anna").post("/api/v1/substitutions", json!({"user": "ed", "from": NOW})).ok(201);
        assert_eq!(may("ed", "discount", json!("bo")).unwrap(), Value::Null, "it is not handed on");

        lead(json!({"discount": yuan("1.00")}));
        assert_eq!(may("bo", "discount", Value::Null).unwrap_err(), "limits_differ");
        alice.put("/api/v1/users/bo", json!({"name": "bo", "roles": ["sales"], "active": false})).ok(200);
        assert_eq!(may("bo", "amount", Value::Null).unwrap(), Value::Null, "who left decides nothing");
        assert_eq!(may("anna", "amount", json!("bo")).unwrap(), Value::Null);
        assert_eq!(company.business(), BUSINESS);
    });
}
