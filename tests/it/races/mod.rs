//! Races over HTTP: many clients do what they like with the same tasks and approvals, on PostgreSQL at two servers. Every call
//! is recorded, and a checker says whether the answers could have been given one after the other. And whatever many people
//! finish at once goes on once.

mod approval;
mod approvals;
mod checker;
mod joins;
mod linear;
mod task;
mod tasks;

use crate::support::TestDatabase;
use crate::support::app::{Caller, TestApp};
use crate::support::random::Random;
use kamflow::api::Limits;
use serde_json::{Value, json};

/// Those who do the work.
const CLERKS: [&str; 4] = ["ann", "bob", "cleo", "dan"];
/// Those who vote.
const VOTERS: [&str; 4] = ["v0", "v1", "v2", "v3"];

const PACK: &str = "\
pack: work
title: {en: Work, zh: 工作}
version: '1.0'
roles:
  clerk: {en: Clerk, zh: 文员}
  board: {en: Board, zh: 董事会}
";

/// A business with these processes at one server, on PostgreSQL at two.
struct Servers {
    first: TestApp,
    second: Option<TestApp>,
}

impl Servers {
    fn start(database: &TestDatabase, processes: &[(&str, &str)]) -> Servers {
        let first = TestApp::start(database);
        CLERKS.iter().for_each(|login| first.user(login, &["clerk"]));
        VOTERS.iter().for_each(|login| first.user(login, &["board"]));
        let files: Vec<(String, &str)> = processes
            .iter()
            .map(|(key, text)| (format!("workflows/work/processes/{key}.yaml"), *text))
            .chain([("workflows/work/pack.yaml".to_owned(), PACK)])
            .collect();
        first.deploy(&files.iter().map(|(path, text)| (path.as_str(), *text)).collect::<Vec<_>>());
        // On SQLite one server has the file to itself.
        let second = (database.name() == "postgres").then(|| TestApp::open(database, Limits::default()));
        Servers { first, second }
    }

    /// Somebody at one server or the other.
    fn by(&self, login: &str, server: usize) -> Caller<'_> {
        self.second.as_ref().filter(|_| server % 2 == 1).unwrap_or(&self.first).by(login)
    }

    /// The open tasks of an instance, as somebody sees them.
    fn open(&self, login: &str, instance: &str) -> Vec<Value> {
        let path = format!("/api/v1/user-tasks?instance={instance}&state=created&state=claimed&limit=500");
        self.by(login, 0).get(&path).ok(200)["items"].as_array().unwrap().clone()
    }
}

/// The ids of tasks.
fn ids(tasks: &[Value]) -> Vec<String> {
    tasks.iter().map(|task| task["id"].as_str().unwrap().to_owned()).collect()
}
