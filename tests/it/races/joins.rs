//! Whatever is finished by many at once goes on once, and nobody has to try again.

use super::*;
use crate::support::on_both;
use crate::support::threads::each;

/// Eight of one kind and a fork inside another; behind the last of them there is one task.
const JOINS: &str = "\
process: joins
title: {en: Joins, zh: 汇合}
nodes:
  - {id: split, type: parallelGateway, next: [many, inner]}
  - {id: many, type: userTask, candidateGroups: [clerk], forEach: {in: '[1, 2, 3, 4]', as: item}, next: join}
  - {id: inner, type: parallelGateway, next: [a, b, choose]}
  - {id: a, type: userTask, candidateGroups: [clerk], next: inner-join}
  - {id: b, type: userTask, candidateGroups: [clerk], next: inner-join}
  - id: choose
    type: inclusiveGateway
    flows: [{if: 'true', to: c}, {if: 'true', to: d}, {to: e}]
  - {id: c, type: userTask, candidateGroups: [clerk], next: merge}
  - {id: d, type: userTask, candidateGroups: [clerk], next: merge}
  - {id: e, type: scriptTask, set: {never: true}, next: merge}
  - {id: merge, type: inclusiveGateway, next: inner-join}
  - {id: inner-join, type: parallelGateway, next: join}
  - {id: join, type: parallelGateway}
  - {id: after, type: userTask, candidateGroups: [clerk]}
";

/// Two approvals side by side, and two of the first three of a list are enough.
const QUORUMS: &str = "\
process: quorums
title: {en: Quorums, zh: 法定人数}
nodes:
  - {id: split, type: parallelGateway, next: [one, two, some]}
  - id: one
    type: approval
    of: ['\"the plan\"']
    levels: [{approvers: role(\"board\"), mode: {quorum: 3}}]
    outcomes: {approved: join, rejected: end}
  - id: two
    type: approval
    of: ['\"the price\"']
    levels: [{approvers: role(\"board\"), mode: {quorum: 2}}]
    outcomes: {approved: join, rejected: end}
  - id: some
    type: userTask
    candidateGroups: [clerk]
    forEach: {in: '[1, 2, 3, 4]', as: item, until: nrOfCompletedInstances >= 2, rest: cancel}
    next: join
  - {id: join, type: parallelGateway}
  - {id: after, type: userTask, candidateGroups: [clerk]}
";

fn nodes(tasks: &[Value]) -> Vec<&str> {
    tasks.iter().map(|task| task["node"].as_str().unwrap()).collect()
}

#[test]
fn joins_that_many_reach_at_once_go_on_once() {
    on_both(|database| {
        let servers = Servers::start(database, &[("joins", JOINS)]);
        for _ in 0..3 {
            let instance = servers.by("ann", 0).start("joins", json!({}));
            let tasks = ids(&servers.open("ann", &instance));
            assert_eq!(tasks.len(), 8);
            each(tasks.len(), |number| {
                let client = servers.by(CLERKS[number % CLERKS.len()], number);
                let path = format!("/api/v1/user-tasks/{}", tasks[number]);
                client.post(&format!("{path}/claim"), json!({})).ok(200);
                client.post(&format!("{path}/complete"), json!({})).ok(200);
            });
            assert_eq!(nodes(&servers.open("ann", &instance)), ["after"]);
        }
    });
}

#[test]
fn quorums_that_many_reach_at_once_go_on_once() {
    on_both(|database| {
        let servers = Servers::start(database, &[("quorums", QUORUMS)]);
        for _ in 0..3 {
            let instance = servers.by("ann", 0).start("quorums", json!({}));
            let found = servers.by("ann", 0).get(&format!("/api/v1/approvals?instance={instance}")).ok(200);
            let digests: Vec<(String, String)> = found["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|one| (one["id"].as_str().unwrap().to_owned(), one["digest"].as_str().unwrap().to_owned()))
                .collect();
            let open = servers.open("alice", &instance);
            assert_eq!(open.len(), 2 * VOTERS.len() + 4);
            let answers = each(open.len(), |number| {
                let task = &open[number];
                let path = format!("/api/v1/user-tasks/{}", task["id"].as_str().unwrap());
                let digest = digests.iter().find(|(id, _)| *id == task["approval"]).map(|(_, digest)| digest);
                match (task["assignee"].as_str(), digest) {
                    (Some(voter), Some(digest)) => {
                        let body = json!({"decision": "approve", "digest": digest});
                        servers.by(voter, number).post(&format!("{path}/decide"), body)
                    }
                    _ => {
                        let client = servers.by(CLERKS[number % CLERKS.len()], number);
                        match client.post(&format!("{path}/claim"), json!({})) {
                            claimed if claimed.status == 200 => client.post(&format!("{path}/complete"), json!({})),
                            refused => refused,
                        }
                    }
                }
            });
            let counted = answers.iter().filter(|answer| answer.status == 200).count();
            assert_eq!(counted, 3 + 2 + 2, "whoever was needed");
            for answer in answers.iter().filter(|answer| answer.status != 200) {
                // Who has no hand in it does not see a task that is not needed any more.
                let code = answer.json()["code"].as_str().unwrap().to_owned();
                assert!(["task_not_open", "not_found"].contains(&code.as_str()), "{} {code}", answer.status);
            }
            assert_eq!(nodes(&servers.open("alice", &instance)), ["after"]);
        }
    });
}
