//! Variables that may be read before anything has set them: each warning with the way that leads there, and beside it the
//! process that is in order.

use super::project;
use kamflow::runtime::library;

const NOTE: &str = "\
form: note
title: {en: Note, zh: 备注}
schema: {type: object, required: [said], properties: {said: {type: string}, more: {type: string}}}
labels: {said: {en: Said, zh: 内容}, more: {en: More, zh: 其他}}
";

const CALLED: &str = "\
process: called
title: {en: Called, zh: 被调用}
input: {type: object, required: [number], properties: {number: {type: integer}, wish: {type: string}}}
nodes:
  - {id: choose, type: exclusiveGateway, flows: [{if: number > 1, to: many}, {to: one}]}
  - {id: many, type: scriptTask, set: {total: number, several: true}, next: end}
  - {id: one, type: scriptTask, set: {total: 1}, next: end}
";

/// What is warned of in a process p with this text after its title.
pub fn warnings(text: &str) -> Vec<String> {
    let process = format!("process: p\ntitle: {{en: P, zh: 流程}}\n{}", text.trim_start_matches('\n'));
    let files =
        project(&[("processes/p.yaml", &process), ("processes/called.yaml", CALLED), ("forms/note.yaml", NOTE)]);
    let checked = library::check(&files, &"main".into());
    assert!(checked.library.is_some(), "{:#?}", checked.findings);
    let said = checked.findings.iter().map(|one| format!("{}: {}", one.at.line, one.sentence));
    said.map(|one| one.split("; set it on that way").next().unwrap_or_default().to_owned()).collect()
}

/// The same of these nodes, with the input `n`.
pub fn nodes(text: &str) -> Vec<String> {
    warnings(&format!("input: {{type: object, required: [n], properties: {{n: {{type: integer}}}}}}\nnodes:{text}"))
}

pub fn none() -> Vec<String> {
    Vec::new()
}

#[test]
fn what_only_one_branch_sets_may_not_be_set_behind_the_other() {
    let of = |other: &str| {
        nodes(&format!(
            "
  - {{id: choose, type: exclusiveGateway, flows: [{{if: n > 1, to: a}}, {{to: b}}]}}
  - {{id: a, type: scriptTask, set: {{x: 1}}, next: use}}
  - {{id: b, type: scriptTask, set: {{{other}: 1}}, next: use}}
  - {{id: use, type: scriptTask, set: {{z: x + 1}}}}
"
        ))
    };
    assert_eq!(of("y"), ["8: \"set.z\" of \"use\" reads \"x\", which may not be set: choose → b → use leads there"]);
    assert_eq!(of("x"), none());
}

#[test]
fn what_asks_first_or_reads_only_sometimes_is_left_in_peace() {
    let of = |read: &str| {
        nodes(&format!(
            "
  - {{id: choose, type: exclusiveGateway, flows: [{{if: n > 1, to: a}}, {{to: use}}]}}
  - {{id: a, type: scriptTask, set: {{x: 1}}, next: use}}
  - {{id: use, type: scriptTask, set: {{z: '{read}'}}}}
"
        ))
    };
    for read in [
        "if is_def_var(\"x\") { x } else { 0 }",
        "is_def_var(\"x\") && x > 1",
        "!is_def_var(\"x\") || x > 1",
        "n > 1 && x > 1",
        "if n > 1 { x } else { 0 }",
        "()?.a[x]",
    ] {
        assert_eq!(of(read), none(), "{read}");
    }
    // an unset name is an error also before `??`, and in what is always looked at
    for read in
        ["x ?? 0", "x > 1 && n > 1", "if x > 1 { 1 } else { 2 }", "[n, x]", "#{a: x}", "`${x}`", "[1].map(|a| a + x)"]
    {
        assert_eq!(of(read).len(), 1, "{read}");
    }
}

#[test]
fn a_condition_that_asks_decides_for_what_follows() {
    let of = |condition: &str| {
        nodes(&format!(
            "
  - {{id: choose, type: exclusiveGateway, flows: [{{if: n > 1, to: a}}, {{to: asks}}]}}
  - {{id: a, type: scriptTask, set: {{x: 1}}, next: asks}}
  - {{id: asks, type: exclusiveGateway, flows: [{{if: '{condition}', to: use}}, {{to: end}}]}}
  - {{id: use, type: scriptTask, set: {{z: x}}}}
"
        ))
    };
    assert_eq!(of("is_def_var(\"x\") && n > 2"), none());
    assert_eq!(of("n > 2").len(), 1);
    // who reads it knows that it is there: it is told once
    assert_eq!(of("x > 2"), ["7: \"if\" of \"asks\" reads \"x\", which may not be set: choose → asks leads there"]);
}

#[test]
fn what_the_input_does_not_require_may_be_missing() {
    let input = |required: &str| {
        warnings(&format!(
            "
input: {{type: object, required: [{required}], properties: {{n: {{type: integer}}, who: {{type: string}}}}}}
businessKey: who
nodes:
  - {{id: do, type: userTask, assignee: who}}
"
        ))
    };
    assert_eq!(
        input("n"),
        [
            "4: \"businessKey\" reads \"who\", which may not be set: \"input\" does not require it",
            "6: \"assignee\" of \"do\" reads \"who\", which may not be set: \"input\" does not require it, \
             and do leads there",
        ]
    );
    assert_eq!(input("n, who"), none());
}

#[test]
fn both_branches_of_a_fork_are_behind_its_join_and_neither_before_the_other() {
    assert_eq!(
        nodes(
            "
  - {id: fork, type: parallelGateway, next: [a, b]}
  - {id: a, type: scriptTask, set: {x: 1}, next: meet}
  - {id: b, type: scriptTask, set: {y: 1}, next: meet}
  - {id: meet, type: parallelGateway}
  - {id: use, type: scriptTask, set: {z: x + y}}
"
        ),
        none()
    );
    assert_eq!(
        nodes(
            "
  - {id: fork, type: parallelGateway, next: [a, b]}
  - {id: a, type: scriptTask, set: {x: 1}, next: end}
  - {id: b, type: scriptTask, set: {y: x}, next: end}
"
        ),
        ["7: \"set.y\" of \"b\" reads \"x\", which may not be set: fork → b leads there"]
    );
    // an inclusive join waits for what always comes, and not for what may not
    let inclusive = |read: &str| {
        nodes(&format!(
            "
  - {{id: split, type: scriptTask, set: {{w: 1}}, flows: [{{if: n > 1, to: a}}, {{to: b}}]}}
  - {{id: a, type: scriptTask, set: {{x: 1}}, next: meet}}
  - {{id: b, type: scriptTask, set: {{y: 1}}, next: meet}}
  - {{id: meet, type: inclusiveGateway}}
  - {{id: use, type: scriptTask, set: {{z: {read}}}}}
"
        ))
    };
    assert_eq!(inclusive("y"), none());
    assert_eq!(inclusive("x").len(), 1);
}

#[test]
fn an_event_at_the_edge_happens_before_the_work_is_done() {
    let of = |read: &str, interrupting: bool| {
        nodes(&format!(
            "
  - id: ask
    type: userTask
    candidateGroups: [sales_rep]
    form: note
    boundary: [{{id: late, timer: {{duration: P1D}}, to: use, interrupting: {interrupting}}}]
    next: done
  - {{id: use, type: scriptTask, set: {{z: {read}}}, next: end}}
  - {{id: done, type: scriptTask, set: {{z: said}}}}
"
        ))
    };
    for interrupting in [true, false] {
        assert_eq!(
            of("said", interrupting),
            ["11: \"set.z\" of \"use\" reads \"said\", which may not be set: ask → late → use leads there"]
        );
        assert_eq!(of("n", interrupting), none());
    }
}

#[test]
fn a_form_gives_what_it_requires() {
    let of = |read: &str| {
        nodes(&format!(
            "
  - {{id: ask, type: userTask, candidateGroups: [sales_rep], form: note, outcomes: {{yes: use, no: end}}}}
  - {{id: use, type: scriptTask, set: {{z: {read}}}}}
"
        ))
    };
    assert_eq!(of("said"), none());
    assert_eq!(of("more").len(), 1);
}

#[test]
fn errors_bring_what_was_set_before_they_were_thrown() {
    let of = |kind: &str, read: &str| {
        nodes(&format!(
            "
  - id: work
    type: subProcess
    {kind}
    nodes:
      - {{id: first, type: scriptTask, set: {{x: 1}}}}
      - {{id: choose, type: exclusiveGateway, flows: [{{if: n > 1, to: fail}}, {{to: second}}]}}
      - {{id: fail, type: endEvent, error: BAD}}
      - {{id: second, type: scriptTask, set: {{y: 1}}}}
    boundary: [{{error: BAD, to: use}}]
    next: good
  - {{id: use, type: scriptTask, set: {{z: {read}}}, next: end}}
  - {{id: good, type: scriptTask, set: {{z: x + y}}}}
"
        ))
    };
    assert_eq!(of("name: {en: Work, zh: 工作}", "x"), none());
    assert_eq!(of("name: {en: Work, zh: 工作}", "y").len(), 1);
    // what an atomic block had set is taken back
    assert_eq!(of("atomic: true", "x").len(), 1);
}

#[test]
fn a_sub_process_reads_what_is_around_it_and_tells_the_way_into_it() {
    let of = |before: &str| {
        nodes(&format!(
            "
  - {{id: begin, type: scriptTask, set: {{{before}: 1}}}}
  - id: work
    type: subProcess
    nodes:
      - {{id: first, type: scriptTask, set: {{y: x}}}}
      - {{id: second, type: scriptTask, set: {{y: x}}}}
  - {{id: use, type: scriptTask, set: {{z: y, x: 1}}}}
"
        ))
    };
    assert_eq!(
        of("other"),
        ["9: \"set.y\" of \"first\" reads \"x\", which may not be set: begin → work → first leads there"]
    );
    assert_eq!(of("x"), none());
}
