//! Many vote at once: each vote counts once, and it is decided once.

use super::*;
use crate::support::on_both;
use crate::support::threads::each;
use std::collections::BTreeSet;

const VOTERS: [&str; 9] = ["v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "v8"];

/// Five of nine have to agree, and then somebody has to do something.
const MANY: &str = "\
process: many
title: {en: Many, zh: 多人}
nodes:
  - id: approve
    type: approval
    of: ['\"the plan\"']
    levels: [{approvers: role(\"board\"), mode: {quorum: 5}}]
    outcomes: {approved: done, rejected: end}
  - {id: done, type: userTask, candidateGroups: [clerk]}
";

#[test]
fn nine_vote_at_once_and_five_are_enough() {
    on_both(|database| {
        let app = TestApp::start(database);
        app.user("ann", &["clerk"]);
        for voter in VOTERS {
            app.user(voter, &["board"]);
        }
        app.deploy(&[("workflows/work/pack.yaml", PACK), ("workflows/work/processes/many.yaml", MANY)]);
        for _ in 0..3 {
            let instance = app.by("ann").start("many", json!({}));
            let seats: Vec<(String, String)> = VOTERS.iter().map(|voter| seat(&app, voter, &instance)).collect();
            // Everybody votes twice at once: half of the answers are refusals.
            let answers = each(VOTERS.len() * 2, |number| {
                let voter = number % VOTERS.len();
                let (task, digest) = &seats[voter];
                send(&app, VOTERS[voter], task, json!({"decision": "approve", "digest": digest}))
            });
            let done = approval(&app, "ann", &instance);
            assert_eq!(done["state"], "approved");
            let votes = done["votes"].as_array().unwrap();
            let voters: BTreeSet<&str> = votes.iter().map(|vote| vote["by"].as_str().unwrap()).collect();
            assert_eq!((votes.len(), voters.len()), (5, 5), "each vote counts once, and five are enough");
            let counted = answers.iter().filter(|answer| answer.status == 200).count();
            assert_eq!(counted, 5, "whoever was answered is counted, and nobody else");
            for refused in answers.iter().filter(|answer| answer.status != 200) {
                refused.problem(409, "task_not_open");
            }
            let open = app.by("ann").get(&format!("/api/v1/user-tasks?instance={instance}&state=created")).ok(200);
            assert_eq!(open["items"].as_array().map(Vec::len), Some(1), "it went on once");
        }
    });
}

#[test]
fn a_vote_and_a_withdrawal_at_once_are_one_or_the_other() {
    on_both(|database| {
        let app = company(database);
        for _ in 0..6 {
            let instance = asked(&app, 10);
            let id = approval(&app, "ann", &instance)["id"].as_str().unwrap().to_owned();
            let (task, digest) = seat(&app, "ben", &instance);
            let answers = each(2, |number| match number {
                0 => send(&app, "ben", &task, json!({"decision": "approve", "digest": digest})),
                _ => app.by("ann").post(&format!("/api/v1/approvals/{id}/withdraw"), json!({})),
            });
            let state = app.by("ann").get(&format!("/api/v1/approvals/{id}")).ok(200)["state"].clone();
            let (voted, withdrawn) = (answers[0].status == 200, answers[1].status == 200);
            assert!(voted != withdrawn, "{} {}", answers[0].json(), answers[1].json());
            assert_eq!(state, if voted { "approved" } else { "returned" });
        }
    });
}
