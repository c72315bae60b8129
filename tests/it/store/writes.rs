//! The batch write.

use super::fixtures::*;
use crate::support::on_both_connected;
use kamflow::model::decision::Decision;
use kamflow::model::event::Resolution;
use kamflow::model::history::HistoryEntry;
use kamflow::model::ids::InstanceId;
use kamflow::model::incident::{Failure, Incident};
use kamflow::model::instance::InstanceState;
use kamflow::model::task::TaskState;
use kamflow::model::time::Timestamp;
use kamflow::model::timer::Timer;
use kamflow::store::idempotency::{self, Kept, Place};
use kamflow::store::visible::{Reach, Reaches, Rule, Ties, Visible, Which};
use kamflow::store::writes::{Answer, Resolve, Writes, flush};
use kamflow::store::{self, Connection, StoreError};
use kamflow::store::{decisions, history, incidents, instances, tasks, timers};
use serde_json::json;

#[test]
fn what_is_written_is_read_back() {
    on_both_connected(|conn| {
        let mut one = instance("r1");
        one.business_key = Some("客户:1".to_owned());
        one.serial = 7;
        let mut written = everything_of("r1");
        written.created = vec![created(one.clone())];
        assert_eq!(flush(conn, &written).unwrap(), []);

        let loaded = instances::load(conn, &[(acme(), "r1".into()), (acme(), "r2".into())]).unwrap();
        assert_eq!(loaded, [(one, 1)]);
        assert!(instances::load(conn, &[("other".into(), "r1".into())]).unwrap().is_empty());
        let all = Visible::all("kamflow".into());
        let open = tasks::find(conn, &acme(), &"r1.1".into(), &all).unwrap().unwrap();
        assert_eq!(open, written.tasks[0].item.task);
        assert_eq!(timers::due(conn, Timestamp(5_000), None, 10).unwrap().len(), 1);
        assert_eq!(timers::next_due(conn).unwrap(), Some(Timestamp(5_000)));
        assert_eq!(history::list(conn, &acme(), &"r1".into(), 0, 10).unwrap(), written.history);
        let decision = decisions::find(conn, &acme(), &"r1.4".into()).unwrap().unwrap();
        assert_eq!(decision, written.decisions[0].item);
        let incident = incidents::find(conn, &acme(), &"r1.3".into()).unwrap().unwrap();
        assert_eq!((incident.incident, incident.resolved), (written.incidents[0].item.clone(), None));
    });
}

#[test]
fn what_is_over_is_put_away() {
    on_both_connected(|conn| {
        let mut first = everything_of("r1");
        first.created = vec![created(instance("r1"))];
        flush(conn, &first).unwrap();

        let mut done = task("r1.1");
        (done.state, done.completed_by, done.version) = (TaskState::Completed, Some("anna".into()), 2);
        let end = Resolve { id: "r1.3".into(), at: Timestamp(9_000), by: "bo".into(), how: Resolution::Retried };
        let second = Writes {
            changed: vec![changed(instance("r1"), 1)],
            tasks: vec![task_write(done)],
            timers_gone: vec![inside("r1", "r1.2".into())],
            resolved: vec![inside("r1", end)],
            ..Writes::default()
        };
        assert_eq!(flush(conn, &second).unwrap(), []);
        assert_eq!(timers::next_due(conn).unwrap(), None);
        let resolved = incidents::find(conn, &acme(), &"r1.3".into()).unwrap().unwrap().resolved.unwrap();
        assert_eq!((resolved.by.as_str(), resolved.how), ("bo", Resolution::Retried));
        // A completed task has no candidates: its group no longer sees it, its completer does.
        let group = Visible { roles: vec!["sales_ops".to_owned()], ..seen_by("carl") };
        assert_eq!(tasks::find(conn, &acme(), &"r1.1".into(), &group).unwrap(), None);
        assert!(tasks::find(conn, &acme(), &"r1.1".into(), &seen_by("anna")).unwrap().is_some());
    });
}

#[test]
fn nothing_of_a_loser_is_written() {
    on_both_connected(|conn| {
        let mut keyed = instance("holder");
        keyed.business_key = Some("k".to_owned());
        let start = Writes {
            created: vec![created(keyed.clone()), created(instance("old")), created(instance("good"))],
            ..Writes::default()
        };
        flush(conn, &start).unwrap();

        // `old` was computed on a version that has moved, `second` wants a key that is taken, `twin` one that another
        // of the same batch gets, `old again` has an id that is there.
        flush(conn, &Writes { changed: vec![changed(instance("old"), 1)], ..Writes::default() }).unwrap();
        let mut batch = Writes::default();
        for (id, key) in [("second", Some("k")), ("first", Some("new")), ("twin", Some("new")), ("plain", None)] {
            let mut new = instance(id);
            new.business_key = key.map(str::to_owned);
            batch.created.push(created(new));
        }
        let mut again = instance("good");
        again.business_key = Some("unused".to_owned());
        batch.created.push(created(again));
        batch.changed = vec![changed(instance("old"), 1), changed(instance("holder"), 1)];
        for id in ["second", "first", "twin", "plain", "old", "holder", "good"] {
            merge(&mut batch, everything_of(id));
        }
        let lost = flush(conn, &batch).unwrap();
        let twins: Vec<&str> =
            lost.iter().map(InstanceId::as_str).filter(|id| ["first", "twin"].contains(id)).collect();
        assert_eq!(twins.len(), 1, "one of the two gets the key: {lost:?}");
        let expected: Vec<&str> = if twins == ["twin"] {
            vec!["good", "old", "second", "twin"]
        } else {
            vec!["first", "good", "old", "second"]
        };
        assert_eq!(lost.iter().map(InstanceId::as_str).collect::<Vec<_>>(), expected);

        for id in ["second", "first", "twin", "plain", "old", "holder", "good"] {
            let wrote = !expected.contains(&id);
            assert_eq!(rows_of(conn, id), if wrote { [1; 5] } else { [0; 5] }, "{id}");
        }
        let keys = [(acme(), "customer-intake".to_owned(), "unused".to_owned())];
        assert_eq!(instances::key_holders(conn, &keys).unwrap(), [], "the loser gave back what it had claimed");
        assert_eq!(instances::load(conn, &[(acme(), "old".into())]).unwrap()[0].1, 2);
    });
}

#[test]
fn a_taken_idempotency_key_loses() {
    on_both_connected(|conn| {
        flush(conn, &Writes { created: vec![created(instance("r1"))], ..Writes::default() }).unwrap();
        let batch = |expected: i64, outcome: &str| Writes {
            changed: vec![changed(instance("r1"), expected)],
            idempotency: vec![Answer { root: Some("r1".into()), kept: kept("k1", outcome) }],
            ..Writes::default()
        };
        // Lost for another reason: the key is free again afterwards.
        assert_eq!(flush(conn, &batch(5, "too early")).unwrap(), [InstanceId::from("r1")]);
        assert_eq!(idempotency::find(conn, &[kept("k1", "").place]).unwrap(), []);
        assert_eq!(flush(conn, &batch(1, "first")).unwrap(), []);
        assert_eq!(flush(conn, &batch(2, "second")).unwrap(), [InstanceId::from("r1")]);
        assert_eq!(idempotency::find(conn, &[kept("k1", "").place]).unwrap(), [kept("k1", "first")]);
        assert_eq!(instances::load(conn, &[(acme(), "r1".into())]).unwrap()[0].1, 2);

        // A refusal changed no root: kept when the key is free, passed over when not.
        let refusal = |outcome: &str| Writes {
            idempotency: vec![Answer { root: None, kept: kept("k2", outcome) }],
            ..Writes::default()
        };
        assert_eq!(flush(conn, &refusal("no")).unwrap(), []);
        assert_eq!(flush(conn, &refusal("never")).unwrap(), []);
        assert_eq!(idempotency::find(conn, &[kept("k2", "").place]).unwrap(), [kept("k2", "no")]);
    });
}

#[test]
fn a_released_key_can_be_claimed_again() {
    on_both_connected(|conn| {
        let mut first = instance("r1");
        first.business_key = Some("k".to_owned());
        flush(conn, &Writes { created: vec![created(first.clone())], ..Writes::default() }).unwrap();
        first.state = InstanceState::Completed;
        let mut end = changed(first, 1);
        end.releases_key = true;
        flush(conn, &Writes { changed: vec![end], ..Writes::default() }).unwrap();
        let mut second = instance("r2");
        second.business_key = Some("k".to_owned());
        assert_eq!(flush(conn, &Writes { created: vec![created(second)], ..Writes::default() }).unwrap(), []);
        let key = (acme(), "customer-intake".to_owned(), "k".to_owned());
        assert_eq!(instances::key_holders(conn, &[key]).unwrap()[0].instance.as_str(), "r2");
    });
}

#[test]
fn a_text_with_nul_is_refused_and_nothing_is_written() {
    on_both_connected(|conn| {
        let mut plain = instance("r1");
        plain.business_key = Some("a\0b".to_owned());
        let mut hidden = everything_of("r2");
        hidden.created = vec![created(instance("r2"))];
        hidden.history[0].data = json!({"deep": ["a\u{0}b"]});
        for writes in [Writes { created: vec![created(plain)], ..Writes::default() }, hidden] {
            assert!(matches!(flush(conn, &writes).unwrap_err(), StoreError::Nul));
        }
        assert!(instances::load(conn, &[(acme(), "r1".into()), (acme(), "r2".into())]).unwrap().is_empty());
        // The six characters \u0000 are not the character.
        let mut fine = everything_of("r3");
        fine.created = vec![created(instance("r3"))];
        fine.history[0].data = json!("a\\u0000b");
        assert_eq!(flush(conn, &fine).unwrap(), []);
        assert_eq!(history::list(conn, &acme(), &"r3".into(), 0, 1).unwrap(), fine.history);
    });
}

#[test]
fn a_flush_inside_a_transaction_is_taken_back_with_it() {
    on_both_connected(|conn| {
        let failed: Result<(), StoreError> = store::transaction(conn, |conn| {
            flush(conn, &Writes { created: vec![created(instance("r1"))], ..Writes::default() })?;
            assert_eq!(instances::load(conn, &[(acme(), "r1".into())])?.len(), 1);
            Err(StoreError::Closed)
        });
        assert!(failed.is_err());
        assert!(instances::load(conn, &[(acme(), "r1".into())]).unwrap().is_empty());
    });
}

/// A row in every table but that of the roots.
fn everything_of(root: &str) -> Writes {
    let id = |number: u8| format!("{root}.{number}");
    let incident = Incident {
        id: id(3).into(),
        instance: root.into(),
        process: "customer-intake".to_owned(),
        token: 3,
        node: "match".into(),
        failure: Failure::new("script", "it failed").with_input(awkward()),
        created_at: Timestamp(2_000),
    };
    let decision = Decision {
        id: id(4).into(),
        instance: root.into(),
        node: "match".into(),
        function: "customer-match/decide".to_owned().try_into().unwrap(),
        revision: 1,
        script_hash: "00ff".to_owned(),
        input: awkward(),
        output: json!({"decision": "new"}),
        at: Timestamp(2_000),
    };
    let entry = HistoryEntry {
        business: acme(),
        root: root.into(),
        sequence: 1,
        at: Timestamp(2_000),
        instance: root.into(),
        kind: "instance_started".to_owned(),
        node: None,
        actor: "anna".into(),
        data: awkward(),
    };
    let timer =
        Timer { id: id(2).into(), holder: 2, node: "late".into(), trigger: 0, due: Timestamp(5_000), left: None };
    let mut one = task(&id(1));
    one.search = map(json!({"name": "华为"}));
    Writes {
        tasks: vec![task_write(one)],
        timers_set: vec![inside(root, timer)],
        incidents: vec![inside(root, incident)],
        decisions: vec![inside(root, decision)],
        history: vec![entry],
        ..Writes::default()
    }
}

fn merge(batch: &mut Writes, more: Writes) {
    batch.tasks.extend(more.tasks);
    batch.timers_set.extend(more.timers_set);
    batch.incidents.extend(more.incidents);
    batch.decisions.extend(more.decisions);
    batch.history.extend(more.history);
}

/// How many tasks, timers, incidents, decisions and history entries a root has.
fn rows_of(conn: &mut Connection, root: &str) -> [usize; 5] {
    let all = Visible::all("kamflow".into());
    let id = |number: u8| format!("{root}.{number}");
    let due = timers::due(conn, Timestamp(i64::MAX), None, 100).unwrap();
    [
        usize::from(tasks::find(conn, &acme(), &id(1).into(), &all).unwrap().is_some()),
        due.iter().filter(|timer| timer.root.as_str() == root).count(),
        usize::from(incidents::find(conn, &acme(), &id(3).into()).unwrap().is_some()),
        usize::from(decisions::find(conn, &acme(), &id(4).into()).unwrap().is_some()),
        history::list(conn, &acme(), &root.into(), 0, 100).unwrap().len(),
    ]
}

fn seen_by(user: &str) -> Visible {
    let own = || Reach { own: true, below: None };
    let reaches = Reaches { starter: Reach::default(), assignee: own(), candidate: own() };
    Visible {
        rules: vec![Rule { of: Which::Others(Vec::new()), ties: Ties::Some(reaches) }],
        ..Visible::all(user.into())
    }
}

fn kept(key: &str, outcome: &str) -> Kept {
    Kept {
        place: Place {
            business: acme(),
            caller: "anna".to_owned(),
            route: "POST /user-tasks/complete".to_owned(),
            key: key.to_owned(),
        },
        body_hash: "00ff".to_owned(),
        outcome: json!({ "said": outcome }),
        created_at: Timestamp(1_000),
    }
}
