//! The runner itself: what it must notice, on cases that are written here.

use super::engine::Engine;
use super::format::{Case, Tier};
use super::play::Verdict;
use super::render::{self, expression, names::Names, value};
use super::report::{Line, Promise, Report};
use super::{document, folder, people, play_one};
use crate::support;
use kamflow::model::json::Json;
use serde_json::json;

/// A file with one case of one process: start, these nodes, end.
fn case(nodes: Json, flows: Json, run: Json, expect: Json) -> Case {
    let file = json!({ "format": "wfcase/1", "cases": [{
        "id": "own", "tier": "core",
        "processes": [{ "id": "P", "nodes": nodes, "flows": flows }], "run": run, "expect": expect,
    }]});
    document(&file.to_string()).unwrap().unwrap().cases.remove(0)
}

fn sequence(work: Json, vars: Json, expect: Json) -> Case {
    let nodes = json!([{ "id": "s", "type": "startEvent" }, { "id": "a", "type": "scriptTask", "do": work },
        { "id": "end", "type": "endEvent" }]);
    let flows = json!([{ "from": "s", "to": "a" }, { "from": "a", "to": "end" }]);
    case(nodes, flows, json!([{ "start": { "process": "P", "vars": vars } }]), expect)
}

fn played(case: &Case) -> Line {
    play_one(&mut Engine::open(&support::sqlite()), case)
}

#[test]
fn expressions_are_put_into_our_words() {
    let case = sequence(json!([{ "inc": "input" }]), json!({ "test": "a", "a": 1 }), json!({}));
    let names = Names::of(&case);
    for (neutral, ours) in [
        ("contains(test, \"a\")", "test.contains(\"a\")"),
        ("not contains(test, 'a')", "!(test.contains(\"a\"))"),
        ("!contains(test, \"a\") && a==1", "(!(test.contains(\"a\")) && a == 1)"),
        ("input <= 1 || input == 3", "(input_ <= 1 || input_ == 3)"),
        ("nrOfCompletedInstances/nrOfInstances >= 0.6", "(1.0 * nrOfCompletedInstances / nrOfInstances) >= 0.6"),
        ("5-2", "(5 - 2)"),
        ("-1", "-1"),
        ("a * (a + 2)", "(a * ((a + 2)))"),
        ("list[0].name == null", "list[0].name == ()"),
        ("true", "true"),
    ] {
        assert_eq!(expression::translate(neutral, &names).as_deref(), Ok(ours), "{neutral}");
    }
    for wrong in ["", "a +", "a b", "(a", "\"a", "lower(a)", "a == ", "#"] {
        assert!(expression::translate(wrong, &names).is_err(), "{wrong}");
    }
}

#[test]
fn loose_values_are_expressions_templates_or_themselves() {
    let case = sequence(json!([{ "set": { "x": "a * 2" } }]), json!({ "a": 1, "who": "ann" }), json!({}));
    let names = Names::of(&case);
    let text = |text: &str| Json::String(text.to_owned());
    for (given, ours) in [
        (text("a * 2"), "(a * 2)"),
        (text("String"), "\"String\""),
        (text("two words"), "\"two words\""),
        (text("missing + 1"), "(missing + 1)"),
        (json!([1, "b"]), "[1, \"b\"]"),
        (json!({ "k": null }), "#{\"k\": ()}"),
        (text("no ${a}"), "`no ${a}`"),
    ] {
        assert_eq!(value::value(&given, &names).as_deref(), Ok(ours), "{given}");
    }
    // A variable that holds a number is nobody's name.
    for (given, ours) in [("who", "who"), ("a", "\"a\""), ("kermit_${loopCounter}", "`kermit_${loopCounter}`")] {
        assert_eq!(value::person(given, &names).as_deref(), Ok(ours), "{given}");
    }
}

#[test]
fn a_login_is_short_for_its_roles() {
    for (login, role) in [("rep1", "rep"), ("rep2", "sales_rep"), ("mgr1", "sales_manager"), ("ann", "ann")] {
        assert!(people::has(login, role), "{login} has {role}");
    }
    for (login, role) in [("rep1", "sales_manager"), ("mgr1", "sales_rep"), ("1", "rep"), ("ann", "manager")] {
        assert!(!people::has(login, role), "{login} has not {role}");
    }
}

#[test]
fn what_is_unknown_is_refused() {
    let whole = json!({ "format": "wfcase/1", "cases": [{
        "id": "own", "tier": "core", "run": [{ "complete": "a", "times": 2 }, { "expect_state": "failed", "or_incident": true }],
        "processes": [{ "id": "p", "nodes": [{ "id": "a", "type": "task", "event": { "type": "timer", "duration": "PT1S" } }] }],
    }]});
    assert!(document(&whole.to_string()).unwrap().is_some());
    for (place, key) in [
        ("", "more"),
        ("/cases/0", "more"),
        ("/cases/0/processes/0", "more"),
        ("/cases/0/processes/0/nodes/0", "more"),
        ("/cases/0/processes/0/nodes/0/event", "more"),
        ("/cases/0/run/0", "more"),
        ("/cases/0/run/0", "or_incident"),
        ("/cases/0/run/1", "claim"),
    ] {
        let mut wrong = whole.clone();
        wrong.pointer_mut(place).unwrap()[key] = json!(true);
        let refused = document(&wrong.to_string()).unwrap_err();
        assert!(refused.contains(key), "{place}: {refused}");
    }
    let mut verb = whole.clone();
    verb["cases"][0]["run"][0] = json!({ "juggle": "a" });
    assert!(document(&verb.to_string()).unwrap_err().contains("juggle"));
    assert!(document(r#"{"format": "wfcase/2", "cases": [{"what": "ever"}]}"#).unwrap().is_none());
}

#[test]
fn a_key_on_the_wrong_node_is_not_passed_over() {
    let nodes = json!([{ "id": "s", "type": "startEvent", "assignee": "ann" }]);
    let wrong = render::case(&case(nodes, json!([]), json!([]), json!({}))).err();
    assert!(wrong.is_some_and(|wrong| wrong.contains("assignee")));
}

#[test]
fn a_case_without_a_folder_is_skipped() {
    let empty = tempfile::tempdir().unwrap();
    let package = empty.path().join("package");
    assert_eq!(folder(None, &package), None);
    assert_eq!(folder(Some("elsewhere".into()), &package), Some("elsewhere".into()));
    std::fs::create_dir_all(empty.path().join("shared/conformance/cases")).unwrap();
    std::fs::create_dir(&package).unwrap();
    assert_eq!(folder(None, &package), Some(package.join("../shared/conformance/cases")));
}

#[test]
fn what_runs_as_written_passes_with_restarts_too() {
    let work = json!([{ "inc": "n" }, { "log": "m" }, { "log_if": { "cond": "n == 3", "mark": "three" } },
        { "set": { "name": "String" } }, { "log_if": { "cond": "name != \"String\"", "mark": "other" } }]);
    let expect = json!({ "state": "completed", "marks": { "m": 1, "three": 1 }, "marks_exact": true });
    let line = played(&sequence(work, json!({ "n": 2 }), expect));
    assert_eq!((line.verdict, line.restart), (Verdict::Pass, None));
}

#[test]
fn what_runs_otherwise_is_silently_wrong() {
    for (expect, told) in [
        (json!({ "state": "completed", "marks": { "m": 2 } }), "marks"),
        (json!({ "state": "completed", "marks": {}, "marks_exact": true }), "marks"),
        (json!({ "state": "stuck" }), "state"),
        (json!({ "state": "ended_with_error" }), "state"),
        (json!({ "overlap": [["m", "m"]] }), "overlap"),
    ] {
        let line = played(&sequence(json!([{ "log": "m" }]), json!({}), expect));
        assert!(
            matches!(&line.verdict, Verdict::SilentWrong(sentence) if sentence.contains(told)),
            "{:?}",
            line.verdict
        );
    }
    for step in [
        json!({ "expect_open": { "a": 1 } }),
        json!({ "expect_open_total": 1 }),
        json!({ "expect_marks": {} }),
        json!({ "expect_mark_order": ["m", "m"] }),
        json!({ "expect_vars": { "n": 2 } }),
        json!({ "expect_vars": {}, "absent": ["n"] }),
        json!({ "expect_instances": 1 }),
        json!({ "expect_waits": { "timers": 1 } }),
        json!({ "expect_audit": { "node": "a", "actors": ["ann"] } }),
        json!({ "complete": "a" }),
        json!({ "deploy": "all", "expect": "rejected" }),
    ] {
        let mut one = sequence(json!([{ "log": "m" }]), json!({ "n": 1 }), Json::Null);
        one.run.push(serde_json::from_value(step.clone()).unwrap());
        let verdict = played(&one).verdict;
        assert!(matches!(verdict, Verdict::SilentWrong(_)), "{step}: {verdict:?}");
    }
}

#[test]
fn an_incident_fails_and_is_not_silent() {
    let work = json!([{ "set": { "x": "missing + 1" } }]);
    let failed = sequence(work.clone(), json!({}), json!({ "state": "completed" }));
    assert!(matches!(played(&failed).verdict, Verdict::Fail(sentence) if sentence.contains("missing")));
    let unsaid = sequence(work.clone(), json!({}), json!({}));
    assert!(matches!(played(&unsaid).verdict, Verdict::Fail(_)));
    let meant = sequence(work, json!({}), json!({ "state": "failed", "or_incident": true, "marks": {} }));
    assert_eq!(played(&meant).verdict, Verdict::Pass);
}

#[test]
fn what_the_language_lacks_is_unsupported_by_name() {
    let nodes = json!([{ "id": "s", "type": "startEvent" }, { "id": "c", "type": "choreographyTask" }]);
    let flows = json!([{ "from": "s", "to": "c" }]);
    let verdict =
        played(&case(nodes.clone(), flows.clone(), json!([{ "start": { "process": "P" } }]), json!({}))).verdict;
    assert!(matches!(&verdict, Verdict::Unsupported(sentence) if sentence.contains("choreographyTask")), "{verdict:?}");
    // A refusal for that reason is not the one that a case asks for.
    let rejected = json!([{ "deploy": "all", "expect": "rejected" }]);
    let verdict = played(&case(nodes, flows, rejected.clone(), json!({}))).verdict;
    assert!(matches!(verdict, Verdict::Unsupported(_)), "{verdict:?}");
    let nowhere =
        json!([{ "id": "s", "type": "startEvent" }, { "id": "a", "type": "task" }, { "id": "b", "type": "task" }]);
    let flows = json!([{ "from": "s", "to": "a" }]);
    assert_eq!(played(&case(nowhere, flows, rejected, json!({}))).verdict, Verdict::Pass);
}

#[test]
fn the_report_counts_and_keeps_the_promise() {
    let line = |tier, verdict, restart: Option<&str>| Line {
        id: "c".into(),
        tier,
        verdict,
        restart: restart.map(str::to_owned),
    };
    let mut report = Report(vec![
        line(Tier::Core, Verdict::Pass, None),
        line(Tier::Core, Verdict::Unsupported("no".into()), None),
        line(Tier::Exotic, Verdict::Fail("loud".into()), None),
    ]);
    let summary = "conformance: core 1/2 extended 0/0 exotic 0/1 unsupported 1 silent_wrong 0 restart_diff 0";
    assert_eq!(report.summary(), summary);
    let promise = |whole, core| Promise { whole, at_least: [core, 0, 0] };
    assert_eq!(report.broken(&promise(&[Tier::Extended], 1), true), Vec::<String>::new());
    assert_eq!(report.broken(&promise(&[Tier::Core], 2), true).len(), 2);
    assert_eq!(report.broken(&promise(&[], 2), false), Vec::<String>::new());
    report.0.push(line(Tier::Exotic, Verdict::SilentWrong("quiet".into()), Some("another trace")));
    assert_eq!(report.broken(&promise(&[], 0), true).len(), 2);
    assert!(report.failures().contains("quiet") && report.failures().contains("another trace"));
}
