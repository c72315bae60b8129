//! A process file becomes a graph: what flows where, and what cannot.

use super::{nodes, process};
use kamflow::model::event_definition::{TimerSpec, Trigger};
use kamflow::model::ids::NodeId;
use kamflow::model::process::{NodeKind, Process};

/// Every flow as `from -> to` with what it asks for.
fn flows(process: &Process) -> Vec<String> {
    let flow = |flow: &kamflow::model::process::Flow| {
        let mut text = format!("{} -> {}", flow.from, flow.to);
        if let Some(condition) = &flow.condition {
            text.push_str(&format!(" if {}", condition.source));
        }
        if let Some(outcome) = &flow.outcome {
            text.push_str(&format!(" on {outcome}"));
        }
        text + if flow.default { " else" } else { "" }
    };
    process.flows.iter().map(flow).collect()
}

#[test]
fn a_list_is_a_sequence_and_every_other_way_is_said() {
    let process = process(
        "
  - {id: begin, type: startEvent}
  - id: score
    type: scriptTask
    set: {score: 40 + 2, most: 50, sure: true}
    name: {en: Score, zh: 评分}
  - id: decide
    type: exclusiveGateway
    flows:
      - {if: score > 40, to: review, name: {en: good, zh: 好}}
      - {if: score < 0, to: end}
      - {to: both}
  - id: review
    type: userTask
    candidateGroups: [sales_ops]
    outcomes: {reject: end, approve: both}
    boundary:
      - {timer: {duration: P1D}, to: remind, interrupting: false}
      - {id: broken, error: any, to: end}
      - {error: NO_CREDIT, to: remind}
  - id: both
    type: parallelGateway
    next: [work, remind]
  - id: work
    type: subProcess
    nodes:
      - {id: first, type: scriptTask, set: {x: '1'}}
      - {id: choice, type: exclusiveGateway, flows: [{if: x == 1, to: end}, {to: last}]}
      - {id: last, type: endEvent, error: FAILED}
    next: meet
  - id: remind
    type: scriptTask
    set: {reminded: true}
    next: meet
  - id: meet
    type: parallelGateway
  - id: done
    type: endEvent
    terminate: true
",
    );
    assert_eq!(
        flows(&process),
        [
            "begin -> score",
            "score -> decide",
            "decide -> review if score > 40",
            "decide -> end if score < 0",
            "decide -> both else",
            "review -> end on reject",
            "review -> both on approve",
            "review.boundary1 -> remind",
            "broken -> end",
            "review.boundary3 -> remind",
            "both -> work",
            "both -> remind",
            "work -> meet",
            "remind -> meet",
            "meet -> done",
            "first -> choice",
            "choice -> work.end if x == 1",
            "choice -> last else",
        ]
    );
    let order: Vec<String> = process.nodes.iter().map(|node| format!("{} {}", node.kind.name(), node.id)).collect();
    assert_eq!(
        order,
        [
            "startEvent begin",
            "scriptTask score",
            "exclusiveGateway decide",
            "userTask review",
            "boundaryEvent review.boundary1",
            "boundaryEvent broken",
            "boundaryEvent review.boundary3",
            "parallelGateway both",
            "subProcess work",
            "scriptTask remind",
            "parallelGateway meet",
            "endEvent done",
            "endEvent end",
            "scriptTask first",
            "exclusiveGateway choice",
            "endEvent last",
            "endEvent work.end",
        ]
    );
    let node = |id: &str| process.node(&NodeId::from(id)).unwrap();
    assert_eq!(node("review").boundary, ["review.boundary1", "broken", "review.boundary3"].map(NodeId::from));
    assert_eq!(node("meet").incoming.len(), 2);
    assert_eq!(node("decide").outgoing, [2, 3, 4]);
    assert_eq!(node("first").parent, Some(NodeId::from("work")));
    assert_eq!(node("score").title.zh, "评分");
    assert_eq!(node("both").title.en, "both");
    assert_eq!(node("score").at.to_string(), "workflows/sales/processes/p.yaml:5:9");
    let NodeKind::UserTask(review) = &node("review").kind else { panic!("a user task") };
    assert_eq!(
        (review.outcomes.as_slice(), review.priority.is_none()),
        (["reject", "approve"].map(str::to_owned).as_slice(), true)
    );
    let NodeKind::BoundaryEvent(timer) = &node("review.boundary1").kind else { panic!("a boundary event") };
    assert!(!timer.interrupting);
    assert!(
        matches!(timer.catch.triggers.as_slice(), [Trigger::Timer(TimerSpec::Duration(day))] if day.to_string() == "P1D")
    );
    let NodeKind::BoundaryEvent(any) = &node("broken").kind else { panic!("a boundary event") };
    assert!(any.interrupting && matches!(any.catch.triggers.as_slice(), [Trigger::Error(None)]));
}

#[test]
fn an_expression_keeps_the_place_of_its_first_letter() {
    let process = process(
        "  - id: a\n    type: scriptTask\n    set:\n      plain: x + 1\n      quoted: 'x + 2'\n      number: 050.0\n      block: |\n        x\n          + 3\n"
            .replace("050.0", "50.0")
            .as_str(),
    );
    let NodeKind::ScriptTask(kamflow::model::process::ScriptTask::Set(set)) = &process.nodes[0].kind else {
        panic!("a script task")
    };
    let at = |name: &str| (set[name].source.to_string(), set[name].at.line, set[name].at.column);
    assert_eq!(at("plain"), ("x + 1".to_owned(), 7, 14));
    assert_eq!(at("quoted"), ("x + 2".to_owned(), 8, 16));
    assert_eq!(at("number"), ("50.0".to_owned(), 9, 15));
    assert_eq!(at("block"), ("x\n  + 3\n".to_owned(), 11, 9));
}

#[test]
fn a_target_must_be_there_in_the_same_list_and_be_able_to_be_one() {
    assert_eq!(
        nodes(
            "
  - {id: begin, type: startEvent}
  - id: ask
    type: userTask
    outcomes: {yes: wrok, no: inner, maybe: begin, later: ask.boundary1}
    boundary: [{timer: {duration: P1D}, to: nowhere}]
  - id: work
    type: subProcess
    nodes: [{id: inner, type: scriptTask, set: {x: 1}, next: work}]
"
        ),
        [
            "processes/p.yaml:7:21: there is no node \"wrok\"; did you mean \"work\"?",
            "processes/p.yaml:7:31: \"inner\" stands in another sub-process; a flow stays in its own list of nodes",
            "processes/p.yaml:7:45: \"begin\" is a start event; nothing can lead to it",
            "processes/p.yaml:7:59: \"ask.boundary1\" is a boundary event; nothing can lead to it",
            "processes/p.yaml:8:45: there is no node \"nowhere\"; valid here: ask, begin, end, work",
            "processes/p.yaml:11:62: \"work\" stands in another sub-process; a flow stays in its own list of nodes",
        ]
    );
}

#[test]
fn what_no_token_can_reach_is_refused() {
    assert_eq!(
        nodes(
            "
  - {id: a, type: scriptTask, set: {x: 1}, next: c}
  - {id: b, type: scriptTask, set: {x: 2}, next: c}
  - {id: c, type: subProcess, next: end, nodes: [
      {id: d, type: endEvent}, {id: e, type: startEvent, next: end}, {id: f, type: startEvent}], boundary: [{error: any, to: g}]}
  - {id: g, type: endEvent}
"
        ),
        [
            "processes/p.yaml:5:10: nothing leads to \"b\"; lead a flow to it or take it away",
            "processes/p.yaml:7:12: nothing leads to \"d\"; lead a flow to it or take it away",
            "processes/p.yaml:7:75: \"f\" is a second start event; a level begins at one",
        ]
    );
}

#[test]
fn running_on_into_a_target_must_be_meant() {
    assert_eq!(
        nodes(
            "
  - {id: ask, type: userTask, outcomes: {again: ask, go: work, stop: rejected}}
  - {id: work, type: scriptTask, set: {x: 1}}
  - {id: rejected, type: endEvent}
"
        ),
        [
            "processes/p.yaml:5:10: \"work\" runs on into \"rejected\", which is also a target; write \"next: rejected\" if that is meant, else \"next: end\""
        ]
    );
    process(
        "
  - {id: ask, type: userTask, outcomes: {again: ask, go: work, stop: rejected}}
  - {id: work, type: scriptTask, set: {x: 1}, next: end}
  - {id: rejected, type: endEvent}
",
    );
}

#[test]
fn gateways_decide_by_at_most_one_default() {
    assert_eq!(
        nodes(
            "
  - {id: a, type: exclusiveGateway}
  - {id: b, type: inclusiveGateway, flows: [{if: x, to: c}, {to: d}, {to: end}]}
  - {id: c, type: exclusiveGateway, flows: [{to: d}]}
  - {id: d, type: parallelGateway, flows: [{if: x, to: e}, {to: f}]}
  - {id: e, type: exclusiveGateway, next: [f, g]}
  - {id: f, type: parallelGateway, next: end}
  - {id: g, type: inclusiveGateway, next: end, flows: [{if: x, to: f}]}
"
        ),
        [
            "processes/p.yaml:4:10: the gateway \"a\" has no flows and joins none; add \"flows\"",
            "processes/p.yaml:5:75: a second flow without \"if\"; a gateway has one default flow",
            "processes/p.yaml:6:10: warning: no flow of this gateway has an \"if\", so it decides nothing",
            "processes/p.yaml:7:45: a parallel gateway takes all its flows; take \"if\" away or use an inclusiveGateway",
            "processes/p.yaml:8:47: a second flow without \"if\"; a gateway has one default flow",
            "processes/p.yaml:10:37: \"flows\" and \"next\" both say what follows; keep one",
        ]
    );
}

#[test]
fn an_end_is_an_end_and_outcomes_say_everything() {
    assert_eq!(
        nodes(
            "
  - {id: ask, type: userTask, outcomes: {yes: stop}, next: stop}
  - {id: stop, type: endEvent, next: ask, error: any, terminate: true}
"
        ),
        [
            "processes/p.yaml:4:54: the outcomes say what follows; take \"next\" away",
            "processes/p.yaml:5:32: nothing leaves an end event; take \"next\" away",
            "processes/p.yaml:5:55: \"error\" and \"terminate\" both say what it is; list them under \"any\" or \"all\"",
        ]
    );
}

#[test]
fn names_with_a_meaning_are_reserved() {
    assert_eq!(
        nodes(
            "
  - {id: end, type: scriptTask, set: {result: 1, my-x: 2}}
  - {id: a b, type: serviceTask, action: create, out: {subject: result}}
"
        ),
        [
            "processes/p.yaml:4:10: \"end\" is a reserved name; give the node another id",
            "processes/p.yaml:4:39: \"result\" is a reserved name; call the variable something else",
            "processes/p.yaml:4:50: \"my-x\" is no name for a variable; use letters, digits and underscores",
            "processes/p.yaml:5:10: \"a b\" is no id for a node; use letters, digits, hyphens and underscores",
            "processes/p.yaml:5:42: \"create\" does not name an action; write plugin.action",
            "processes/p.yaml:5:56: \"subject\" is a reserved name; call the variable something else",
        ]
    );
}

#[test]
fn an_atomic_block_cannot_wait() {
    assert_eq!(
        nodes(
            "
  - id: all
    type: subProcess
    atomic: true
    nodes:
      - {id: a, type: userTask}
      - {id: b, type: callActivity, process: p}
      - id: c
        type: subProcess
        atomic: true
        nodes: [{id: d, type: userTask}]
      - {id: e, type: scriptTask, set: {x: 1}, boundary: [{timer: {duration: PT1H}, to: end}, {error: any, to: end}]}
"
        ),
        [
            "processes/p.yaml:8:14: a user task waits for a person, and \"all\" is atomic; move it out of the block",
            "processes/p.yaml:9:14: a called process may wait, and \"all\" is atomic; move it out of the block",
            "processes/p.yaml:10:13: one atomic block inside another is not possible, and \"all\" is atomic; move it out of the block",
            "processes/p.yaml:13:22: a user task waits for a person, and \"c\" is atomic; move it out of the block",
            "processes/p.yaml:14:60: a timer waits, and \"all\" is atomic; move it out of the block",
        ]
    );
}

#[test]
fn a_timer_and_a_boundary_event_say_one_thing() {
    assert_eq!(
        nodes(
            "
  - id: a
    type: userTask
    due: {after: 1d}
    boundary:
      - {timer: {duration: P1D, date: due}, to: end}
      - {to: end}
      - {timer: {duration: tomorrow}, to: end}
      - {error: X, to: end, interrupting: false}
      - {timer: {date: due}, to: end}
"
        ),
        [
            "processes/p.yaml:6:18: \"1d\" is not an ISO 8601 duration; write P1D for a day, PT2H for two hours",
            "processes/p.yaml:8:10: a timer has one of \"duration\", \"date\", \"cycle\" and \"cron\"",
            "processes/p.yaml:9:9: it does not say what it waits for; add one of \"timer\", \"message\", \"signal\", \"error\", \"escalation\", \"condition\", \"cancel\", \"any\", \"all\"",
            "processes/p.yaml:10:28: \"tomorrow\" is not an ISO 8601 duration; write P1D for a day, PT2H for two hours",
            "processes/p.yaml:11:29: an error always ends its activity; take \"interrupting: false\" away",
        ]
    );
}

#[test]
fn a_level_without_nodes_is_refused() {
    assert_eq!(
        nodes("  - {id: a, type: subProcess, nodes: []}\n"),
        ["processes/p.yaml:4:31: the sub-process has no nodes"]
    );
    assert_eq!(
        super::findings(&[("processes/p.yaml", "process: p\ntitle: {en: P, zh: 流程}\nnodes: []\n")]),
        ["processes/p.yaml:3:1: the process has no nodes"]
    );
}
