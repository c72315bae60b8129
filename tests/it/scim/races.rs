//! Directories that ask twice at once, on one node and on two.

use super::{Directory, SCIM, patch};
use crate::support::app::TestApp;
use crate::support::{on_both, threads};
use kamflow::api::Limits;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Sends all of these at once, by turns to both nodes; how often each status came back.
fn at_once(nodes: [&TestApp; 2], authorization: &str, requests: &[(&str, String, Value)]) -> BTreeMap<u16, usize> {
    let send = |node: &TestApp, (method, path, body): &(&str, String, Value)| {
        let headers = [("Authorization", authorization), SCIM];
        node.send(method, &format!("/scim/v2{path}"), &headers, &body.to_string()).status
    };
    let statuses = threads::each(requests.len(), |at| send(nodes[at % 2], &requests[at]));
    statuses.into_iter().fold(BTreeMap::new(), |mut counts, status| {
        *counts.entry(status).or_default() += 1;
        counts
    })
}

#[test]
fn of_creates_of_one_name_one_wins() {
    on_both(|database| {
        let directory = Directory::start(database);
        let second = TestApp::open(database, Limits::default());
        let nodes = [&directory.app, &second];
        for (list, name) in [("/Users", "userName"), ("/Groups", "displayName")] {
            let create = |at: usize| {
                let spelled = if at.is_multiple_of(3) { "TWIN" } else { "twin" };
                ("POST", list.to_owned(), json!({ name: spelled, "externalId": at.to_string() }))
            };
            let requests: Vec<_> = (0..8).map(create).collect();
            let counts = at_once(nodes, &directory.authorization, &requests);
            assert_eq!(counts, BTreeMap::from([(201, 1), (409, 7)]), "{list}");
        }
    });
}

#[test]
fn members_that_come_at_once_are_all_there_with_their_role() {
    on_both(|database| {
        let directory = Directory::start(database);
        let second = TestApp::open(database, Limits::default());
        let people: Vec<String> = (0..8).map(|at| format!("p{at}")).collect();
        for person in &people {
            directory.user(person);
        }
        let group = directory.group("sales_rep", &[]);
        let add = |person: &String| {
            let edit = json!([{"op": "add", "path": "members", "value": [{"value": person}]}]);
            ("PATCH", format!("/Groups/{group}"), patch(edit))
        };
        let requests: Vec<_> = people.iter().map(add).collect();
        let counts = at_once([&directory.app, &second], &directory.authorization, &requests);
        assert_eq!(counts, BTreeMap::from([(204, 8)]));
        let shown = directory.get(&format!("/Groups/{group}"));
        assert_eq!((shown.header("etag"), shown.ok(200)["members"].as_array().unwrap().len()), ("\"9\"", 8));
        for person in &people {
            assert_eq!(directory.roles(person), json!(["sales_rep"]));
        }
    });
}
