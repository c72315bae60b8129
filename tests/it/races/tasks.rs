//! Many clients at a few tasks: taken, given back, delegated, given back done, finished, and looked at.

use super::linear::{Recorded, Ticks, order};
use super::task::{Asked, Call, Rules, Seen, Told};
use super::*;
use crate::support::on_both;
use crate::support::random::seeds;
use crate::support::threads::each;

const ERRAND: &str = "\
process: errand
title: {en: Errand, zh: 差事}
nodes:
  - {id: do, type: userTask, candidateGroups: [clerk]}
";

const TASKS: usize = 3;
const CLIENTS: usize = 8;
const CALLS: usize = 14;

/// What somebody does next: most of it makes sense now and then.
fn call(random: &mut Random, by: &'static str) -> Call {
    match random.below(16) {
        0..5 => Call::Claim,
        5..7 => Call::Unclaim,
        7 => Call::Complete,
        8..10 => Call::Resolve,
        10..13 => Call::Delegate(CLERKS.iter().find(|to| **to != by && random.below(2) == 0).copied().unwrap_or(by)),
        _ => Call::Get,
    }
}

fn send(client: &Caller, task: &str, call: &Call) -> Told {
    let path = format!("/api/v1/user-tasks/{task}");
    Told::read(&match call {
        Call::Get => client.get(&path),
        Call::Claim => client.post(&format!("{path}/claim"), json!({})),
        Call::Unclaim => client.post(&format!("{path}/unclaim"), json!({})),
        Call::Complete => client.post(&format!("{path}/complete"), json!({})),
        Call::Resolve => client.post(&format!("{path}/resolve"), json!({})),
        Call::Delegate(to) => client.post(&format!("{path}/delegate"), json!({"user": to})),
    })
}

#[test]
fn what_many_do_with_tasks_could_have_been_done_one_after_the_other() {
    on_both(|database| {
        let servers = Servers::start(database, &[("errand", ERRAND)]);
        for seed in seeds(0..3) {
            // Shown only when the test fails.
            eprintln!("seed {seed}");
            let tasks: Vec<String> = (0..TASKS)
                .map(|_| {
                    let instance = servers.by("alice", 0).start("errand", json!({}));
                    ids(&servers.open("ann", &instance)).remove(0)
                })
                .collect();
            let ticks = Ticks::default();
            let told = each(CLIENTS, |number| {
                let by = CLERKS[number % CLERKS.len()];
                let client = servers.by(by, number / CLERKS.len());
                let mut random = Random::new(seed * 1_000 + u64::try_from(number).unwrap());
                let calls = (0..CALLS).map(|_| {
                    let (task, call) = (random.below(TASKS), call(&mut random, by));
                    (task, ticks.record(Asked { by, call }, |asked| send(&client, &tasks[task], &asked.call)))
                });
                calls.collect::<Vec<_>>()
            });
            let (mut done, mut changed) = (0, 0);
            for (at, task) in tasks.iter().enumerate() {
                let of_task = told.iter().flatten().filter(|(of, _)| *of == at);
                let mut history: Vec<Recorded<Asked, Told>> = of_task.map(|(_, recorded)| recorded.clone()).collect();
                // Afterwards everything that was answered is there, at each server.
                for server in 0..2 {
                    let alice = servers.by("alice", server);
                    let asked = Asked { by: "alice", call: Call::Get };
                    history.push(ticks.record(asked, |asked| send(&alice, task, &asked.call)));
                }
                history.sort_by_key(|recorded| recorded.begin);
                if let Err(longest) = order(&Rules, Seen::new(), &history) {
                    let happened: Vec<_> = longest.iter().map(|at| &history[*at]).collect();
                    let rest = (0..history.len()).filter(|at| !longest.contains(at)).map(|at| &history[at]);
                    let rest: Vec<_> = rest.collect();
                    panic!("seed {seed}: this is in no order; so far {happened:#?}\nand none of {rest:#?} can follow");
                }
                let answered = |told: &Told| matches!(told, Told::Task(_));
                changed += history.iter().filter(|one| one.call.call != Call::Get && answered(&one.answer)).count();
                done += history.iter().filter(|one| one.call.call == Call::Complete && answered(&one.answer)).count();
            }
            assert!(changed >= TASKS && done <= TASKS, "seed {seed}: {changed} changes, {done} done");
        }
    });
}
