//! Only who stands above the present owner changes the owner (000.60).

use super::*;
use crate::support::on_both;
use kamflow::model::time::Timestamp;

#[test]
fn the_owner_asks_and_who_stands_above_him_decides() {
    on_both(|database| {
        let app = app(database, &[]);
        let path = account(&app);
        let give = |login: &str, to: &str| patch(&app.by(login), &path, json!({"owner": to}));
        assert_eq!(pointers(&give("ann", "bob").problem(403, "field_not_allowed")), ["/fields/owner"]);
        // Saying who it is changes nothing, and is not refused.
        assert_eq!(give("ann", "ann").ok(200)["version"], 1);
        assert_eq!(patch(&app.by("ann"), &path, json!({"owner": "ann", "note": "x"})).ok(200)["version"], 2);
        // Who is to have it, and who stands above him alone, have no say; nor has an administrator.
        give("bob", "bob").problem(403, "field_not_allowed");
        give("nick", "bob").problem(404, "not_found");
        give("alice", "bob").problem(404, "not_found");
        app.user("nick", &["boss"]);
        give("nick", "bob").problem(403, "record_not_allowed");
        // Nor may it be taken away from everybody.
        give("ann", "mia").problem(403, "field_not_allowed");
        patch(&app.by("ann"), &path, json!({"owner": null})).problem(403, "field_not_allowed");

        let given = give("mia", "bob").ok(200);
        // It is bob's now: mia has done it and sees it no more.
        assert_eq!((&given["version"], &given["fields"]), (&json!(3), &json!({})));
        assert_eq!((&given["allowedActions"], given["hiddenFields"].as_array().unwrap().len()), (&json!([]), 10));
        app.by("mia").get(&path).problem(404, "not_found");
        app.by("ann").get(&path).problem(404, "not_found");
        give("mia", "ann").problem(404, "not_found");
        // Everybody above counts, not only the next.
        let back = give("root", "ann").ok(200);
        assert_eq!((&back["fields"]["owner"], &back["allowedActions"]), (&json!("ann"), &json!(["update"])));
        let history = app.by("ann").get(&format!("{path}/history")).ok(200);
        let owners: Vec<(&Json, &Json)> = history["items"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|change| change["field"] == "owner")
            .map(|change| (&change["new"], &change["by"]))
            .collect();
        assert_eq!(
            owners,
            [(&json!("ann"), &json!("ann")), (&json!("bob"), &json!("mia")), (&json!("ann"), &json!("root"))]
        );
    });
}

#[test]
fn the_hierarchy_of_the_moment_decides() {
    on_both(|database| {
        let app = app(database, &[]);
        let path = account(&app);
        // From nine o'clock on ann works for nick.
        let nine = Timestamp::parse("2026-03-02T01:00:00Z").unwrap();
        seat(&app, "desk-a", Some("ann"), Some("south"), Window::between(Some(nine), None));
        assert_eq!(app.by("mia").get(&path).ok(200)["allowedActions"], json!(["update"]));
        app.by("nick").get(&path).problem(404, "not_found");
        app.advance("PT1H");
        app.by("mia").get(&path).problem(404, "not_found");
        patch(&app.by("mia"), &path, json!({"owner": "bob"})).problem(404, "not_found");
        assert_eq!(patch(&app.by("nick"), &path, json!({"owner": "bob"})).ok(200)["fields"]["owner"], "bob");
    });
}

#[test]
fn an_owner_without_a_superior_keeps_what_he_has() {
    on_both(|database| {
        let app = app(database, &[]);
        app.user("root", &["clerk"]);
        let made = app.by("root").post(ACCOUNTS, json!({"fields": {"name": "a", "owner": "root"}})).ok(201);
        let path = format!("{ACCOUNTS}/{}", made["id"].as_str().unwrap());
        for login in ["root", "boss"] {
            assert_eq!(patch(&app.by(login), &path, json!({"owner": "ann"})).status, 403, "{login}");
        }
        for login in ["ann", "mia", "alice"] {
            patch(&app.by(login), &path, json!({"owner": "ann"})).problem(404, "not_found");
        }
    });
}

#[test]
fn of_two_superiors_at_once_one_is_too_late() {
    on_both(|database| {
        let app = app(database, &[]);
        let path = account(&app);
        let give = |login: &str, to: &str| {
            let body = json!({"fields": {"owner": to}}).to_string();
            app.by(login).send("PATCH", &path, &[JSON, ("If-Match", "\"1\"")], &body)
        };
        let statuses = std::thread::scope(|scope| {
            let both = [("mia", "mia"), ("root", "root")].map(|(by, to)| scope.spawn(move || give(by, to).status));
            both.map(|one| one.join().unwrap())
        });
        let mut sorted = statuses;
        sorted.sort_unstable();
        // Who is too late hears that it changed; or, when it is not his to see any more, that there is nothing.
        assert!(sorted == [200, 412] || sorted == [200, 404], "{statuses:?}");
        assert_eq!(app.by("root").get(&path).ok(200)["version"], 2);
    });
}
