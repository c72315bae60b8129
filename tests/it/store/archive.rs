//! Backups: what was saved comes out again as it was, in the same kind of database and in the other one.

use crate::support::app::{JSON, TestApp};
use crate::support::{databases, empty_databases};
use kamflow::api::Limits;
use kamflow::store::{StoreError, Url, archive};
use serde_json::json;

const PACK: (&str, &str) = (
    "workflows/acme/pack.yaml",
    "pack: acme\ntitle: {en: Acme, zh: 示例}\nversion: 1.0.0\nroles:\n  worker: {en: Worker, zh: 办理人}\n",
);

const PROCESS: (&str, &str) = (
    "workflows/acme/processes/ask.yaml",
    "\
process: ask
title: {en: Ask, zh: 询问}
starters: [worker]
input: {type: object, properties: {name: {type: string}}}
search: [name]
nodes:
  - {id: ask, name: {en: Ask, zh: 询问}, type: userTask, candidateGroups: [worker]}
",
);

const COMPANY: (&str, &str) = (
    "workflows/acme/records/company.yaml",
    "\
record: company
title: {en: Company, zh: 公司}
fields:
  name: {type: string, required: true, max: 200, search: true, title: {en: Name, zh: 名称}}
  owner: {type: user, title: {en: Owner, zh: 负责人}}
keys: [name]
columns: {name: name, owner: owner}
access: {read: [role:worker], create: [role:worker], update: [role:worker]}
",
);

/// Instances, tasks, records with owners, a file: more rows than one page holds.
fn filled(app: &TestApp) {
    app.deploy(&[PACK, PROCESS, COMPANY]);
    app.user("worker", &["worker"]);
    app.user("other", &["worker"]);
    let by = app.by("worker");
    for number in 0..200 {
        let id = by.start("ask", json!({"name": format!("华新 \"{number}\" 'x' \\ \u{1F600}")}));
        if number % 3 == 0 {
            let task = by.get(&format!("/api/v1/user-tasks?instance={id}")).ok(200)["items"][0]["id"].clone();
            by.post(&format!("/api/v1/user-tasks/{}/claim", task.as_str().unwrap()), json!({})).ok(200);
        }
        let made = by
            .post("/api/v1/records/company", json!({"fields": {"name": format!("公司 {number}"), "owner": "worker"}}));
        let made = made.ok(201);
        if number % 5 == 0 {
            let id = made["id"].as_str().unwrap();
            let body = "{\"fields\": {\"owner\": \"other\"}}";
            by.send("PATCH", &format!("/api/v1/records/company/{id}"), &[JSON], body).ok(200);
        }
    }
    let bytes: Vec<u8> = (0..=255).cycle().take(100_000).collect();
    by.send_bytes("POST", "/api/v1/files?name=all.bin", &[("Content-Type", "application/octet-stream")], &bytes)
        .ok(201);
}

fn saved(url: &Url) -> Vec<u8> {
    let mut out = Vec::new();
    archive::save(url, &mut out).unwrap();
    out
}

#[test]
fn what_was_saved_comes_out_as_it_was_in_either_database() {
    for from in databases() {
        let app = TestApp::start(&from);
        filled(&app);
        drop(app);
        let backup = saved(&from.parsed_url());
        for to in empty_databases() {
            eprintln!("from {} to {}", from.name(), to.name());
            let restored = archive::restore(&to.parsed_url(), &mut backup.as_slice()).unwrap();
            assert_eq!(restored["instances"].rows, 200);
            assert_eq!(restored["records"].rows, 200);
            assert!(restored["history"].rows > 500, "more than a page: {:?}", restored["history"]);
            assert!(saved(&to.parsed_url()) == backup, "the same backup again");
            // It goes on where it was.
            let app = TestApp::open(&to, Limits::default());
            let by = app.by("worker");
            by.start("ask", json!({"name": "after"}));
            assert_eq!(by.get("/api/v1/user-tasks?process=ask").ok(200)["total"], 201);
            assert_eq!(by.get("/api/v1/records/company?owner=other").ok(200)["total"], 40);
        }
    }
}

#[test]
fn what_is_no_whole_backup_is_refused_and_leaves_nothing() {
    let from = databases().swap_remove(0);
    let app = TestApp::start(&from);
    app.deploy(&[PACK, PROCESS]);
    drop(app);
    let whole = saved(&from.parsed_url());
    let text = String::from_utf8(whole.clone()).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let cut = format!("{}\n", lines[..lines.len() - 1].join("\n"));
    let changed = text.replacen("Main", "Mine", 1);
    let newer = text.replacen("\"migrations\":[", "\"migrations\":[\"29990101000001\",", 1);
    let without = |start: &str| {
        let kept = lines.iter().filter(|line| !line.starts_with(start));
        format!("{}\n", kept.copied().collect::<Vec<_>>().join("\n"))
    };
    let cases = [
        (cut.as_str(), "cut off"),
        (changed.as_str(), "digest"),
        (newer.as_str(), "29990101000001"),
        (&without("{\"kamflow\""), "no head"),
        ("", "no head"),
        ("{\"kamflow\":\"backup\",\"format\":2,\"migrations\":[]}\n", "another format"),
        (&without("{\"table\""), "has no table"),
    ];
    for to in empty_databases() {
        for (file, expected) in cases {
            let refused = archive::restore(&to.parsed_url(), &mut file.as_bytes()).unwrap_err().to_string();
            assert!(refused.contains(expected), "{expected}: {refused}");
        }
        archive::restore(&to.parsed_url(), &mut whole.as_slice()).unwrap();
        let again = archive::restore(&to.parsed_url(), &mut whole.as_slice()).unwrap_err();
        assert!(matches!(&again, StoreError::Archive(why) if why.contains("into an empty one")), "{again}");
    }
}

#[test]
fn a_backup_shows_one_moment_while_others_write() {
    for from in databases() {
        let app = TestApp::start(&from);
        filled(&app);
        let mut out = Written { app: &app, text: Vec::new(), has_written: false };
        let backup = archive::save(&from.parsed_url(), &mut out).unwrap();
        assert!(out.has_written, "something was written meanwhile");
        let to = empty_databases().swap_remove(0);
        let restored = archive::restore(&to.parsed_url(), &mut out.text.as_slice()).unwrap();
        assert_eq!(restored, backup);
        assert_eq!(restored["instances"].rows, 200, "not those that came meanwhile");
    }
}

/// Where a backup is written to; after its first bytes somebody starts an instance, and is not held up.
struct Written<'a> {
    app: &'a TestApp,
    text: Vec<u8>,
    has_written: bool,
}

impl std::io::Write for Written<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.text.extend_from_slice(bytes);
        if !self.has_written && self.text.len() > 10_000 {
            self.has_written = true;
            self.app.by("worker").start("ask", json!({"name": "meanwhile"}));
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
