//! Going back to an earlier revision: the same checks, and records are brought back, too.

use super::*;
use crate::support::on_both;

#[test]
fn going_back_takes_names_and_keys_back() {
    on_both(|database| {
        let app = first(database);
        let one = client(&app, json!({"name": "Hua Xin", "code": "A1", "note": "kept"}));
        let two = client(&app, json!({"name": "Bei Fang", "code": "A2"}));
        let next = FIRST
            .replace(
                "  code: {type: string, max: 20}",
                "  sku: {type: string, max: 20, was: code}\n  grade: {type: int, default: 1}",
            )
            .replace("  note: {type: string}\n", "")
            .replace("code]", "sku]");
        deploy(&app, &files(&next, CLOSE));
        // Half of them are brought there by a change, half not at all.
        patch(&app, &two, json!({"sku": "B2", "grade": 2})).ok(200);
        let activate = |number: i64| app.by("alice").post(&format!("/api/v1/deployments/{number}/activate"), json!({}));
        activate(1).ok(200);
        let look = |deriving: bool| {
            let note = json!({"name": "Hua Xin", "code": "A1", "core": "hua xin", "note": "kept"});
            assert_eq!(get(&app, &one)["fields"], note, "it was not brought there yet, so its note is still there");
            assert_eq!(get(&app, &two)["fields"]["code"], "B2");
            assert!(get(&app, &two)["fields"]["grade"].is_null());
            assert_eq!(found(&app, json!({"code": "B2"})), std::slice::from_ref(&two));
            let (found, cut, said) = candidates(&app, "bei fang");
            assert!(said == deriving && cut == deriving && (deriving || found == 1));
            let made = json!({"fields": {"name": "Three", "code": "B2"}});
            app.by("ann").post("/api/v1/records/client", made).problem(409, "not_unique");
        };
        look(true);
        assert_eq!(rederive(&app), 1, "only the one that was changed meanwhile");
        look(false);
        // And forward again, through the names it had.
        activate(2).ok(200);
        rederive(&app);
        assert_eq!(get(&app, &one)["fields"], json!({"name": "Hua Xin", "sku": "A1", "core": "huaxin", "grade": 1}));
        assert_eq!(candidates(&app, "huaxin"), (1, false, false));
        let history = app.by("ann").get(&format!("/api/v1/records/client/{two}/history")).ok(200);
        let fields: Vec<&str> =
            history["items"].as_array().unwrap().iter().map(|change| change["field"].as_str().unwrap()).collect();
        assert!(fields.contains(&"sku") && !fields.contains(&"code"), "{history}");
        assert_eq!(rows(database, "record_lenses"), 0);
    });
}

#[test]
fn going_back_over_two_new_names_works_and_what_breaks_records_is_refused() {
    on_both(|database| {
        let app = first(database);
        let one = client(&app, json!({"name": "One", "code": "A1"}));
        let sku = FIRST.replace("  code: {type: string, max: 20}", "  sku: {type: string, max: 20, was: code}");
        change(&app, &sku.replace("code]", "sku]"));
        let article = FIRST.replace("  code: {type: string, max: 20}", "  article: {type: string, max: 30, was: sku}");
        change(&app, &article.replace("code]", "article]"));
        rederive(&app);
        let two = client(&app, json!({"name": "Two", "article": "a text of 24 characters."}));
        let back = app.by("alice").post("/api/v1/deployments/1/activate", json!({}));
        let refused = back.problem(422, "breaks_records");
        assert_eq!(refused["impacts"][0]["field"], "code");
        assert_eq!(refused["impacts"][0]["sample"], json!([two]));
        assert_eq!(get(&app, &one)["fields"]["article"], "A1", "nothing was activated");
        patch(&app, &two, json!({"article": "A2"})).ok(200);
        app.by("alice").post("/api/v1/deployments/1/activate", json!({})).ok(200);
        for (id, code) in [(&one, "A1"), (&two, "A2")] {
            assert_eq!(get(&app, id)["fields"]["code"], code);
            assert_eq!(found(&app, json!({"code": code})), std::slice::from_ref(id));
        }
        assert_eq!(rederive(&app), 2);
        assert_eq!(found(&app, json!({"code": "A1"})), [one]);
    });
}
