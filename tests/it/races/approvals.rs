//! Many clients at a few approvals: votes are given and delegated, more people are asked, it is withdrawn and looked at.

use super::approval::{Asked, Call, Rules, SUBMITTER, Stand, Told};
use super::linear::{Recorded, Ticks, order};
use super::*;
use crate::support::on_both;
use crate::support::random::seeds;
use crate::support::threads::each;

const SPEND: &str = "\
process: spend
title: {en: Spend, zh: 支出}
nodes:
  - {id: draft, type: scriptTask, set: {plan: '\"a fair\"'}}
  - id: approve
    type: approval
    of: [plan]
    levels: [{approvers: role(\"board\"), mode: {quorum: 2}}]
    mayAddApprovers: [approver]
    outcomes: {approved: pay, rejected: end, returned: end}
  - {id: pay, type: userTask, candidateGroups: [clerk]}
";

const APPROVALS: usize = 3;

/// An approval, and the vote of each voter with its digest.
struct Seats {
    instance: String,
    id: String,
    digest: String,
    tasks: Vec<String>,
}

fn asked(servers: &Servers) -> Seats {
    let instance = servers.by("ann", 0).start("spend", json!({}));
    let found = servers.by("ann", 0).get(&format!("/api/v1/approvals?instance={instance}")).ok(200)["items"][0].clone();
    let word = |name: &str| found[name].as_str().unwrap().to_owned();
    let seat = |voter: &&str| {
        let path = format!("/api/v1/user-tasks?instance={instance}&assignee={voter}&state=claimed");
        ids(servers.by(voter, 0).get(&path).ok(200)["items"].as_array().unwrap()).remove(0)
    };
    Seats { id: word("id"), digest: word("digest"), tasks: VOTERS.iter().map(seat).collect(), instance }
}

fn send(client: &Caller, seats: &Seats, call: &Call) -> Told {
    let path = format!("/api/v1/approvals/{}", seats.id);
    let task = |vote: &str, verb: &str| {
        let at = VOTERS.iter().position(|voter| *voter == vote).expect("the vote of a voter");
        format!("/api/v1/user-tasks/{}/{verb}", seats.tasks[at])
    };
    let answer = match call {
        Call::Get => client.get(&path),
        Call::Withdraw => client.post(&format!("{path}/withdraw"), json!({})),
        Call::Add(user) => {
            client.post(&format!("{path}/approvers"), json!({"user": user, "reason": "another opinion"}))
        }
        Call::Decide { vote, decision } => {
            client.post(&task(vote, "decide"), json!({"decision": decision, "digest": seats.digest}))
        }
        Call::Delegate { vote, to } => client.post(&task(vote, "delegate"), json!({ "user": to })),
        Call::Resolve { vote } => client.post(&task(vote, "resolve"), json!({})),
    };
    Told::read(call, &answer)
}

/// Each voter at two clients votes, delegates, gives what was delegated and has others asked; who asks takes some back, and
/// looks.
fn calls(random: &mut Random, client: usize) -> Vec<Call> {
    let vote = VOTERS[client % VOTERS.len()];
    let other = VOTERS[random.below(VOTERS.len())];
    let decide = |vote, random: &mut Random| {
        let decision = ["approve", "approve", "reject", "abstain"][random.below(4)];
        Call::Decide { vote, decision }
    };
    match client {
        0..8 => match random.below(6) {
            0 | 1 => vec![Call::Delegate { vote, to: other }, decide(vote, random)],
            2 => vec![Call::Add(CLERKS[random.below(CLERKS.len())]), decide(vote, random)],
            3 => vec![decide(other, random), Call::Resolve { vote }],
            4 => vec![decide(vote, random), Call::Add(other)],
            _ => vec![decide(vote, random), decide(other, random)],
        },
        8 => vec![Call::Get, Call::Get, Call::Get],
        _ if random.below(2) == 0 => vec![Call::Withdraw, Call::Get, Call::Withdraw],
        _ => vec![Call::Get, Call::Get, Call::Withdraw],
    }
}

#[test]
fn what_many_say_of_approvals_could_have_been_said_one_after_the_other() {
    on_both(|database| {
        let servers = Servers::start(database, &[("spend", SPEND)]);
        for seed in seeds(0..3) {
            // Shown only when the test fails.
            eprintln!("seed {seed}");
            let all: Vec<Seats> = (0..APPROVALS).map(|_| asked(&servers)).collect();
            let ticks = Ticks::default();
            let told = each(VOTERS.len() * 2 + 2, |number| {
                let by = if number < VOTERS.len() * 2 { VOTERS[number % VOTERS.len()] } else { SUBMITTER };
                let client = servers.by(by, number / VOTERS.len());
                let mut random = Random::new(seed * 1_000 + u64::try_from(number).unwrap());
                let first = random.below(APPROVALS);
                let mut all_told = Vec::new();
                for at in (0..APPROVALS).map(|step| (first + step) % APPROVALS) {
                    for call in calls(&mut random, number) {
                        let asked = Asked { by, call };
                        all_told.push((at, ticks.record(asked, |asked| send(&client, &all[at], &asked.call))));
                    }
                }
                all_told
            });
            for (at, seats) in all.iter().enumerate() {
                let of_it = told.iter().flatten().filter(|(of, _)| *of == at);
                let mut history: Vec<Recorded<Asked, Told>> = of_it.map(|(_, recorded)| recorded.clone()).collect();
                for server in 0..2 {
                    let ann = servers.by(SUBMITTER, server);
                    let asked = Asked { by: SUBMITTER, call: Call::Get };
                    history.push(ticks.record(asked, |asked| send(&ann, seats, &asked.call)));
                }
                history.sort_by_key(|recorded| recorded.begin);
                if let Err(longest) = order(&Rules, Stand::new(&VOTERS), &history) {
                    let happened: Vec<_> = longest.iter().map(|at| &history[*at]).collect();
                    let rest = (0..history.len()).filter(|at| !longest.contains(at)).map(|at| &history[at]);
                    let rest: Vec<_> = rest.collect();
                    panic!("seed {seed}: this is in no order; so far {happened:#?}\nand none of {rest:#?} can follow");
                }
                let Some(Told::Approval(end)) = history.last().map(|recorded| &recorded.answer) else {
                    panic!("{history:?}")
                };
                let open = match end.state.as_str() {
                    "open" => end.seats.len() - end.votes.len(),
                    state => usize::from(state == "approved"),
                };
                let waits = servers.open("alice", &seats.instance);
                assert_eq!(waits.len(), open, "seed {seed}: {end:?}: whoever is asked has a task, and it goes on once");
            }
        }
    });
}
