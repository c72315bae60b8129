//! Races: many people, many threads, two nodes, one database; one of them wins and nothing is lost.

use super::*;
use crate::support::on_both;
use crate::support::threads::each;
use kamflow::api::Limits;
use serde_json::json;
use std::collections::BTreeSet;

/// Four tasks at once, each with a mark of its own.
const MARKS: &str = "\
process: marks
title: {en: Marks, zh: 标记}
nodes:
  - {id: split, type: parallelGateway, next: [a, b, c, d]}
  - {id: a, type: userTask, candidateGroups: [clerk], next: mark-a}
  - {id: b, type: userTask, candidateGroups: [clerk], next: mark-b}
  - {id: c, type: userTask, candidateGroups: [clerk], next: mark-c}
  - {id: d, type: userTask, candidateGroups: [clerk], next: mark-d}
  - {id: mark-a, type: scriptTask, set: {a_done: true}, next: join}
  - {id: mark-b, type: scriptTask, set: {b_done: true}, next: join}
  - {id: mark-c, type: scriptTask, set: {c_done: true}, next: join}
  - {id: mark-d, type: scriptTask, set: {d_done: true}, next: join}
  - {id: join, type: parallelGateway}
";

/// A task with a reminder.
const REMINDED: &str = "\
process: reminded
title: {en: Reminded, zh: 提醒}
nodes:
  - {id: do, type: userTask, candidateGroups: [clerk], boundary: [{id: late, timer: {duration: P1D}, to: remind, interrupting: false}], next: end}
  - {id: remind, type: scriptTask, set: {reminded: true}}
";

/// Creates a thing for the clerk who has fewer of them.
const FAIR: &str = "\
process: fair
title: {en: Fair, zh: 公平}
input: {type: object, properties: {name: {type: string}}}
nodes:
  - {id: people, type: serviceTask, action: org.candidates, in: {role: '\"clerk\"', owns: '\"thing\"'}, out: {people: result}}
  - {id: choose, type: scriptTask, set: {who: 'if people[0].load <= people[1].load { people[0].user } else { people[1].user }'}}
  - {id: create, type: serviceTask, action: records.create, in: {type: '\"thing\"', fields: '#{name: name, owner: who}'}}
";

const FILES: [(&str, &str); 6] = [
    ("processes/fair.yaml", FAIR),
    ("processes/errand.yaml", ERRAND),
    ("processes/delivery.yaml", DELIVERY),
    ("processes/marks.yaml", MARKS),
    ("processes/reminded.yaml", REMINDED),
    ("records/thing.yaml", THING),
];

#[test]
fn a_task_is_completed_once_however_many_try() {
    on_both(|database| {
        let app = with(database, &FILES);
        for round in 0..12 {
            let threads = if round % 2 == 0 { 2 } else { 8 };
            let errand = app.by("ann").start("errand", json!({}));
            let one = task(&app.by("ann"), &errand);
            app.by("ann").post(&format!("/api/v1/user-tasks/{one}/claim"), json!({})).ok(200);
            let path = format!("/api/v1/user-tasks/{one}/complete");
            let answers = each(threads, |_| app.by("ann").post(&path, json!({})));
            assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
            for answer in answers.iter().filter(|answer| answer.status != 200) {
                let problem = answer.problem(409, "task_not_open");
                assert_eq!(problem["present"]["state"], "completed");
                assert_eq!(problem["present"]["completedBy"], "ann");
            }
            assert_eq!(instance(&app, &errand)["state"], "completed");
            let told = story(&app, &errand);
            assert_eq!(told.iter().filter(|told| *told == "task_completed do").count(), 1);
        }
    });
}

#[test]
fn only_who_claimed_a_task_completes_it() {
    on_both(|database| {
        let app = with(database, &FILES);
        for _ in 0..6 {
            let errand = app.by("ann").start("errand", json!({}));
            let one = task(&app.by("ann"), &errand);
            app.by("ann").post(&format!("/api/v1/user-tasks/{one}/claim"), json!({})).ok(200);
            let path = format!("/api/v1/user-tasks/{one}/complete");
            let who = ["bob", "ann"];
            let answers = each(2, |n| app.by(who[n]).post(&path, json!({})));
            assert_eq!(answers[1].status, 200);
            // While the task is open bob sees whose it is; when it is over it is no concern of his.
            assert!([403, 404].contains(&answers[0].status), "{}", answers[0].text);
        }
    });
}

#[test]
fn a_task_is_claimed_by_one_of_many() {
    on_both(|database| {
        let app = with(database, &FILES);
        let people: Vec<String> = (0..8).map(|n| format!("clerk{n}")).collect();
        people.iter().for_each(|login| app.user(login, &["clerk"]));
        for round in 0..8 {
            let threads = if round % 2 == 0 { 2 } else { 8 };
            let errand = app.by("ann").start("errand", json!({}));
            let one = task(&app.by("ann"), &errand);
            let path = format!("/api/v1/user-tasks/{one}/claim");
            let answers = each(threads, |n| app.by(&people[n]).post(&path, json!({})));
            let won: Vec<usize> = (0..threads).filter(|n| answers[*n].status == 200).collect();
            assert_eq!(won.len(), 1);
            for answer in answers.iter().filter(|answer| answer.status != 200) {
                let problem = answer.problem(409, "task_already_claimed");
                assert_eq!(problem["present"]["assignee"], people[won[0]]);
            }
        }
    });
}

#[test]
fn two_nodes_start_one_instance_for_one_business_key() {
    on_both(|database| {
        let app = with(database, &FILES);
        let other = TestApp::open(database, Limits::default());
        for round in 0..3 {
            let body = json!({"process": "delivery", "variables": {"event": format!("e{round}")}});
            let nodes = [&app, &other];
            let answers = each(20, |n| nodes[n % 2].by("ann").post("/api/v1/process-instances", body.clone()));
            let ids: BTreeSet<String> =
                answers.iter().map(|answer| answer.json()["id"].as_str().unwrap_or(&answer.text).to_owned()).collect();
            assert_eq!(ids.len(), 1, "{ids:?}");
            assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
            assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 19);
        }
        assert_eq!((rows(database, "instances"), rows(database, "user_tasks")), (3, 3));
    });
}

#[test]
fn two_nodes_complete_a_task_once() {
    on_both(|database| {
        let app = with(database, &FILES);
        let other = TestApp::open(database, Limits::default());
        for _ in 0..6 {
            let errand = app.by("ann").start("errand", json!({}));
            let one = task(&other.by("ann"), &errand);
            other.by("ann").post(&format!("/api/v1/user-tasks/{one}/claim"), json!({})).ok(200);
            let path = format!("/api/v1/user-tasks/{one}/complete");
            let nodes = [&app, &other];
            let answers = each(4, |n| nodes[n % 2].by("ann").post(&path, json!({})));
            assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
            for answer in answers.iter().filter(|answer| answer.status != 200) {
                assert_eq!(answer.problem(409, "task_not_open")["present"]["state"], "completed");
            }
        }
    });
}

#[test]
fn two_nodes_on_one_instance_lose_nothing() {
    on_both(|database| {
        let app = with(database, &FILES);
        let other = TestApp::open(database, Limits::default());
        for _ in 0..4 {
            let marks = app.by("ann").start("marks", json!({}));
            let found = app.by("ann").get(&format!("/api/v1/user-tasks?instance={marks}")).ok(200);
            let tasks: Vec<&str> =
                found["items"].as_array().unwrap().iter().map(|task| task["id"].as_str().unwrap()).collect();
            let nodes = [&app, &other];
            let answers = each(4, |n| {
                let ann = nodes[n % 2].by("ann");
                ann.post(&format!("/api/v1/user-tasks/{}/claim", tasks[n]), json!({})).ok(200);
                ann.post(&format!("/api/v1/user-tasks/{}/complete", tasks[n]), json!({}))
            });
            answers.iter().for_each(|answer| assert_eq!(answer.status, 200, "{}", answer.text));
            let ended = instance(&app, &marks);
            assert_eq!((&ended["state"], &ended["version"]), (&json!("completed"), &json!(9)));
            let all = json!({"a_done": true, "b_done": true, "c_done": true, "d_done": true});
            assert_eq!(ended["variables"], all);
        }
    });
}

#[test]
fn a_timer_that_two_nodes_see_fires_once() {
    on_both(|database| {
        let app = with(database, &FILES);
        let other = TestApp::open(database, Limits::default());
        let started: Vec<String> = (0..10).map(|_| app.by("ann").start("reminded", json!({}))).collect();
        let nodes = [&app, &other];
        let fired = each(2, |n| nodes[n].advance("P2D"));
        assert_eq!(fired.iter().sum::<usize>(), 10);
        for id in started {
            let told = story(&app, &id);
            assert_eq!(told.iter().filter(|told| *told == "timer_fired").count(), 1);
            assert_eq!(instance(&app, &id)["variables"]["reminded"], true);
        }
        assert_eq!(rows(database, "timers"), 0);
    });
}

#[test]
fn two_nodes_share_out_fairly() {
    on_both(|database| {
        let app = with(database, &FILES);
        let other = TestApp::open(database, Limits::default());
        let nodes = [&app, &other];
        each(20, |n| nodes[n % 2].by("ann").start("fair", json!({"name": format!("t{n}")})));
        for clerk in ["ann", "bob"] {
            let found = app.by("ann").post("/api/v1/records/thing/search", json!({"filter": {"owner": clerk}})).ok(200);
            assert_eq!(found["total"], 10);
        }
    });
}

#[test]
fn the_same_company_from_many_channels_at_two_nodes_is_one_customer() {
    on_both(|database| {
        let app = TestApp::sales(database);
        let other = TestApp::open(database, Limits::default());
        let nodes = [&app, &other];
        let names = ["宁波市拾光精密铸造有限公司", "宁波拾光精密铸造有限公司", "宁波市拾光精密铸造（有限公司）"];
        let started = each(12, |n| {
            let variables = json!({"source_channel": "online_sales", "event_id": format!("E-{n}"), "name": names[n % 3],
                "region": "浙江", "industry": "manufacturing"});
            nodes[n % 2].by_of("demo", "ma.li").start("customer-intake", variables)
        });
        assert_eq!(started.len(), 12);
        let ma_li = app.by_of("demo", "ma.li");
        let created = |id: &String| {
            let found = ma_li.get(&format!("/api/v1/process-instances/{id}")).ok(200);
            found["variables"]["outcome"] == "created"
        };
        assert_eq!(started.iter().filter(|id| created(id)).count(), 1);
        assert_eq!((rows(database, "incidents"), rows(database, "instances")), (0, 12));
        let kept = "records WHERE record_type = 'customer'";
        assert_eq!(rows(database, kept), 1);
    });
}

#[test]
fn changes_of_one_record_on_two_nodes_are_all_kept() {
    on_both(|database| {
        let app = with(database, &FILES);
        let other = TestApp::open(database, Limits::default());
        let made = app.by("ann").post("/api/v1/records/thing", json!({"fields": {"name": "t", "note": {}}})).ok(201);
        let path = format!("/api/v1/records/thing/{}", made["id"].as_str().unwrap());
        let nodes = [&app, &other];
        let answers = each(16, |n| {
            let fields = if n % 2 == 0 { json!({"size": n}) } else { json!({"note": {"n": n}}) };
            nodes[n % 2].by("ann").send(
                "PATCH",
                &path,
                &[crate::support::app::JSON],
                &json!({"fields": fields}).to_string(),
            )
        });
        answers.iter().for_each(|answer| assert_eq!(answer.status, 200, "{}", answer.text));
        let now = app.by("ann").get(&path).ok(200);
        assert_eq!(now["version"], 17);
        assert!(now["fields"]["size"].is_number() && now["fields"]["note"]["n"].is_number(), "{now}");
    });
}

#[test]
fn of_two_changes_on_the_same_version_one_is_stale() {
    on_both(|database| {
        let app = with(database, &FILES);
        let other = TestApp::open(database, Limits::default());
        let made = app.by("ann").post("/api/v1/records/thing", json!({"fields": {"name": "t"}})).ok(201);
        let path = format!("/api/v1/records/thing/{}", made["id"].as_str().unwrap());
        let nodes = [&app, &other];
        for round in 1..6 {
            let seen = format!("\"{round}\"");
            let headers = [crate::support::app::JSON, ("If-Match", seen.as_str())];
            let answers = each(2, |n| {
                let body = json!({"fields": {"size": round * 10 + n}}).to_string();
                nodes[n].by("ann").send("PATCH", &path, &headers, &body)
            });
            let mut status: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
            status.sort_unstable();
            assert_eq!(status, [200, 412]);
            let stale = answers.iter().find(|answer| answer.status == 412).unwrap().problem(412, "stale_record");
            assert_eq!(stale["present"]["version"], round + 1);
        }
    });
}
