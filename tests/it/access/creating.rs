//! Creating is decided on the record as it then is, and what is refused leaves nothing.

use super::*;
use crate::runtime::rows;
use crate::support::on_both;

/// Whoever creates one must be its owner; its readers are others.
const PLEDGE: &str = "\
record: pledge
title: {en: Pledge, zh: 承诺}
fields:
  name: {type: string, max: 50}
  owner: {type: user}
  amount: {type: int}
unique: [{fields: [name]}]
indexes: [[amount]]
columns: {owner: owner, name: name}
access:
  read: [superior(owner)]
  create: [owner]
  update: ['role:boss']
  fields:
    amount: {read: ['role:boss'], update: [superior(owner)]}
";
const PLEDGES: &str = "/api/v1/records/pledge";

#[test]
fn what_was_refused_left_nothing_behind() {
    on_both(|database| {
        let app = app(database, &[("records/pledge.yaml", PLEDGE)]);
        let create = |login: &str, name: &str, owner: &str| {
            app.by(login).post(PLEDGES, json!({"fields": {"name": name, "owner": owner, "amount": 5}}))
        };
        create("ann", "one", "bob").problem(403, "record_not_allowed");
        for table in ["records", "record_keys", "record_index", "record_history"] {
            assert_eq!(rows(database, table), 0, "{table}");
        }
        // The name is free.
        let made = create("ann", "one", "ann").ok(201);
        // She may give the amount at the beginning, though not change it, and reads nothing of it afterwards.
        assert_eq!((&made["version"], &made["fields"], &made["allowedActions"]), (&json!(1), &json!({}), &json!([])));
        assert_eq!(made["hiddenFields"], json!(["amount", "attachments", "name", "owner"]));
        let path = format!("{PLEDGES}/{}", made["id"].as_str().unwrap());
        app.by("ann").get(&path).problem(404, "not_found");
        let mia = app.by("mia").get(&path).ok(200);
        assert_eq!((shown(&mia), &mia["hiddenFields"]), (vec!["name", "owner"], &json!(["amount"])));
        // May change it and not read it: then not change it either.
        assert_eq!(mia["allowedActions"], json!([]));
        patch(&app.by("mia"), &path, json!({"amount": 6})).problem(403, "record_not_allowed");
    });
}

#[test]
fn who_may_create_none_does_not_learn_which_names_are_taken() {
    on_both(|database| {
        let app =
            app(database, &[("records/pledge.yaml", &PLEDGE.replace("create: [owner]", "create: ['role:boss']"))]);
        app.by("boss").post(PLEDGES, json!({"fields": {"name": "one", "owner": "ann"}})).ok(201);
        for name in ["one", "two"] {
            let refused = app.by("mia").post(PLEDGES, json!({"fields": {"name": name, "owner": "ann"}}));
            refused.problem(403, "record_not_allowed");
        }
        // Who has nothing to do with the type finds no type.
        app.user("nobody", &[]);
        let closed =
            ACCOUNT.replace("read: [owner, superior(owner), member(team), 'role:boss']", "read: ['role:boss']");
        let closed = closed.replace("update: [owner, member(team)]", "update: ['role:boss']");
        let closed = closed.replace("owner: {update: [superior(owner)]}", "owner: {update: ['role:boss']}");
        redeploy(&app, &closed);
        app.by("nobody").post(ACCOUNTS, json!({"fields": {"name": "a"}})).problem(404, "not_found");
    });
}

#[test]
fn a_field_may_want_a_right_of_its_own_to_be_given() {
    on_both(|database| {
        let pledge = PLEDGE.replace("create: [owner]", "create: [owner, superior(owner)]").replace(
            "amount: {read: ['role:boss'], update: [superior(owner)]}",
            "amount: {create: [superior(owner)], update: []}",
        );
        let pledge = pledge.replace("amount: {type: int}", "amount: {type: int, default: 5}");
        let app = app(database, &[("records/pledge.yaml", &pledge)]);
        let create = |login: &str, fields: Json| app.by(login).post(PLEDGES, json!({ "fields": fields }));
        // Ann may pledge for herself, what everybody pledges.
        create("ann", json!({"name": "one", "owner": "ann"})).ok(201);
        create("ann", json!({"name": "two", "owner": "ann", "amount": 5})).ok(201);
        create("ann", json!({"name": "three", "owner": "ann", "amount": null})).ok(201);
        let refused = create("ann", json!({"name": "four", "owner": "ann", "amount": 6}));
        let refused = refused.problem(403, "field_not_allowed");
        assert_eq!(refused["detail"], "this pledge may not be created so by you; see errors");
        assert_eq!(refused["errors"][0]["pointer"], "/fields/amount");
        assert_eq!(refused["errors"][0]["detail"], "\"amount\" may not be given by you");
        assert_eq!(rows(database, "records"), 3);
        // Mia stands above her; the name is free, and afterwards nobody changes the amount.
        let made = create("mia", json!({"name": "four", "owner": "ann", "amount": 6})).ok(201);
        assert_eq!(made["fields"]["amount"], 6);
        let path = format!("{PLEDGES}/{}", made["id"].as_str().unwrap());
        patch(&app.by("boss"), &path, json!({"amount": 7, "name": "five"})).problem(404, "not_found");
        patch(&app.by("mia"), &path, json!({"amount": 7})).problem(403, "record_not_allowed");
    });
}

#[test]
fn a_repetition_is_answered_as_the_first_time_was() {
    on_both(|database| {
        let app = app(database, &[]);
        account(&app);
        let body =
            json!({"fields": {"name": "b", "owner": "ann", "team": [{"user": "bob"}], "secret": "lily"}}).to_string();
        let send = || app.by("bob").send("POST", ACCOUNTS, &[JSON, ("Idempotency-Key", "k")], &body);
        let (first, again) = (send(), send());
        assert_eq!(first.ok(201), again.ok(201));
        assert_eq!(again.header("idempotency-replayed"), "true");
        assert!(!first.text.contains("lily") && !again.text.contains("lily"));
        assert_eq!(first.json()["hiddenFields"], json!(["grade", "score", "secret", "shout"]));
    });
}
