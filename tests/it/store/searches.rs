//! Lists of tasks and instances: filters, visibility, order, cursors.

use super::fixtures::*;
use crate::support::on_both_connected;
use kamflow::model::instance::{InstanceState, InstanceSummary};
use kamflow::model::json::JsonMap;
use kamflow::model::task::{TaskState, UserTask};
use kamflow::model::time::Timestamp;
use kamflow::store::Connection;
use kamflow::store::instances::{self, InstanceQuery};
use kamflow::store::page::Cursor;
use kamflow::store::slots;
use kamflow::store::task_list::{self, Column, FEW, Key, TaskOrder, TaskQuery, Term, Value};
use kamflow::store::tasks;
use kamflow::store::visible::{Reach, Reaches, Rule, Ties, Visible, Which};
use kamflow::store::writes::{Called, Writes, flush};
use serde_json::json;
use std::collections::BTreeSet;

#[test]
fn everybody_sees_their_own_tasks() {
    on_both_connected(|conn| {
        let mut claimed = task("r1.1");
        (claimed.state, claimed.assignee) = (TaskState::Claimed, Some("anna".into()));
        let mut named = task("r1.2");
        (named.candidate_groups, named.candidate_users) = (Vec::new(), vec!["bo".into()]);
        let mut done = task("r1.3");
        (done.state, done.completed_by) = (TaskState::Completed, Some("carl".into()));
        let mut foreign = task("r1.4");
        foreign.process = "forecast".to_owned();
        foreign.candidate_groups = vec!["finance".to_owned()];
        add(conn, [claimed, named, done, foreign]);

        for (who, roles, processes, sees) in [
            ("anna", vec![], vec![], vec!["r1.1"]),
            ("bo", vec![], vec![], vec!["r1.2"]),
            ("carl", vec![], vec![], vec!["r1.3"]),
            ("dora", vec!["sales_ops", "other"], vec![], vec!["r1.1"]),
            ("emil", vec!["finance"], vec![], vec!["r1.4"]),
            ("fred", vec![], vec!["forecast"], vec!["r1.4"]),
            ("gina", vec![], vec![], vec![]),
            ("starter", vec![], vec![], vec!["r1.1", "r1.2", "r1.3", "r1.4"]),
            // A name in a list is a value, never SQL.
            ("x' OR '1'='1", vec!["\") OR (1=1"], vec![], vec![]),
        ] {
            let visible =
                Visible { roles: roles.into_iter().map(str::to_owned).collect(), ..of_processes(who, &processes) };
            let query = TaskQuery { visible: visible.clone(), ..query() };
            let found = task_list::search(conn, &query).unwrap().unwrap().items;
            assert_eq!(found.iter().map(|task| task.id.as_str()).collect::<Vec<_>>(), sees, "{who}");
            assert_eq!(task_list::count(conn, &query).unwrap().unwrap().number, sees.len() as i64, "{who}");
            for id in ["r1.1", "r1.2", "r1.3", "r1.4"] {
                let one = tasks::find(conn, &acme(), &id.into(), &visible).unwrap();
                assert_eq!(one.is_some(), sees.contains(&id), "{who} {id}");
            }
        }
        assert_eq!(task_list::search(conn, &query()).unwrap().unwrap().items.len(), 4);
        let elsewhere = TaskQuery { business: "other".into(), ..query() };
        assert_eq!(task_list::search(conn, &elsewhere).unwrap().unwrap().items, []);
    });
}

#[test]
fn tasks_are_filtered() {
    on_both_connected(|conn| {
        let mut claimed = task("r1.1");
        (claimed.state, claimed.assignee) = (TaskState::Claimed, Some("anna".into()));
        let mut other = task("r2.1");
        other.candidate_groups = vec!["finance".to_owned()];
        other.process = "forecast".to_owned();
        add(conn, [claimed, task("r1.2"), other]);
        let mut searched = task_write(task("r3.1"));
        searched.item.slots =
            slots::of(&["name".to_owned(), "size".to_owned()], &map(json!({"name": "华为", "size": 12})));
        flush(conn, &Writes { tasks: vec![searched], ..Writes::default() }).unwrap();

        let is = |column: Column, values: &[&str]| {
            let values = values.iter().map(|value| Value::from(*value)).collect();
            TaskQuery { terms: vec![Term::In(column, values)], ..query() }
        };
        let slot = |place: usize, value: serde_json::Value| {
            let values = slots::meant(&value).into_iter().map(Value::from).collect();
            let column = Column::Slot { process: "customer-intake".to_owned(), place };
            TaskQuery { terms: vec![Term::In(column, values)], ..query() }
        };
        let group = Term::Group(vec!["finance".to_owned()]);
        for (query, ids) in [
            (is(Column::State, &["claimed"]), vec!["r1.1"]),
            (is(Column::State, &["created", "claimed"]), vec!["r1.1", "r1.2", "r2.1", "r3.1"]),
            (is(Column::Assignee, &["anna"]), vec!["r1.1"]),
            (TaskQuery { terms: vec![group], ..query() }, vec!["r2.1"]),
            (is(Column::Process, &["forecast"]), vec!["r2.1"]),
            (is(Column::Instance, &["r1"]), vec!["r1.1", "r1.2"]),
            (slot(0, json!("华为")), vec!["r3.1"]),
            (slot(1, json!("12")), vec!["r3.1"]),
            (slot(1, json!(12.0)), vec!["r3.1"]),
            (slot(1, json!(13)), vec![]),
            (slot(8, json!(12)), vec![]),
        ] {
            let found = task_list::search(conn, &query).unwrap().unwrap().items;
            assert_eq!(found.iter().map(|task| task.id.as_str()).collect::<Vec<_>>(), ids, "{query:?}");
        }
    });
}

#[test]
fn variables_from_before_they_were_kept_to_be_compared_are_found_after_the_migration() {
    on_both_connected(|conn| {
        let mut old = task_write(task("r1.1"));
        old.item.task.search = map(json!({"name": "华为", "size": 9}));
        (old.item.slots[0], old.item.slots[1]) = (Some("华为".to_owned()), Some("9".to_owned()));
        flush(conn, &Writes { tasks: vec![old], ..Writes::default() }).unwrap();
        let is = |place: usize, value: &str| {
            let column = Column::Slot { process: "customer-intake".to_owned(), place };
            TaskQuery { terms: vec![Term::In(column, vec![Value::from(value)])], ..query() }
        };
        let nine = slots::sorted(&json!(9)).unwrap();
        assert_eq!(task_list::search(conn, &is(1, &nine)).unwrap().unwrap().items.len(), 0);
        task_list::renew(conn).unwrap();
        assert_eq!(task_list::search(conn, &is(1, &nine)).unwrap().unwrap().items.len(), 1);
        assert_eq!(task_list::search(conn, &is(0, "华为")).unwrap().unwrap().items.len(), 1);
        task_list::renew(conn).unwrap();
        assert_eq!(task_list::search(conn, &is(1, &nine)).unwrap().unwrap().items.len(), 1, "once is enough");
    });
}

#[test]
fn pages_stay_right_while_tasks_come_and_go() {
    on_both_connected(|conn| {
        for (by, descending) in
            [Key::Due, Key::Created, Key::Priority].into_iter().flat_map(|by| [(by, false), (by, true)])
        {
            let order = TaskOrder { by, descending };
            let root = format!("{by:?}{descending}").to_lowercase();
            let make = |number: i64| {
                let mut one = task(&format!("{root}.{number:03}"));
                one.due = (number % 4 != 0).then_some(Timestamp(number % 5));
                one.created_at = Timestamp(number % 7);
                one.priority = number % 3;
                one
            };
            add(conn, (0..40).map(|number| make(number * 2)));
            let ask = |after: Option<Cursor>| TaskQuery {
                terms: vec![Term::In(Column::Instance, vec![Value::from(root.as_str())])],
                order,
                after,
                limit: 7,
                ..query()
            };
            let mut seen: Vec<UserTask> = Vec::new();
            let mut after = None;
            loop {
                let page = task_list::search(conn, &ask(after)).unwrap().unwrap();
                assert!(page.items.len() <= 7);
                seen.extend(page.items);
                let Some(next) = page.next else { break };
                // A cursor travels as text.
                after = Some(next.to_string().parse().unwrap());
                // New ones appear all over the list while somebody reads on.
                add(conn, [make(seen.len() as i64 * 2 + 1)]);
            }
            let old: BTreeSet<_> = (0..40).map(|number| make(number * 2).id).collect();
            let ids: Vec<_> = seen.iter().map(|task| task.id.clone()).collect();
            let unique: BTreeSet<_> = ids.iter().cloned().collect();
            assert_eq!(ids.len(), unique.len(), "nothing twice, {order:?}");
            assert!(old.is_subset(&unique), "nothing skipped, {order:?}");
            let key = |task: &UserTask| match by {
                Key::Due => task.due.map_or(if descending { i64::MIN } else { i64::MAX }, |due| due.0),
                Key::Created => task.created_at.0,
                Key::Priority => task.priority,
            };
            let mut keys: Vec<_> = seen.iter().map(|task| (key(task), task.id.clone())).collect();
            if descending {
                keys.reverse();
            }
            assert!(keys.is_sorted(), "{order:?}: {keys:?}");
        }
        assert!("no cursor".parse::<Cursor>().is_err());
    });
}

#[test]
fn instances_are_found_by_those_they_concern() {
    on_both_connected(|conn| {
        let mut batch = Writes::default();
        for (number, (id, process)) in
            [("r1", "customer-intake"), ("r2", "customer-intake"), ("r3", "forecast")].into_iter().enumerate()
        {
            let mut one = instance(id);
            one.process = process.to_owned();
            one.started_at = Timestamp(number as i64);
            one.business_key = Some(format!("key-{id}"));
            batch.created.push(created(one));
        }
        let mut mine = task("r2.1");
        mine.assignee = Some("bo".into());
        batch.tasks = vec![task_write(mine)];
        batch.called = vec![inside("r1", Called { summary: called("r1.5", "r1"), slots: Default::default() })];
        flush(conn, &batch).unwrap();
        flush(conn, &Writes { changed: vec![changed(instance("r1"), 1)], ..Writes::default() }).unwrap();

        let inner = instances::called(conn, &acme(), &"r1".into()).unwrap();
        assert_eq!(inner.len(), 1);
        assert_eq!(
            (inner[0].parent.as_ref().unwrap().as_str(), inner[0].version),
            ("r1", 2),
            "the version of its root"
        );

        let everyone = Visible::all("kamflow".into());
        let group = Visible { roles: vec!["sales_ops".to_owned()], ..only("x") };
        let process = of_processes("x", &["forecast"]);
        for (visible, sees) in [
            (everyone.clone(), vec!["r1.5", "r3", "r2", "r1"]),
            (only("anna"), vec!["r1.5", "r3", "r2", "r1"]),
            (only("bo"), vec!["r2"]),
            (group, vec!["r2"]),
            (process, vec!["r3"]),
            (only("x"), vec![]),
        ] {
            let query = InstanceQuery { visible: visible.clone(), ..instance_query() };
            let mut found: Vec<String> =
                instances::search(conn, &query).unwrap().items.into_iter().map(|one| one.id.0).collect();
            found.sort();
            let mut sees = sees;
            sees.sort_unstable();
            assert_eq!(found, sees, "{visible:?}");
            assert_eq!(instances::find(conn, &acme(), &"r2".into(), &visible).unwrap().is_some(), sees.contains(&"r2"));
            assert_eq!(instances::count(conn, &query).unwrap().number, sees.len() as i64);
        }

        let key = InstanceQuery { business_key: Some("key-r3".to_owned()), ..instance_query() };
        assert_eq!(instances::search(conn, &key).unwrap().items[0].id.as_str(), "r3");
        let state = InstanceQuery { state: Some(InstanceState::Completed), ..instance_query() };
        assert_eq!(instances::search(conn, &state).unwrap().items, []);
        let first = instances::search(conn, &InstanceQuery { limit: 2, ..instance_query() }).unwrap();
        let rest = InstanceQuery { after: first.next.clone(), limit: 2, ..instance_query() };
        let rest = instances::search(conn, &rest).unwrap();
        assert_eq!((first.items.len(), rest.items.len(), rest.next), (2, 2, None));
    });
}

#[test]
fn counts_stop_at_ten_thousand() {
    on_both_connected(|conn| {
        add(conn, (0..10_000).map(|number| task(&format!("r1.{number}"))));
        let exact = task_list::count(conn, &query()).unwrap().unwrap();
        assert_eq!((exact.number, exact.more), (10_000, false));
        add(conn, [task("r2.1")]);
        let capped = task_list::count(conn, &query()).unwrap().unwrap();
        assert_eq!((capped.number, capped.more), (10_000, true));
    });
}

fn add(conn: &mut Connection, tasks: impl IntoIterator<Item = UserTask>) {
    let tasks = tasks.into_iter().map(task_write).collect();
    assert_eq!(flush(conn, &Writes { tasks, ..Writes::default() }).unwrap(), []);
}

fn query() -> TaskQuery {
    TaskQuery {
        business: acme(),
        visible: Visible::all("kamflow".into()),
        actionable: false,
        terms: Vec::new(),
        order: TaskOrder::default(),
        after: None,
        limit: 100,
        few: FEW,
    }
}

fn instance_query() -> InstanceQuery {
    InstanceQuery {
        business: acme(),
        visible: Visible::all("kamflow".into()),
        process: None,
        state: None,
        business_key: None,
        starter: None,
        parent: None,
        built_in: false,
        search: Vec::new(),
        after: None,
        limit: 100,
    }
}

fn called(id: &str, parent: &str) -> InstanceSummary {
    InstanceSummary {
        id: id.into(),
        business: acme(),
        parent: Some(parent.into()),
        process: "credit-check".to_owned(),
        revision: 1,
        state: InstanceState::Active,
        error: None,
        business_key: None,
        starter: "anna".into(),
        started_at: Timestamp(9),
        ended_at: None,
        search: JsonMap::new(),
        version: 1,
    }
}

/// What somebody sees by what they start, have, or may take.
fn only(user: &str) -> Visible {
    of_processes(user, &[])
}

/// The same, and everything of these processes.
fn of_processes(user: &str, processes: &[&str]) -> Visible {
    let processes: Vec<String> = processes.iter().map(|process| (*process).to_owned()).collect();
    let own = || Reach { own: true, below: None };
    let reaches = Reaches { starter: own(), assignee: own(), candidate: own() };
    let rules = vec![
        Rule { of: Which::Others(processes.clone()), ties: Ties::Some(reaches) },
        Rule { of: Which::These(processes), ties: Ties::All },
    ];
    Visible { rules, ..Visible::all(user.into()) }
}
