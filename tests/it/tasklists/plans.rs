//! How the databases go about task lists: an inbox is the beginning of ordered ranges, never a table that is read and
//! sorted; and what no index answers is looked for in few rows only.

use crate::store::fixtures::{acme, task, task_write};
use crate::support::on_both_connected;
use diesel::connection::SimpleConnection;
use kamflow::model::task::{TaskState, UserTask};
use kamflow::model::time::Timestamp;
use kamflow::store::Connection;
use kamflow::store::task_list::{self, Bounds, Column, FEW, Grouped, Key, TaskOrder, TaskQuery, Term, Value};
use kamflow::store::visible::{Reach, Reaches, Rule, Ties, Visible, Which};
use kamflow::store::writes::{Writes, flush};

pub fn fill(conn: &mut Connection, number: i64) {
    let one = |at: i64| -> UserTask {
        let mut one = task(&format!("r{at:06}.1"));
        one.due = (at % 5 != 0).then_some(Timestamp(at * 7 % 1_000));
        one.created_at = Timestamp(at);
        one.priority = at % 100;
        one.candidate_groups = vec![format!("g{}", at % 7), format!("g{}", at % 11)];
        one.candidate_groups.dedup();
        if at % 4 == 3 {
            one.process = "call".to_owned();
        }
        if at % 13 == 0 {
            (one.state, one.assignee) = (TaskState::Claimed, Some("anna".into()));
        }
        one
    };
    let tasks = (0..number).map(|at| task_write(one(at))).collect();
    flush(conn, &Writes { tasks, ..Writes::default() }).unwrap();
}

/// Somebody with these groups, who sees what she starts, has, or may take.
pub fn somebody(groups: usize) -> Visible {
    let own = || Reach { own: true, below: None };
    let reaches = Reaches { starter: own(), assignee: own(), candidate: own() };
    let rules = vec![Rule { of: Which::Others(Vec::new()), ties: Ties::Some(reaches) }];
    let roles = (0..groups).map(|group| format!("g{group}")).collect();
    Visible { rules, roles, ..Visible::all("anna".into()) }
}

pub fn query(visible: Visible) -> TaskQuery {
    let order = TaskOrder::default();
    TaskQuery {
        business: acme(),
        visible,
        actionable: true,
        terms: Vec::new(),
        order,
        after: None,
        limit: 20,
        few: FEW,
    }
}

#[test]
fn an_inbox_is_read_in_order_and_no_table_is_read_or_sorted() {
    on_both_connected(|conn| {
        fill(conn, 300);
        if matches!(conn, Connection::Postgres(_)) {
            // Small tables are read whole because they are small.
            conn.batch_execute("ANALYZE; SET enable_seqscan = off").unwrap();
        }
        let group = |groups: &[&str]| Term::Group(groups.iter().map(|group| (*group).to_owned()).collect());
        let is = |column: Column, values: &[&str]| {
            Term::In(column, values.iter().map(|value| Value::from(*value)).collect())
        };
        let slot = Column::Slot { process: "customer-intake".to_owned(), place: 2 };
        for by in [Key::Due, Key::Created, Key::Priority] {
            for descending in [false, true] {
                let order = TaskOrder { by, descending };
                for (actionable, terms) in [
                    (true, vec![]),
                    (false, vec![group(&["g1", "g2", "g3"])]),
                    (false, vec![is(Column::Assignee, &["anna"]), is(Column::State, &["claimed"])]),
                    (false, vec![is(slot.clone(), &["x"])]),
                    (false, vec![is(Column::Subject, &["c1", "c2"])]),
                    (false, vec![is(Column::BusinessKey, &["k"])]),
                    (true, vec![is(Column::Process, &["customer-intake"])]),
                ] {
                    let query = TaskQuery { order, actionable, terms, ..query(somebody(9)) };
                    let said = task_list::explain(conn, &query).unwrap();
                    let whole = read_whole(&said);
                    assert!(whole.is_none(), "{query:?}: {whole:?}\n{}", said.join("\n"));
                }
            }
        }
    });
}

/// The line of a table that is read from end to end. Rows that an index found inside are a table `t`, too, to SQLite.
pub fn read_whole(said: &[String]) -> Option<&String> {
    let found = said.iter().any(|line| line == "CO-ROUTINE t");
    said.iter().find(|line| reads_a_table(line) && !(found && *line == "SCAN t"))
}

fn reads_a_table(line: &str) -> bool {
    ["o", "t", "c", "i"].iter().any(|table| line.starts_with(&format!("SCAN {table}")))
        || line.contains("Seq Scan on user_tasks")
        || line.contains("Seq Scan on task_candidates")
}

#[test]
fn each_range_of_an_inbox_has_its_order_from_the_index() {
    on_both_connected(|conn| {
        fill(conn, 300);
        if matches!(conn, Connection::Postgres(_)) {
            conn.batch_execute("ANALYZE; SET enable_seqscan = off; SET enable_bitmapscan = off").unwrap();
        }
        for (order, index) in [
            (Key::Due, "task_candidates_by_due"),
            (Key::Created, "task_candidates_by_created"),
            (Key::Priority, "task_candidates_by_priority"),
        ] {
            let order = TaskOrder { by: order, descending: false };
            let terms = vec![Term::Group(vec!["g1".to_owned(), "g2".to_owned()])];
            let query = TaskQuery { actionable: false, order, terms, ..query(Visible::all("kamflow".into())) };
            let said = task_list::explain(conn, &query).unwrap();
            let walked = said.iter().filter(|line| line.contains(index)).count();
            assert!(walked >= 4, "two groups in two open states: {}", said.join("\n"));
        }
    });
}

#[test]
fn an_inbox_of_one_process_is_a_range_of_its_own() {
    on_both_connected(|conn| {
        fill(conn, 300);
        if matches!(conn, Connection::Postgres(_)) {
            conn.batch_execute("ANALYZE; SET enable_seqscan = off; SET enable_bitmapscan = off").unwrap();
        }
        for actionable in [false, true] {
            let mut terms = vec![Term::In(Column::Process, vec![Value::from("customer-intake")])];
            if !actionable {
                terms.push(Term::Group(vec!["g1".to_owned(), "g2".to_owned()]));
            }
            let query = TaskQuery { actionable, terms, ..query(somebody(9)) };
            let said = task_list::explain(conn, &query).unwrap();
            let walked = said.iter().filter(|line| line.contains("task_candidates_by_process")).count();
            assert!(walked >= if actionable { 9 } else { 4 }, "{}", said.join("\n"));
        }
    });
}

#[test]
fn whether_a_task_is_seen_is_asked_of_its_row_alone() {
    on_both_connected(|conn| {
        fill(conn, 300);
        if matches!(conn, Connection::Postgres(_)) {
            conn.batch_execute("ANALYZE; SET enable_seqscan = off").unwrap();
        }
        let city = Column::Slot { process: "customer-intake".to_owned(), place: 2 };
        let terms = vec![Term::In(city, vec![Value::from("x")])];
        let query = TaskQuery { actionable: false, terms, ..query(somebody(50)) };
        if matches!(conn, Connection::Postgres(_)) {
            conn.batch_execute("SET plan_cache_mode = force_generic_plan").unwrap();
        }
        let said = task_list::explain(conn, &query).unwrap().join("\n");
        // The index of the city finds the rows; nothing else is looked up for each of them.
        assert_eq!(said.lines().filter(|line| line.contains("user_tasks_s3")).count(), 1, "{said}");
        assert!(!said.contains("user_tasks_pkey") && !said.contains("autoindex_user_tasks"), "{said}");
        assert!(!said.contains("task_candidates"), "{said}");
    });
}

#[test]
fn the_same_tasks_are_found_whichever_way_is_taken() {
    on_both_connected(|conn| {
        fill(conn, 90);
        let range = |least: i64| Bounds { least: Some((Value::Number(least), true)), most: None };
        for groups in [0, 3, 12] {
            for by in [Key::Due, Key::Created, Key::Priority] {
                for descending in [false, true] {
                    for terms in [
                        vec![],
                        vec![Term::Group(vec!["g1".to_owned(), "g5".to_owned()])],
                        vec![Term::Between(Column::Priority, range(40))],
                        vec![Term::Between(Column::Due, range(300)), Term::Word("review".to_owned())],
                        vec![Term::Not(Box::new(Term::Has(Column::Due)))],
                        vec![Term::In(Column::Process, vec![Value::from("call")])],
                        vec![
                            Term::In(Column::Process, vec![Value::from("call")]),
                            Term::Group(vec!["g1".to_owned(), "g5".to_owned()]),
                        ],
                        vec![
                            Term::In(Column::Process, vec![Value::from("call"), Value::from("customer-intake")]),
                            Term::In(Column::Process, vec![Value::from("call")]),
                        ],
                    ] {
                        for actionable in [false, true] {
                            let order = TaskOrder { by, descending };
                            let all = TaskQuery { order, actionable, terms: terms.clone(), ..query(somebody(groups)) };
                            let (mut ids, mut after) = (Vec::new(), None);
                            loop {
                                let page = TaskQuery { after, ..all.clone() };
                                let page = task_list::search(conn, &page).unwrap().unwrap();
                                ids.extend(page.items.iter().map(|task| task.id.clone()));
                                after = page.next;
                                if after.is_none() {
                                    break;
                                }
                            }
                            let count = task_list::count(conn, &all).unwrap().unwrap();
                            assert_eq!(count.number, ids.len() as i64, "{all:?}");
                            // As if everything were much: then it is walked, or refused.
                            let walked = TaskQuery { few: 0, limit: 500, ..all.clone() };
                            if let Some(page) = task_list::search(conn, &walked).unwrap() {
                                let walked: Vec<_> = page.items.into_iter().map(|task| task.id).collect();
                                assert_eq!(walked, ids, "{all:?}");
                            }
                            let grouped = task_list::groups(conn, &all, Grouped::Process).unwrap().unwrap();
                            assert_eq!(grouped.iter().map(|(_, number)| number).sum::<i64>(), ids.len() as i64);
                        }
                    }
                }
            }
        }
    });
}

#[test]
fn what_no_index_answers_is_looked_for_in_few_tasks_only() {
    on_both_connected(|conn| {
        fill(conn, 300);
        let terms = vec![Term::In(Column::Node, vec![Value::from("elsewhere")])];
        let everything = TaskQuery { actionable: false, terms, few: 100, ..query(Visible::all("kamflow".into())) };
        assert_eq!(task_list::search(conn, &everything).unwrap(), None);
        assert_eq!(task_list::count(conn, &everything).unwrap(), None);
        // With another condition that leaves few it is answered.
        let mut terms = everything.terms.clone();
        terms.push(Term::In(Column::Instance, vec![Value::from("r000007")]));
        let narrowed = TaskQuery { terms, ..everything.clone() };
        assert_eq!(task_list::search(conn, &narrowed).unwrap().unwrap().items, []);
        // A page that fills before so many are looked at is answered, too.
        let terms = vec![Term::In(Column::Node, vec![Value::from("review")])];
        let common = TaskQuery { terms, ..everything };
        assert_eq!(task_list::search(conn, &common).unwrap().unwrap().items.len(), 20);
    });
}
