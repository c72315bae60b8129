//! What a revision would break is told before anything of it is stored: every rule, with the number and the ids of the
//! records.

use super::*;
use crate::support::on_both;

fn codes(impacts: &[Json]) -> Vec<(String, String, i64)> {
    let text = |value: &Json| value.as_str().unwrap_or_default().to_owned();
    let one = |impact: &Json| (text(&impact["code"]), text(&impact["field"]), impact["rows"].as_i64().unwrap());
    impacts.iter().map(one).collect()
}

fn told(code: &str, field: &str, rows: i64) -> Vec<(String, String, i64)> {
    vec![(code.to_owned(), field.to_owned(), rows)]
}

#[test]
fn every_rule_that_records_break_is_told_with_their_ids() {
    on_both(|database| {
        let app = first(database);
        let red = client(&app, json!({"name": "Red", "colour": "red", "size": 1, "note": "12"}));
        let blue = client(&app, json!({"name": "Blue", "colour": "blue", "code": "B", "parts": [{"percent": 60}]}));
        let bluer = client(&app, json!({"name": "A rather long name", "colour": "blue", "size": 900, "parts": []}));

        // A required field without a default.
        let refusal = refused(&app, &FIRST.replace("size: {type: int}", "size: {type: int, required: true}"));
        assert_eq!(codes(&refusal), told("required", "size", 1));
        assert_eq!((&refusal[0]["sample"], &refusal[0]["type"]), (&json!([blue]), &json!("client")));
        let fresh = FIRST.replace("  size:", "  region: {type: string, required: true}\n  size:");
        assert_eq!(codes(&refused(&app, &fresh)), told("required", "region", 3));
        // Narrower kinds.
        let refusal = refused(&app, &FIRST.replace("values: [red, green, blue]", "values: [red, green]"));
        assert_eq!(codes(&refusal), told("does_not_fit", "colour", 2));
        assert_eq!(refusal[0]["sample"], json!([blue, bluer]));
        assert!(refusal[0]["sentence"].as_str().unwrap().contains("one of red, green"), "{refusal:?}");
        let refusal = refused(&app, &FIRST.replace("required: true, max: 100", "required: true, max: 10"));
        assert_eq!((codes(&refusal), &refusal[0]["sample"]), (told("does_not_fit", "name", 1), &json!([bluer])));
        let refusal = refused(&app, &FIRST.replace("note: {type: string}", "note: {type: int}"));
        assert_eq!((codes(&refusal), &refusal[0]["sample"]), (told("does_not_fit", "note", 1), &json!([red])));
        let refusal = refused(&app, &FIRST.replace("note: {type: string}", "note: {type: user}"));
        assert_eq!(codes(&refusal), told("not_there", "note", 1));
        // Conditions and sums.
        let check = "check: [{rule: 'size == () || size < 100', message: {en: Too large, zh: 过大}}]\n";
        let refusal = refused(&app, &FIRST.replace("keys:", &format!("{check}keys:")));
        assert_eq!((codes(&refusal), &refusal[0]["sample"]), (told("check_failed", "", 1), &json!([bluer])));
        assert!(refusal[0]["sentence"].as_str().unwrap().contains("Too large"), "{refusal:?}");
        let refusal = refused(&app, &FIRST.replace("keys:", "sum: [{of: parts.percent, is: 100}]\nkeys:"));
        assert_eq!((codes(&refusal), &refusal[0]["sample"]), (told("sum", "parts", 1), &json!([blue])));
        // A type that is gone.
        let without = [("processes/errand.yaml", crate::runtime::ERRAND)];
        let gone = app.by("alice").post("/api/v1/deployments", deployment(&without)).problem(422, "breaks_records");
        assert_eq!(codes(gone["impacts"].as_array().unwrap()), told("type_removed", "", 3));
        assert!(gone["errors"][0]["detail"].as_str().unwrap().contains(&red), "{gone}");
        assert_eq!(gone["errors"][0]["pointer"], "/records/client");
        // A script that fails for a record.
        let failing =
            SMALL.replace("    #{core:", "    if input.name == \"Blue\" { throw \"not this one\"; }\n    #{core:");
        let refusal = try_change(&app, FIRST, &failing).problem(422, "breaks_records");
        assert_eq!(codes(refusal["impacts"].as_array().unwrap()), told("derive_failed", "", 1));

        // All of it at once, in one report; in Chinese, too.
        let all = FIRST
            .replace("size: {type: int}", "size: {type: int, required: true}")
            .replace("values: [red, green, blue]", "values: [red, green]")
            .replace("keys:", &format!("{check}keys:"));
        let codes = codes(&refused(&app, &all));
        assert_eq!(
            codes.iter().map(|(code, ..)| code.as_str()).collect::<Vec<_>>(),
            ["check_failed", "does_not_fit", "required"]
        );
        // What nobody breaks is deployed.
        patch(&app, &blue, json!({"size": 4, "colour": "green"})).ok(200);
        patch(&app, &bluer, json!({"size": 5, "colour": null})).ok(200);
        change(&app, &all);
        patch(&app, &red, json!({"colour": "blue"})).problem(422, "invalid_record");
    });
}

#[test]
fn what_an_earlier_revision_let_through_does_not_stand_in_the_way_of_another_change() {
    on_both(|database| {
        let app = first(database);
        client(&app, json!({"name": "One", "note": "nobody"}));
        // From here on `note` would not fit a user, but only the colour changes.
        let next = FIRST.replace("values: [red, green, blue]", "values: [red, green]");
        change(&app, &next);
        assert_eq!(rederive(&app), 0, "which values are allowed is nothing that records are derived by");
        change(&app, &next.replace("title: {en: Client, zh: 客户}", "title: {en: Partner, zh: 伙伴}"));
        assert_eq!(rederive(&app), 0);
    });
}

#[test]
fn who_writes_while_a_revision_is_deployed_never_slips_through() {
    on_both(|database| {
        let app = first(database);
        let narrow = FIRST.replace("values: [red, green, blue]", "values: [red, green]");
        let blue = || {
            let fields = map(json!({"name": "Blue", "colour": "blue"}));
            request(ann(), Change::CreateRecord { record_type: "client".into(), fields })
        };
        for round in 0..8 {
            let before = found(&app, json!({"colour": "blue"}));
            for id in &before {
                patch(&app, id, json!({"colour": null})).ok(200);
            }
            let (deployed, written) = std::thread::scope(|scope| {
                let writing = scope.spawn(|| at_once(&app.runtime, (0..20).map(|_| blue()).collect()));
                let deployed = try_change(&app, &narrow, SMALL).status;
                (deployed, writing.join().unwrap())
            });
            let there = rows(database, "records WHERE status = 'blue'");
            let answered = written.iter().filter(|answer| answer.is_ok()).count();
            assert_eq!(there, answered as i64, "round {round}");
            match deployed {
                201 => assert_eq!(there, 0, "round {round}: deployed, and a record breaks it"),
                422 => assert!(there > 0, "round {round}"),
                other => panic!("{other}"),
            }
            change(&app, FIRST);
        }
    });
}
