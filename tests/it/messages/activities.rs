//! Activities that somebody lets go on or begins, over HTTP.

use super::*;
use crate::support::on_both;

const BAZAAR: &str = "\
process: bazaar
title: {en: Bazaar, zh: 集市}
nodes:
  - {id: open, type: receiveTask}
  - id: stalls
    type: subProcess
    adHoc: {until: 'false'}
    nodes:
      - {id: buy, type: userTask, candidateGroups: [clerk]}
      - {id: look, type: userTask, candidateGroups: [clerk]}
";

const VOTE: &str = "\
process: vote
title: {en: Vote, zh: 投票}
nodes:
  - {id: ask, type: userTask, candidateGroups: [clerk], forEach: {in: '[1]', as: who, mayAdd: true}}
";

#[test]
fn a_receive_task_goes_on_and_an_activity_begins() {
    on_both(|database| {
        let app = with(database, &[("bazaar", BAZAAR), ("vote", VOTE)]);
        let bazaar = app.by("ann").start("bazaar", json!({}));
        let path = |rest: &str| format!("/api/v1/process-instances/{bazaar}/{rest}");
        app.by("ann").post(&path("trigger"), json!({"node": "open"})).problem(403, "role_missing");
        app.by("alice").post(&path("trigger"), json!({"node": "stalls"})).problem(409, "not_waiting");
        app.by("alice").post(&path("activities"), json!({"node": "buy"})).problem(409, "not_activatable");
        app.by("alice").post(&path("trigger"), json!({"node": "open"})).ok(200);
        app.by("alice").post(&path("trigger"), json!({"node": "open"})).problem(409, "not_waiting");
        let open = || app.by("ann").get(&format!("/api/v1/user-tasks?instance={bazaar}")).ok(200)["total"].clone();
        let before = open().as_i64().unwrap();
        app.by("alice").post(&path("activities"), json!({"node": "buy"})).ok(200);
        assert_eq!(open(), before + 1);
        app.by("alice")
            .post("/api/v1/process-instances/nobody/trigger", json!({"node": "open"}))
            .problem(404, "not_found");
    });
}

#[test]
fn what_is_done_for_each_is_done_for_one_more() {
    on_both(|database| {
        let app = with(database, &[("bazaar", BAZAAR), ("vote", VOTE)]);
        let vote = app.by("ann").start("vote", json!({}));
        let path = |node: &str| format!("/api/v1/process-instances/{vote}/activities/{node}/instances");
        app.by("alice").post(&path("ask"), json!({"item": 2})).ok(200);
        let tasks = app.by("ann").get(&format!("/api/v1/user-tasks?instance={vote}")).ok(200);
        assert_eq!(tasks["total"], 2);
        app.by("alice").post(&path("nothing"), json!({"item": 2})).problem(409, "takes_no_more");
    });
}
