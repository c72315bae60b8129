//! New customers are shared out fairly, and every decision can be made again from what it was made of (D10).

use super::{DEMO, customer_of, now, send, word};
use crate::support::app::TestApp;
use crate::support::on_both;
use crate::support::threads::each;
use kamflow::api::Limits;
use kamflow::engine::evaluator::Evaluator;
use kamflow::model::directory::User;
use kamflow::model::expression::FunctionRef;
use kamflow::model::ids::{BusinessId, UserId};
use kamflow::model::json::Json;
use kamflow::model::time::Timestamp;
use kamflow::runtime::operator;
use kamflow::runtime::request::Change;
use serde_json::json;
use std::collections::BTreeMap;

const EQUAL: [&str; 3] = ["ann", "bob", "cho"];

#[test]
fn three_hundred_over_three_in_batches_of_ten_differ_by_one_at_most() {
    on_both(|database| {
        let app = TestApp::sales(database);
        for login in EQUAL {
            put(&app, login, json!({"regions": ["西藏"], "industries": ["*"], "capacity": 500}));
        }
        put(&app, "nil", json!({"regions": ["*"], "industries": ["*"], "capacity": 0}));
        let other = TestApp::open(database, Limits::default());
        let nodes = [&app, &other];
        let mut all: BTreeMap<String, usize> = BTreeMap::new();
        for batch in 0..30 {
            let owners = each(10, |n| {
                let number = batch * 10 + n;
                let body = json!({"source_channel": "other", "event_id": format!("E-{number}"), "region": "西藏",
                    "industry": "logistics", "name": format!("{}有限公司", four_signs(number as u32))});
                let made = send(&nodes[n % 2].by_of(DEMO, "intake-gateway"), &body).ok(201);
                word(&customer_of(&app, &made)["fields"]["owner"]).to_owned()
            });
            let mut here: BTreeMap<&str, usize> = EQUAL.map(|login| (login, 0)).into();
            for owner in &owners {
                *here.get_mut(owner.as_str()).unwrap_or_else(|| panic!("{owner} got one")) += 1;
                *all.entry(owner.clone()).or_default() += 1;
            }
            assert!(spread(here.values()) <= 1, "batch {batch}: {here:?}");
            assert!(spread(all.values()) <= 1, "up to batch {batch}: {all:?}");
        }
        assert_eq!(all.values().copied().collect::<Vec<_>>(), [100, 100, 100]);
        every_decision_again(&app);
    });
}

/// What is recorded of each decision gives its result again.
fn every_decision_again(app: &TestApp) {
    let library = app.wait(app.runtime.definitions(&operator(BusinessId::from(DEMO)))).unwrap();
    let function = FunctionRef { plugin: "customer-assignment".to_owned(), function: "assign".to_owned() };
    let admin = app.by_of(DEMO, "gao.peng");
    let path = "/api/v1/decisions?function=customer-assignment/assign&limit=300";
    let decisions = admin.get(path).ok(200)["items"].as_array().unwrap().clone();
    assert_eq!(decisions.len(), 300);
    for decision in decisions {
        assert_eq!(decision["scriptHash"], library.scripts.script_hash(&function));
        let again = library.scripts.call(&function, &decision["input"]).unwrap();
        assert_eq!(again["owner"], decision["output"]["owner"], "{decision}");
        assert_eq!(again["rank"], decision["output"]["rank"]);
        let instance = now(app, &json!({"id": decision["instance"]}));
        assert_eq!(instance["variables"]["assignment"]["owner"], again["owner"]);
    }
}

fn spread<'a>(counts: impl Iterator<Item = &'a usize> + Clone) -> usize {
    counts.clone().max().unwrap() - counts.min().unwrap()
}

/// Four signs of which no two names share one.
fn four_signs(number: u32) -> String {
    (0..4).map(|sign| char::from_u32(0x4E8C + number * 29 + sign * 23).unwrap()).collect()
}

/// An account manager with these attributes.
fn put(app: &TestApp, login: &str, attributes: Json) {
    let user = User {
        id: UserId::from(login),
        name: login.to_owned(),
        active: true,
        roles: vec!["sales_rep".to_owned()],
        attributes: attributes.as_object().unwrap().clone(),
        created_at: Timestamp::default(),
        version: 0,
    };
    app.change(DEMO, Change::PutUser { user, password: None });
}
