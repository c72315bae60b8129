//! Many open tasks, and a person in fifty groups: every list is answered, and how long its pages take is printed, not judged.
//! `KAMFLOW_TASKS=1000000 cargo test --release --test it tasklists::large -- --nocapture` is how it is measured.

use crate::store::fixtures::{acme, task, task_write};
use crate::support::on_both_connected;
use diesel::connection::SimpleConnection;
use kamflow::model::task::{TaskState, UserTask};
use kamflow::model::time::Timestamp;
use kamflow::store::Connection;
use kamflow::store::task_list::{self, Bounds, Column, FEW, Key, TaskOrder, TaskQuery, Term, Value};
use kamflow::store::visible::{Below, Reach, Reaches, Rule, Ties, Visible, Which};
use kamflow::store::writes::{Writes, flush};
use std::time::{Duration, Instant};

/// Tasks that are written at once.
const AT_ONCE: u64 = 5_000;
/// Groups that tasks are open for; the caller has the first fifty.
const GROUPS: u64 = 200;

/// Open tasks, every tenth of somebody, of twenty processes, each for one or two groups. A thousand of them are of a city that the
/// caller sees none of, a twentieth of a process that the caller sees hardly anything of.
fn load(conn: &mut Connection, number: u64) {
    let one = |at: u64| -> UserTask {
        let mut one = task(&format!("r{at:08}.1"));
        let mixed = at.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 20;
        one.process = format!("p{}", mixed % 20);
        one.due = (!mixed.is_multiple_of(7)).then_some(Timestamp((mixed % 100_000_000).cast_signed()));
        one.created_at = Timestamp(at.cast_signed());
        one.priority = (mixed % 101).cast_signed();
        one.candidate_groups = vec![format!("g{:03}", mixed % GROUPS), format!("g{:03}", mixed / 7 % GROUPS)];
        one.candidate_groups.dedup();
        let remote = at % (number / 1_000).max(4) == 3;
        if at % 20 == 13 {
            one.process = "elsewhere".to_owned();
        }
        if remote || (at % 20 == 13 && at % 4_000 != 13) {
            one.candidate_groups = vec![format!("g{:03}", GROUPS - 1 - mixed % 100)];
        }
        if remote {
            one.process = "p3".to_owned();
        }
        if at.is_multiple_of(10) {
            (one.state, one.assignee) = (TaskState::Claimed, Some(format!("u{}", at / 10 % 1_000).into()));
        }
        one
    };
    let mut at = 0;
    while at < number {
        let next = (at + AT_ONCE).min(number);
        let tasks = (at..next).map(|at| {
            let mut written = task_write(one(at));
            let remote = at % (number / 1_000).max(4) == 3;
            written.item.slots[0] = Some(if remote { "remote".to_owned() } else { format!("city {}", at % 5_000) });
            written
        });
        flush(conn, &Writes { tasks: tasks.collect(), ..Writes::default() }).unwrap();
        at = next;
    }
}

#[test]
fn somebody_in_fifty_groups_pages_through_many_open_tasks() {
    let number = std::env::var("KAMFLOW_TASKS").ok().and_then(|text| text.parse().ok()).unwrap_or(4_000);
    let asked = if number > 10_000 { 200 } else { 8 };
    on_both_connected(|conn| {
        let begun = Instant::now();
        load(conn, number);
        println!("{number} tasks in {:?}", begun.elapsed());
        if matches!(conn, Connection::Postgres(_)) {
            conn.batch_execute("ANALYZE").unwrap();
        }
        let own = || Reach { own: true, below: Some(Below::Any) };
        let reaches = Reaches { starter: own(), assignee: own(), candidate: own() };
        let rules = vec![Rule { of: Which::Others(Vec::new()), ties: Ties::Some(reaches) }];
        let roles = (0..50).map(|group| format!("g{group:03}")).collect();
        let visible = Visible { rules, roles, ..Visible::all("u7".into()) };
        let (order, few) = (TaskOrder::default(), FEW);
        let inbox = TaskQuery {
            business: acme(),
            visible,
            actionable: true,
            terms: Vec::new(),
            order,
            after: None,
            limit: 50,
            few,
        };
        let is = |column: Column, value: &str| Term::In(column, vec![Value::from(value)]);
        let late = Bounds { least: None, most: Some((Value::Number(50_000_000), false)) };
        let city = Column::Slot { process: "p3".to_owned(), place: 0 };
        let groups = |number: u64| Term::Group((0..number).map(|group| format!("g{group:03}")).collect());
        let newest = TaskOrder { by: Key::Created, descending: true };
        for (name, query) in [
            ("inbox of fifty groups, by due", inbox.clone()),
            ("the same, newest first", TaskQuery { order: newest, ..inbox.clone() }),
            ("the same of one process", TaskQuery { terms: vec![is(Column::Process, "p3")], ..inbox.clone() }),
            ("the same, due in a range", TaskQuery { terms: vec![Term::Between(Column::Due, late)], ..inbox.clone() }),
            ("one group", TaskQuery { terms: vec![groups(1)], actionable: false, ..inbox.clone() }),
            ("what one has", TaskQuery { terms: vec![is(Column::Assignee, "u7")], actionable: false, ..inbox.clone() }),
            (
                "one city of one process",
                TaskQuery { terms: vec![is(city.clone(), "city 123")], actionable: false, ..inbox.clone() },
            ),
            (
                "a city of which nothing is seen",
                TaskQuery { terms: vec![is(city, "remote")], actionable: false, ..inbox.clone() },
            ),
            (
                "inbox of a process of others",
                TaskQuery { terms: vec![is(Column::Process, "elsewhere")], ..inbox.clone() },
            ),
            (
                "the same, newest first",
                TaskQuery { terms: vec![is(Column::Process, "elsewhere")], order: newest, ..inbox.clone() },
            ),
            (
                "what is seen of it",
                TaskQuery { terms: vec![is(Column::Process, "elsewhere")], actionable: false, ..inbox.clone() },
            ),
        ] {
            let mut times: Vec<Duration> = Vec::new();
            let mut after = None;
            for _ in 0..asked {
                let page = TaskQuery { after: after.take(), ..query.clone() };
                let begun = Instant::now();
                let page = task_list::search(conn, &page).unwrap().expect("it is answered");
                times.push(begun.elapsed());
                let places: Vec<_> = page.items.iter().map(|task| task.id.as_str()).collect();
                let once: std::collections::BTreeSet<_> = places.iter().collect();
                assert!(places.len() == once.len() && places.len() <= 50, "{name}");
                assert!(page.next.is_none() || places.len() == 50, "{name}: a page is full, or the last one");
                after = page.next;
            }
            times.sort();
            let begun = Instant::now();
            let count = task_list::count(conn, &query).unwrap();
            assert!(number > 10_000 || count.is_some_and(|count| !count.more), "{name}");
            println!(
                "{name}: p50 {:?} p99 {:?}; {count:?} in {:?}",
                times[asked / 2],
                times[asked - 1 - asked / 100],
                begun.elapsed()
            );
        }
    });
}
