//! What must not get out: tokens and passwords into the log, ids into the metrics.

use super::desk::{Desk, PASSWORD};
use crate::support::app::{BUSINESS, JSON};
use serde_json::json;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, OnceLock};
use tracing_subscriber::fmt::MakeWriter;

/// Everything that this test run logs, at every level.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn start() -> Log {
        static LOG: OnceLock<Log> = OnceLock::new();
        LOG.get_or_init(|| {
            let log = Log::default();
            let everything = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(log.clone());
            tracing::subscriber::set_global_default(everything.finish()).unwrap();
            log
        })
        .clone()
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Log;

    fn make_writer(&'a self) -> Log {
        self.clone()
    }
}

#[test]
fn tokens_and_passwords_are_never_logged() {
    let log = Log::start();
    let app = Desk::start();
    let secret = "a secret that only this test knows";
    let put = json!({"name": "Bob", "password": secret}).to_string();
    app.send("PUT", "/api/v1/users/bob", &[app.alice(), JSON], &put).ok(200);
    let login = |password: &str| {
        let body = json!({"grant_type": "password", "business": BUSINESS, "username": "bob", "password": password});
        app.send("POST", "/api/v1/auth/token", &[JSON], &body.to_string())
    };
    let token = login(secret).ok(200)["access_token"].as_str().unwrap().to_owned();
    login("a wrong guess of this test").problem(400, "invalid_grant");
    let (trace, bearer) = ("4bf92f3577b34da6a3ce929d0e0e4736", format!("Bearer {token}"));
    let traced =
        [("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"), ("Authorization", &bearer)];
    app.send("GET", "/api/v1/user-tasks?process=name-in-a-query", &traced, "").ok(200);
    let body = json!({"token": token}).to_string();
    app.send("POST", "/api/v1/auth/revoke", &[("Authorization", &bearer), JSON], &body).ok(200);
    app.send("GET", "/api/v1/users/me", &traced, "").problem(401, "unauthenticated");

    let text = log.text();
    let lines: Vec<&str> = text.lines().filter(|line| line.contains(trace) && line.contains("answered")).collect();
    assert_eq!(lines.len(), 2, "both requests have their line: {lines:?}");
    assert!(lines[0].contains("/api/v1/user-tasks") && lines[0].contains("200"), "{}", lines[0]);
    let signature = token.rsplit('.').next().unwrap();
    for secret in [token.as_str(), signature, secret, "a wrong guess", "name-in-a-query", PASSWORD] {
        let line = text.lines().find(|line| line.contains(secret));
        assert!(line.is_none(), "the log holds a secret: {}", line.unwrap_or_default());
    }
    assert!(!text.to_lowercase().contains("authorization: "), "the log holds a header");
}

#[test]
fn metrics_count_requests_and_commands_and_name_nobody() {
    let app = Desk::start();
    let task = app.task();
    app.post(&format!("{task}/claim"), json!({})).ok(200);
    app.get("/api/v1/nothing/here").problem(404, "no_such_route");
    app.send("TRACE", "/api/v1/user-tasks", &[], "");
    let metrics = app.send("GET", "/metrics", &[], "");
    assert!(metrics.header("content-type").starts_with("text/plain"));
    let line = |begins: &str, holds: &[&str]| {
        let found =
            metrics.text.lines().find(|line| line.starts_with(begins) && holds.iter().all(|part| line.contains(part)));
        found.unwrap_or_else(|| panic!("no line {begins} with {holds:?}")).to_owned()
    };
    let claims = ["method=\"POST\"", "route=\"/api/v1/user-tasks/{id}/claim\"", "status=\"200\""];
    line("kamflow_http_requests_total{", &claims);
    line("kamflow_http_request_duration_seconds", &claims);
    line("kamflow_http_requests_total{", &["route=\"none\"", "status=\"404\""]);
    line("kamflow_http_requests_total{", &["method=\"other\""]);
    line("kamflow_commands_queued_total ", &[]);
    line("kamflow_batch_size", &[]);
    let id = task.rsplit('/').next().unwrap();
    for name in [id, &id[..id.find('.').unwrap()], "alice", "nothing/here", "TRACE", "Berlin"] {
        assert!(!metrics.text.contains(name), "the metrics name {name}");
    }
}
