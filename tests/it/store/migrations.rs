//! Migrations.

use crate::support::{databases, empty_databases, on_both};
use diesel::connection::SimpleConnection;
use kamflow::model::directory::User;
use kamflow::model::ids::BusinessId;
use kamflow::model::json::JsonMap;
use kamflow::model::time::Timestamp;
use kamflow::store::users::UserQuery;
use kamflow::store::{self, StoreError};
use std::fs;
use std::path::Path;
use std::sync::Barrier;

#[test]
fn a_database_is_migrated_once() {
    for database in empty_databases() {
        let mut conn = database.connect();
        let done = store::migrate(&mut conn).unwrap();
        assert_eq!(done, folders(database.name()), "{}", database.name());
        assert_eq!(store::migrate(&mut conn).unwrap(), Vec::<String>::new(), "{}", database.name());
    }
}

#[test]
fn what_one_database_needs_has_its_number_in_the_other_too() {
    // A backup of either goes into the other at the same version.
    let versions = |database: &str| -> Vec<String> {
        folders(database).iter().map(|name| name.split('_').next().unwrap().to_owned()).collect()
    };
    assert_eq!(versions("sqlite"), versions("postgres"));
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
        assert_eq!(done, folders(database.name()).len(), "{}", database.name());
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

/// The migrations of a back end, in their order.
fn folders(back_end: &str) -> Vec<String> {
    let all =
        ["shared", back_end].into_iter().flat_map(|folder| fs::read_dir(Path::new("migrations").join(folder)).unwrap());
    let mut names: Vec<String> = all.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
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
