//! What is thrown and caught nowhere, and what waits for what is thrown nowhere: warned of; what may be meant is not.

use super::{findings, nodes};

fn none() -> Vec<String> {
    Vec::new()
}

fn work(inside: &str, edge: &str) -> Vec<String> {
    nodes(&format!(
        "
  - id: work
    type: subProcess
    nodes:
      - {inside}
    boundary: [{edge}]
    next: end
"
    ))
}

#[test]
fn an_escalation_is_caught_somewhere() {
    let hard = "{id: hard, type: endEvent, escalation: HELP}";
    let lost = "processes/p.yaml:7:14: warning: nobody catches the escalation \"HELP\" that \"hard\" throws, so nothing comes \
                of it; catch it at the edge of what is around it, or in an event sub-process";
    assert_eq!(work(hard, "{timer: {duration: P1D}, to: end}"), [lost]);
    assert_eq!(work(hard, "{escalation: HELP, to: end}"), none());
    assert_eq!(work(hard, "{escalation: any, to: end}"), none());
    let misspelt = work(hard, "{id: help, escalation: HLEP, to: end}");
    assert_eq!(misspelt.len(), 2);
    assert_eq!(
        misspelt[1],
        "processes/p.yaml:8:21: warning: nothing inside \"work\" throws the escalation \"HLEP\" that \"help\" waits for"
    );
}

#[test]
fn what_a_called_process_throws_may_be_caught_outside() {
    let thrower = "process: inner\ntitle: {en: I, zh: 内}\nnodes:\n  - {id: hard, type: endEvent, escalation: HELP}\n";
    let caller = "process: outer\ntitle: {en: O, zh: 外}\nnodes:\n  - {id: call, type: callActivity, process: inner}\n";
    assert_eq!(findings(&[("processes/inner.yaml", thrower)]).len(), 1);
    assert_eq!(findings(&[("processes/inner.yaml", thrower), ("processes/outer.yaml", caller)]), none());
}

#[test]
fn an_error_inside_is_caught_and_one_at_the_top_is_an_end() {
    let bad = "{id: bad, type: endEvent, error: BAD}";
    let lost = "processes/p.yaml:7:14: warning: nobody catches the error \"BAD\" that \"bad\" throws, so it ends the whole \
                instance; catch it at the edge of what is around it, or throw it at the top of the process if that is meant";
    assert_eq!(work(bad, "{timer: {duration: P1D}, to: end}"), [lost]);
    assert_eq!(work(bad, "{error: any, to: end}"), none());
    assert_eq!(nodes(&format!("  - {bad}\n")), none());
    assert_eq!(
        nodes(
            "
  - {id: work, type: subProcess, nodes: [{id: bad, type: endEvent, error: BAD}]}
events:
  - {id: mend, nodes: [{id: went-bad, type: startEvent, error: BAD}, {id: note, type: scriptTask, set: {x: 1}}]}
"
        ),
        none()
    );
}

#[test]
fn an_event_waits_for_what_can_be_thrown() {
    let says = |node: &str| nodes(&format!("  - {{{node}, boundary: [{{id: e, error: BAD, to: end}}], next: end}}\n"));
    let idle = |said: Vec<String>| {
        said.len() == 1 && said[0].ends_with("nothing inside \"a\" throws the error \"BAD\" that \"e\" waits for")
    };
    assert!(idle(says("id: a, type: userTask, candidateGroups: [sales_rep]")));
    assert_eq!(says("id: a, type: serviceTask, job: work"), none());
    assert_eq!(says("id: a, type: scriptTask, set: {x: 1}"), none());
    assert_eq!(says("id: a, type: subProcess, nodes: [{id: b, type: serviceTask, job: work}]"), none());
    assert!(idle(says("id: a, type: subProcess, nodes: [{id: b, type: scriptTask, set: {x: 1}}]")));
    assert_eq!(
        nodes(
            "
  - {id: work, type: userTask, candidateGroups: [sales_rep]}
events:
  - {id: mend, nodes: [{id: went-bad, type: startEvent, error: BAD}, {id: note, type: scriptTask, set: {x: 1}}]}
"
        ),
        ["processes/p.yaml:6:29: warning: nothing beside it throws the error \"BAD\" that \"went-bad\" waits for"]
    );
}

#[test]
fn there_is_something_to_undo() {
    let says = |own: &str, undoing: &str, what: &str| {
        nodes(&format!(
            "
  - {{id: book, type: scriptTask, set: {{x: 1}}{own}}}
  - {{id: back, type: endEvent, compensate: {what}}}
{undoing}"
        ))
    };
    let undo = "  - {id: undo, type: scriptTask, set: {x: 0}}\n";
    assert_eq!(
        says("", "", "all"),
        [
            "processes/p.yaml:5:10: warning: \"back\" undoes what was done, and no activity beside it says what undoes it"
        ]
    );
    assert_eq!(
        says("", "", "book"),
        [
            "processes/p.yaml:5:10: warning: \"back\" undoes \"book\", which does not say what undoes it; add \"compensation\""
        ]
    );
    assert_eq!(says(", compensation: undo", undo, "all"), none());
    assert_eq!(says(", compensation: undo", undo, "book"), none());
}

#[test]
fn a_transaction_is_cancelled_from_inside_when_its_edge_says_so() {
    let says = |end: &str| {
        nodes(&format!(
            "
  - id: deal
    type: subProcess
    transaction: true
    nodes:
      - {{id: book, type: scriptTask, set: {{x: 1}}, compensation: unbook}}
      - {{id: over, type: endEvent{end}}}
      - {{id: unbook, type: scriptTask, set: {{x: 0}}}}
    boundary: [{{id: off, cancel: true, to: end}}]
    next: end
"
        ))
    };
    assert_eq!(says(", cancel: true"), none());
    assert_eq!(
        says(""),
        ["processes/p.yaml:11:21: warning: nothing inside \"deal\" cancels the transaction, as \"off\" waits for"]
    );
}

#[test]
fn a_join_of_more_than_come_is_told() {
    let says = |n: u32| {
        nodes(&format!(
            "
  - {{id: both, type: parallelGateway, next: [a, b]}}
  - {{id: a, type: scriptTask, set: {{x: 1}}, next: enough}}
  - {{id: b, type: scriptTask, set: {{y: 1}}, next: enough}}
  - {{id: enough, type: complexGateway, join: {{n: {n}}}}}
"
        ))
    };
    assert_eq!(says(2), none());
    assert_eq!(says(3), ["processes/p.yaml:7:10: warning: \"enough\" waits for 3 tokens, and 2 flows lead to it"]);
}
