//! Lists of incidents and decisions.

use super::fixtures::{acme, awkward, inside};
use crate::support::on_both_connected;
use kamflow::model::decision::Decision;
use kamflow::model::event::Resolution;
use kamflow::model::ids::root_of;
use kamflow::model::incident::{Failure, Incident};
use kamflow::model::time::Timestamp;
use kamflow::store::decisions::{self, DecisionQuery};
use kamflow::store::incidents::{self, IncidentQuery};
use kamflow::store::page::Count;
use kamflow::store::visible::Visible;
use kamflow::store::writes::{Resolve, Writes, flush};
use serde_json::json;

#[test]
fn incidents_are_listed_by_state_and_instance() {
    on_both_connected(|conn| {
        let raise = |id: &str, at: i64| {
            let incident = Incident {
                id: id.into(),
                instance: root_of(id),
                process: "customer-intake".to_owned(),
                token: 3,
                node: "match".into(),
                failure: Failure::new("script", "it failed"),
                created_at: Timestamp(at),
            };
            inside(root_of(id).as_str(), incident)
        };
        let resolve = Resolve { id: "r2.1".into(), at: Timestamp(9), by: "bo".into(), how: Resolution::Cancelled };
        let writes = Writes {
            incidents: vec![raise("r1.1", 1), raise("r1.2", 3), raise("r2.1", 2), raise("r10.1", 4)],
            resolved: vec![inside("r2", resolve)],
            ..Writes::default()
        };
        flush(conn, &writes).unwrap();
        let all = IncidentQuery {
            business: acme(),
            open: None,
            process: None,
            instance: None,
            node: None,
            code: None,
            after: None,
            limit: 3,
        };
        for (query, ids) in [
            (all.clone(), vec!["r10.1", "r1.2", "r2.1"]),
            (IncidentQuery { open: Some(true), ..all.clone() }, vec!["r10.1", "r1.2", "r1.1"]),
            (IncidentQuery { open: Some(false), ..all.clone() }, vec!["r2.1"]),
            (IncidentQuery { instance: Some("r1".into()), ..all.clone() }, vec!["r1.2", "r1.1"]),
            (IncidentQuery { process: Some("forecast".to_owned()), ..all.clone() }, vec![]),
            (IncidentQuery { node: Some("elsewhere".to_owned()), ..all.clone() }, vec![]),
            (IncidentQuery { code: Some("another".to_owned()), ..all.clone() }, vec![]),
        ] {
            let found = incidents::search(conn, &query).unwrap().items;
            assert_eq!(found.iter().map(|one| one.incident.id.as_str()).collect::<Vec<_>>(), ids, "{query:?}");
        }
        assert_eq!(incidents::count(conn, &all).unwrap(), Count { number: 4, more: false }, "of all pages");
        let first = incidents::search(conn, &all).unwrap();
        let rest = incidents::search(conn, &IncidentQuery { after: first.next, ..all }).unwrap();
        assert_eq!((rest.items.len(), rest.next), (1, None));
    });
}

#[test]
fn decisions_are_listed_by_function_instance_and_time() {
    on_both_connected(|conn| {
        let decide = |id: &str, instance: &str, function: &str, at: i64| {
            let decision = Decision {
                id: id.into(),
                instance: instance.into(),
                node: "match".into(),
                function: function.to_owned().try_into().unwrap(),
                revision: 1,
                script_hash: "00ff".to_owned(),
                input: awkward(),
                output: json!({"decision": "new"}),
                at: Timestamp(at),
            };
            inside(root_of(id).as_str(), decision)
        };
        let decisions = vec![
            decide("r1.1", "r1", "customer-match/decide", 1),
            decide("r1.3", "r1.2", "customer-match/decide", 2),
            decide("r2.1", "r2", "grading/grade", 3),
        ];
        flush(conn, &Writes { decisions, ..Writes::default() }).unwrap();
        let all = DecisionQuery {
            business: acme(),
            visible: Visible::all("kamflow".into()),
            function: None,
            instance: None,
            since: None,
            until: None,
            after: None,
            limit: 2,
        };
        let function = "customer-match/decide".to_owned().try_into().unwrap();
        for (query, ids) in [
            (all.clone(), vec!["r2.1", "r1.3"]),
            (DecisionQuery { function: Some(function), ..all.clone() }, vec!["r1.3", "r1.1"]),
            (DecisionQuery { instance: Some("r1".into()), ..all.clone() }, vec!["r1.3", "r1.1"]),
            (DecisionQuery { instance: Some("r1.2".into()), ..all.clone() }, vec!["r1.3"]),
            (DecisionQuery { since: Some(Timestamp(2)), until: Some(Timestamp(3)), ..all.clone() }, vec!["r1.3"]),
        ] {
            let found = decisions::search(conn, &query).unwrap().items;
            assert_eq!(found.iter().map(|one| one.id.as_str()).collect::<Vec<_>>(), ids, "{query:?}");
        }
        let first = decisions::search(conn, &all).unwrap();
        assert!(decisions::count(conn, &all).unwrap().number > first.items.len() as i64, "of all pages");
        let rest = decisions::search(conn, &DecisionQuery { after: first.next, ..all }).unwrap();
        assert_eq!((rest.items[0].id.as_str(), rest.next), ("r1.1", None));
    });
}
