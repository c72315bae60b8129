//! When the database is locked, gone or broken: what is said of it, and what is not.

use super::desk::Desk;
use crate::support::app::{MONDAY, TestApp};
use crate::support::{TestDatabase, databases};
use diesel::connection::SimpleConnection;
use kamflow::api::Limits;
use kamflow::model::time::Timestamp;
use kamflow::store::Connection;
use serde_json::json;
use std::sync::mpsc;
use std::time::Duration;

/// Keeps every writer of a SQLite database waiting until it is dropped.
struct Lock(Connection);

impl Lock {
    fn of(database: &TestDatabase) -> Lock {
        let mut conn = database.connect();
        conn.batch_execute("BEGIN IMMEDIATE").unwrap();
        Lock(conn)
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        self.0.batch_execute("ROLLBACK").unwrap();
    }
}

#[test]
fn a_repetition_that_comes_too_early_is_turned_away() {
    let app = Desk::start();
    let claim = format!("{}/claim", app.task());
    let lock = Lock::of(&app.database);
    let (send, receive) = mpsc::channel();
    std::thread::scope(|scope| {
        for _ in 0..2 {
            let (app, claim, send) = (&app, &claim, send.clone());
            scope.spawn(move || {
                let headers = [app.alice(), ("Idempotency-Key", "k")];
                send.send(app.send("POST", claim, &headers, "")).unwrap();
            });
        }
        let turned_away = receive.recv().unwrap();
        assert_eq!(turned_away.problem(409, "idempotency_key_running")["retryable"], true);
        drop(lock);
        assert_eq!(receive.recv().unwrap().ok(200)["state"], "claimed");
    });
}

#[test]
fn a_request_that_takes_too_long_is_answered_all_the_same() {
    let patient = Desk::start();
    let claim = format!("{}/claim", patient.task());
    let limits = Limits { timeout: Duration::from_millis(300), ..Limits::default() };
    let app = patient.before(|database| TestApp::open(database, limits));
    let _lock = Lock::of(&app.database);
    assert_eq!(app.post(&claim, json!({})).problem(503, "timed_out_change")["retryable"], false);
    let keyed = app.send("POST", &claim, &[app.alice(), ("Idempotency-Key", "k")], "");
    assert_eq!(keyed.problem(503, "timed_out")["retryable"], true);
    assert_eq!(keyed.header("retry-after"), "1");
}

#[test]
fn a_full_queue_says_come_again() {
    let patient = Desk::start();
    let claim = format!("{}/claim", patient.task());
    let limits = Limits { timeout: Duration::from_millis(50), ..Limits::default() };
    let monday = Timestamp::parse(MONDAY).unwrap();
    let app = patient.before(|database| TestApp::open_with(database, limits, monday, 1));
    let _lock = Lock::of(&app.database);
    // Each of them gives up and leaves its command in the queue, until that is full.
    let busy = (0..600).map(|_| app.post(&claim, json!({}))).find(|answer| answer.json()["code"] == "busy").unwrap();
    assert_eq!(busy.problem(503, "busy")["retryable"], true);
    assert_eq!(busy.header("retry-after"), "1");
}

#[test]
fn what_is_broken_inside_is_not_told_to_strangers() {
    let app = Desk::start();
    let task = app.task();
    app.database.connect().batch_execute("UPDATE user_tasks SET title = 'secret of the table'").unwrap();
    let answer = app.get(&task);
    let problem = answer.problem(500, "internal");
    for word in ["secret", "user_tasks", "title", "column"] {
        assert!(!problem["detail"].as_str().unwrap().contains(word), "{problem}");
    }
    app.database.connect().batch_execute("UPDATE instances SET document = '[]'").unwrap();
    app.post(&format!("{task}/claim"), json!({})).problem(500, "internal");
    app.get("/api/v1/users/me").ok(200);
}

#[test]
fn a_database_that_is_gone_is_no_wrong_token_and_no_wrong_password() {
    for database in databases().iter().filter(|database| database.name() == "postgres") {
        let app = TestApp::start(database);
        super::desk::deploy(&app);
        let alice = app.by("alice");
        alice.get("/api/v1/users/me").ok(200);
        crate::support::postgres::drop_database(database.url().rsplit('/').next().unwrap());
        // Who somebody is, is believed for a second.
        app.clock.advance(1_000);
        for path in ["/api/v1/users/me", "/api/v1/user-tasks", "/health/ready"] {
            let answer = alice.get(path);
            assert_eq!(answer.problem(503, "database")["retryable"], true);
            assert_eq!(answer.header("retry-after"), "1");
        }
        let body = "grant_type=password&business=main&username=alice&password=correct+horse";
        let form = [("Content-Type", "application/x-www-form-urlencoded")];
        app.send("POST", "/api/v1/auth/token", &form, body).problem(503, "database");
        app.send("GET", "/health/live", &[], "").ok(200);
    }
}
