//! Fields that not every reader of a record may read.

use super::*;
use crate::support::on_both;

const ALL: [&str; 9] = ["band", "grade", "name", "note", "owner", "score", "secret", "shout", "team"];
const OPEN: [&str; 5] = ["band", "name", "note", "owner", "team"];
const CLOSED: [&str; 4] = ["grade", "score", "secret", "shout"];

#[test]
fn a_reader_of_the_record_does_not_read_the_field_nor_what_is_computed_from_it() {
    on_both(|database| {
        let app = app(database, &[]);
        let path = account(&app);
        for login in ["ann", "mia", "root"] {
            let seen = app.by(login).get(&path).ok(200);
            assert_eq!((shown(&seen), &seen["hiddenFields"]), (ALL.to_vec(), &json!([])), "{login}");
        }
        for login in ["bob", "boss"] {
            let seen = app.by(login).get(&path).ok(200);
            assert_eq!((shown(&seen), &seen["hiddenFields"]), (OPEN.to_vec(), &json!(CLOSED)), "{login}");
            assert_eq!(seen["fields"]["band"], "high");
        }
        // On a page each record is shown as it is shown by itself.
        let own = json!({"name": "of bob", "owner": "bob", "secret": "lily", "score": 3});
        app.by("bob").post(ACCOUNTS, json!({"fields": own})).ok(201);
        let page = app.by("bob").get(ACCOUNTS).ok(200);
        let names = |record: &Json| shown(record).into_iter().map(str::to_owned).collect::<Vec<_>>();
        let fields: Vec<Vec<String>> = page["items"].as_array().unwrap().iter().map(names).collect();
        assert_eq!(fields, [OPEN.to_vec(), vec!["band", "grade", "name", "owner", "score", "secret", "shout"]]);
        assert_eq!(page["items"][0], app.by("bob").get(&path).ok(200));
        for login in ["nick", "eve", "alice"] {
            let answer = app.by(login).get(&path);
            assert_eq!(answer.status, 404, "{login}: {}", answer.text);
        }
    });
}

#[test]
fn a_field_that_is_not_read_everywhere_cannot_be_asked_by() {
    on_both(|database| {
        let open = "\
record: lead
title: {en: Lead, zh: 线索}
fields: {owner: {type: user}, secret: {type: string}}
indexes: [[secret]]
columns: {owner: owner}
access:
  read: [owner]
  create: ['role:clerk']
  fields: {secret: {read: [superior(owner), owner, 'role:boss']}}
";
        let app = app(database, &[("records/lead.yaml", open)]);
        account(&app);
        // Not even by the owner, who may also see an account by being in its team.
        for login in ["ann", "bob", "boss", "mia"] {
            for field in ["secret", "score"] {
                let refused = app.by(login).get(&format!("{ACCOUNTS}?{field}=7")).problem(422, "field_not_readable");
                assert_eq!(pointers(&refused), [format!("?{field}")]);
                let filter = json!({"filter": {field: "7"}});
                let refused = app.by(login).post(&format!("{ACCOUNTS}/search"), filter);
                assert_eq!(pointers(&refused.problem(422, "field_not_readable")), [format!("/filter/{field}")]);
            }
            app.by(login).get(&format!("{ACCOUNTS}?note=n")).ok(200);
        }
        let leads = "/api/v1/records/lead";
        for secret in ["x", "y"] {
            app.by("ann").post(leads, json!({"fields": {"owner": "ann", "secret": secret}})).ok(201);
        }
        // Here whoever sees a record reads the field, so it is a field like any other.
        assert_eq!(app.by("ann").get(&format!("{leads}?secret=x")).ok(200)["total"], 1);
        assert_eq!(app.by("ann").get(leads).ok(200)["items"][0]["hiddenFields"], json!([]));
    });
}

#[test]
fn history_and_the_present_state_of_a_conflict_hide_the_field_too() {
    on_both(|database| {
        let app = app(database, &[]);
        let path = account(&app);
        patch(&app.by("ann"), &path, json!({"secret": "rose", "score": 20})).ok(200);
        patch(&app.by("ann"), &path, json!({"note": "m"})).ok(200);
        let told = |login: &str| -> Vec<(i64, String)> {
            let changes = app.by(login).get(&format!("{path}/history")).ok(200);
            let changes = changes["items"].as_array().unwrap().clone();
            let one =
                |change: &Json| (change["version"].as_i64().unwrap(), change["field"].as_str().unwrap().to_owned());
            changes.iter().map(one).filter(|(version, _)| *version > 1).collect()
        };
        let of = |version: i64, name: &str| (version, name.to_owned());
        let second = ["band", "grade", "score", "secret", "shout"].map(|name| of(2, name));
        assert_eq!(told("mia"), [second.as_slice(), &[of(3, "note")]].concat());
        assert_eq!(told("bob"), [of(2, "band"), of(3, "note")]);
        assert!(!app.by("bob").get(&format!("{path}/history")).text.contains("tulip"));

        let stale = |login: &str| {
            app.by(login).send("PATCH", &path, &[JSON, ("If-Match", "\"1\"")], r#"{"fields": {"note": "x"}}"#)
        };
        let (bob, ann) = (stale("bob"), stale("ann"));
        assert_eq!(shown(&bob.problem(412, "stale_record")["present"]), OPEN);
        assert_eq!(shown(&ann.problem(412, "stale_record")["present"]), ALL);
        assert_eq!(bob.json()["present"], app.by("bob").get(&path).ok(200));
        assert!(!bob.text.contains("rose"));
    });
}

#[test]
fn what_cannot_be_read_cannot_be_guessed_by_changing_it() {
    on_both(|database| {
        let app = app(database, &[]);
        let path = account(&app);
        let bob = app.by("bob");
        let answer = |fields: Json| {
            let mut problem = patch(&bob, &path, fields).problem(403, "field_not_allowed");
            problem["traceId"].take();
            problem
        };
        // The value that it has, another one, none: the same answer.
        let right = answer(json!({"secret": "tulip"}));
        assert_eq!(pointers(&right), ["/fields/secret"]);
        assert_eq!(answer(json!({"secret": "rose"})), right);
        assert_eq!(answer(json!({"secret": null})), right);
        assert_eq!(app.by("ann").get(&path).ok(200)["version"], 1);
        // With a field that he may change, nothing of it is done.
        assert_eq!(
            pointers(&answer(json!({"note": "x", "secret": "x", "score": 1}))),
            ["/fields/score", "/fields/secret"]
        );
        assert_eq!(app.by("ann").get(&path).ok(200)["fields"]["note"], "n");
        assert_eq!(patch(&bob, &path, json!({"note": "x"})).ok(200)["hiddenFields"], json!(CLOSED));

        // A value that another record has is refused without a word on which.
        let taken = json!({"fields": {"name": "b", "owner": "bob", "secret": "tulip"}});
        let refused = bob.post(ACCOUNTS, taken);
        let id = path.rsplit('/').next().unwrap();
        assert!(refused.problem(409, "not_unique").get("present").is_none());
        assert!(!refused.text.contains(id) && !refused.text.contains("ann") && !refused.text.contains("tulip"));
    });
}

#[test]
fn a_record_says_what_may_be_done_and_that_is_what_is_done() {
    on_both(|database| {
        let app = app(database, &[]);
        let path = account(&app);
        let says = |login: &str| {
            let seen = app.by(login).get(&path).ok(200);
            (seen["allowedActions"].clone(), seen["readOnlyFields"].clone())
        };
        let computed = ["grade", "shout", "band"];
        assert_eq!(says("ann"), (json!(["update"]), json!(["owner", "grade", "shout", "band"])));
        assert_eq!(says("bob"), (json!(["update"]), json!(["owner", "secret", "score", "grade", "shout", "band"])));
        let all_but_owner = json!(["name", "team", "note", "secret", "score", "grade", "shout", "band", "attachments"]);
        assert_eq!(says("mia"), (json!(["update"]), all_but_owner));
        assert_eq!(says("boss"), (json!(["delete"]), json!([])));
        // What it says is what happens, field by field.
        let values = json!({"name": "n", "owner": "bob", "team": [], "note": "x", "secret": "s", "score": 1});
        for login in ["bob", "mia", "boss", "ann"] {
            let (verbs, fixed) = says(login);
            for (name, value) in values.as_object().unwrap() {
                let may = verbs.as_array().unwrap().contains(&json!("update"))
                    && !fixed.as_array().unwrap().contains(&json!(name));
                // What is done to one is not done to the next: a wrong If-Match is looked at after the right.
                let body = json!({"fields": {name: value}}).to_string();
                let answer = app.by(login).send("PATCH", &path, &[JSON, ("If-Match", "\"99\"")], &body);
                assert_eq!(answer.status, if may { 412 } else { 403 }, "{login} {name}: {}", answer.text);
            }
            for name in computed {
                patch(&app.by(login), &path, json!({name: "x"})).problem(422, "invalid_record");
            }
        }
        patch(&app.by("boss"), &path, json!({"note": "x"})).problem(403, "record_not_allowed");
        let ledger = ACCOUNT.replace("keys: [note]", "append_only: true");
        redeploy(&app, &ledger);
        assert_eq!((says("ann"), says("boss")), ((json!([]), json!([])), (json!([]), json!([]))));
    });
}

#[test]
fn what_a_hidden_field_was_called_before_is_hidden_too() {
    on_both(|database| {
        let app = app(database, &[]);
        let path = account(&app);
        let renamed = ACCOUNT.replace("  secret: {type: string,", "  hush: {type: string, was: secret,");
        let renamed = renamed.replace("[secret]", "[hush]").replace("secret: {read", "hush: {read");
        redeploy(&app, &renamed);
        patch(&app.by("ann"), &path, json!({"hush": "rose"})).ok(200);
        let told = |login: &str| app.by(login).get(&format!("{path}/history"));
        assert!(told("ann").text.contains("tulip") && told("ann").text.contains("rose"));
        let bob = told("bob");
        assert!(!bob.text.contains("tulip") && !bob.text.contains("rose"), "{}", bob.text);
        // What is left out is not counted either.
        let items = bob.ok(200)["items"].as_array().unwrap().len();
        assert_eq!(bob.json()["total"], items);
        let first = app.by("bob").get(&format!("{path}/history?limit=2")).ok(200);
        assert_eq!((first["items"].as_array().unwrap().len(), &first["total"]), (2, &json!(items)));
    });
}

#[test]
fn a_closed_record_says_that_it_is() {
    on_both(|database| {
        let app = app(database, &[]);
        let path = account(&app);
        redeploy(&app, &ACCOUNT.replace("keys: [note]", "immutable: {when: note == \"done\", except: [team]}"));
        let says = |login: &str| {
            let seen = app.by(login).get(&path).ok(200);
            (seen["allowedActions"].clone(), seen["readOnlyFields"].clone())
        };
        assert_eq!((says("ann").0, says("boss").0), (json!(["update"]), json!(["delete"])));
        patch(&app.by("ann"), &path, json!({"note": "done"})).ok(200);
        let all_but_team = json!(["name", "owner", "note", "secret", "score", "grade", "shout", "band", "attachments"]);
        assert_eq!(says("ann"), (json!(["update"]), all_but_team));
        patch(&app.by("ann"), &path, json!({"secret": "rose"})).problem(409, "immutable");
        // She stands above the owner, but the owner cannot be changed any more.
        assert_eq!((says("mia").0, says("boss").0), (json!([]), json!([])));
        patch(&app.by("mia"), &path, json!({"owner": "bob"})).problem(409, "immutable");
        app.by("boss").send("DELETE", &path, &[], "").problem(409, "immutable");
    });
}

#[test]
fn rights_that_reach_nobody_are_warned_of() {
    on_both(|database| {
        let app = app(database, &[]);
        let nobody = "record: dust\ntitle: {en: Dust, zh: 尘}\nfields: {account: {type: ref, record: dust}}\n";
        let leads = "record: ray\ntitle: {en: Ray, zh: 光}\nfields: {dust: {type: ref, record: dust}}\naccess: {read: [reader(dust)]}\n";
        let files = [
            ("records/dust.yaml", nobody),
            ("records/ray.yaml", leads),
            ("records/account.yaml", ACCOUNT),
            ("plugins/text/plugin.yaml", TEXT),
            ("plugins/text/text.rhai", TEXT_SCRIPT),
        ];
        let mut body = crate::runtime::deployment(&files);
        body.as_object_mut().unwrap().remove("note");
        let said = |body: &Json| -> Vec<String> {
            let found = app.by("alice").post("/api/v1/deployments/validate", body.clone()).ok(200);
            assert_eq!(found["valid"], true, "{found}");
            let findings = found["findings"].as_array().unwrap().clone();
            findings.iter().map(|finding| finding["sentence"].as_str().unwrap().to_owned()).collect()
        };
        let mut expected = vec![
            "not everybody reads \"secret\", but this rule tells everybody who writes a record whether a value is taken",
            "nobody may read dust; say who with \"access: {read: […]}\"",
            "nobody may read dust, so \"reader(dust)\" gives nobody anything",
        ];
        assert_eq!(said(&body), expected);
        app.user("boss", &[]);
        expected.push("account gives rights to the role \"boss\", which nobody has");
        assert_eq!(said(&body), expected);
    });
}
