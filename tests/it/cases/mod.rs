//! The catalogue of the engine: every file of `tests/cases` is played on the pure engine, without runtime or database.
//!
//! `case` is the form that a case is written in, `world` the revision that it runs on, `player` carries out its steps
//! as the runtime would, `proof` holds what must be true of every move and `sound` of every state, `trace` words the history, `expect`
//! compares, `intervene` does what a person does from outside.

mod case;
mod expect;
mod hands;
mod intervene;
pub mod player;
pub mod proof;
pub mod sound;
mod sound_joins;
mod sound_votes;
mod trace;
mod votes;
pub mod world;

use case::Case;
use player::Player;
use std::collections::BTreeMap;
use std::path::Path;

#[test]
fn every_case_plays_as_written() {
    let mut failures = Vec::new();
    for (name, text) in files() {
        if let Err(sentence) = play(&text) {
            failures.push(format!("{name}: {sentence}"));
        }
    }
    assert!(failures.is_empty(), "{} cases fail:\n\n{}", failures.len(), failures.join("\n\n"));
}

#[test]
fn every_case_says_something_else() {
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    for (name, text) in files() {
        let case = Case::parse(&text).unwrap_or_else(|wrong| panic!("{name}: {wrong}"));
        if let Some(other) = seen.insert(case.case.clone(), name.clone()) {
            panic!("{name} and {other} both say: {}", case.case);
        }
    }
    assert!(seen.len() > 50, "the catalogue is there");
}

#[test]
fn a_wrong_expectation_is_found() {
    let nodes = "{nodes: [{id: a, type: scriptTask, set: {x: '1'}}]}";
    for (expect, found) in [
        ("{history: [b]}", "history"),
        ("{state: active}", "state"),
        ("{variables: {x: 2}}", "variable \"x\""),
        ("{unset: [x]}", "variable \"x\""),
        ("{incidents: {a: oh}}", "incidents"),
        ("{open: [a]}", "open"),
        ("{refused: no}", "refused"),
    ] {
        let text = format!("case: c\nprocesses: {{main: {nodes}}}\nsteps: [{{start: main, expect: {expect}}}]");
        let wrong = play(&text).unwrap_err();
        assert!(wrong.contains(found), "{expect}: {wrong}");
    }
    let unknown = format!("case: c\nprocesses: {{main: {nodes}}}\nsteps: [{{start: main, expects: {{}}}}]");
    assert!(play(&unknown).unwrap_err().contains("expects"));
}

#[test]
fn the_example_that_explains_a_case_plays() {
    let readme = include_str!("../../cases/README.md");
    let example = readme.split("```yaml").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    assert_eq!(play(example), Ok(()));
}

fn play(text: &str) -> Result<(), String> {
    let case = Case::parse(text)?;
    let mut world = world::build(&case.files()?)?;
    world.latest = case.latest()?.map(|files| world::build(&files)).transpose()?.map(Box::new);
    let mut player = Player::new(&world, case.actions.clone());
    for (number, step) in case.steps.iter().enumerate() {
        let numbered = |sentence: String| format!("step {} ({}): {sentence}", number + 1, step.verb());
        let told = case::carry_out(&mut player, step).map_err(numbered)?;
        expect::check(&player, step, &told).map_err(numbered)?;
    }
    Ok(())
}

/// Name and text of every case, by name.
fn files() -> BTreeMap<String, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let paths = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    paths
        .filter(|path| path.extension().is_some_and(|extension| extension == "yaml"))
        .map(|path| (path.file_stem().unwrap().to_string_lossy().into_owned(), std::fs::read_to_string(&path).unwrap()))
        .collect()
}
