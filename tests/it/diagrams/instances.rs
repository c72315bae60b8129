//! Diagrams over HTTP and on the command line: who may see which, and what an instance shows of itself.

use crate::runtime::{THING, with};
use crate::support::app::TestApp;
use crate::support::on_both;
use crate::support::program::Home;
use roxmltree::{Document, Node};
use serde_json::json;

/// A task with a reminder, a way back, and a way on that fails.
const TRIP: &str = "\
process: trip
title: {en: A <trip>, zh: 出差}
nodes:
  - id: ask
    name: {en: Ask, zh: 申请}
    type: userTask
    candidateGroups: [clerk]
    outcomes: {again: ask, go: parts}
    boundary: [{id: remind, timer: {duration: PT3H}, to: chase, interrupting: false}]
  - {id: chase, type: scriptTask, set: {chased: true}, next: end}
  - id: parts
    type: subProcess
    nodes:
      - {id: find, type: serviceTask, action: records.select, in: {type: '\"thing\"', where: '#{size: 1}'}, out: {found: result.records}}
      - {id: take, type: scriptTask, set: {first: 'found[0].id'}}
  - {id: never, type: scriptTask, set: {secret: 1}}
";

fn complete(app: &TestApp, instance: &str, outcome: &str) {
    let caller = app.by("ann");
    let tasks = caller.get(&format!("/api/v1/user-tasks?instance={instance}&state=created")).ok(200);
    let task = tasks["items"][0]["id"].as_str().unwrap().to_owned();
    caller.post(&format!("/api/v1/user-tasks/{task}/claim"), json!({})).ok(200);
    caller.post(&format!("/api/v1/user-tasks/{task}/complete"), json!({ "outcome": outcome })).ok(200);
}

fn trip(database: &crate::support::TestDatabase) -> TestApp {
    with(database, &[("processes/trip.yaml", TRIP), ("records/thing.yaml", THING)])
}

/// The element of a node, and its classes.
fn node<'d>(document: &'d Document, id: &str) -> (Node<'d, 'd>, Vec<&'d str>) {
    let found = document.descendants().find(|one| one.attribute("data-node") == Some(id)).unwrap();
    (found, found.attribute("class").unwrap().split(' ').collect())
}

fn tip(document: &Document, id: &str) -> String {
    let (found, _) = node(document, id);
    found.children().find(|one| one.has_tag_name("title")).unwrap().text().unwrap().to_owned()
}

fn taken(document: &Document) -> Vec<String> {
    let flows = document.descendants().filter(|one| one.has_attribute("data-from"));
    let taken = flows.filter(|one| one.attribute("class").unwrap().contains("taken"));
    let ends =
        taken.map(|one| format!("{} {}", one.attribute("data-from").unwrap(), one.attribute("data-to").unwrap()));
    let mut ends: Vec<String> = ends.collect();
    ends.sort();
    ends
}

#[test]
fn an_instance_shows_its_tokens_its_way_its_times_and_its_incidents() {
    on_both(|database| {
        let app = trip(database);
        let id = app.by("ann").start("trip", json!({}));
        let path = format!("/api/v1/process-instances/{id}/diagram");
        app.advance("PT2H");
        let text = app.by("ann").get(&path).text;
        let document = Document::parse(&text).unwrap();
        assert!(
            node(&document, "ask").1.contains(&"visited") && node(&document, "chase").1.contains(&"idle"),
            "{text}"
        );
        assert_eq!(tip(&document, "ask"), "Ask (ask) · entered once · 2 h");
        assert_eq!(taken(&document), Vec::<String>::new());
        let badges =
            |document: &Document| document.descendants().filter(|one| one.attribute("class") == Some("token")).count();
        assert_eq!(badges(&document), 1, "one node has tokens");
        assert!(text.contains(">1 token<"), "{text}");

        // The reminder fires; the task is done again and then goes on, to where it fails.
        app.advance("PT2H");
        complete(&app, &id, "again");
        app.advance("PT30M");
        complete(&app, &id, "go");
        app.advance("PT1M");
        let text = app.by("ann").get(&path).text;
        let document = Document::parse(&text).unwrap();
        assert_eq!(tip(&document, "ask"), "Ask (ask) · entered 2 times · 4 h 30 min");
        assert!(text.contains(">×2 · 4 h 30 min<"), "{text}");
        assert_eq!(taken(&document), ["ask ask", "ask parts", "find take", "remind chase"]);
        assert!(node(&document, "take").1.contains(&"failed"));
        assert!(tip(&document, "take").ends_with("! script"), "the code, not the sentence: {}", tip(&document, "take"));
        assert!(!text.contains("found[0]"), "nothing of the script or its input");
        assert!(node(&document, "never").1.contains(&"idle") && node(&document, "parts").1.contains(&"visited"));
        assert_eq!(badges(&document), 2, "the block and the node inside it");

        let chart = app.by("ann").get(&format!("{path}?format=mermaid")).text;
        assert!(chart.contains(" failed\n") && chart.contains(" ==>|\"go\"| "), "{chart}");
    });
}

#[test]
fn when_it_has_ended_its_times_stand_still() {
    on_both(|database| {
        let short = "process: short\ntitle: {en: Short, zh: 短}\nnodes:\n  - {id: do, type: userTask, candidateGroups: [clerk], outcomes: {done: end}}\n";
        let app = with(database, &[("processes/short.yaml", short)]);
        let id = app.by("ann").start("short", json!({}));
        app.advance("P1D");
        complete(&app, &id, "done");
        let path = format!("/api/v1/process-instances/{id}/diagram?lang=zh");
        let text = app.by("ann").get(&path).text;
        assert!(text.contains("1 天") && text.contains("进入 1 次"), "{text}");
        app.advance("P1D");
        assert_eq!(app.by("ann").get(&path).text, text);
        assert_eq!(taken(&Document::parse(&text).unwrap()), ["do end"]);
    });
}

#[test]
fn whoever_may_not_see_an_instance_sees_no_diagram_of_it() {
    on_both(|database| {
        let app = trip(database);
        app.user("carl", &[]);
        let id = app.by("ann").start("trip", json!({}));
        for format in ["svg", "mermaid"] {
            let path = format!("/api/v1/process-instances/{id}/diagram?format={format}");
            assert_eq!(app.by("ann").get(&path).status, 200);
            app.by("carl").get(&path).problem(404, "not_found");
            let narrow = format!("Bearer {}", app.token("main", "ann", Some(&["tasks:read"])));
            app.with_authorization(&narrow).get(&path).problem(403, "scope_missing");
        }
        app.by("ann").get("/api/v1/process-instances/nobody/diagram").problem(404, "not_found");
    });
}

#[test]
fn an_instance_is_drawn_as_it_is_pinned() {
    on_both(|database| {
        let app = trip(database);
        let id = app.by("ann").start("trip", json!({}));
        let other = TRIP.replace("id: never", "id: always");
        crate::runtime::deploy(&app, &[("processes/trip.yaml", &other), ("records/thing.yaml", THING)]);
        let old = app.by("ann").get(&format!("/api/v1/process-instances/{id}/diagram")).text;
        assert!(old.contains("data-node=\"never\"") && !old.contains("data-node=\"always\""));
        let new = app.by("ann").get("/api/v1/process-definitions/trip/diagram").text;
        assert!(new.contains("data-node=\"always\"") && !new.contains("data-node=\"never\""));
    });
}

#[test]
fn a_definition_is_drawn_in_the_asked_format_and_language() {
    let database = crate::support::sqlite();
    let app = trip(&database);
    let ann = app.by("ann");
    let path = "/api/v1/process-definitions/trip/diagram";
    let plain = ann.get(path);
    assert_eq!(
        (plain.status, plain.header("content-type"), plain.header("content-language")),
        (200, "image/svg+xml", "en")
    );
    assert_eq!(
        plain.header("content-security-policy"),
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"
    );
    assert!(plain.text.contains(">A &lt;trip&gt;<") && Document::parse(&plain.text).is_ok());
    assert!(!plain.text.contains("idle\"") && !plain.text.contains("class=\"token\""), "no instance, no marks");
    let chinese = ann.send("GET", path, &[("accept-language", "zh-CN, en;q=0.5")], "");
    assert!(chinese.text.contains(">出差<"));
    assert_eq!((chinese.header("content-language"), chinese.header("vary")), ("zh", "Accept-Language"));
    let asked = ann.send("GET", &format!("{path}?lang=en"), &[("accept-language", "zh")], "");
    assert_eq!(asked.text, plain.text, "who asks for a language gets it");
    let chart = ann.get(&format!("{path}?format=mermaid"));
    assert!(chart.text.starts_with("flowchart LR\n") && chart.header("content-type").starts_with("text/vnd.mermaid"));
    assert_eq!(
        ann.get(&format!("{path}?format=png")).problem(400, "invalid_parameter")["errors"][0]["pointer"],
        "?format"
    );
    ann.get(&format!("{path}?lang=fr")).problem(400, "invalid_parameter");
    ann.get("/api/v1/process-definitions/nothing/diagram").problem(404, "not_found");
}

#[test]
fn the_command_line_draws_one_process_or_all_of_them() {
    let home = Home::with_project();
    let one = home.done(&["diagram", "lead-qualification", "--lang", "zh"]);
    assert!(Document::parse(one.trim()).is_ok() && one.contains("data-process=\"lead-qualification\""));
    assert!(home.done(&["diagram", "opportunity", "--format", "mermaid"]).starts_with("flowchart LR"));
    home.done(&["diagram", "opportunity", "--out", "one.svg"]);
    assert!(Document::parse(&home.read("one.svg")).is_ok());
    let written = home.done(&["diagram", "--out", "drawn"]);
    assert!(written.lines().count() > 5);
    written.lines().for_each(|file| assert!(Document::parse(&home.read(file)).is_ok(), "{file}"));
    assert!(!home.path("kamflow.db").exists(), "definitions need no database");
    assert!(home.fails(&["diagram"]).contains("--out"));
    assert!(home.fails(&["diagram", "dance"]).contains("there are customer-handover, "));
    assert!(home.fails(&["diagram", "opportunity", "--format", "png"]).contains("svg or mermaid"));
    assert!(home.fails(&["diagram", "opportunity", "--lang", "fr"]).contains("en or zh"));
}
