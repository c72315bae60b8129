//! A case in our language: the files of a revision, and which node of them logs which mark.
//!
//! `names` says what things are called, `expression` and `value` translate what is computed, `level` renders a list of
//! nodes, `node` one node, `script` what it does, `event` what it waits for or throws, `activity` how it repeats.
//! Files are written as JSON, which is YAML.

mod activity;
mod event;
pub mod expression;
mod level;
pub mod names;
mod node;
mod script;
pub mod value;

pub use level::{Kind, Level};
pub use node::ANYBODY;

use super::format::{Case, Process};
use super::steps;
use kamflow::model::json::{Json, JsonMap};
use kamflow::model::revision::Files;
use names::Names;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// A node of a process, both as we call them.
pub type Spot = (String, String);

/// A case, rendered.
pub struct Rendered {
    pub files: Files,
    pub names: Names,
    /// The marks that a node logs when it is completed.
    pub marks: BTreeMap<Spot, Vec<String>>,
    /// The marks whose interval is that of a node.
    pub intervals: BTreeMap<Spot, String>,
    /// The roles that tasks ask for.
    pub roles: BTreeSet<String>,
}

/// What is written down while a process is rendered.
pub struct Book<'c> {
    pub names: &'c Names,
    process: String,
    marks: BTreeMap<Spot, Vec<String>>,
    intervals: BTreeMap<Spot, String>,
}

impl Book<'_> {
    /// This node logs this mark.
    pub fn mark(&mut self, node: &str, mark: &str) {
        self.marks.entry((self.process.clone(), node.to_owned())).or_default().push(mark.to_owned());
    }

    /// The time inside this node is the interval of this mark.
    pub fn interval(&mut self, node: &str, mark: &str) {
        self.intervals.insert((self.process.clone(), node.to_owned()), mark.to_owned());
    }
}

/// Renders a case.
pub fn case(case: &Case) -> Result<Rendered, String> {
    let names = Names::of(case);
    let mut book = Book { names: &names, process: String::new(), marks: BTreeMap::new(), intervals: BTreeMap::new() };
    let mut files = Files::new();
    let mut add = |path: String, content: Json| {
        let text = serde_json::to_string_pretty(&content).expect("a value of JSON can be written");
        files.insert(path, text.into_bytes());
    };
    for process in &case.processes {
        let key = names.process(&process.id);
        book.process = key.clone();
        let level = level::render(&process.nodes, &process.flows, Kind::Plain, &mut book)?;
        let mut content = object(
            json!({ "process": key, "title": text(&process.id), "nodes": level.nodes, "input": input(process, case, &names) }),
        );
        if !level.events.is_empty() {
            content.insert("events".into(), Json::Array(level.events));
        }
        add(format!("workflows/case/processes/{key}.yaml"), Json::Object(content));
    }
    let roles = roles(case);
    let titles: JsonMap = roles.iter().map(|role| (role.clone(), text(role))).collect();
    let pack = json!({ "pack": "case", "title": text("Case"), "version": "1.0", "roles": titles });
    add("workflows/case/pack.yaml".to_owned(), pack);
    let entered = steps::entered(&case.run).into_iter().map(|name| names.variable(name));
    let labels: JsonMap = entered.map(|name| (name.clone(), text(&name))).collect();
    let schema = anything(labels.keys().cloned());
    let form = json!({ "form": node::FORM, "title": text("Anything"), "schema": schema, "labels": labels });
    add(format!("workflows/case/forms/{}.yaml", node::FORM), form);
    let Book { marks, intervals, .. } = book;
    Ok(Rendered { files, marks, intervals, roles, names })
}

/// Declares every variable that its expressions name or a call gives it: one that nothing sets is to fail while it runs,
/// not before.
fn input(process: &Process, case: &Case, names: &Names) -> Json {
    let mut nodes = Vec::new();
    names::gather(&process.nodes, &mut nodes);
    let elements = nodes.iter().filter_map(|node| node.multi_instance.as_ref()?.element.as_ref());
    let elements: Vec<String> = elements.map(|name| names.variable(name)).collect();
    let mut given: Vec<String> =
        steps::variables(&case.run).into_iter().map(|(name, _)| names.variable(name)).collect();
    let mut callers = Vec::new();
    case.processes.iter().for_each(|process| names::gather(&process.nodes, &mut callers));
    let calls = callers.into_iter().filter(|node| node.called.as_ref() == Some(&process.id));
    given.extend(calls.flat_map(|call| call.input.iter().flatten()).map(|(inner, _)| names.variable(inner)));
    anything(names.used().into_iter().filter(|name| given.contains(name) || !elements.contains(name)))
}

/// A schema that takes whatever is given, and knows these names.
fn anything(names: impl Iterator<Item = String>) -> Json {
    let properties: JsonMap = names.map(|name| (name, json!({}))).collect();
    json!({ "type": "object", "properties": properties, "additionalProperties": true })
}

fn roles(case: &Case) -> BTreeSet<String> {
    let mut nodes = Vec::new();
    case.processes.iter().for_each(|process| names::gather(&process.nodes, &mut nodes));
    let asked = nodes.iter().flat_map(|node| node.candidate_roles.iter().flatten());
    asked.map(|role| names::role(role)).chain([ANYBODY.to_owned()]).collect()
}

/// The same text in both languages.
fn text(text: &str) -> Json {
    json!({ "en": text, "zh": text })
}

fn object(value: Json) -> JsonMap {
    match value {
        Json::Object(map) => map,
        _ => JsonMap::new(),
    }
}

fn list(items: Vec<Json>) -> Json {
    Json::Array(items)
}
