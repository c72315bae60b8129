//! Standstills that a process can come to are warned of, with the way that leads there; sound ones are left in peace.

use super::nodes;

#[test]
fn a_join_behind_a_choice_may_wait_for_ever() {
    assert_eq!(
        nodes(
            "
  - {id: choose, type: exclusiveGateway, flows: [{if: 1 > 2, to: a}, {to: b}]}
  - {id: a, type: scriptTask, set: {x: 1}, next: meet}
  - {id: b, type: scriptTask, set: {y: 1}, next: meet}
  - {id: meet, type: parallelGateway}
"
        ),
        ["processes/p.yaml:7:10: warning: tokens may wait at \"meet\" for ever: choose → a leads there"]
    );
}

#[test]
fn a_branch_that_leaves_early_starves_the_join_and_so_does_an_event_at_its_edge() {
    assert_eq!(
        nodes(
            "
  - {id: both, type: parallelGateway, next: [a, b]}
  - id: a
    type: userTask
    candidateGroups: [sales_rep]
    boundary: [{timer: {duration: P1D}, to: end}]
    next: meet
  - {id: b, type: userTask, candidateGroups: [sales_rep], next: meet}
  - {id: meet, type: parallelGateway}
"
        ),
        ["processes/p.yaml:11:10: warning: tokens may wait at \"meet\" for ever: both → a → b → end leads there"]
    );
}

#[test]
fn what_splits_and_joins_alike_is_sound() {
    let said = nodes(
        "
  - {id: split, type: inclusiveGateway, flows: [{if: 1 > 2, to: a}, {if: 2 > 1, to: b}, {to: c}]}
  - {id: a, type: scriptTask, set: {x: 1}, next: join}
  - {id: b, type: parallelGateway, next: [d, e]}
  - {id: c, type: scriptTask, set: {x: 1}, next: join}
  - {id: d, type: scriptTask, set: {x: 1}, next: meet}
  - {id: e, type: userTask, candidateGroups: [sales_rep], boundary: [{timer: {duration: P1D}, to: late}], next: done}
  - {id: late, type: scriptTask, set: {x: 1}, next: done}
  - {id: done, type: exclusiveGateway, next: meet}
  - {id: meet, type: parallelGateway, next: join}
  - {id: join, type: inclusiveGateway}
  - {id: again, type: exclusiveGateway, flows: [{if: 1 > 2, to: split}, {to: end}]}
",
    );
    assert_eq!(said, Vec::<String>::new());
}

#[test]
fn events_say_what_they_are_and_only_what_has_meaning_there() {
    assert_eq!(
        nodes(
            "
  - {id: a, type: intermediateCatchEvent}
  - {id: b, type: intermediateCatchEvent, error: X}
  - {id: c, type: intermediateThrowEvent, timer: {duration: P1D}}
  - {id: d, type: intermediateCatchEvent, signal: x, message: y}
  - {id: e, type: intermediateCatchEvent, any: [{signal: x}, {cancel: true}]}
  - {id: f, type: intermediateCatchEvent, signal: x, ttl: PT1H, in: {a: 1}}
  - {id: g, type: userTask, candidateGroups: [sales_rep], boundary: [{to: end}, {error: X, interrupting: false, to: end}, {cancel: true, to: end}]}
  - {id: h, type: intermediateCatchEvent, timer: {cycle: 4/PT1S}}
  - {id: i, type: intermediateThrowEvent, link: nowhere}
"
        ),
        [
            "processes/p.yaml:4:5: it does not say what it waits for; add one of \"timer\", \"message\", \"signal\", \"condition\", \"link\", \"any\", \"all\"",
            "processes/p.yaml:5:43: \"error\" has no meaning on an event that waits; it has one of \"timer\", \"message\", \"signal\", \"condition\", \"link\", \"any\", \"all\"",
            "processes/p.yaml:6:43: \"timer\" has no meaning on an event that acts; it has one of \"message\", \"signal\", \"escalation\", \"compensate\", \"link\", \"any\"",
            "processes/p.yaml:7:43: \"message\" and \"signal\" both say what it is; list them under \"any\" or \"all\"",
            "processes/p.yaml:8:62: each of \"any\" is one of \"timer\", \"message\", \"signal\", \"condition\", \"link\"",
            "processes/p.yaml:9:54: \"ttl\" belongs to a message that is sent",
            "processes/p.yaml:9:65: \"in\" belongs to a message or signal that is sent",
            "processes/p.yaml:10:70: it does not say what it waits for; add one of \"timer\", \"message\", \"signal\", \"error\", \"escalation\", \"condition\", \"cancel\", \"any\", \"all\"",
            "processes/p.yaml:10:92: an error always ends its activity; take \"interrupting: false\" away",
            "processes/p.yaml:11:58: \"4/PT1S\" is no cycle; write R4/PT10S for four times, R/P1D for without end",
            "processes/p.yaml:12:49: no event of this list catches the link \"nowhere\"",
        ]
    );
}

#[test]
fn what_stands_beside_the_flows_must_be_there_and_be_begun() {
    assert_eq!(
        nodes(
            "
  - {id: a, type: scriptTask, set: {x: 1}, compensation: undo}
  - {id: b, type: scriptTask, set: {x: 1}, compensation: b}
  - {id: c, type: endEvent, compensate: nothing}
"
        ),
        [
            "processes/p.yaml:4:58: there is no activity \"undo\" in this list; valid here: a, b",
            "processes/p.yaml:5:58: an activity cannot undo itself; name another one",
        ]
    );
    assert_eq!(
        nodes(
            "
  - {id: a, type: userTask, candidateGroups: [sales_rep]}
events:
  - {id: e, nodes: [{id: e1, type: userTask, candidateGroups: [sales_rep]}]}
"
        ),
        ["processes/p.yaml:6:26: an event sub-process begins with a start event that says what begins it"]
    );
    assert_eq!(
        nodes(
            "
  - {id: first, type: eventBasedGateway, next: [a, b]}
  - {id: a, type: intermediateCatchEvent, signal: x, next: a2}
  - {id: a2, type: exclusiveGateway, flows: [{if: 1 > 2, to: a}, {to: b}]}
  - {id: b, type: userTask, candidateGroups: [sales_rep], notSameAs: [c]}
  - {id: c, type: endEvent, cancel: true}
"
        ),
        [
            "processes/p.yaml:4:10: \"a\" is one of the events that \"first\" waits for; no other flow leads to it",
            "processes/p.yaml:4:10: \"b\" is one of the events that \"first\" waits for; no other flow leads to it",
            "processes/p.yaml:4:10: \"first\" waits for the first of several events; \"b\" must be an intermediateCatchEvent or a receiveTask, without \"if\"",
            "processes/p.yaml:7:10: there is no user task \"c\" to compare \"b\" with",
            "processes/p.yaml:8:10: \"c\" cancels a transaction; it must stand in the list of one",
        ]
    );
}
