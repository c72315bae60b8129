//! The batch writer: many commands in one commit, and none at the cost of another.

use super::*;
use crate::support::on_both;
use diesel::connection::SimpleConnection;
use kamflow::model::intervention::Retry;
use kamflow::store::{self, Connection, StoreError};
use serde_json::json;

/// Creates a thing at once.
const MAKE: &str = "\
process: make
title: {en: Make, zh: 制作}
input: {type: object, properties: {name: {type: string}}}
nodes:
  - {id: create, type: serviceTask, action: records.create, in: {type: '\"thing\"', fields: '#{name: name}'}, out: {thing: result}}
";

/// Fails in a script.
const FAIL: &str = "\
process: fail
title: {en: Fail, zh: 失败}
nodes:
  - {id: oops, type: scriptTask, set: {x: '[1][7]'}}
";

/// Eight tasks at once.
const MANY: &str = "\
process: many
title: {en: Many, zh: 多项}
nodes:
  - {id: split, type: parallelGateway, next: [a, b, c, d, e, f, g, h]}
  - {id: a, type: userTask, candidateGroups: [clerk], next: join}
  - {id: b, type: userTask, candidateGroups: [clerk], next: join}
  - {id: c, type: userTask, candidateGroups: [clerk], next: join}
  - {id: d, type: userTask, candidateGroups: [clerk], next: join}
  - {id: e, type: userTask, candidateGroups: [clerk], next: join}
  - {id: f, type: userTask, candidateGroups: [clerk], next: join}
  - {id: g, type: userTask, candidateGroups: [clerk], next: join}
  - {id: h, type: userTask, candidateGroups: [clerk], next: join}
  - {id: join, type: parallelGateway}
";

const FILES: [(&str, &str); 5] = [
    ("processes/errand.yaml", ERRAND),
    ("processes/make.yaml", MAKE),
    ("processes/fail.yaml", FAIL),
    ("processes/many.yaml", MANY),
    ("records/thing.yaml", THING),
];

#[test]
fn pure_and_transactional_commands_share_a_round_and_each_has_its_effect_once() {
    on_both(|database| {
        let app = with(database, &FILES);
        let mut all = Vec::new();
        for n in 0..25 {
            all.push(request(ann(), start("errand", json!({"what": format!("w{n}")}))));
            all.push(request(ann(), start("make", json!({"name": format!("made {n}")}))));
            all.push(request(ann(), thing(json!({"name": format!("thing {n}")}))));
            all.push(request(ann(), start("fail", json!({}))));
        }
        for answer in at_once(&app.runtime, all) {
            assert_eq!(code(&answer), "");
        }
        assert_eq!(rows(database, "records"), 50);
        assert_eq!(rows(database, "instances"), 75);
        assert_eq!(rows(database, "user_tasks"), 25);
        assert_eq!(rows(database, "incidents"), 25);
    });
}

#[test]
fn a_bad_command_never_fails_its_neighbours() {
    on_both(|database| {
        let app = with(database, &FILES);
        let bad = [
            thing(json!({"name": "nul inside", "note": {"a": "\0"}})),
            start("errand", json!({"what": "a\0b"})),
            thing(json!({"name": 7})),
            thing(json!({"name": "twin"})),
            start("nothing", json!({})),
            start("errand", json!({"what": 7})),
            Change::ClaimTask("nothing.7".into()),
            Change::RetryIncident(Retry { incident: "nothing.8".into(), variables: Default::default(), reason: None }),
        ];
        app.wait(app.runtime.execute(request(ann(), thing(json!({"name": "twin"}))))).unwrap();
        let mut all = Vec::new();
        for n in 0..40 {
            all.push(request(ann(), thing(json!({"name": format!("t{n}")}))));
            all.push(request(ann(), start("errand", json!({"what": format!("w{n}")}))));
            if let Some(bad) = bad.get(n / 5) {
                all.push(request(actor("ann", &["clerk", "process_admin"]), bad.clone()));
            }
        }
        let answers = at_once(&app.runtime, all);
        let mut refused: Vec<&str> = answers.iter().map(code).filter(|code| !code.is_empty()).collect();
        refused.sort_unstable();
        refused.dedup();
        let expected = ["invalid_record", "invalid_variables", "not_found", "not_unique", "nul_character"];
        assert_eq!(refused, expected);
        assert_eq!(rows(database, "records"), 41);
        assert_eq!(rows(database, "record_keys"), 41);
        assert_eq!(rows(database, "instances"), 40);
    });
}

#[test]
fn an_answer_is_given_only_after_the_commit() {
    on_both(|database| {
        let app = with(database, &FILES);
        // A command that fails in the database itself leaves no transaction open under those after it.
        let bad = thing(json!({"name": "bad", "note": ["\0"]}));
        assert_eq!(code(&app.wait(app.runtime.execute(request(ann(), bad)))), "nul_character");
        for n in 0..3 {
            let made = app.wait(app.runtime.execute(request(ann(), thing(json!({"name": format!("t{n}")})))));
            let Ok(Done { outcome: Outcome::Record(record), .. }) = made else { panic!("{made:?}") };
            let other = node(database, 1, 100);
            assert_eq!(app.wait(other.record(&ann(), "thing", &record.record.id)).unwrap(), record);
        }
    });
}

#[test]
fn commands_of_one_root_come_one_after_the_other() {
    on_both(|database| {
        let app = with(database, &FILES);
        let many = app.by("ann").start("many", json!({}));
        let tasks = app.by("ann").get(&format!("/api/v1/user-tasks?instance={many}")).ok(200);
        let tasks: Vec<String> =
            tasks["items"].as_array().unwrap().iter().map(|task| task["id"].as_str().unwrap().to_owned()).collect();
        assert_eq!(tasks.len(), 8);
        let claims = tasks.iter().map(|task| request(ann(), Change::ClaimTask(task.as_str().into())));
        at_once(&app.runtime, claims.collect()).iter().for_each(|answer| assert_eq!(code(answer), ""));
        let completions = tasks.iter().map(|task| {
            let (task, variables) = (task.as_str().into(), JsonMap::new());
            request(ann(), Change::CompleteTask { task, outcome: None, variables })
        });
        at_once(&app.runtime, completions.collect()).iter().for_each(|answer| assert_eq!(code(answer), ""));
        let ended = instance(&app, &many);
        assert_eq!((&ended["state"], &ended["version"]), (&json!("completed"), &json!(17)));
        let told = story(&app, &many);
        assert_eq!(told.iter().filter(|told| told.starts_with("task_completed")).count(), 8);
        assert_eq!(told.last().unwrap(), "instance_ended");
    });
}

#[test]
fn many_commands_for_one_root_do_not_hold_up_the_others() {
    on_both(|database| {
        let app = with(database, &FILES);
        let errand = app.by("ann").start("errand", json!({}));
        let one = task(&app.by("ann"), &errand);
        let mut all: Vec<Request> = Vec::new();
        for n in 0..200 {
            all.push(request(ann(), Change::ClaimTask(one.as_str().into())));
            all.push(request(ann(), Change::UnclaimTask(one.as_str().into())));
            if n % 10 == 0 {
                all.push(request(ann(), start("errand", json!({}))));
            }
        }
        let answers = at_once(&app.runtime, all);
        assert_eq!(
            answers.iter().filter(|answer| matches!(answer, Ok(Done { outcome: Outcome::Started(_), .. }))).count(),
            20
        );
        assert!(answers.iter().all(|answer| ["", "task_already_claimed", "task_not_claimed"].contains(&code(answer))));
        let took = answers.iter().filter(|answer| matches!(answer, Ok(Done { outcome: Outcome::Task(_), .. }))).count();
        assert_eq!(app.by("ann").get(&format!("/api/v1/user-tasks/{one}")).ok(200)["version"], took + 1);
    });
}

#[test]
fn a_full_queue_says_busy_and_works_again_afterwards() {
    on_both(|database| {
        let app = with(database, &FILES);
        let small = node(database, 1, 1);
        let threads = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let send = |n: usize| {
            let small = small.clone();
            let request = keyed(ann(), thing(json!({"name": format!("t{n}")})), &format!("k{n}"), "h");
            threads.spawn(async move { small.execute(request).await })
        };
        let mut sent = Vec::new();
        let mut busy = 0;
        locked(database, || {
            // The writer waits for the lock, so sooner or later its queue is full.
            let mut number = 0;
            while busy == 0 {
                // More than a writer ever holds.
                if sent.len() < 2_000 {
                    number += 1;
                    sent.push(send(number));
                }
                std::thread::yield_now();
                let (done, open): (Vec<_>, Vec<_>) = sent.drain(..).partition(|one| one.is_finished());
                sent = open;
                for one in done {
                    let refusal = threads.block_on(one).unwrap().unwrap_err();
                    assert_eq!(
                        (refusal.kind, refusal.code.as_str()),
                        (kamflow::model::refusal::RefusalKind::Busy, "busy")
                    );
                    busy += 1;
                }
            }
        });
        let mut kept = 0;
        for one in sent {
            match threads.block_on(one).unwrap() {
                Ok(_) => kept += 1,
                Err(refusal) => assert_eq!(refusal.code, "busy"),
            }
        }
        assert!(kept > 0);
        // What was turned away is not kept under its key either.
        assert_eq!((rows(database, "records"), rows(database, "idempotency")), (kept, kept));
        threads.block_on(send(100_000)).unwrap().unwrap();
        assert_eq!(rows(database, "records"), kept + 1);
        drop(app);
    });
}

#[test]
fn what_is_queued_when_a_server_stops_is_still_done() {
    on_both(|database| {
        let app = with(database, &FILES);
        let stopping = node(database, 1, 100);
        let threads = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let sent: Vec<_> = locked(database, || {
            let sent = (0..10).map(|n| {
                let stopping = stopping.clone();
                let change = thing(json!({"name": format!("t{n}")}));
                threads.spawn(async move { stopping.execute(request(ann(), change)).await })
            });
            sent.collect()
        });
        drop(stopping);
        for one in sent {
            threads.block_on(one).unwrap().unwrap();
        }
        assert_eq!(rows(database, "records"), 10);
        drop(app);
    });
}

#[test]
fn a_connection_that_the_server_ended_is_opened_again() {
    on_both(|database| {
        let app = with(database, &FILES);
        app.by("ann").start("errand", json!({}));
        for round in 0..3 {
            if database.name() == "postgres" {
                let end = "SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity \
                           WHERE datname = current_database() AND pid <> pg_backend_pid()";
                database.connect().batch_execute(end).unwrap();
            }
            let made = app.wait(app.runtime.execute(request(ann(), thing(json!({"name": format!("t{round}")})))));
            assert_eq!(code(&made), "", "{made:?}");
        }
        assert_eq!(rows(database, "records"), 3);
    });
}

#[test]
fn kept_answers_and_revocations_are_forgotten_after_their_time() {
    on_both(|database| {
        let app = with(database, &FILES);
        let expires_at = app.runtime.now().0 + 3_600_000;
        let change = Change::RevokeToken { jti: "j".into(), expires_at };
        app.wait(app.runtime.execute(request(ann(), change))).unwrap();
        app.wait(app.runtime.execute(keyed(ann(), thing(json!({"name": "a"})), "k1", "h"))).unwrap();
        app.advance("PT23H");
        app.wait(app.runtime.execute(keyed(ann(), thing(json!({"name": "b"})), "k2", "h"))).unwrap();
        app.wait(app.runtime.tidy()).unwrap();
        assert_eq!((rows(database, "idempotency"), rows(database, "revoked_tokens")), (2, 0));
        app.advance("PT2H");
        app.wait(app.runtime.tidy()).unwrap();
        assert_eq!(rows(database, "idempotency"), 1);
    });
}

/// Runs something while nobody else can write.
fn locked<T>(database: &TestDatabase, work: impl FnOnce() -> T) -> T {
    let lock = |conn: &mut Connection| -> Result<T, StoreError> {
        if database.name() == "postgres" {
            conn.batch_execute("LOCK TABLE records, instances IN ACCESS EXCLUSIVE MODE").unwrap();
        }
        Ok(work())
    };
    store::transaction(&mut database.connect(), lock).unwrap()
}
