//! Files of scenarios: every name in them is there, and every step does one thing.

use super::{findings, project, said};
use kamflow::definitions;
use kamflow::model::scenario::Act;

const PROCESS: &str = "\
process: errand
title: {en: Errand, zh: 差事}
nodes:
  - {id: do, type: userTask, candidateGroups: [sales_ops]}
";

const RECORD: &str = "\
record: thing
title: {en: Thing, zh: 物品}
fields: {name: {type: string}}
";

const WHOLE: &str = "\
scenario: errands
given:
  now: 2026-03-02T09:00:00+08:00
  people:
    ann: {roles: [sales_ops], manager: bob}
    bob: {}
  records:
    - {record: thing, as: box, fields: {name: Box}}
cases:
  - name: it is done
    steps:
      - {start: errand, by: ann, as: first, then: {state: active, waits: [do]}}
      - {wait: P1D}
      - {update: box, by: ann, fields: {name: Chest}, reason: new}
      - {create: thing, as: bag, fields: {name: Bag}, then: {records: {thing: [{id: $box}, {id: $bag}]}}}
      - {complete: do, by: ann, then: {of: first, state: completed}}
";

fn said_of(text: &str) -> Vec<String> {
    findings(&[("processes/errand.yaml", PROCESS), ("records/thing.yaml", RECORD), ("scenarios/errands.yaml", text)])
}

/// What is said of one step.
fn step(step: &str) -> Vec<String> {
    said_of(&format!("scenario: errands\ncases:\n  - name: one\n    steps:\n      - {step}\n"))
}

#[test]
fn steps_from_outside_say_only_what_has_meaning() {
    for right in [
        "{message: paid, key: k, variables: {a: 1}, ttl: PT1H, answer: kept, as: one}",
        "{signal: paid, variables: {a: 1}}",
        "{job: mail, result: {id: 1}}",
        "{job: mail, fails: no paper}",
        "{job: mail, error: gone, variables: {why: x}}",
        "{trigger: do}",
        "{begin: do}",
        "{look: errand, as: it, then: {jobs: [mail]}}",
        "{wait: P1D}",
    ] {
        assert_eq!(step(right), Vec::<String>::new(), "{right}");
    }
    for (wrong, told) in [
        ("{message: paid, answer: lost}", "there is no answer \"lost\""),
        ("{message: paid, ttl: soon}", "soon"),
        ("{message: paid, outcome: x}", "\"message\" takes no \"outcome\""),
        ("{signal: paid, key: k}", "\"signal\" takes no \"key\""),
        ("{job: mail, result: {}, fails: no}", "a job has a \"result\", \"fails\", or ends with an \"error\""),
        ("{look: errant}", "there is no process \"errant\"; did you mean \"errand\"?"),
        ("{person: nobody, absent: P1D}", "there is no person \"nobody\""),
        ("{start: errand, message: paid}", "a step does one of these: "),
    ] {
        let said = step(wrong);
        assert!(said.iter().any(|said| said.contains(told)), "{wrong}: {said:?}");
    }
}

#[test]
fn a_whole_scenario_is_read() {
    let files = [("processes/errand.yaml", PROCESS), ("records/thing.yaml", RECORD), ("scenarios/errands.yaml", WHOLE)];
    let parsed = definitions::parse(&project(&files));
    assert_eq!(said(&parsed), Vec::<String>::new());
    let definitions = parsed.definitions.unwrap();
    let errands = &definitions.scenarios["errands"];
    assert_eq!(errands.given.now.rfc3339(), "2026-03-02T01:00:00Z");
    assert_eq!((errands.given.people.len(), errands.given.records.len(), errands.cases.len()), (2, 1, 1));
    let steps = &errands.cases[0].steps;
    assert_eq!(steps.len(), 5);
    assert!(matches!(&steps[1].act, Act::Wait(day) if day.to_string() == "P1D"));
    assert_eq!(steps[4].then.of.as_deref(), Some("first"));
    assert_eq!((steps[0].at.line, steps[0].at.column), (12, 10));
}

#[test]
fn a_step_does_one_thing_and_takes_what_belongs_to_it() {
    let one = "scenarios/errands.yaml:5:9: a step does one of these: start, claim, complete, decide, withdraw, addApprover, assign, delegate, resolve, retry, create, update, message, signal, job, \
         trigger, begin, look, person, wait";
    assert_eq!(step("{by: ann}")[0], one);
    assert_eq!(step("{start: errand, wait: P1D}"), [one]);
    assert_eq!(step("{wait: P1D, variables: {}}"), [r#"scenarios/errands.yaml:5:21: "wait" takes no "variables""#]);
    assert_eq!(step("{start: errand, outcome: x}"), [r#"scenarios/errands.yaml:5:25: "start" takes no "outcome""#]);
    let wait = step("{wait: a day}");
    assert!(wait[0].contains("is not an ISO 8601 duration"), "{wait:?}");
    let near = step("{strat: errand}");
    assert!(near[0].contains("did you mean \"start\"?"), "{near:?}");
}

#[test]
fn names_that_are_not_there_are_told_with_the_nearest() {
    for (text, told) in [
        ("{start: erand}", r#"there is no process "erand"; did you mean "errand"?"#),
        ("{create: thingy, fields: {}}", r#"there is no record type "thingy"; did you mean "thing"?"#),
        ("{update: box, fields: {}}", r#"there is no record of that name "box""#),
        ("{start: errand, by: ann}", r#"there is no person "ann"; add it under "given""#),
        ("{start: errand, then: {of: first}}", r#"there is no instance of that name "first""#),
        (
            "{start: errand, then: {state: done}}",
            "the state is active, suspended, completed, ended_with_error or cancelled",
        ),
        ("{start: errand, then: {records: {thong: []}}}", r#"there is no record type "thong"; did you mean "thing"?"#),
    ] {
        let said = step(text);
        assert_eq!(said.len(), 1, "{text}: {said:?}");
        assert!(said[0].ends_with(told), "{text}: {said:?}");
    }
    let roles = said_of(&WHOLE.replace("[sales_ops]", "[sales_opps]"));
    assert!(roles[0].contains("there is no role \"sales_opps\""), "{roles:?}");
    let manager = said_of(&WHOLE.replace("manager: bob", "manager: bert"));
    assert!(manager[0].contains("there is no person \"bert\""), "{manager:?}");
    let now = said_of(&WHOLE.replace("2026-03-02T09:00:00+08:00", "monday"));
    assert_eq!(now, ["scenarios/errands.yaml:3:8: write an instant such as 2026-03-02T09:00:00+08:00"]);
}
