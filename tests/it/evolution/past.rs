//! The past of records whose type changed: what they were then, under the names of now, and nothing of it for who may
//! not read it.

use super::*;
use crate::support::on_both;

fn as_of(app: &TestApp, id: &str, at: &str) -> Json {
    app.by("ann").get(&format!("/api/v1/records/client/{id}?asOf={at}")).ok(200)["fields"].clone()
}

#[test]
fn a_default_and_a_removal_begin_with_their_revision() {
    on_both(|database| {
        let app = first(database);
        let one = client(&app, json!({"name": "One", "note": "remember", "size": 1}));
        app.advance("PT1H");
        let grade = "  grade: {type: string, default: C}\n  seats: {type: int, was: size}\n";
        let next = FIRST.replace("  note: {type: string}\n", grade).replace("  size: {type: int}\n", "");
        change(&app, &next.replace("[[size]", "[[seats]"));
        app.advance("PT1H");
        patch(&app, &one, json!({"grade": "B"})).ok(200);
        app.advance("PT1H");
        patch(&app, &one, json!({"grade": null})).ok(200);
        app.advance("PT1H");
        let two = client(&app, json!({"name": "Two", "grade": null}));
        let look = || {
            let then = |at: &str| as_of(&app, &one, at);
            let first = json!({"name": "One", "core": "one", "note": "remember", "seats": 1});
            assert_eq!(then("2026-03-02T00:30:00Z"), first);
            assert_eq!(then("2026-03-02T01:30:00Z"), json!({"name": "One", "core": "one", "grade": "C", "seats": 1}));
            assert_eq!(then("2026-03-02T02:30:00Z"), json!({"name": "One", "core": "one", "grade": "B", "seats": 1}));
            assert_eq!(then("2026-03-02T03:30:00Z"), get(&app, &one)["fields"]);
            assert_eq!(as_of(&app, &two, "2026-03-02T04:30:00Z"), get(&app, &two)["fields"]);
        };
        look();
        rederive(&app);
        look();
    });
}

#[test]
fn a_name_that_another_field_got_does_not_show_what_was_hidden_under_it() {
    on_both(|database| {
        let app = first(database);
        app.user("boss", &["boss", "clerk"]);
        let one = client(&app, json!({"name": "One", "secret": "tulip"}));
        app.advance("PT1H");
        let hush = FIRST.replace("  secret: {type: string}", "  hush: {type: string, was: secret}");
        let hush = hush.replace("{secret: {read", "{hush: {read");
        change(&app, &hush);
        rederive(&app);
        app.advance("PT1H");
        let open = hush.replace("hush: {type: string, was: secret}", "hush: {type: string}\n  secret: {type: string}");
        change(&app, &open);
        rederive(&app);
        app.advance("PT1H");
        patch(&app, &one, json!({"secret": "open to all"})).ok(200);
        let told =
            |login: &str, more: &str| app.by(login).get(&format!("/api/v1/records/client/{one}/history{more}")).ok(200);
        let fields = |page: &Json| {
            let items = page["items"].as_array().unwrap();
            items.iter().map(|change| change["field"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(fields(&told("boss", "")), ["core", "name", "hush", "secret"]);
        let seen = told("ann", "");
        assert_eq!((fields(&seen), &seen["total"]), (vec!["core".into(), "name".into(), "secret".into()], &json!(3)));
        let first = told("ann", "?limit=2");
        assert_eq!((fields(&first).len(), &first["total"]), (2, &json!(3)));
        let then =
            |login: &str| app.by(login).get(&format!("/api/v1/records/client/{one}?asOf=2026-03-02T00:30:00Z")).ok(200);
        assert_eq!(then("boss")["fields"], json!({"name": "One", "core": "one", "hush": "tulip"}));
        assert_eq!(then("ann")["fields"], json!({"name": "One", "core": "one"}));
        // Removed, it stays hidden, and is not counted.
        app.advance("PT1H");
        change(
            &app,
            &open.replace("  hush: {type: string}\n", "").replace("  fields: {hush: {read: ['role:boss']}}\n", ""),
        );
        assert_eq!(fields(&told("ann", "")), ["core", "name", "secret"]);
        assert_eq!(told("boss", "")["total"], 3, "nobody reads it any more");
    });
}
