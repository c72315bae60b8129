//! How the databases go about what somebody sees through others: those below, and those for whom somebody stands in. Every
//! branch has an index of its own, however many tasks there are.

use super::plans::{fill, query, read_whole, somebody};
use crate::support::on_both_connected;
use diesel::connection::SimpleConnection;
use kamflow::model::actor::StandsIn;
use kamflow::model::ids::BusinessId;
use kamflow::store::instances::{self, InstanceQuery};
use kamflow::store::task_list::{self, Key, TaskOrder, TaskQuery};
use kamflow::store::visible::{Below, Reach, Reaches, Rule, Ties, Visible, Which};
use kamflow::store::{Connection, task_papers};

/// Somebody who sees the work of those below at any distance, and stands in for two people, for one of them in one process.
fn substitute() -> Visible {
    let both = || Reach { own: true, below: Some(Below::Any) };
    let reaches = Reaches { starter: both(), assignee: both(), candidate: both() };
    let rules = vec![Rule { of: Which::Others(Vec::new()), ties: Ties::Some(reaches) }];
    let one = |user: &str, roles: &[&str], processes: Option<Vec<String>>| StandsIn {
        user: user.into(),
        roles: roles.iter().map(|role| (*role).to_owned()).collect(),
        processes: processes.map(|processes| processes.into_iter().collect()),
    };
    let stands_in = vec![one("bert", &["g1", "g2"], None), one("cora", &[], Some(vec!["customer-intake".to_owned()]))];
    Visible { rules, stands_in, ..somebody(3) }
}

fn prepared(conn: &mut Connection) {
    fill(conn, 300);
    if matches!(conn, Connection::Postgres(_)) {
        // Small tables are read whole because they are small.
        conn.batch_execute("ANALYZE; SET enable_seqscan = off").unwrap();
    }
}

#[test]
fn tasks_seen_through_others_are_read_in_order() {
    on_both_connected(|conn| {
        prepared(conn);
        for by in [Key::Due, Key::Created, Key::Priority] {
            for actionable in [false, true] {
                let order = TaskOrder { by, descending: false };
                let query = TaskQuery { order, actionable, ..query(substitute()) };
                let said = task_list::explain(conn, &query).unwrap();
                let whole = read_whole(&said);
                assert!(whole.is_none(), "{actionable} {by:?}: {whole:?}\n{}", said.join("\n"));
            }
        }
    });
}

#[test]
fn instances_seen_through_others_are_found_by_an_index_for_every_branch() {
    on_both_connected(|conn| {
        prepared(conn);
        let query = InstanceQuery {
            business: BusinessId::from("acme"),
            visible: substitute(),
            process: None,
            state: None,
            business_key: None,
            starter: None,
            parent: None,
            built_in: true,
            search: Vec::new(),
            after: None,
            limit: 20,
        };
        let said = instances::explain(conn, &query).unwrap();
        let whole = read_whole(&said);
        assert!(whole.is_none(), "{whole:?}\n{}", said.join("\n"));
        for index in [
            "user_tasks_by_assignee",
            "user_tasks_by_completer",
            "user_tasks_by_owner",
            "user_tasks_by_acting_for",
            "user_tasks_by_completed_for",
        ] {
            let used = said.iter().filter(|line| line.contains(index)).count();
            assert!(used >= 2, "{index}: for the caller and for those below\n{}", said.join("\n"));
        }
        let substituted = said.iter().filter(|line| line.contains("user_tasks_by_assignee")).count();
        assert!(substituted >= 4, "and for both for whom the caller stands in\n{}", said.join("\n"));
    });
}

#[test]
fn what_is_beside_tasks_is_counted_by_the_keys_of_the_tasks() {
    on_both_connected(|conn| {
        prepared(conn);
        let said = task_papers::explain_counts(conn, &BusinessId::from("acme"), &["r000001.1", "r000002.1"]).unwrap();
        let whole = said.iter().find(|line| line.starts_with("SCAN t") || line.contains("Seq Scan"));
        assert!(whole.is_none(), "{}", said.join("\n"));
    });
}
