//! A backup of a server at work: nobody who writes is held up or refused, and what is in the file is whole.

use crate::support::app::TestApp;
use crate::support::program::{Client, Home, eventually};
use crate::support::{empty_databases, on_both};
use kamflow::model::json::Json;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

const PAIR: &str = "\
process: pair
title: {en: Two tasks, zh: 两项任务}
nodes:
  - {id: first, name: {en: First, zh: 第一项}, type: userTask, candidateGroups: [manager]}
  - {id: second, name: {en: Second, zh: 第二项}, type: userTask, candidateGroups: [manager]}
";

/// Threads that write, backups that are made meanwhile, and commands that come before the next one.
const WRITERS: usize = 3;
const BACKUPS: usize = 3;
const BETWEEN: usize = 30;

#[test]
fn a_server_that_works_is_saved_whole_and_refuses_nobody() {
    on_both(|database| {
        drop(TestApp::sales(database));
        let home = Home::with_project();
        home.write("workflows/sales/processes/pair.yaml", PAIR);
        let of = ["--database", database.url()];
        home.done(&[&["deploy", "--business", "demo"][..], &of].concat());
        let token = home.done(&[&["token", "lin.xiaoyan", "--business", "demo"][..], &of].concat());
        let served = home.serve(&of);
        let (is_over, commands) = (AtomicBool::new(false), AtomicUsize::new(0));
        let names: Vec<String> = (0..BACKUPS).map(|number| format!("saved-{number}.jsonl")).collect();
        thread::scope(|threads| {
            for _ in 0..WRITERS {
                let client = served.client(token.trim());
                threads.spawn(|| write(client, &is_over, &commands));
            }
            for name in &names {
                let before = commands.load(Ordering::Relaxed);
                eventually("others have written", || {
                    (commands.load(Ordering::Relaxed) > before + BETWEEN).then_some(())
                });
                home.done(&[&["backup", name][..], &of].concat());
            }
            is_over.store(true, Ordering::Relaxed);
        });
        served.terminate();
        let saved: Vec<usize> = names.iter().map(|name| whole(&home.read(name))).collect();
        assert!(saved.is_sorted_by(|one, other| one < other) && saved[0] > 0, "{saved:?}");
        // What was saved in the middle goes on from there.
        let to = empty_databases().swap_remove(0);
        home.done(&["restore", &names[1], "--database", to.url()]);
        let again = home.serve(&["--database", to.url()]);
        let client = again.client(token.trim());
        let found = client.get("/api/v1/user-tasks?process=pair&state=created&limit=1");
        let task = format!("/api/v1/user-tasks/{}", found["items"][0]["id"].as_str().unwrap());
        client.post(&format!("{task}/claim"), json!({})).ok(200);
        client.post(&format!("{task}/complete"), json!({})).ok(200);
        again.terminate();
    });
}

/// Starts instances and completes the first task of each, the second one of every other; every request is answered well.
fn write(client: Client, is_over: &AtomicBool, commands: &AtomicUsize) {
    for round in 0.. {
        let started = client.post("/api/v1/process-instances", json!({"process": "pair"})).ok(201);
        commands.fetch_add(1, Ordering::Relaxed);
        for _ in 0..=round % 2 {
            let of = json!({"filter": {"instance": started["id"], "state": "created"}});
            let found = client.post("/api/v1/user-tasks/search", of).ok(200);
            let task = format!("/api/v1/user-tasks/{}", found["items"][0]["id"].as_str().unwrap());
            client.post(&format!("{task}/claim"), json!({})).ok(200);
            client.post(&format!("{task}/complete"), json!({})).ok(200);
            commands.fetch_add(2, Ordering::Relaxed);
        }
        if is_over.load(Ordering::Relaxed) {
            return;
        }
    }
}

type Row = BTreeMap<String, Json>;

/// Every instance of a backup has the open tasks that its document has, and a history that led to just these; how many
/// instances there are.
fn whole(backup: &str) -> usize {
    let mut tables: BTreeMap<String, Vec<Row>> = BTreeMap::new();
    let (mut table, mut columns) = (String::new(), Vec::new());
    for line in backup.lines() {
        let line: Json = serde_json::from_str(line).unwrap();
        if let Some(cells) = line.as_array() {
            tables.get_mut(&table).unwrap().push(columns.iter().cloned().zip(cells.iter().cloned()).collect());
        } else if let Some(name) = line["table"].as_str() {
            table = name.to_owned();
            columns = serde_json::from_value(line["columns"].clone()).unwrap();
            tables.insert(table.clone(), Vec::new());
        }
    }
    let text = |row: &Row, column: &str| row[column].as_str().unwrap_or_default().to_owned();
    for root in &tables["instances"] {
        let id = text(root, "id");
        let document: Json = serde_json::from_str(&text(root, "document")).unwrap();
        assert_eq!(document["state"], root["state"], "{id}");
        // A document leaves out what is empty.
        let open: BTreeSet<&String> =
            document["tasks"].as_object().into_iter().flat_map(|tasks| tasks.keys()).collect();
        let rows = tables["user_tasks"].iter().filter(|task| task["instance"] == root["id"]);
        let ids: Vec<String> = rows.filter(|task| task["ended_at"].is_null()).map(|task| text(task, "id")).collect();
        assert_eq!(ids.iter().collect::<BTreeSet<_>>(), open, "{id}");
        let told = tables["history"].iter().filter(|entry| entry["root"] == root["id"]);
        let told: BTreeMap<i64, String> =
            told.map(|entry| (entry["sequence"].as_i64().unwrap(), text(entry, "kind"))).collect();
        // Not every event is told of, so numbers are left out; but the first one is there, and none is of later.
        let next = document["sequence"].as_i64().unwrap();
        let (first, last) = (told.first_key_value().unwrap(), told.last_key_value().unwrap());
        assert!(first == (&1, &"instance_started".to_owned()) && *last.0 <= next, "{id}: {told:?} up to {next}");
        let is_over = last.1 == "instance_ended";
        assert_eq!(is_over, document["state"] == "completed", "{id}: {told:?}");
        if root["process"] == "pair" {
            let completed = told.values().filter(|kind| *kind == "task_completed").count();
            assert_eq!((completed, open.len()), if is_over { (2, 0) } else { (completed.min(1), 1) }, "{id}: {told:?}");
        }
    }
    tables["instances"].len()
}
