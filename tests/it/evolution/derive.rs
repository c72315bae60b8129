//! A changed normaliser: every record is derived anew, a few at a time, and nobody is taken for new meanwhile.

use super::*;
use crate::support::on_both;

/// Records in place.
const MANY: usize = 5_000;

#[test]
fn five_thousand_records_get_their_new_keys_and_none_is_taken_for_new_meanwhile() {
    on_both(|database| {
        let app = first(database);
        let ids = fill(&app, (0..MANY).map(|number| format!("Hua Xin {number}")));
        assert_eq!(candidates(&app, "hua xin 17"), (1, false, false));
        deploy(&app, &files(FIRST, CLOSE));
        let number = 2;
        let told = progress(&app, number);
        assert_eq!((&told["type"], &told["total"], &told["done"]), (&json!("client"), &json!(MANY), &json!(0)));

        let mut pieces = 0;
        loop {
            // First, last and middle: whoever asks with the new key finds the record, or hears that the list is cut.
            for number in [0, MANY / 2, MANY - 1] {
                let (found, cut, deriving) = candidates(&app, &format!("huaxin{number}"));
                assert!(found == 1 || cut && deriving, "{number} after {pieces} pieces");
            }
            let looked = rederive_some(&app);
            assert!(looked <= 200, "a piece is small");
            if looked == 0 {
                break;
            }
            pieces += 1;
        }
        assert!(pieces >= MANY / 200, "{pieces}");
        assert_eq!(candidates(&app, &format!("huaxin{}", MANY / 2)), (1, false, false));
        assert_eq!(candidates(&app, "hua xin 17"), (0, false, false));
        let told = progress(&app, number);
        assert_eq!((&told["done"], &told["failed"], &told["troubles"]), (&json!(MANY), &json!(0), &json!([])));
        assert!(told["finishedAt"].is_string(), "{told}");

        // The change of a derived field is one: it has a version and stands in the history with its reason.
        let seen = get(&app, &ids[17]);
        assert_eq!((&seen["version"], &seen["updatedBy"]), (&json!(2), &json!("kamflow")));
        let history = app.by("ann").get(&format!("/api/v1/records/client/{}/history", ids[17])).ok(200);
        let last = history["items"].as_array().unwrap().last().unwrap().clone();
        assert_eq!((&last["field"], &last["old"]), (&json!("core"), &json!("hua xin 17")));
        assert_eq!((&last["new"], &last["reason"]), (&json!("huaxin17"), &json!("rederived by revision 2")));
        assert_eq!(rows(database, "record_index WHERE value LIKE 'hua xin%'"), 0);
        assert_eq!(rows(database, "record_keys"), MANY as i64);
        // The same files, and rules that make no difference, leave records alone.
        deploy(&app, &files(FIRST, CLOSE));
        assert_eq!(rederive(&app), 0);
    });
}

#[test]
fn a_script_that_makes_two_codes_alike_is_refused_before() {
    on_both(|database| {
        let coded = "  code: {function: names/core, in: {name: name}, value: result.core}\n  core: {function";
        let coded = FIRST.replace("  core: {function", coded).replace("keys: [core, code]", "keys: [core]");
        let app = with(database, &files(&coded, SMALL));
        let apart = client(&app, json!({"name": "Hua Xin"}));
        let close = client(&app, json!({"name": "HuaXin"}));
        client(&app, json!({"name": "Odd"}));
        let answer = try_change(&app, &coded, CLOSE).problem(422, "breaks_records");
        assert_eq!(
            (&answer["impacts"][0]["code"], &answer["impacts"][0]["field"]),
            (&json!("not_unique"), &json!("code"))
        );
        assert_eq!(answer["impacts"][0]["groups"], json!([[apart, close]]));
        assert_eq!(get(&app, &apart)["fields"]["core"], "hua xin", "nothing was deployed");
    });
}

#[test]
fn a_key_that_somebody_else_took_meanwhile_is_listed_and_holds_up_nobody() {
    on_both(|database| {
        let app = first(database);
        let old = client(&app, json!({"name": "Old", "size": 7}));
        let last = client(&app, json!({"name": "Last", "size": 9}));
        change(&app, &FIRST.replace("unique: [", "unique: [{fields: [size]}, "));
        // The old one has no key of the new rule yet.
        let new = client(&app, json!({"name": "New", "size": 7}));
        assert_eq!(rederive(&app), 2);
        let told = progress(&app, 2);
        assert_eq!((&told["total"], &told["done"], &told["failed"]), (&json!(2), &json!(1), &json!(1)), "{told}");
        let trouble = &told["troubles"][0];
        assert_eq!(
            (&trouble["record"], &trouble["code"], &trouble["field"]),
            (&json!(old), &json!("not_unique"), &json!("size"))
        );
        assert!(trouble["sentence"].as_str().unwrap().contains(&new), "{trouble}");
        assert!(told["finishedAt"].is_string() && rederive(&app) == 0);
        // Everybody else has theirs, and the old one when it is mended.
        let made = |size: i64| json!({"fields": {"name": "Next", "size": size}});
        app.by("ann").post("/api/v1/records/client", made(9)).problem(409, "not_unique");
        patch(&app, &old, json!({"note": "n"})).problem(409, "not_unique");
        patch(&app, &old, json!({"size": 8})).ok(200);
        assert_eq!(progress(&app, 2)["failed"], 0);
        app.by("ann").post("/api/v1/records/client", made(8)).problem(409, "not_unique");
        assert_eq!(get(&app, &last)["version"], 1);
    });
}

#[test]
fn two_nodes_share_the_work_and_do_none_of_it_twice() {
    on_both(|database| {
        let app = first(database);
        let ids = fill(&app, (0..1_000).map(|number| format!("N {number}")));
        let other = TestApp::open(database, kamflow::api::Limits::default());
        deploy(&app, &files(FIRST, CLOSE));
        let work = |app: &TestApp| {
            let mut looked = 0;
            // A node that finds the work in another's hands looks again.
            while !app.by("alice").get("/api/v1/deployments/2/progress").ok(200)["finished"].as_bool().unwrap() {
                looked += rederive(app);
            }
            looked
        };
        let looked: i64 = std::thread::scope(|scope| {
            let nodes = [&app, &other].map(|node| scope.spawn(move || work(node)));
            nodes.into_iter().map(|node| node.join().unwrap()).sum()
        });
        assert_eq!(looked, 1_000);
        for id in &ids[..20] {
            assert_eq!(get(&app, id)["version"], 2, "derived once");
        }
        assert_eq!(rows(database, "record_history WHERE reason = 'rederived by revision 2'"), 1_000);
    });
}

#[test]
fn records_from_before_there_were_stamps_are_brought_along() {
    on_both(|database| {
        let app = first(database);
        let one = client(&app, json!({"name": "Old One"}));
        {
            use diesel::connection::SimpleConnection;
            let mut conn = database.connect();
            conn.batch_execute("UPDATE records SET derived = NULL; DELETE FROM record_derivations;").unwrap();
        }
        assert_eq!(candidates(&app, "old one"), (1, true, true), "nobody knows by which script it was derived");
        app.wait(app.runtime.restamp()).unwrap();
        assert_eq!(rederive(&app), 1);
        assert_eq!(candidates(&app, "old one"), (1, false, false));
        assert_eq!(get(&app, &one)["version"], 1, "nothing about it came out otherwise");
        app.wait(app.runtime.restamp()).unwrap();
        assert_eq!(rederive(&app), 0);
    });
}
