//! What a merge does, and what it refuses.

use super::*;
use crate::support::app::CHINESE;
use crate::support::on_both;

#[test]
fn two_records_become_one_and_everything_follows() {
    on_both(|database| {
        let app = app(database);
        let boss = app.by("boss");
        let winner = make(&boss, "company", json!({"name": "North", "aliases": ["N"], "owner": "ann"}));
        let fields = json!({"name": "Nord", "code": "K-1", "phone": "5", "aliases": ["N", "No"], "owner": "bob"});
        let loser = make(&boss, "company", fields);
        let other = make(&boss, "company", json!({"name": "East", "partners": [loser, winner], "parent": loser}));
        let contact = make(&boss, "contact", json!({"name": "Li", "company": loser}));
        let deal = make(
            &boss,
            "deal",
            json!({"name": "D", "payer": loser, "parties": [{"company": winner, "share": 1}, {"company": loser, "share": 2}]}),
        );

        let merged = merge(&boss, &winner, &loser, json!({}));
        assert_eq!(merged.header("etag"), "\"2\"");
        let merged = merged.ok(200);
        assert_eq!((&merged["merge"]["winner"], &merged["merge"]["loser"]), (&json!(winner), &json!(loser)));
        assert_eq!((&merged["merge"]["repointed"], &merged["merge"]["by"]), (&json!(3), &json!("boss")));
        // Blanks are filled, lists are united, the other name is an alias, what is computed is computed.
        let expected = json!({"name": "North", "upper": "NORTH", "code": "K-1", "phone": "5", "owner": "ann",
            "aliases": ["N", "No", "Nord"]});
        assert_eq!(merged["record"]["fields"], expected);
        assert_eq!(get(&boss, "company", &winner), merged["record"]);

        // What referred to the loser refers to the winner, with history and reason; a list names it once.
        assert_eq!(get(&boss, "contact", &contact)["fields"]["company"], json!(winner));
        let parties = json!([{"company": winner, "share": 1}, {"company": winner, "share": 2}]);
        assert_eq!(get(&boss, "deal", &deal)["fields"]["parties"], parties);
        let east = get(&boss, "company", &other);
        assert_eq!((&east["fields"]["partners"], &east["fields"]["parent"]), (&json!([winner]), &json!(winner)));
        let history = boss.get(&format!("{}/history", at("contact", &contact))).ok(200);
        let last = history["items"].as_array().unwrap().last().unwrap().clone();
        assert_eq!((&last["old"], &last["new"], &last["by"]), (&json!(loser), &json!(winner), &json!("boss")));
        assert_eq!(last["reason"], json!(format!("{loser} was merged into {winner}: the same")));
        assert_eq!(boss.get(&format!("/api/v1/records/contact?company={winner}")).ok(200)["total"], 1);

        // The loser is in no list, and its key is the winner's.
        assert_eq!(boss.get("/api/v1/records/company").ok(200)["total"], 2);
        assert_eq!(boss.get("/api/v1/records/company?owner=bob").ok(200)["total"], 0);
        let taken = boss.post("/api/v1/records/company", json!({"fields": {"name": "x", "code": "K-1"}}));
        taken.problem(409, "not_unique");
    });
}

#[test]
fn a_record_that_was_merged_is_a_redirect() {
    on_both(|database| {
        let app = app(database);
        let boss = app.by("boss");
        let [a, b, c] = ["A", "B", "C"].map(|name| make(&boss, "company", json!({"name": name, "owner": "ann"})));
        merge(&boss, &a, &b, json!({})).ok(200);
        let moved = boss.get(&at("company", &b));
        assert_eq!(moved.header("location"), at("company", &a));
        let problem = moved.problem(308, "record_merged");
        assert_eq!(problem["present"], json!({"type": "company", "id": b, "mergedInto": a}));
        let chinese = boss.send("GET", &at("company", &b), &[CHINESE], "").problem(308, "record_merged");
        assert_eq!(chinese["detail"], json!(format!("company {b} 已合并到 {a}")));

        // A merge of a merge: the redirects are followed to their end.
        merge(&boss, &c, &a, json!({})).ok(200);
        for gone in [&a, &b] {
            assert_eq!(boss.get(&at("company", gone)).header("location"), at("company", &c));
            let refused = patch(&boss, "company", gone, json!({"phone": "1"})).problem(409, "record_merged");
            assert_eq!(refused["present"]["mergedInto"], json!(c));
        }
        // Its history stays for those whom its owner or their role lets see it; others are led on.
        let history = boss.get(&format!("{}/history", at("company", &b))).ok(200);
        let last = history["items"].as_array().unwrap().last().unwrap().clone();
        assert_eq!((&last["field"], &last["new"]), (&json!("$merged_into"), &json!(a)));
        app.user("tim", &["clerk"]);
        patch(&boss, "company", &c, json!({"team": ["tim"]})).ok(200);
        let led = app.by("tim").get(&format!("{}/history", at("company", &b)));
        assert_eq!((led.status, led.header("location")), (308, format!("{}/history", at("company", &c)).as_str()));

        // Who names the loser means the winner.
        let contact = make(&boss, "contact", json!({"name": "Li", "company": b}));
        assert_eq!(get(&boss, "contact", &contact)["fields"]["company"], json!(c));
        let moved = patch(&boss, "contact", &contact, json!({"company": a})).ok(200);
        assert_eq!((&moved["fields"]["company"], &moved["version"]), (&json!(c), &json!(1)), "the same record");

        // Whoever may not see the winner knows nothing of the loser.
        patch(&boss, "company", &c, json!({"owner": "bob", "team": null})).ok(200);
        for path in [at("company", &b), format!("{}/merges", at("company", &b))] {
            app.by("tim").get(&path).problem(404, "not_found");
        }
        patch(&app.by("tim"), "company", &b, json!({"phone": "2"})).problem(404, "not_found");
    });
}

#[test]
fn values_are_chosen_field_by_field() {
    on_both(|database| {
        let app = app(database);
        let boss = app.by("boss");
        let a = make(&boss, "company", json!({"name": "A", "code": "1", "phone": "11", "aliases": ["x"]}));
        let b = make(&boss, "company", json!({"name": "B", "code": "2", "aliases": ["y"]}));
        let refused = |fields: Json, pointer: &str| {
            let problem = merge(&boss, &a, &b, fields).problem(422, "invalid_record");
            assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem}");
        };
        refused(json!({"nmae": "loser"}), "/fields/nmae");
        refused(json!({"upper": {"value": "X"}}), "/fields/upper");
        refused(json!({"name": {"value": null}}), "/fields/name");
        refused(json!({"name": {"value": 7}}), "/fields/name");
        refused(json!({"owner": {"value": "nobody"}}), "/fields/owner");
        merge(&boss, &a, &b, json!({"name": "both"})).problem(400, "invalid_body");
        let choices = json!({"name": "loser", "code": "loser", "phone": "loser", "aliases": {"value": ["z"]}});
        let merged = merge(&boss, &a, &b, choices.clone()).ok(200);
        // What was chosen counts as it is: the loser had no phone, and no name is added to a list that was given.
        assert_eq!(merged["record"]["fields"], json!({"name": "B", "upper": "B", "code": "2", "aliases": ["z"]}));
        assert_eq!(merged["merge"]["fields"], choices);
        let listed = boss.get(&format!("{}/merges", at("company", &b))).ok(200);
        assert_eq!((&listed["total"], &listed["items"][0]), (&json!(1), &merged["merge"]));
        // The key that the winner gave up is free.
        make(&boss, "company", json!({"name": "C", "code": "1"}));
    });
}

#[test]
fn what_makes_no_sense_is_refused_and_changes_nothing() {
    on_both(|database| {
        let app = app(database);
        let boss = app.by("boss");
        let [a, b, c] = ["A", "B", "C"].map(|name| make(&boss, "company", json!({ "name": name })));
        for (company, name) in [(&a, "Li"), (&b, "Li"), (&c, "Wu")] {
            make(&boss, "contact", json!({"name": name, "company": company}));
        }
        let before = snapshot(database);
        let path = format!("{}/merge", at("company", &a));
        merge(&boss, &a, &a, json!({})).problem(422, "merge_same");
        merge(&boss, &a, "no-id", json!({})).problem(404, "not_found");
        merge(&boss, "no-id", &a, json!({})).problem(404, "not_found");
        boss.post(&path, json!({"loser": b, "reason": " "})).problem(422, "reason_required");
        boss.post(&path, json!({"loser": b})).problem(400, "invalid_body");
        let sent = |seen: &str, loser_version: i64| {
            let body = json!({"loser": c, "loserVersion": loser_version, "reason": "x"}).to_string();
            boss.send("POST", &path, &[JSON, ("If-Match", seen)], &body)
        };
        assert_eq!(sent("\"2\"", 1).problem(412, "stale_record")["present"]["id"], json!(a));
        assert_eq!(sent("\"1\"", 2).problem(412, "stale_record")["present"]["id"], json!(c));
        // Each has a contact Li: these are to be merged first.
        let twins = merge(&boss, &a, &b, json!({})).problem(409, "merge_not_unique");
        assert!(twins["detail"].as_str().unwrap().contains("company,name"), "{twins}");
        assert_eq!(snapshot(database), before);

        sent("\"1\"", 1).ok(200);
        let again = merge(&boss, &b, &c, json!({})).problem(409, "merged_already");
        assert_eq!(again["present"]["mergedInto"], json!(a));
        merge(&boss, &c, &b, json!({})).problem(409, "merged_already");
        undo(&boss, &b, "no-id").problem(404, "not_found");
    });
}

#[test]
fn a_merge_is_answered_once_under_its_key() {
    on_both(|database| {
        let app = app(database);
        let boss = app.by("boss");
        let [a, b] = ["A", "B"].map(|name| make(&boss, "company", json!({ "name": name })));
        let send = || {
            let body = json!({"loser": b, "reason": "x"}).to_string();
            let path = format!("{}/merge", at("company", &a));
            boss.send("POST", &path, &[JSON, ("Idempotency-Key", "m-1")], &body)
        };
        let (first, second) = (send(), send());
        assert_eq!((first.ok(200), second.header("idempotency-replayed")), (second.ok(200), "true"));
        assert_eq!(boss.get(&format!("{}/merges", at("company", &a))).ok(200)["total"], 1);
    });
}

#[test]
fn more_references_than_one_transaction_carries_are_refused_with_their_number() {
    on_both(|database| {
        let app = app(database);
        let boss = app.by("boss");
        let [a, b] = ["A", "B"].map(|name| make(&boss, "company", json!({ "name": name })));
        let fill = format!(
            "INSERT INTO record_index (business, record_type, field, value, record) \
             WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10001) \
             SELECT 'main', 'contact', 'company', '{b}', 'c' || i FROM n"
        );
        diesel::sql_query(fill).execute(&mut database.connect()).unwrap();
        let refused = merge(&boss, &a, &b, json!({})).problem(409, "merge_too_large");
        assert!(refused["detail"].as_str().unwrap().starts_with("10001 records refer to"), "{refused}");
    });
}
