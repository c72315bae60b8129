//! Records that were merged while their type was another one: redirects are in nobody's way, and an undo restores them
//! under the names and rules of now.

use super::*;
use crate::support::on_both;

struct Pair {
    winner: String,
    loser: String,
    below: String,
    merge: String,
}

/// Two that are merged, and one that referred to the loser.
fn pair(app: &TestApp) -> Pair {
    app.user("boss", &["boss", "clerk"]);
    let winner = client(app, json!({"name": "Hua Xin", "code": "A1", "note": "n", "colour": "red"}));
    let loser = client(app, json!({"name": "Bei Fang", "code": "A2", "size": 2, "colour": "blue", "secret": "s"}));
    let below = client(app, json!({"name": "Low", "above": loser}));
    let body = json!({"loser": loser, "fields": {"code": "loser", "secret": "winner"}, "reason": "the same"});
    let merged = app.by("boss").post(&format!("/api/v1/records/client/{winner}/merge"), body).ok(200);
    let merge = merged["merge"]["id"].as_str().unwrap().to_owned();
    app.advance("PT1H");
    Pair { winner, loser, below, merge }
}

fn undo(app: &TestApp, Pair { winner, merge, .. }: &Pair) -> Answer {
    let path = format!("/api/v1/records/client/{winner}/merges/{merge}/undo");
    app.by("boss").post(&path, json!({"reason": "they are two"}))
}

/// Other names, other keys, a field less and a field more.
fn next() -> String {
    FIRST
        .replace(
            "  code: {type: string, max: 20}",
            "  sku: {type: string, max: 20, was: code}\n  grade: {type: int, default: 1}",
        )
        .replace("  note: {type: string}\n", "")
        .replace("  above: {type: ref, record: client}", "  upper: {type: ref, record: client, was: above}")
        .replace("  secret: {type: string}", "  hush: {type: string, was: secret}")
        .replace("{secret: {read", "{hush: {read")
        .replace("code]", "sku]")
}

fn undone(app: &TestApp, pair: &Pair) {
    let merges = |login: &str| {
        let path = format!("/api/v1/records/client/{}/merges", pair.winner);
        app.by(login).get(&path).ok(200)["items"][0]["fields"].clone()
    };
    assert_eq!(merges("boss"), json!({"sku": "loser", "hush": "winner"}));
    assert_eq!(merges("ann"), json!({"sku": "loser"}), "what was chosen for a hidden field is hidden");
    undo(app, pair).ok(200);
    let boss = app.by("boss");
    let seen = |id: &str| boss.get(&format!("/api/v1/records/client/{id}")).ok(200)["fields"].clone();
    assert_eq!(
        seen(&pair.winner),
        json!({"name": "Hua Xin", "sku": "A1", "grade": 1, "core": "huaxin", "colour": "red"})
    );
    let loser = json!({"name": "Bei Fang", "sku": "A2", "grade": 1, "core": "beifang", "size": 2, "colour": "blue", "hush": "s"});
    assert_eq!(seen(&pair.loser), loser);
    assert_eq!(seen(&pair.below)["upper"], json!(pair.loser));
    assert_eq!(found(app, json!({"sku": "A2"})), std::slice::from_ref(&pair.loser));
    let made = json!({"fields": {"name": "Three", "sku": "A2"}});
    app.by("ann").post("/api/v1/records/client", made).problem(409, "not_unique");
}

#[test]
fn a_merge_is_undone_before_the_batch_comes_by() {
    on_both(|database| {
        let app = first(database);
        let pair = pair(&app);
        deploy(&app, &files(&next(), CLOSE));
        assert_eq!(found(&app, json!({"sku": "A2"})), std::slice::from_ref(&pair.winner));
        undone(&app, &pair);
        rederive(&app);
        assert_eq!(candidates(&app, "beifang"), (1, false, false));
        assert_eq!(rows(database, "record_lenses"), 0);
    });
}

#[test]
fn a_merge_is_undone_after_the_batch_and_a_redirect_holds_nothing() {
    on_both(|database| {
        let app = first(database);
        let pair = pair(&app);
        deploy(&app, &files(&next(), CLOSE));
        assert_eq!(rederive(&app), 3);
        let told = progress(&app, 2);
        assert_eq!((&told["total"], &told["done"], &told["failed"]), (&json!(3), &json!(3), &json!(0)));
        for table in ["record_keys", "record_index"] {
            assert_eq!(rows(database, &format!("{table} WHERE record = '{}'", pair.loser)), 0, "{table}");
        }
        assert_eq!(candidates(&app, "beifang"), (0, false, false));
        undone(&app, &pair);
        assert_eq!(candidates(&app, "beifang"), (1, false, false));
    });
}

#[test]
fn a_redirect_stands_in_the_way_of_no_revision_and_comes_back_only_if_it_fits() {
    on_both(|database| {
        let app = first(database);
        let pair = pair(&app);
        // The winner is red; the loser is blue, but nobody can change it.
        change(&app, &FIRST.replace("values: [red, green, blue]", "values: [red, green]"));
        let refused = undo(&app, &pair).problem(422, "invalid_record");
        assert!(refused["detail"].as_str().unwrap().contains(&pair.loser), "{refused}");
        assert_eq!(refused["errors"][0]["pointer"], "/fields/colour", "{refused}");
        assert_eq!(get(&app, &pair.winner)["fields"]["code"], "A2", "nothing was undone");
        let check = "check: [{rule: 'size == () || size > 5', message: {en: Too small, zh: 过小}}]\nkeys:";
        patch(&app, &pair.winner, json!({"size": 7})).ok(200);
        change(&app, &FIRST.replace("keys:", check));
        patch(&app, &pair.winner, json!({"size": 2})).problem(422, "check_failed");
        change(&app, FIRST);
        patch(&app, &pair.winner, json!({"size": 2})).ok(200);
        undo(&app, &pair).ok(200);
        assert_eq!(get(&app, &pair.loser)["fields"]["colour"], "blue");
    });
}

#[test]
fn a_type_whose_last_record_was_merged_away_has_one_record() {
    on_both(|database| {
        let app = first(database);
        let pair = pair(&app);
        let without = [("processes/errand.yaml", crate::runtime::ERRAND)];
        let gone = app.by("alice").post("/api/v1/deployments", deployment(&without)).problem(422, "breaks_records");
        assert_eq!(gone["impacts"][0]["rows"], 2, "the winner and the one below: {gone}");
        assert!(!gone["impacts"][0]["sample"].as_array().unwrap().contains(&json!(pair.loser)), "{gone}");
    });
}
