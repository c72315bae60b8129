//! What tests share: fresh databases of both kinds. A server or an engine for tests stands on top of these.

pub mod app;
pub mod postgres;
pub mod program;
pub mod random;
pub mod threads;

use kamflow::store::{self, Connection, Url};
use std::sync::Once;
use tempfile::TempDir;

/// A fresh database of one test; gone when it is dropped.
pub struct TestDatabase {
    name: &'static str,
    url: String,
    place: Place,
}

enum Place {
    /// Removed when it is dropped.
    Folder {
        _held: TempDir,
    },
    Server(String),
}

/// A migrated fresh database on each back end that this run tests.
pub fn databases() -> Vec<TestDatabase> {
    let all = fresh(true);
    for database in all.iter().filter(|database| database.name == "sqlite") {
        store::migrate(&mut database.connect()).unwrap();
    }
    all
}

/// The same without any table.
pub fn empty_databases() -> Vec<TestDatabase> {
    fresh(false)
}

/// Runs a test on each back end; a failure says on which.
pub fn on_both(test: impl Fn(&TestDatabase)) {
    for database in databases() {
        // Shown only when the test fails.
        eprintln!("on {}", database.name());
        test(&database);
    }
}

/// The same with one open connection.
pub fn on_both_connected(test: impl Fn(&mut Connection)) {
    on_both(|database| test(&mut database.connect()));
}

impl TestDatabase {
    /// `sqlite` or `postgres`.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Its address.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Its address, parsed.
    pub fn parsed_url(&self) -> Url {
        Url::parse(self.url()).unwrap()
    }

    /// A connection that may write. On a plain thread only when this is PostgreSQL.
    pub fn connect(&self) -> Connection {
        store::connect(&self.parsed_url()).unwrap()
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if let Place::Server(name) = &self.place {
            postgres::drop_database(name);
        }
    }
}

/// `KAMFLOW_TEST_DATABASE=sqlite|postgres|both`; both where PostgreSQL is installed.
fn fresh(migrated: bool) -> Vec<TestDatabase> {
    let wanted = std::env::var("KAMFLOW_TEST_DATABASE").unwrap_or_else(|_| "both".to_owned());
    assert!(
        ["sqlite", "postgres", "both"].contains(&wanted.as_str()),
        "KAMFLOW_TEST_DATABASE is \"{wanted}\"; write sqlite, postgres or both"
    );
    let required = wanted == "postgres" || std::env::var("KAMFLOW_REQUIRE_POSTGRES").is_ok_and(|value| value == "1");
    let mut all = Vec::new();
    if wanted != "postgres" {
        all.push(sqlite());
    }
    if wanted != "sqlite" {
        match postgres::server() {
            Ok(server) => all.push(postgres(server, migrated)),
            Err(reason) if required => panic!("PostgreSQL is required and cannot be used: {reason}"),
            Err(reason) => say_once(reason),
        }
    }
    all
}

/// A fresh SQLite database without any table: for what no database changes.
pub fn sqlite() -> TestDatabase {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("kamflow.db").display());
    TestDatabase { name: "sqlite", url, place: Place::Folder { _held: folder } }
}

fn postgres(server: &postgres::Server, migrated: bool) -> TestDatabase {
    let name = server.create_database(migrated);
    TestDatabase { name: "postgres", url: server.url(&name), place: Place::Server(name) }
}

fn say_once(reason: &str) {
    static SAID: Once = Once::new();
    SAID.call_once(|| eprintln!("testing on SQLite only: {reason}"));
}
