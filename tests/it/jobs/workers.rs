//! The workers of `examples/` do the jobs of a small process against a real server.

use super::*;
use crate::support::app::{BUSINESS, JSON};
use crate::support::on_both;
use crate::support::program::eventually;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

/// An address is checked, then somebody is greeted; both by a worker.
const WELCOME: &str = "\
process: welcome
title: {en: Welcome, zh: 欢迎}
input: {type: object, properties: {name: {type: string}, address: {type: string}, seconds: {type: integer}}}
search: [text, domain]
nodes:
  - id: check
    type: serviceTask
    job: check-address
    in: {address: address}
    out: {domain: result.domain}
    boundary: [{id: unknown, error: no-such-address, to: ask}]
  - id: greet
    type: serviceTask
    job: greet
    in: {name: name, seconds: seconds}
    out: {text: result.text}
    retry: {times: 0}
    next: end
  - {id: ask, type: userTask, candidateGroups: [clerk]}
";

/// A running worker, and what it said. Killed when it is dropped.
struct Worker {
    child: Child,
    said: Arc<Mutex<String>>,
}

#[test]
fn the_worker_in_python_does_its_jobs() {
    if let Some(python) = tool("python3", &["--version"]) {
        on_both(|database| plays(database, || Command::new(&python), "examples/workers/python/worker.py"));
    }
}

#[test]
fn the_worker_in_typescript_does_its_jobs() {
    let Some(node) = tool("node", &["--version"]) else { return };
    // An older Node is there, and cannot do it.
    let said = Command::new(&node).args(["-p", "process.features.typescript"]).output().unwrap();
    if !["strip", "transform"].contains(&String::from_utf8_lossy(&said.stdout).trim()) {
        println!("the worker in TypeScript is not played: Node reads TypeScript by itself from 22.18 on");
        return;
    }
    on_both(|database| plays(database, || Command::new(&node), "examples/workers/typescript/worker.ts"));
}

/// The program, when it is there.
fn tool(name: &str, arguments: &[&str]) -> Option<String> {
    let there = Command::new(name).args(arguments).output().is_ok_and(|said| said.status.success());
    assert!(there || std::env::var("KAMFLOW_REQUIRE_TOOLS").is_err(), "{name} is needed to play the workers");
    if !there {
        println!("the worker is not played: there is no {name} here");
    }
    there.then(|| name.to_owned())
}

fn plays(database: &TestDatabase, command: impl Fn() -> Command, file: &str) {
    let app = runtime::with(database, &[("processes/welcome.yaml", WELCOME)]);
    let client = json!({
        "name": "Greeter", "secret": "a long random text", "scopes": ["jobs:work"], "roles": ["job_worker"]
    });
    app.by("alice").send("PUT", "/api/v1/clients/greeter", &[JSON], &client.to_string()).ok(200);
    let mut command = command();
    command
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join(file))
        .env("KAMFLOW_URL", &app.url)
        .env("KAMFLOW_BUSINESS", BUSINESS)
        .env("KAMFLOW_CLIENT", "greeter")
        .env("KAMFLOW_SECRET", "a long random text")
        .env("KAMFLOW_LEASE", "PT1S");
    let worker = Worker::start(command);

    let ann = app.by("ann");
    let fine = ann.start("welcome", json!({"name": "Ann", "address": "ann@example.com", "seconds": 1}));
    let unknown = ann.start("welcome", json!({"name": "Bob", "address": "nowhere", "seconds": 0}));
    let broken = ann.start("welcome", json!({"name": "", "address": "c@example.com", "seconds": 0}));
    let ended = worker
        .until("the good one is through", || Some(instance(&app, &fine)).filter(|found| found["state"] == "completed"));
    assert_eq!(
        (&ended["search"]["text"], &ended["search"]["domain"]),
        (&json!("Hello, Ann!"), &json!("example.com")),
        "{ended}"
    );
    let task = worker.until("somebody is asked for the address", || {
        let tasks = ann.get(&format!("/api/v1/user-tasks?instance={unknown}")).ok(200);
        tasks["items"].get(0).cloned()
    });
    assert_eq!(task["node"], "ask");
    let incident = worker.until("the failure is an incident", || {
        let incidents = app.by("alice").get(&format!("/api/v1/incidents?instance={broken}")).ok(200);
        incidents["items"].get(0).cloned()
    });
    assert_eq!(incident["code"], "job_failed");
    assert!(incident["message"].as_str().unwrap().contains("nobody to greet"), "{incident}");
    assert!(worker.said().contains("kept longer"), "a long job keeps its lease: {}", worker.said());
    worker.stops_cleanly();
}

impl Worker {
    fn start(mut command: Command) -> Worker {
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let said = Arc::new(Mutex::new(String::new()));
        let outputs: [Box<dyn std::io::Read + Send>; 2] =
            [Box::new(child.stdout.take().unwrap()), Box::new(child.stderr.take().unwrap())];
        for output in outputs {
            let said = said.clone();
            std::thread::spawn(move || {
                for line in BufReader::new(output).lines().map_while(Result::ok) {
                    said.lock().unwrap_or_else(PoisonError::into_inner).push_str(&format!("{line}\n"));
                }
            });
        }
        Worker { child, said }
    }

    fn said(&self) -> String {
        self.said.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn until<T>(&self, what: &str, look: impl FnMut() -> Option<T>) -> T {
        eprintln!("{what}; the worker said so far: {}", self.said());
        eventually(what, look)
    }

    /// Asked to end, it ends by itself, and well.
    fn stops_cleanly(mut self) {
        let status = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(status.success());
        let ended = eventually("the worker ends", || self.child.try_wait().unwrap());
        assert_eq!(ended.code(), Some(0), "{}", self.said());
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // One that ended already cannot be killed, which is well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
