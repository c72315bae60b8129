//! The same over levels: repetitions, event sub-processes, calls, ad-hoc sub-processes, and where it cannot be known.

use super::unset::{nodes, none, warnings};

#[test]
fn repetitions_have_their_own_names_and_may_be_none() {
    let of = |each: &str, read: &str| {
        nodes(&format!(
            "
  - {{id: visit, type: scriptTask, {each}, set: {{x: loopCounter}}}}
  - {{id: use, type: scriptTask, set: {{z: {read}}}}}
"
        ))
    };
    let some = "forEach: {in: '[n]', as: item, sequential: true, collect: {all: item + x}}";
    assert_eq!(of(some, "all"), none());
    assert_eq!(of(some, "x").len(), 1);
    assert_eq!(of(some, "item").len(), 1);
    assert_eq!(of("forEach: {count: 2}", "x"), none());
    assert_eq!(of("loop: {while: x < 3}", "x"), none());
    assert_eq!(of("loop: {while: x < 3, testBefore: true}", "1").len(), 1);
    assert_eq!(of("loop: {while: n < 3, testBefore: true}", "x").len(), 1);
}

#[test]
fn event_sub_processes_begin_at_any_time() {
    let of = |read: &str, then: &str| {
        warnings(&format!(
            "
input: {{type: object, required: [n], properties: {{n: {{type: integer}}}}}}
nodes:
  - {{id: first, type: scriptTask, set: {{x: 1}}}}
  - {{id: wait, type: userTask, candidateGroups: [sales_rep]}}
  - {{id: {then}, type: endEvent, error: BAD}}
events:
  - id: withdraw
    nodes:
      - {{id: withdrawn, type: startEvent, message: withdraw, correlate: n, out: {{why: result.why}}}}
      - {{id: thank, type: scriptTask, set: {{z: {read}}}}}
  - id: bad
    nodes:
      - {{id: went-bad, type: startEvent, error: BAD}}
      - {{id: mend, type: scriptTask, set: {{z: x}}}}
"
        ))
    };
    assert_eq!(of("why", "last"), none());
    assert_eq!(
        of("x", "last"),
        ["12: \"set.z\" of \"thank\" reads \"x\", which may not be set: withdraw → withdrawn → thank leads there"]
    );
}

#[test]
fn a_call_gives_back_what_it_has_for_certain() {
    let of = |read: &str| {
        nodes(&format!(
            "
  - {{id: call, type: callActivity, process: called, in: {{number: n}}, out: all}}
  - {{id: use, type: scriptTask, set: {{z: {read}}}}}
"
        ))
    };
    assert_eq!(of("total"), none());
    assert_eq!(of("number"), none());
    assert_eq!(of("several").len(), 1);
    assert_eq!(of("wish").len(), 1);
}

#[test]
fn where_it_cannot_be_known_nothing_is_said() {
    // two branches that wait for one another, and a worker that may bring values with its error
    assert_eq!(
        nodes(
            "
  - {id: fork, type: parallelGateway, next: [a, b]}
  - {id: a, type: scriptTask, set: {x: 1}}
  - {id: go, type: intermediateThrowEvent, signal: go, next: end}
  - {id: b, type: intermediateCatchEvent, signal: go}
  - {id: use, type: scriptTask, set: {z: x}, next: end}
"
        ),
        none()
    );
    assert_eq!(
        nodes(
            "
  - id: work
    type: serviceTask
    job: work
    out: {x: result.x}
    boundary: [{error: any, to: use}]
  - {id: good, type: scriptTask, set: {z: x}, next: end}
  - {id: use, type: scriptTask, set: {z: x}}
"
        ),
        none()
    );
    // a condition that waits may wait for the name itself
    assert_eq!(
        nodes(
            "
  - {id: fork, type: parallelGateway, next: [a, b]}
  - {id: a, type: userTask, candidateGroups: [sales_rep], form: note, next: end}
  - {id: b, type: intermediateCatchEvent, condition: said == \"go\"}
  - {id: use, type: scriptTask, set: {z: said}, next: end}
"
        ),
        none()
    );
}

#[test]
fn activities_in_no_fixed_order_do_not_wait_for_one_another() {
    let of = |ad_hoc: &str| {
        nodes(&format!(
            "
  - id: prepare
    type: subProcess
    adHoc: {{{ad_hoc}}}
    nodes:
      - {{id: a, type: scriptTask, set: {{x: 1}}}}
      - {{id: b, type: scriptTask, set: {{y: 1}}}}
  - {{id: use, type: scriptTask, set: {{z: x + y}}}}
"
        ))
    };
    assert_eq!(of("ordering: sequential"), none());
    assert_eq!(of("until: n > 1").len(), 2);
}
