//! What comes into a story from outside: messages, signals, jobs, the clock at the start of a process, and people about whom
//! something changes.

use crate::scenarios::PACK;
use kamflow::model::ids::BusinessId;
use kamflow::model::revision::Files;
use kamflow::runtime::{library, scenarios};

const SAMPLE: &str = "\
process: sample
title: {en: Sample, zh: 样品}
input: {type: object, required: [number], properties: {number: {type: string}}}
nodes:
  - {id: sent, type: receiveTask, message: sent, correlate: number, out: {parcel: result.parcel}}
  - {id: ask, type: sendTask, message: wanted, in: {number: number}}
  - {id: told, type: intermediateCatchEvent, signal: told, out: {by: result.by}}
  - {id: looked, type: receiveTask}
";

/// Begun by a message of `sample`, and by a message from outside.
const ANSWER: &str = "\
process: answer
title: {en: Answer, zh: 应答}
input: {type: object, required: [number], properties: {number: {type: string}}}
businessKey: number
uniqueness: active
nodes:
  - {id: wanted, type: startEvent, message: wanted}
  - {id: reply, type: userTask, candidateGroups: [clerk]}
";

const GREET: &str = "\
process: greet
title: {en: Greet, zh: 问候}
nodes:
  - id: greet
    type: serviceTask
    job: greet
    out: {text: result.text}
    retry: {times: 1, every: PT10S}
    boundary: [{id: unknown, error: unknown, to: ask}]
    next: prepare
  - {id: ask, type: userTask, candidateGroups: [clerk], title: why, next: end}
  - id: prepare
    type: subProcess
    adHoc: {until: enough == true}
    nodes:
      - {id: a, type: userTask, candidateGroups: [clerk]}
      - {id: b, type: scriptTask, set: {enough: twice == true, twice: true}}
  - {id: done, type: endEvent}
input: {type: object, required: [why, enough, twice], properties: {why: {type: string}, enough: {type: boolean}, twice: {type: boolean}}}
";

const DAILY: &str = "\
process: daily
title: {en: Daily, zh: 每日}
nodes:
  - {id: morning, type: startEvent, timer: {cycle: R2/P1D}}
  - {id: who, type: serviceTask, action: org.candidates, in: {role: '\"clerk\"'}, out: {clerks: 'result.filter(|one| !one.absent).map(|one| one.user)'}}
  - {id: above, type: serviceTask, action: org.superiors, in: {user: '\"ann\"'}, out: {above: 'result.map(|one| one.user)'}}
  - {id: look, type: userTask, candidateUsers: clerks, candidateGroups: [boss]}
";

/// Why the story of these steps fails; none when it passes.
fn failure(steps: &str) -> Option<String> {
    let given = "given: {people: {ann: {roles: [clerk], manager: bea}, bea: {roles: [boss]}, cy: {roles: [boss]}}}";
    let story = format!("scenario: s\n{given}\ncases:\n  - name: one\n    steps:\n{}", steps.trim_start_matches('\n'));
    let files = [
        ("workflows/work/pack.yaml", PACK),
        ("workflows/work/processes/sample.yaml", SAMPLE),
        ("workflows/work/processes/answer.yaml", ANSWER),
        ("workflows/work/processes/greet.yaml", GREET),
        ("workflows/work/processes/daily.yaml", DAILY),
        ("workflows/work/scenarios/s.yaml", &story),
    ];
    let files: Files = files.into_iter().map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec())).collect();
    let checked = library::check(&files, &BusinessId::from("main"));
    let library = checked.library.unwrap_or_else(|| panic!("{:#?}", checked.findings));
    let mut played = scenarios::run(&library, |_| true).unwrap().played;
    let played = played.remove(0);
    Some(format!("{}: {}", played.at.line, played.failure?))
}

#[test]
fn messages_and_signals_arrive_and_what_is_sent_by_that_too() {
    let told = failure(
        "
      - {start: sample, as: own, variables: {number: s-7}, then: {state: active, waits: []}}
      - {message: sent, key: s-8, refused: message_not_awaited}
      - {message: sent, key: s-7, by: ann, refused: role_missing}
      - {message: sent, key: s-7, variables: {parcel: P1}, answer: delivered, then: {variables: {parcel: P1}}}
      - {look: answer, as: other, then: {state: active, waits: [reply], variables: {number: s-7}}}
      - {message: wanted, variables: {number: s-7}, answer: existing, then: {of: other, waits: [reply]}}
      - {signal: told, variables: {by: bea}, then: {of: own, variables: {by: bea}}}
      - {message: wanted, as: third, variables: {number: s-9}, answer: started, then: {waits: [reply], variables: {number: s-9}}}
      - {complete: reply, by: ann, then: {of: third, state: completed}}
",
    );
    assert_eq!(told, None);
}

#[test]
fn a_message_that_is_kept_waits_for_who_comes_and_not_for_ever() {
    assert_eq!(
        failure(
            "
      - {message: sent, key: s-7, variables: {parcel: P1}, ttl: PT1H, answer: kept}
      - {wait: PT30M}
      - {start: sample, variables: {number: s-7}, then: {variables: {parcel: P1}}}
      - {message: sent, key: s-8, variables: {parcel: P2}, ttl: PT1H}
      - {wait: PT2H}
      - {start: sample, variables: {number: s-8}, then: {variables: {number: s-8}}}
      - {message: sent, key: s-8, variables: {parcel: P3}, answer: delivered, then: {variables: {parcel: P3}}}
"
        ),
        None
    );
    assert_eq!(
        failure("      - {message: sent, key: s-7, ttl: PT1H, answer: delivered}\n"),
        Some("6: the message should be delivered, and was kept [other_answer]".to_owned())
    );
}

#[test]
fn jobs_are_done_fail_are_tried_again_and_end_with_an_error() {
    let start =
        "      - {start: greet, as: it, variables: {why: why, enough: false, twice: false}, then: {jobs: [greet]}}\n";
    let done = "
      - {job: greet, fails: no paper, then: {jobs: [greet]}}
      - {job: greet, refused: not_found}
      - {wait: PT10S}
      - {job: greet, result: {text: hello}, then: {jobs: [], waits: [a], variables: {text: hello}}}
      - {begin: b, then: {state: completed}}
";
    assert_eq!(failure(&format!("{start}{}", done.trim_start_matches('\n'))), None);
    let failed = "
      - {job: greet, fails: no paper}
      - {wait: PT10S}
      - {job: greet, fails: still no paper, then: {incidents: [greet], jobs: []}}
      - {retry: greet, then: {jobs: [greet]}}
      - {job: greet, error: unknown, variables: {why: because}, then: {waits: [ask], variables: {why: because}}}
";
    assert_eq!(failure(&format!("{start}{}", failed.trim_start_matches('\n'))), None);
    let wrong =
        failure(&format!("{start}      - {{job: greet, by: ann, refused: role_missing, then: {{jobs: []}}}}\n"));
    assert_eq!(wrong.unwrap(), "7: jobs: expected [], there are [\"greet\"]");
}

#[test]
fn a_step_lets_go_on_what_waits_for_somebody() {
    assert_eq!(
        failure(
            "
      - {start: sample, variables: {number: s-7}}
      - {trigger: looked, refused: not_waiting}
      - {message: sent, key: s-7, variables: {parcel: P1}}
      - {look: sample}
      - {signal: told, variables: {by: cy}}
      - {trigger: looked, then: {state: completed}}
"
        ),
        None
    );
}

#[test]
fn the_clock_begins_processes_and_people_change_meanwhile() {
    assert_eq!(
        failure(
            "
      - {look: daily, refused: not_found}
      - {wait: P1D}
      - {look: daily, then: {waits: [look], variables: {clerks: [ann], above: [bea]}}}
      - {person: ann, roles: [boss], manager: cy}
      - {person: bea, roles: [clerk], then: {waits: [look]}}
      - {complete: look, by: ann, then: {state: completed}}
      - {wait: P1D}
      - {look: daily, then: {variables: {clerks: [bea], above: [cy]}}}
      - {wait: P3D}
"
        ),
        None
    );
    // who is away or may not sign in is no candidate
    for change in ["absent: P5D", "active: false"] {
        assert_eq!(
            failure(&format!(
                "
      - {{person: ann, {change}}}
      - {{wait: P1D}}
      - {{look: daily, then: {{variables: {{clerks: []}}}}}}
"
            )),
            None,
            "{change}"
        );
    }
}
