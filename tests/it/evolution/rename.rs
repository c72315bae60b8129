//! A field gets another name: reads, writes, search, history and unique rules have it at once, before and after the batch
//! alike.

use super::*;
use crate::support::on_both;

/// The same with another name for the code, which says what it was.
fn renamed(from: &str, to: &str) -> String {
    let said = format!("  {to}: {{type: string, max: 20, was: {from}}}");
    FIRST
        .replace("  code: {type: string, max: 20}", &said)
        .replace("keys: [core, code]", &format!("keys: [core, {to}]"))
        .replace("unique: [{fields: [code]}]", &format!("unique: [{{fields: [{to}]}}]"))
        .replace("indexes: [[size], [code]]", &format!("indexes: [[size], [{to}]]"))
}

#[test]
fn a_renamed_field_has_its_new_name_everywhere_at_once() {
    on_both(|database| {
        let app = first(database);
        let one = client(&app, json!({"name": "One", "code": "A1"}));
        let two = client(&app, json!({"name": "Two", "code": "A2", "size": 2}));
        change(&app, &renamed("code", "sku"));

        let look = |before: bool| {
            let seen = get(&app, &one);
            assert_eq!(seen["fields"], json!({"name": "One", "sku": "A1", "core": "one"}));
            assert_eq!(seen["version"], 1, "nobody changed it");
            assert_eq!(found(&app, json!({"sku": "A2"})), std::slice::from_ref(&two));
            assert_eq!(candidates_by_sku(&app, "A1"), 1);
            let made = json!({"fields": {"name": "Three", "sku": "A1"}});
            let taken = app.by("ann").post("/api/v1/records/client", made).problem(409, "not_unique");
            assert!(taken["errors"][0]["detail"].as_str().unwrap().contains("sku"), "{taken}");
            let unknown = json!({"fields": {"name": "Three", "code": "A9"}});
            app.by("ann").post("/api/v1/records/client", unknown).problem(422, "invalid_record");
            let history = app.by("ann").get(&format!("/api/v1/records/client/{two}/history")).ok(200);
            let fields: Vec<&str> =
                history["items"].as_array().unwrap().iter().map(|change| change["field"].as_str().unwrap()).collect();
            assert_eq!(fields, ["sku", "core", "name", "size"], "in the order of the names they had, {before}");
        };
        look(true);
        // Who changes one before the batch comes by brings it there.
        patch(&app, &two, json!({"sku": "B2"})).ok(200);
        assert_eq!(found(&app, json!({"sku": "A2"})), Vec::<String>::new());
        client(&app, json!({"name": "Free again", "sku": "A2"}));
        patch(&app, &two, json!({"sku": "A1"})).problem(409, "not_unique");
        patch(&app, &two, json!({"sku": null})).ok(200);
        assert_eq!(get(&app, &two)["fields"], json!({"name": "Two", "core": "two", "size": 2}));

        assert_eq!(rederive(&app), 1, "the one that nobody changed");
        assert_eq!(get(&app, &one)["fields"], json!({"name": "One", "sku": "A1", "core": "one"}));
        assert_eq!(get(&app, &one)["version"], 1);
        for gone in
            ["record_index WHERE field = 'code'", "record_keys WHERE rule = 'code'", "record_lenses", "record_aliases"]
        {
            assert_eq!(rows(database, gone), 0, "{gone}");
        }
        client(&app, json!({"name": "Other", "sku": "B2"}));
        let made = json!({"fields": {"name": "Three", "sku": "A1"}});
        app.by("ann").post("/api/v1/records/client", made).problem(409, "not_unique");
        let history = app.by("ann").get(&format!("/api/v1/records/client/{one}/history")).ok(200);
        assert_eq!(history["items"][0]["field"], "sku");
        assert_eq!(history["items"].as_array().unwrap().len(), 3, "a new name is no change: {history}");
    });
}

fn candidates_by_sku(app: &TestApp, sku: &str) -> usize {
    found(app, json!({"sku": sku})).len()
}

#[test]
fn names_change_several_times_before_the_batch_comes_by() {
    on_both(|database| {
        let app = first(database);
        let one = client(&app, json!({"name": "One", "code": "A1"}));
        change(&app, &renamed("code", "sku"));
        let two = client(&app, json!({"name": "Two", "sku": "A2"}));
        change(&app, &renamed("sku", "article"));
        let three = client(&app, json!({"name": "Three", "article": "A3"}));
        let look = || {
            for (id, code) in [(&one, "A1"), (&two, "A2"), (&three, "A3")] {
                assert_eq!(get(&app, id)["fields"]["article"], code);
                assert_eq!(found(&app, json!({"article": code})), std::slice::from_ref(id));
                let made = json!({"fields": {"name": "Four", "article": code}});
                app.by("ann").post("/api/v1/records/client", made).problem(409, "not_unique");
                let history = app.by("ann").get(&format!("/api/v1/records/client/{id}/history")).ok(200);
                let named = |name: &str| {
                    history["items"].as_array().unwrap().iter().filter(|change| change["field"] == name).count()
                };
                assert_eq!((named("article"), named("sku"), named("code")), (1, 0, 0), "{history}");
            }
        };
        look();
        // A name that records still have under another one cannot be given to a field of its own.
        let again = renamed("sku", "article").replace("  size:", "  code: {type: int}\n  size:");
        let refused = refused(&app, &again);
        let refused: Vec<_> = refused.iter().map(|impact| (&impact["code"], &impact["field"])).collect();
        assert_eq!(refused, [(&json!("name_still_used"), &json!("code"))]);
        assert_eq!(rederive(&app), 2);
        look();
        change(&app, &again);
        rederive(&app);
        look();
        patch(&app, &one, json!({"code": 7})).ok(200);
        assert_eq!(get(&app, &one)["fields"]["code"], 7);
    });
}

#[test]
fn a_new_field_with_a_default_has_it_at_once_and_a_removed_one_is_readable_in_the_history() {
    on_both(|database| {
        let app = first(database);
        let one = client(&app, json!({"name": "One", "note": "remember", "secret": "hush", "size": 3}));
        let next = FIRST
            .replace(
                "  note: {type: string}\n  secret: {type: string}\n",
                "  grade: {type: string, required: true, default: C}\n",
            )
            .replace("  fields: {secret: {read: ['role:boss']}}\n", "")
            .replace("size: {type: int}", "size: {type: decimal}");
        let answer = try_change(&app, &next, SMALL).ok(201);
        assert_eq!(answer["number"], 2);
        let look = || {
            let seen = get(&app, &one);
            assert_eq!(seen["fields"], json!({"name": "One", "grade": "C", "size": 3, "core": "one"}));
            assert_eq!(seen["version"], 1);
            let history = app.by("ann").get(&format!("/api/v1/records/client/{one}/history")).ok(200);
            let fields: Vec<_> =
                history["items"].as_array().unwrap().iter().map(|change| (&change["field"], &change["new"])).collect();
            let told =
                [("core", json!("one")), ("name", json!("One")), ("note", json!("remember")), ("size", json!(3))];
            let told: Vec<(Json, Json)> = told.into_iter().map(|(name, value)| (json!(name), value)).collect();
            let told: Vec<_> = told.iter().map(|(name, value)| (name, value)).collect();
            assert_eq!(fields, told, "the note under its old name, the secret hidden");
        };
        look();
        assert_eq!(rows(database, "records WHERE fields LIKE '%remember%'"), 1);
        assert_eq!(rederive(&app), 1);
        look();
        assert_eq!(rows(database, "records WHERE fields LIKE '%remember%' OR fields LIKE '%hush%'"), 0);
        assert_eq!(rows(database, "records WHERE fields LIKE '%grade%'"), 1);
        patch(&app, &one, json!({"size": "3.5", "grade": "B"})).ok(200);
        assert_eq!(get(&app, &one)["fields"], json!({"name": "One", "grade": "B", "size": 3.5, "core": "one"}));
        // What it would do is told before, too.
        let body =
            deployment(&files(&next.replace("  grade: {type: string, required: true, default: C}\n", ""), SMALL));
        let mut body = body;
        body.as_object_mut().unwrap().remove("note");
        let dry = app.by("alice").post("/api/v1/deployments/validate", body).ok(200);
        assert_eq!((&dry["valid"], &dry["impacts"][0]["code"]), (&json!(true), &json!("field_removed")));
        assert_eq!((&dry["impacts"][0]["severity"], &dry["impacts"][0]["rows"]), (&json!("warning"), &json!(1)));
    });
}
