//! Whose word is enough: it goes up to who may decide on so much.

use super::*;
use crate::support::on_both;
use kamflow::model::directory::User;
use kamflow::model::ids::UserId;
use kamflow::model::json::JsonMap;
use kamflow::model::time::Timestamp;
use kamflow::runtime::request::Change;

const LIMITED: &str = "\
process: limited
title: {en: Limited, zh: 权限}
input: {type: object, properties: {amount: {type: integer}}}
nodes:
  - id: approve
    type: approval
    of: [amount]
    levels: [{approvers: superior(\"ann\"), authority: (approver.attributes.approval_limit ?? 0) >= amount, mode: any}]
    outcomes: {approved: end, rejected: end}
";

fn limits(database: &TestDatabase) -> TestApp {
    let app = company(database);
    app.deploy(&[("workflows/work/pack.yaml", PACK), ("workflows/work/processes/limited.yaml", LIMITED)]);
    for (login, roles, limit) in [("ben", &["clerk", "boss"][..], 100), ("carl", &["boss"][..], 1_000)] {
        let user = User {
            id: UserId::from(login),
            name: login.to_owned(),
            active: true,
            roles: roles.iter().map(|role| (*role).to_owned()).collect(),
            attributes: JsonMap::from_iter([("approval_limit".to_owned(), json!(limit))]),
            created_at: Timestamp::default(),
            version: 0,
        };
        app.change("main", Change::PutUser { user, password: None });
    }
    app
}

#[test]
fn a_seat_goes_up_to_whose_word_is_enough() {
    on_both(|database| {
        let app = limits(database);
        let asked = |amount: i64| {
            let instance = app.by("ann").start("limited", json!({ "amount": amount }));
            let seats = approval(&app, "ann", &instance)["seats"].clone();
            (instance, seats)
        };
        assert_eq!(asked(100).1[0]["user"], "ben");
        assert_eq!(asked(101).1[0]["user"], "carl");
        let (instance, _) = asked(1_001);
        let found = app.by("alice").get(&format!("/api/v1/incidents?instance={instance}&state=open")).ok(200);
        assert_eq!(found["items"][0]["code"], "no_authority");
    });
}
