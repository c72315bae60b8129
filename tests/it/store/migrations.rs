//! Migrations.

use crate::support::{databases, empty_databases, on_both};
use diesel::connection::SimpleConnection;
use kamflow::model::directory::User;
use kamflow::model::ids::BusinessId;
use kamflow::model::json::JsonMap;
use kamflow::model::time::Timestamp;
use kamflow::store::users::UserQuery;
use kamflow::store::{self, StoreError};
use std::collections::BTreeSet;
use std::sync::Barrier;

/// The migrations of the repository in their order; both databases have the same names.
fn committed() -> Vec<String> {
    let names = |folder: &str| {
        let entries = std::fs::read_dir(format!("migrations/{folder}")).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect::<BTreeSet<String>>()
    };
    assert_eq!(names("sqlite"), names("postgres"));
    names("shared").union(&names("sqlite")).cloned().collect()
}

#[test]
fn a_database_is_migrated_once() {
    for database in empty_databases() {
        let mut conn = database.connect();
        let done = store::migrate(&mut conn).unwrap();
        assert_eq!(done, committed(), "{}", database.name());
        assert_eq!(store::migrate(&mut conn).unwrap(), Vec::<String>::new(), "{}", database.name());
    }
}

#[test]
fn servers_that_start_together_migrate_once() {
    for database in empty_databases() {
        let together = Barrier::new(4);
        let done: usize = std::thread::scope(|scope| {
            let servers: Vec<_> = (0..4)
                .map(|_| {
                    scope.spawn(|| {
                        together.wait();
                        store::migrate(&mut database.connect()).unwrap().len()
                    })
                })
                .collect();
            servers.into_iter().map(|server| server.join().unwrap()).sum()
        });
        assert_eq!(done, committed().len(), "{}", database.name());
    }
}

#[test]
fn a_database_of_a_newer_kamflow_is_refused() {
    on_both(|database| {
        let mut conn = database.connect();
        conn.batch_execute("INSERT INTO __diesel_schema_migrations (version) VALUES ('20991231000001')").unwrap();
        let error = store::migrate(&mut conn).unwrap_err();
        assert!(matches!(error, StoreError::Newer { .. }), "{error}");
        assert!(error.to_string().contains("20991231000001"), "{error}");
    });
}

#[test]
fn both_databases_sort_by_code_point() {
    let logins = [
        "zeta",
        "Anna",
        "anna",
        "Ängström",
        "éclair",
        "李雷",
        "韩梅梅",
        "张",
        "\u{1F600}",
        "\u{FF21}",
        "a b",
        "a-b",
        "_",
    ];
    let mut expected = logins;
    expected.sort();
    let business = BusinessId::from("acme");
    let mut orders = Vec::new();
    for database in databases() {
        let mut conn = database.connect();
        for login in logins {
            store::users::upsert(&mut conn, &business, &user(login)).unwrap();
        }
        let query = UserQuery { business: business.clone(), role: None, active: None, after: None, limit: 100 };
        let all = store::users::search(&mut conn, &query).unwrap();
        orders.push(all.into_iter().map(|user| user.id.0).collect::<Vec<_>>());
    }
    for order in orders {
        assert_eq!(order, expected);
    }
}

fn user(login: &str) -> User {
    User {
        id: login.into(),
        name: login.to_owned(),
        active: true,
        roles: Vec::new(),
        attributes: JsonMap::new(),
        created_at: Timestamp(0),
        version: 1,
    }
}
