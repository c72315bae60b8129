//! Many workers at once, two nodes, and a program that is killed: every job is done, and none of them twice.

use super::*;
use crate::support::on_both;
use crate::support::program::{Client, Home};
use crate::support::threads::each;
use kamflow::api::Limits;
use std::collections::BTreeSet;

#[test]
fn two_workers_never_get_the_same_job() {
    on_both(|database| {
        let app = with(database);
        // On SQLite one server has the file to itself.
        let second = (database.name() == "postgres").then(|| TestApp::open(database, Limits::default()));
        let nodes = [&app, second.as_ref().unwrap_or(&app)];
        let started: Vec<String> =
            (0..40).map(|to| app.by("ann").start("mail", json!({"to": to.to_string()}))).collect();
        let done: Vec<Vec<String>> = each(6, |number| {
            let (wanda, mut done) = (nodes[number % 2].by("wanda"), Vec::new());
            loop {
                let taken = take(&wanda, &format!("mailer-{number}"), json!({"most": 3}));
                // Others may have locked what is left just now; then it is theirs.
                if taken.is_empty() {
                    return done;
                }
                for job in taken {
                    let body = json!({"lease": job["lease"]["token"], "result": {"id": "m"}});
                    wanda.post(&format!("{}/complete", path(&job)), body).ok(200);
                    done.push(job["id"].as_str().unwrap().to_owned());
                }
            }
        });
        let all: Vec<&String> = done.iter().flatten().collect();
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len(), "none twice");
        assert_eq!(all.len(), started.len(), "every one");
        for id in started {
            assert_eq!(story(&app, &id), ["job_created", "job_completed"]);
        }
    });
}

#[test]
fn of_the_old_and_the_new_holder_only_the_new_one_counts() {
    on_both(|database| {
        let app = with(database);
        let second = (database.name() == "postgres").then(|| TestApp::open(database, Limits::default()));
        let nodes = [&app, second.as_ref().unwrap_or(&app)];
        for round in 0..10 {
            let id = app.by("ann").start("mail", json!({"to": "a"}));
            let (path, old) = take_one(&app.by("wanda"), "slow");
            nodes.iter().for_each(|node| node.clock.advance(30_000));
            // The old holder reports while another one takes the job.
            let (old, taken) = std::thread::scope(|scope| {
                let old = scope.spawn(|| {
                    let body = json!({"lease": old, "result": {"id": "old"}});
                    nodes[1].by("wanda").post(&format!("{path}/complete"), body)
                });
                let taken = take(&nodes[0].by("wanda"), "quick", json!({}));
                (old.join().unwrap(), taken)
            });
            let message = instance(&app, &id)["search"]["message"].clone();
            if old.status == 200 {
                assert_eq!(message, "old", "round {round}");
                // Taken before it was completed: then completing it would have been refused.
                assert!(taken.is_empty(), "round {round}: {taken:?}");
            } else {
                old.problem(409, "lease_lost");
                assert_eq!(message, Json::Null, "round {round}");
                let body = json!({"lease": taken[0]["lease"]["token"], "result": {"id": "new"}});
                nodes[0].by("wanda").post(&format!("{path}/complete"), body).ok(200);
            }
            assert_eq!(story(&app, &id), ["job_created", "job_completed"]);
        }
    });
}

#[test]
fn a_kill_loses_no_job_and_the_next_worker_gets_it() {
    on_both(|database| {
        drop(with(database));
        let home = Home::empty();
        for folder in ["workflows", "plugins"] {
            std::fs::create_dir(home.path(folder)).unwrap();
        }
        let all = ["--database", database.url()];
        let token =
            |who: &str| home.done(&[&["token", who, "--business", "main"][..], &all].concat()).trim().to_owned();
        let (ann, wanda) = (token("ann"), token("wanda"));
        let one = |client: &Client, wait: &str| {
            let body = json!({"types": ["send-mail"], "worker": "w", "lease": "PT1S", "wait": wait});
            client.post("/api/v1/jobs/acquire", body).ok(200)["items"][0].clone()
        };
        let served = home.serve(&all);
        let start = json!({"process": "mail", "variables": {"to": "a"}});
        let started = served.client(&ann).post("/api/v1/process-instances", start).ok(201);
        let first = one(&served.client(&wanda), "PT0S");
        assert_eq!(first["instance"], started["id"]);
        served.kill();
        let served = home.serve(&all);
        let client = served.client(&wanda);
        let second = one(&client, "PT25S");
        assert_eq!((&second["id"], &second["lease"]["fence"]), (&first["id"], &json!(2)));
        let complete = format!("{}/complete", path(&first));
        client.post(&complete, json!({"lease": first["lease"]["token"]})).problem(409, "lease_lost");
        client.post(&complete, json!({"lease": second["lease"]["token"], "result": {"id": "m"}})).ok(200);
    });
}
