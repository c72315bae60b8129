//! Whether the people there are can do what must be done by different ones is said when a process is checked.

use crate::runtime::deployment;
use crate::support::app::TestApp;
use crate::support::on_both;
use serde_json::json;

const PAIR: &str = "\
process: spend
title: {en: Spend, zh: 支出}
nodes:
  - {id: ask, type: userTask, candidateGroups: [clerk]}
  - {id: approve, type: userTask, candidateGroups: [boss, clerk], notSameAs: [ask]}
  - {id: book, type: userTask, candidateGroups: [boss], sameAs: [approve]}
";

const THREE: &str = "\
process: three
title: {en: Three, zh: 三人}
nodes:
  - {id: a, type: userTask, candidateGroups: [clerk]}
  - {id: b, type: userTask, candidateGroups: [clerk], notSameAs: [a]}
  - {id: c, type: userTask, candidateGroups: [clerk], notSameAs: [a, b]}
";

fn warnings(app: &TestApp, process: &str) -> Vec<String> {
    let path = if process == PAIR { "processes/spend.yaml" } else { "processes/three.yaml" };
    let found = app
        .by("alice")
        .post("/api/v1/deployments/validate", json!({"files": deployment(&[(path, process)])["files"]}))
        .ok(200);
    let sentences =
        found["findings"].as_array().unwrap().iter().map(|found| found["sentence"].as_str().unwrap().to_owned());
    sentences.collect()
}

#[test]
fn two_tasks_of_one_person_are_a_warning() {
    on_both(|database| {
        let app = TestApp::start(database);
        app.user("ann", &["clerk"]);
        let found = warnings(&app, PAIR);
        let expected = "\"approve\" (for boss, clerk) must not be done by who does \"ask\" (for clerk), which is impossible \
                        today: only ann has these roles";
        assert!(found.iter().any(|sentence| sentence == expected), "{found:?}");
        let same = "\"book\" (for boss) must be done by who does \"approve\" (for boss, clerk), which is impossible today: \
                    only ann has these roles";
        assert!(found.iter().any(|sentence| sentence == same), "{found:?}");
        app.user("ben", &["boss"]);
        assert_eq!(warnings(&app, PAIR), Vec::<String>::new());
    });
}

#[test]
fn three_tasks_need_three_people_though_two_suffice_for_each_pair() {
    on_both(|database| {
        let app = TestApp::start(database);
        for clerk in ["ann", "bob"] {
            app.user(clerk, &["clerk"]);
        }
        let found = warnings(&app, THREE);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].starts_with("the people there are cannot get through \"three\""), "{found:?}");
        app.user("cleo", &["clerk"]);
        assert_eq!(warnings(&app, THREE), Vec::<String>::new());
    });
}
