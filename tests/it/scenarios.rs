//! Scenarios are played: what is true passes, what is not is told with its place, and is not deployed.

use crate::runtime::{deployment, rows, with};
use crate::support::on_both;
use crate::support::program::Home;
use kamflow::definitions::folder;
use kamflow::model::ids::BusinessId;
use kamflow::model::revision::Files;
use kamflow::model::scenario::Played;
use kamflow::runtime::{library, scenarios};
use std::path::Path;

/// A pack with two roles.
pub const PACK: &str = "\
pack: work
title: {en: Work, zh: 工作}
version: '1.0'
roles:
  clerk: {en: Clerk, zh: 文员}
  boss: {en: Boss, zh: 主管}
";

/// A task, with a reminder every day that it is open, then a record; a failure on demand.
const ERRAND: &str = "\
process: errand
title: {en: Errand, zh: 差事}
starters: [clerk]
input: {type: object, required: [what], properties: {what: {type: string}}}
nodes:
  - id: do
    type: userTask
    candidateGroups: [clerk]
    outcomes: {done: note, late: end}
    boundary: [{id: overdue, timer: {duration: P1D}, to: chase, interrupting: false}]
  - {id: note, type: scriptTask, set: {number: '100 / if what == \"nothing\" { 0 } else { 4 }'}}
  - {id: keep, type: serviceTask, action: records.create, in: {type: '\"thing\"', fields: '#{name: what, number: number}'}}
  - {id: done, type: endEvent, terminate: true}
  - {id: chase, type: userTask, candidateGroups: [boss], next: end}
";

const THING: &str = "\
record: thing
title: {en: Thing, zh: 物品}
fields: {name: {type: string}, number: {type: int}, in: {type: ref, record: thing}}
access: {read: ['role:clerk'], create: ['role:clerk'], update: ['role:clerk']}
";

/// A file with these steps of one case.
fn story(steps: &str) -> String {
    let given = "given: {people: {ann: {roles: [clerk], manager: bea}, bea: {roles: [boss]}}}";
    format!("scenario: errands\n{given}\ncases:\n  - name: one\n    steps:\n{steps}")
}

fn files(steps: &str) -> Vec<(&'static str, String)> {
    vec![
        ("workflows/work/pack.yaml", PACK.to_owned()),
        ("workflows/work/processes/errand.yaml", ERRAND.to_owned()),
        ("workflows/work/records/thing.yaml", THING.to_owned()),
        ("workflows/work/scenarios/errands.yaml", story(steps)),
    ]
}

/// The same without the pack, for a project that has one.
fn own(steps: &str) -> Vec<(&'static str, String)> {
    files(steps).split_off(1)
}

fn play(steps: &str) -> Played {
    let files: Files = files(steps).into_iter().map(|(path, text)| (path.to_owned(), text.into_bytes())).collect();
    let checked = library::check(&files, &BusinessId::from("main"));
    let library = checked.library.unwrap_or_else(|| panic!("{:?}", checked.findings));
    let mut played = scenarios::run(&library, |_| true).unwrap().played;
    assert_eq!(played.len(), 1);
    played.remove(0)
}

/// Why a story fails, with line and column.
fn failure(steps: &str) -> String {
    let played = play(steps);
    format!("{}:{}: {}", played.at.line, played.at.column, played.failure.expect("this story is not true"))
}

#[test]
fn the_scenarios_of_this_project_pass() {
    let files = folder::read(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
    let library = library::check(&files, &BusinessId::from("main")).library.unwrap();
    let played = scenarios::run(&library, |_| true).unwrap().played;
    let failed: Vec<_> = played.iter().filter(|played| played.failure.is_some()).collect();
    assert!(failed.is_empty() && played.len() > 8, "{failed:#?}");
}

#[test]
fn a_story_that_is_true_passes() {
    let played = play(
        "
      - {start: errand, by: ann, variables: {what: tea}, then: {state: active, waits: [do], tasks: {do: {assignee: null}}}}
      - {claim: do, by: ann, then: {tasks: {do: {state: claimed, assignee: ann}}}}
      - {wait: P3D, then: {waits: [chase, do]}}
      - {complete: do, by: bea, outcome: done, refused: task_of_another}
      - {complete: do, by: ann, outcome: done, then: {state: completed, variables: {number: 25}, records: {thing: [{name: tea, number: 25}]}}}
      - {create: thing, as: box, fields: {name: Box}}
      - {create: thing, as: pen, fields: {name: Pen, in: $box}, then: {records: {thing: [{name: tea}, {id: $box}, {in: $box}]}}}
      - {update: pen, fields: {in: null}, reason: taken out, then: {records: {thing: [{}, {}, {id: $pen}]}}}
",
    );
    assert_eq!(played.failure, None, "{played:?}");
    assert_eq!((played.scenario.as_str(), played.name.as_str()), ("errands", "one"));
}

#[test]
fn what_is_not_so_is_told_at_its_step() {
    let start = "      - {start: errand, by: ann, variables: {what: tea}";
    for (steps, told) in [
        (
            format!("{start}, then: {{state: completed}}}}\n"),
            "6:10: state: expected completed, it is active; it waits at [\"do\"]",
        ),
        (format!("{start}, then: {{waits: []}}}}\n"), "6:10: waits: expected [], it waits at [\"do\"] and is active"),
        (
            format!("{start}, then: {{variables: {{what: ink}}}}}}\n"),
            "6:10: /variables/what: expected \"ink\", got \"tea\"",
        ),
        (format!("{start}, refused: not_starter}}\n"), "6:10: this should be refused with not_starter, and was done"),
        (format!("{start}}}\n      - {{complete: dig}}\n"), "7:10: there is no open task at \"dig\" [not_found]"),
        (
            format!("{start}, then: {{tasks: {{chase: {{}}}}}}}}\n"),
            "6:10: there is no open task at chase; it waits at [\"do\"]",
        ),
        (
            format!("{start}, then: {{records: {{thing: [{{}}]}}}}}}\n"),
            "6:10: thing: expected 1 records, there are 0: []",
        ),
        ("      - {wait: P1D, then: {state: active}}\n".to_owned(), "6:10: no process was started yet"),
    ] {
        assert_eq!(failure(&steps), told);
    }
    let refused = failure("      - {start: errand, by: bea, variables: {what: tea}}\n");
    assert!(refused.starts_with("6:10: ") && refused.contains("[not_starter]"), "{refused}");
}

#[test]
fn an_incident_that_is_not_told_fails_the_story() {
    let steps = "
      - {start: errand, by: ann, variables: {what: nothing}}
      - {complete: do, by: ann, outcome: done";
    let failed = failure(&format!("{steps}}}\n"));
    assert!(failed.contains("incidents: expected [], there are [\"note: "), "{failed}");
    let played = play(&format!(
        "{steps}, then: {{incidents: [note]}}}}\n      - {{retry: note, then: {{incidents: [note]}}}}\n"
    ));
    assert_eq!(played.failure, None, "{played:?}");
}

#[test]
fn a_scenario_that_fails_is_not_deployed() {
    on_both(|database| {
        let app = with(database, &[]);
        let alice = app.by("alice");
        let before = rows(database, "revisions");
        let wrong = own("      - {start: errand, by: ann, variables: {what: tea}, then: {state: completed}}\n");
        let wrong: Vec<(&str, &str)> = wrong.iter().map(|(path, text)| (*path, text.as_str())).collect();
        let refused = alice.post("/api/v1/deployments", deployment(&wrong)).problem(422, "scenarios_failed");
        assert_eq!(refused["errors"][0]["pointer"], "/scenarios/errands");
        let detail = refused["errors"][0]["detail"].as_str().unwrap();
        assert!(detail.contains("errands.yaml:6:10: one: state: expected completed"), "{refused}");
        assert_eq!(rows(database, "revisions"), before);
        let right = own("      - {start: errand, by: ann, variables: {what: tea}, then: {state: active}}\n");
        let right: Vec<(&str, &str)> = right.iter().map(|(path, text)| (*path, text.as_str())).collect();
        alice.post("/api/v1/deployments", deployment(&right)).ok(201);
        assert_eq!(rows(database, "instances"), 0, "a story leaves nothing behind");
    });
}

#[test]
fn the_command_plays_one_scenario_or_all() {
    let home = Home::empty();
    for (path, text) in files("      - {start: errand, by: ann, variables: {what: tea}, then: {state: completed}}\n") {
        home.write(path, &text);
    }
    let said = home.run(&["test"]);
    assert_eq!(said.code, Some(1), "{said:?}");
    assert!(
        said.out.contains("workflows/work/scenarios/errands.yaml:6:10: errands / one: state: expected completed"),
        "{said:?}"
    );
    assert!(said.out.ends_with("0 passed, 1 failed\n"), "{said:?}");
    assert!(home.fails(&["test", "errant"]).contains("there are no such tests"));
}
