//! Calls and what binds them: what is refused with which sentence.

use super::nodes;

/// What is said of these nodes, without the path of their file.
fn said(text: &str) -> Vec<String> {
    nodes(text).into_iter().map(|one| one.replace("processes/p.yaml:", "")).collect()
}

#[test]
fn what_is_not_waited_for_gives_nothing_back() {
    assert_eq!(
        said(
            "
  - {id: a, type: callActivity, process: p, wait: false, out: {x: result.x}}
  - {id: b, type: callActivity, process: p, wait: false, boundary: [{error: any, to: end}, {any: [{signal: s}, {escalation: E}], to: end}, {timer: {duration: P1D}, to: end}]}
  - {id: c, type: subProcess, atomic: true, nodes: [{id: d, type: callActivity, process: p, wait: false}, {id: e, type: callActivity, process: p}]}
"
        ),
        [
            "4:58: nothing comes back from a process that is not waited for; take \"out\" or \"wait: false\" away",
            "5:69: errors and escalations of a process that is not waited for are its own; take this event or \"wait: false\" away",
            "5:92: errors and escalations of a process that is not waited for are its own; take this event or \"wait: false\" away",
            "6:112: a called process may wait, and \"c\" is atomic; move it out of the block",
        ]
    );
}

#[test]
fn a_binding_is_one_of_two_and_what_it_names_must_be_in_the_revision_that_is_deployed() {
    assert_eq!(
        said("\n  - {id: f, type: callActivity, process: nowhere, binding: latest, wait: false}\n"),
        ["4:42: there is no process \"nowhere\"; valid here: p"]
    );
    assert_eq!(
        said("\n  - {id: f, type: callActivity, process: p, binding: newest}\n"),
        ["4:54: unknown value \"newest\" of \"binding\"; valid here: deployment, latest"]
    );
    assert_eq!(
        said("\n  - {id: g, type: businessRuleTask, decision: odds/chance, binding: latest}\n"),
        ["4:47: there is no plugin \"odds\""]
    );
}
