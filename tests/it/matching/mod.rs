//! Whether two names are one customer, two records one person: labelled pairs played through the real path – records
//! written over HTTP, candidates found by index, the decision of the plugin.

mod customers;
mod people;
mod similar;

use crate::support::TestDatabase;
use crate::support::app::TestApp;
use kamflow::model::json::Json;
use serde_json::json;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A business with the definitions of this project but its scenarios, and these files more; `ops` works in sales operations.
fn app(database: &TestDatabase, more: &[(String, String)]) -> TestApp {
    let app = TestApp::start(database);
    app.user("ops", &["sales_ops", "sales_rep", "integration", "process_admin"]);
    let mut files: Vec<(String, String)> = Vec::new();
    for folder in ["workflows/sales", "plugins"] {
        read(&root().join(folder), &mut files);
    }
    let files = files.iter().chain(more).map(|(path, text)| (path.as_str(), text.as_str()));
    app.deploy(&files.collect::<Vec<_>>());
    app
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(folder: &Path, files: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let end = path.extension().and_then(|end| end.to_str()).unwrap_or_default();
        if path.is_dir() {
            if !["demo", "bench", "scenarios"].iter().any(|name| path.ends_with(name)) {
                read(&path, files);
            }
        } else if ["yaml", "rhai"].contains(&end) {
            let name = path.strip_prefix(root()).unwrap().to_str().unwrap().to_owned();
            files.push((name, std::fs::read_to_string(&path).unwrap()));
        }
    }
}

/// Creates a record; its id.
fn create(app: &TestApp, record_type: &str, fields: &Json) -> String {
    let made = app.by("ops").post(&format!("/api/v1/records/{record_type}"), json!({ "fields": fields })).ok(201);
    made["id"].as_str().unwrap().to_owned()
}

/// A process that identifies, looks for candidates, decides, and waits with its verdict.
fn asking(plugin: &str, record_type: &str, reads: &[&str]) -> (String, String) {
    let path = format!("workflows/sales/processes/ask-{record_type}.yaml");
    let given: Vec<String> = reads.iter().map(|name| format!("{name}: input.candidate.{name}")).collect();
    let text = format!(
        "process: ask-{record_type}\ntitle: {{en: Ask, zh: 核定}}\nstarters: [sales_ops]\ninput: {{type: object, properties: {{candidate: {{type: object}}}}}}\nnodes:\n  \
         - {{id: identify, type: scriptTask, script: {plugin}/identify, in: {{{}}}, out: {{identity: result}}}}\n  \
         - {{id: find, type: serviceTask, action: records.candidates, out: {{found: result}},\n     \
            in: {{type: '\"{record_type}\"', keys: identity.keys, similar: identity.similar, most: 50}}}}\n  \
         - {{id: check, type: businessRuleTask, decision: {plugin}/decide, out: {{verdict: result}},\n     \
            in: {{candidate: input.candidate, candidates: found.records, cut: found.cut}}}}\n  \
         - {{id: wait, type: userTask, candidateGroups: [sales_ops]}}\n",
        given.join(", ")
    );
    (path, text)
}

/// The verdict on what comes in.
fn verdict(app: &TestApp, record_type: &str, incoming: &Json) -> Json {
    let ops = app.by("ops");
    let id = ops.start(&format!("ask-{record_type}"), json!({"candidate": incoming}));
    let instance = ops.get(&format!("/api/v1/process-instances/{id}")).ok(200);
    let verdict = instance["variables"]["verdict"].clone();
    assert!(verdict["decision"].is_string(), "{incoming}: {instance}");
    verdict
}

/// What came of the pairs: (expected, got) to how often.
#[derive(Default)]
struct Tally {
    counts: BTreeMap<(String, String), usize>,
    wrong: Vec<String>,
}

impl Tally {
    fn add(&mut self, expected: &str, got: &str, what: impl FnOnce() -> String) {
        *self.counts.entry((expected.to_owned(), got.to_owned())).or_default() += 1;
        if expected != got {
            self.wrong.push(format!("{expected} became {got}: {}", what()));
        }
    }

    fn count(&self, matches: impl Fn(&str, &str) -> bool) -> usize {
        self.counts.iter().filter(|((expected, got), _)| matches(expected, got)).map(|(_, count)| count).sum()
    }

    /// Precision and recall of a band, in thousandths.
    fn of(&self, band: &str) -> (usize, usize) {
        let right = self.count(|expected, got| expected == band && got == band);
        (share(right, self.count(|_, got| got == band)), share(right, self.count(|expected, _| expected == band)))
    }

    /// How many of those that are one thing were not taken for new, in thousandths.
    fn found(&self) -> usize {
        let one = |expected: &str| expected == "same" || expected == "review";
        share(self.count(|expected, got| one(expected) && one(got)), self.count(|expected, _| one(expected)))
    }

    fn report(&self, title: &str) -> String {
        let mut text = format!("{title}: {} pairs, found {}\n", self.count(|_, _| true), self.found());
        for band in ["same", "review", "new", "child"] {
            let (precision, recall) = self.of(band);
            text += &format!("  {band}: precision {precision}, recall {recall}\n");
        }
        text + self.wrong.join("\n").as_str()
    }
}

fn share(part: usize, all: usize) -> usize {
    (part * 1_000).checked_div(all).unwrap_or(1_000)
}
