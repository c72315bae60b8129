//! Retention: what ended long ago is forgotten with everything about it, a few at a time; what is at work stays.

use crate::support::app::TestApp;
use crate::support::on_both;
use kamflow::runtime::library;
use kamflow::store::archive;
use serde_json::json;

const PACK: (&str, &str) = (
    "workflows/acme/pack.yaml",
    "pack: acme\ntitle: {en: Acme, zh: 示例}\nversion: 1.0.0\nroles:\n  worker: {en: Worker, zh: 办理人}\n",
);

/// Leaves every kind of row: a task with remarks, a timer, a message, a key, a called process.
fn request(retention: &str) -> String {
    format!(
        "\
process: request
title: {{en: Request, zh: 申请}}
starters: [worker]
input: {{type: object, required: [name], properties: {{name: {{type: string}}}}}}
businessKey: name
uniqueness: forever
search: [name]
{retention}
nodes:
  - {{id: inner, name: {{en: Inner, zh: 内部}}, type: callActivity, process: inner, in: {{name: name}}}}
  - id: work
    name: {{en: Work, zh: 办理}}
    type: userTask
    candidateGroups: [worker]
    boundary:
      - {{id: late, timer: {{duration: P90D}}, interrupting: false, to: noted}}
    next: end
  - {{id: noted, name: {{en: Noted, zh: 已记录}}, type: endEvent}}
"
    )
}

const INNER: (&str, &str) = (
    "workflows/acme/processes/inner.yaml",
    "\
process: inner
title: {en: Inner, zh: 内部}
input: {type: object, properties: {name: {type: string}}}
search: [name]
nodes:
  - {id: think, name: {en: Think, zh: 思考}, type: scriptTask, set: {thought: '`about ${name}`'}}
",
);

fn deploy(app: &TestApp, retention: &str) {
    app.deploy(&[PACK, ("workflows/acme/processes/request.yaml", &request(retention)), INNER]);
}

/// Starts one and completes its task, with a remark.
fn done(app: &TestApp, name: &str) -> String {
    let by = app.by("worker");
    let id = by.start("request", json!({"name": name}));
    let task = by.get(&format!("/api/v1/user-tasks?instance={id}")).ok(200)["items"][0]["id"].clone();
    let task = format!("/api/v1/user-tasks/{}", task.as_str().unwrap());
    by.post(&format!("{task}/claim"), json!({})).ok(200);
    by.post(&format!("{task}/comments"), json!({"text": "well done"})).ok(201);
    by.post(&format!("{task}/complete"), json!({})).ok(200);
    id
}

#[test]
fn what_ended_long_ago_is_forgotten_with_everything_about_it() {
    on_both(|database| {
        let app = TestApp::start(database);
        deploy(&app, "retention: P30D");
        app.user("worker", &["worker"]);
        let by = app.by("worker");
        let open = by.start("request", json!({"name": "open"}));
        // More than one piece.
        let old: Vec<String> = (0..60).map(|number| done(&app, &format!("old {number}"))).collect();
        app.advance("P20D");
        let young = done(&app, "young");
        assert_eq!(app.wait(app.runtime.forget_ended()).unwrap(), 0, "nothing is old enough");
        app.advance("P10DT1S");
        assert_eq!(app.wait(app.runtime.forget_ended()).unwrap(), 60);
        assert_eq!(app.wait(app.runtime.forget_ended()).unwrap(), 0);

        // Tokens of before have expired by now.
        let by = app.by("worker");
        for id in &old {
            by.get(&format!("/api/v1/process-instances/{id}")).problem(404, "not_found");
        }
        let mut text = Vec::new();
        let rows = archive::save(&database.parsed_url(), &mut text).unwrap();
        let text = String::from_utf8(text).unwrap();
        assert!(old.iter().all(|id| !text.contains(id.as_str())), "no row speaks of what is forgotten");
        assert_eq!(rows["instances"].rows, 4, "two roots with what they called");
        assert_eq!((rows["user_tasks"].rows, rows["task_comments"].rows), (2, 1));
        assert_eq!((rows["timers"].rows, rows["instance_keys"].rows), (1, 2));

        // What is left works, and a key of what is forgotten is free.
        assert_eq!(by.get(&format!("/api/v1/process-instances/{young}")).ok(200)["state"], "completed");
        assert_eq!(by.get(&format!("/api/v1/process-instances/{open}")).ok(200)["state"], "active");
        assert!(!old.contains(&done(&app, "old 1")));
    });
}

#[test]
fn the_active_revision_says_how_long() {
    on_both(|database| {
        let app = TestApp::start(database);
        deploy(&app, "");
        app.user("worker", &["worker"]);
        let id = done(&app, "one");
        app.advance("P400D");
        assert_eq!(app.wait(app.runtime.forget_ended()).unwrap(), 0, "without a rule everything is kept");
        deploy(&app, "retention: P1Y2M");
        assert_eq!(app.wait(app.runtime.forget_ended()).unwrap(), 0);
        deploy(&app, "retention: P1Y");
        assert_eq!(app.wait(app.runtime.forget_ended()).unwrap(), 1);
        app.by("worker").get(&format!("/api/v1/process-instances/{id}")).problem(404, "not_found");
    });
}

#[test]
fn a_retention_that_is_no_time_is_refused() {
    let process = request("retention: five years");
    let files = [PACK, ("workflows/acme/processes/request.yaml", process.as_str()), INNER];
    let files = files.map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec())).into();
    let findings = library::check(&files, &"main".into()).findings;
    let found = |one: &str| one.contains("request.yaml:8:") && one.contains("ISO 8601");
    assert!(findings.iter().any(|finding| found(&finding.to_string())), "{findings:?}");
}

const FOLDER: (&str, &str) = (
    "workflows/acme/records/folder.yaml",
    "\
record: folder
title: {en: Folder, zh: 文件夹}
fields: {name: {type: string, required: true}}
access: {read: [role:worker], create: [role:worker], update: [role:worker]}
",
);

#[test]
fn files_that_only_tasks_had_go_with_the_last_of_them() {
    on_both(|database| {
        let app = TestApp::start(database);
        app.deploy(&[PACK, ("workflows/acme/processes/request.yaml", &request("retention: P30D")), INNER, FOLDER]);
        app.user("worker", &["worker"]);
        let by = app.by("worker");
        let upload = |name: &str, content: &str| {
            let media = [("Content-Type", "text/plain")];
            let new = app.by("worker").send("POST", &format!("/api/v1/files?name={name}"), &media, content).ok(201);
            new["id"].as_str().unwrap().to_owned()
        };
        let begin = |name: &str| {
            let by = app.by("worker");
            let id = by.start("request", json!({"name": name}));
            let task = by.get(&format!("/api/v1/user-tasks?instance={id}")).ok(200)["items"][0]["id"].clone();
            format!("/api/v1/user-tasks/{}", task.as_str().unwrap())
        };
        let complete = |task: &str| {
            app.by("worker").post(&format!("{task}/claim"), json!({})).ok(200);
            app.by("worker").post(&format!("{task}/complete"), json!({})).ok(200);
        };
        let (old, open) = (begin("old"), begin("open"));
        let [alone, shared, kept] =
            [upload("alone.txt", "alone"), upload("shared.txt", "shared"), upload("kept.txt", "kept")];
        for (task, file) in [(&old, &alone), (&old, &shared), (&open, &shared), (&old, &kept)] {
            by.post(&format!("{task}/attachments"), json!({"file": file})).ok(201);
        }
        // A record has it, too, and later no more: its history names it.
        let made = by.post("/api/v1/records/folder", json!({"fields": {"name": "f", "attachments": [kept]}})).ok(201);
        let folder = format!("/api/v1/records/folder/{}/attachments/{kept}", made["id"].as_str().unwrap());
        by.send("DELETE", &folder, &[], "").ok(200);
        complete(&old);
        app.advance("P31D");
        // Somebody has just uploaded the same content, and has put it nowhere yet.
        let same = upload("same.txt", "alone");
        assert_eq!(app.wait(app.runtime.forget_ended()).unwrap(), 1);
        let left = || {
            let mut text = Vec::new();
            let rows = archive::save(&database.parsed_url(), &mut text).unwrap();
            let text = String::from_utf8(text).unwrap();
            let is_there = |file: &String| text.contains(file.as_str());
            ([&alone, &shared, &kept, &same].map(is_there), rows["blobs"].rows, rows["blob_parts"].rows)
        };
        assert_eq!(left(), ([false, true, true, true], 3, 3));
        assert_eq!(app.by("worker").get(&format!("/api/v1/files/{same}/content")).text, "alone");
        complete(&open);
        app.advance("P31D");
        assert_eq!(app.wait(app.runtime.forget_ended()).unwrap(), 1);
        assert_eq!(left(), ([false, false, true, true], 2, 2));
        app.wait(app.runtime.tidy()).unwrap();
        assert_eq!(left(), ([false, false, true, false], 1, 1));
    });
}
