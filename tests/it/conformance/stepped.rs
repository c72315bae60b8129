//! Steps of every kind that the engine can carry out, on cases that are written here.

use super::engine::Engine;
use super::play::Verdict;
use super::{document, play_one};
use crate::support::on_both;
use kamflow::model::json::Json;
use serde_json::json;

/// Every case passes, with restarts and without.
fn all_pass(processes: &Json, run: &Json) {
    on_both(|database| {
        let file = json!({ "format": "wfcase/1", "cases": [
            { "id": "own", "tier": "core", "processes": processes, "run": run }] });
        let case = document(&file.to_string()).unwrap().unwrap().cases.remove(0);
        let line = play_one(&mut Engine::open(database), &case);
        assert_eq!((line.verdict, line.restart), (Verdict::Pass, None));
    });
}

#[test]
fn people_act_at_once_and_one_after_the_other() {
    let processes = json!([{ "id": "p",
        "nodes": [{ "id": "s", "type": "startEvent" }, { "id": "A", "type": "userTask", "candidate_roles": ["rep"] },
            { "id": "B", "type": "userTask" }, { "id": "end", "type": "endEvent" }],
        "flows": [{ "from": "s", "to": "A" }, { "from": "A", "to": "B" }, { "from": "B", "to": "end" }] }]);
    let run = json!([
        { "start": { "process": "p", "vars": {}, "now": "2026-05-01T00:00:00Z" } },
        { "list_tasks": { "by": "rep1", "expect": ["A"] } },
        { "list_tasks": { "by": "boss1", "expect": [] } },
        { "claim": "A", "by": "boss1", "expect": "forbidden" },
        { "concurrently": [{ "complete": "A", "by": "rep1" }, { "complete": "A", "by": "rep2" }],
            "expect": { "ok": 1, "conflict": 1 } },
        { "expect_open": { "A": 0, "B": 1 } },
        { "complete": "A", "by": "rep1", "expect": "refused" },
        { "restart_engine": { "down_for": "P1D" } },
        { "now": "2026-06-01" },
        { "complete_any": ["C", "B"] },
        { "expect_state": "completed" },
        { "expect_audit": { "node": "B", "actors": ["anybody"] } },
    ]);
    all_pass(&processes, &run);
}

#[test]
fn called_instances_and_fractions_are_seen() {
    let processes = json!([
        { "id": "P", "nodes": [{ "id": "d", "type": "userTask", "name": "D" },
            { "id": "c", "type": "callActivity", "called": "Q", "in": { "x": "n / 2" }, "out": { "half": "x" } }] },
        { "id": "Q", "nodes": [{ "id": "A", "type": "userTask", "assignee": "ann" }] },
    ]);
    let run = json!([
        { "start": { "process": "P", "vars": { "n": 3 } } },
        { "expect_instances": 2 },
        { "expect_open_names": { "D": 1, "A": 1 } },
        { "expect_assignee": { "A": ["ann"] } },
        { "claim": "A", "by": "ann", "expect": "conflict" },
        { "complete_any_order": ["A", "d"] },
        { "expect_instances": 0 },
        { "expect_vars": { "n": 3.0, "half": 1.5 }, "absent": ["x"] },
        { "expect_audit": { "node": "A", "actors": ["ann"] } },
    ]);
    all_pass(&processes, &run);
}

#[test]
fn time_passes_while_the_engine_is_down() {
    let processes = json!([{ "id": "P",
        "nodes": [{ "id": "A", "type": "userTask" }, { "id": "L", "type": "scriptTask", "do": [{ "log": "m" }] },
            { "id": "b", "type": "boundaryEvent", "attached_to": "A", "interrupting": false,
                "event": { "type": "timer", "duration": "PT1H" } }],
        "flows": [{ "from": "b", "to": "L" }] }]);
    let run = json!([
        { "start": { "process": "P" } },
        { "start": { "process": "P" } },
        { "expect_waits": { "timers": 2, "signal": [] } },
        { "complete": "A", "vars": { "late": false } },
        { "restart_engine": { "down_for": "PT2H" } },
        { "expect_marks": { "m": 1 } },
        { "expect_mark_order": ["m"] },
        { "expect_open_all": { "A": 1 } },
        { "expect_open_where": { "late": false, "open": {} } },
        { "expect_state": "active" },
        { "release": "A", "expect": "refused" },
    ]);
    all_pass(&processes, &run);
}
