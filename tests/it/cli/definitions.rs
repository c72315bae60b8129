//! check, test, schema, deploy, pull: the folders and what is deployed.

use super::{BROKEN, set_up};
use crate::support::program::Home;
use kamflow::definitions::{schema_text, schemas};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

#[test]
fn check_says_that_the_project_is_right() {
    let home = Home::with_project();
    let said = home.done(&["check"]);
    assert!(said.trim_end().ends_with("files checked: 0 problems, 0 warnings"), "{said}");
    assert!(!home.path("kamflow.db").exists(), "check needs no database");
}

#[test]
fn check_tells_every_problem_with_its_place() {
    let home = Home::with_project();
    home.edit(
        "workflows/sales/processes/customer-intake.yaml",
        "    form: duplicate-review\n",
        "    form: duplicate-reviw\n",
    );
    home.edit("workflows/sales/records/contact.yaml", "job_title:  {type: string,", "job_title:  {typ: string,");
    let (script, right, wrong) = BROKEN;
    home.edit(script, right, wrong);
    let said = home.run(&["check"]);
    assert_eq!(said.code, Some(1));
    let out = &said.out;
    for file in ["workflows/sales/processes/customer-intake.yaml", "workflows/sales/records/contact.yaml", script] {
        let line = out.lines().find(|line| line.starts_with(file));
        let line = line.unwrap_or_else(|| panic!("{file} is not told: {out}"));
        let mut place = line[file.len()..].splitn(4, ':');
        assert_eq!(place.next(), Some(""));
        assert!(place.next().unwrap().parse::<u32>().is_ok_and(|line| line > 0), "{line}");
        assert!(place.next().unwrap().parse::<u32>().is_ok_and(|column| column > 0), "{line}");
        assert!(place.next().unwrap().len() > 10, "{line}");
    }
    assert!(out.contains("did you mean \"duplicate-review\""), "the nearest name is told: {out}");
}

#[test]
fn the_tests_of_the_plugins_run_and_their_failures_are_told() {
    let home = Home::with_project();
    let said = home.done(&["test"]);
    assert!(said.trim_end().ends_with(" passed, 0 failed"), "{said}");
    let one = home.done(&["test", "customer-classification"]);
    assert_ne!(one, said);
    assert!(home.fails(&["test", "customer-dance"]).contains("no such tests"));
    home.edit(
        "plugins/customer-classification/classify.rhai",
        "#{class: \"A\", from: 75}",
        "#{class: \"A\", from: 99}",
    );
    let failed = home.run(&["test"]);
    assert_eq!(failed.code, Some(1));
    assert!(failed.out.contains("plugins/customer-classification/tests/classify.yaml:"), "{}", failed.out);
    home.write("plugins/customer-classification/classify.rhai", "fn classify(input) {");
    assert!(home.fails(&["test"]).contains("nothing was tested"));
}

#[test]
fn schemas_are_printed_and_written() {
    let home = Home::empty();
    let names = home.done(&["schema"]);
    home.done(&["schema", "--out", "made/schemas"]);
    assert_eq!(names.lines().count(), schemas().len());
    for (name, schema) in schemas() {
        assert!(names.lines().any(|line| line == name));
        assert_eq!(home.read(&format!("made/schemas/{name}.json")), schema_text(&schema));
        assert_eq!(home.done(&["schema", name]).trim_end(), schema_text(&schema).trim_end());
    }
    assert!(home.fails(&["schema", "dance"]).contains("there is no schema \"dance\""));
    home.write("taken", "");
    assert!(home.fails(&["schema", "--out", "taken"]).contains("taken"));
}

#[test]
fn deploying_says_whether_something_changed() {
    let (home, _) = set_up();
    assert_eq!(home.done(&["deploy"]), "business \"main\": nothing changed; revision 1 is active\n");
    home.edit(
        "plugins/customer-assignment/assign.rhai",
        "\"manufacturing\": [],",
        "\"manufacturing\": [\"zhao.lei\"],",
    );
    assert_eq!(home.done(&["deploy", "--note", "specialist"]), "business \"main\": deployed revision 2 is active\n");
    home.edit(
        "plugins/customer-assignment/assign.rhai",
        "\"manufacturing\": [\"zhao.lei\"],",
        "\"manufacturing\": [],",
    );
    let back = home.done(&["deploy"]);
    assert!(back.contains("is active"), "{back}");

    let (file, right, wrong) = BROKEN;
    home.edit(file, right, wrong);
    let refused = home.fails(&["deploy"]);
    assert!(refused.contains("business \"main\"") && refused.contains(file), "{refused}");
    assert!(home.fails(&["deploy", "--business", "nobody"]).contains("there is no such business"));
    home.edit(file, wrong, right);
    assert!(home.done(&["deploy"]).contains("nothing changed"));
}

#[test]
fn a_deployment_whose_tests_fail_is_refused() {
    let (home, _) = set_up();
    home.edit(
        "plugins/customer-classification/classify.rhai",
        "#{class: \"A\", from: 75}",
        "#{class: \"A\", from: 99}",
    );
    let refused = home.fails(&["deploy"]);
    assert!(refused.contains("classify.yaml"), "{refused}");
    assert!(home.done(&["business", "list"]).contains("revision 1"));
}

#[test]
fn what_is_pulled_is_what_was_deployed() {
    let (home, _) = set_up();
    let database = format!("sqlite:{}", home.path("kamflow.db").display());
    let other = Home::empty();
    let said = other.done(&["pull", "--database", &database]);
    assert!(said.contains("files of revision 1 written to"), "{said}");
    let (there, here) = (files(&home), files(&other));
    let for_people = |path: &str| path.contains("/demo/") || path.contains("/bench/");
    let deployed: BTreeMap<_, _> = there.into_iter().filter(|(path, _)| !for_people(path)).collect();
    assert_eq!(here.keys().collect::<Vec<_>>(), deployed.keys().collect::<Vec<_>>());
    assert!(here == deployed, "byte for byte");
    assert!(other.done(&["deploy", "--database", &database]).contains("nothing changed"));
    assert!(other.fails(&["pull", "--database", &database, "--business", "nobody"]).contains("nobody"));
}

/// The files of the project folders of a home.
fn files(home: &Home) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![home.path("workflows"), home.path("plugins")];
    while let Some(folder) = open.pop() {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(home.path("")).unwrap_or(Path::new("")).to_str().unwrap().to_owned();
                found.insert(name, fs::read(path).unwrap());
            }
        }
    }
    found
}
