//! Numbers that records get by themselves: by the day of the business, never twice, whoever creates at once.

use super::{create, made, patch, places};
use crate::runtime::with;
use crate::support::app::TestApp;
use crate::support::on_both;
use crate::support::threads::each;
use kamflow::api::Limits;
use kamflow::model::json::Json;
use serde_json::json;
use std::collections::BTreeSet;

const ORDER: &str = "\
record: order
title: {en: Order, zh: 订单}
fields:
  number: {type: string, required: true, max: 20}
  name:   {type: string, max: 50}
  label:  {type: string}
number: 'O-{yyyy}{mm}{dd}-{000}'
unique: [{fields: [name]}]
derive:
  label: {function: text/label, in: {number: number}, value: result.label}
access: {read: [role:clerk], create: [role:clerk], update: [role:clerk]}
";

const TICKET: &str = "\
record: ticket
title: {en: Ticket, zh: 票}
fields: {number: {type: string}, name: {type: string}}
number: 'T{0}'
access: {read: [role:clerk], create: [role:clerk], update: [role:clerk]}
";

const PLUGIN: &str = "\
plugin: text
version: 1.0.0
title: {en: Text, zh: 文本}
functions:
  label:
    script: label.rhai
    input: {type: object, required: [number], properties: {number: {type: string}}}
    output: {type: object, required: [label], properties: {label: {}}}
";

const FILES: [(&str, &str); 4] = [
    ("records/order.yaml", ORDER),
    ("records/ticket.yaml", TICKET),
    ("plugins/text/plugin.yaml", PLUGIN),
    ("plugins/text/label.rhai", "//! A label.\nfn label(input) { #{label: \"no. \" + input.number} }\n"),
];

#[test]
fn a_number_counts_by_the_day_of_the_business() {
    on_both(|database| {
        let app = with(database, &FILES);
        let number = |fields: Json| create(&app.by("ann"), "order", fields).ok(201)["fields"]["number"].clone();
        // Monday, eight in the morning in Shanghai.
        assert_eq!(number(json!({})), "O-20260302-001");
        let labelled = create(&app.by("ann"), "order", json!({"name": "a"})).ok(201);
        assert_eq!(labelled["fields"]["label"], "no. O-20260302-002");
        // Refused after it was taken: taken back with all the rest.
        create(&app.by("ann"), "order", json!({"name": "a"})).problem(409, "not_unique");
        assert_eq!(number(json!({"name": "b"})), "O-20260302-003");
        app.advance("PT15H59M");
        assert_eq!(number(json!({})), "O-20260302-004", "one minute before midnight in Shanghai");
        app.advance("PT1M");
        assert_eq!(number(json!({})), "O-20260303-001", "Tuesday there, still Monday in Greenwich");
        for expected in 1..=11 {
            let ticket = create(&app.by("ann"), "ticket", json!({})).ok(201);
            assert_eq!(ticket["fields"]["number"], format!("T{expected}"));
        }
    });
}

#[test]
fn nobody_gives_or_changes_a_number() {
    on_both(|database| {
        let app = with(database, &FILES);
        let ann = app.by("ann");
        for given in [json!("O-1"), Json::Null] {
            let problem = create(&ann, "order", json!({ "number": given })).problem(422, "invalid_record");
            let (pointer, code, said) = places(&problem).remove(0);
            assert_eq!((pointer.as_str(), code.as_str()), ("/fields/number", "derived_field"));
            assert!(said.contains("by itself"), "{said}");
        }
        let order = made(&ann, "order", json!({"name": "a"}));
        patch(&ann, &order, json!({"number": "O-1"})).problem(422, "invalid_record");
        let changed = patch(&ann, &order, json!({"name": "b"})).ok(200);
        assert_eq!(changed["fields"]["number"], "O-20260302-001");
    });
}

#[test]
fn a_number_that_does_not_fit_its_field_is_refused() {
    on_both(|database| {
        let short = TICKET.replace("number: {type: string}", "number: {type: string, max: 2}");
        let app = with(database, &[("records/ticket.yaml", &short)]);
        let ann = app.by("ann");
        (1..=9).for_each(|_| drop(create(&ann, "ticket", json!({})).ok(201)));
        let problem = create(&ann, "ticket", json!({})).problem(422, "invalid_record");
        assert_eq!(places(&problem)[0].0, "/fields/number");
    });
}

#[test]
fn two_servers_never_give_one_number_twice() {
    on_both(|database| {
        let app = with(database, &FILES);
        let other = TestApp::open(database, Limits::default());
        let nodes = [&app, &other];
        // Both types at once on both servers: nobody waits in a circle for a counter.
        let answers = each(8, |n| {
            let ann = nodes[n % 2].by("ann");
            let one = |k: usize| {
                let record_type = ["order", "ticket"][(n / 2 + k) % 2];
                create(&ann, record_type, json!({})).ok(201)["fields"]["number"].as_str().unwrap().to_owned()
            };
            (0..10).map(one).collect::<Vec<String>>()
        });
        let numbers: BTreeSet<String> = answers.concat().into_iter().collect();
        assert_eq!(numbers.len(), 80);
        let expected = (1..=40).flat_map(|n| [format!("T{n}"), format!("O-20260302-{n:03}")]);
        assert_eq!(numbers, expected.collect());
    });
}
