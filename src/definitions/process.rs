//! A process file to a process.

use super::break_glass;
use super::expression::{duration, expression};
use super::graph;
use super::json_schema;
use super::known::Known;
use super::levels::levels;
use super::load::Loaded;
use super::names;
use super::shape::node::NodeShape;
use super::shape::process::ProcessShape;
use super::shape::scalar::PassedShape;
use super::work_access::readers;
use crate::model::finding::Finding;
use crate::model::json::Json;
use crate::model::nearest::hint;
use crate::model::process::{Process, Uniqueness};
use std::collections::{BTreeSet, HashMap};

/// The process that a file declares.
pub fn convert(key: &str, file: &Loaded<ProcessShape>, known: &Known, findings: &mut Vec<Finding>) -> Process {
    let (shape, at) = (&file.shape, file.at());
    names::key("process", &shape.process, key, at.key("process"), findings);
    if let Some(subject) = &shape.subject {
        known.record(subject, at.key("subject"), findings);
    }
    for (position, role) in shape.starters.iter().enumerate() {
        known.role(role, at.key("starters").item(position), findings);
    }
    if let Some(input) = &shape.input {
        json_schema::check(&input.0, at.key("input"), findings);
        for name in json_schema::properties(&input.0) {
            names::variable(name, at.key("input").key("properties").key(name), findings);
        }
    }
    if shape.uniqueness != Uniqueness::None && shape.business_key.is_none() {
        let sentence = "\"uniqueness\" compares business keys; add \"businessKey\"";
        findings.push(Finding::error(at.key("uniqueness").place(), sentence));
    }
    if let Some(form) = &shape.form {
        start_form(file, form, known, findings);
    }
    if shape.subject_id.is_some() && shape.subject.is_none() {
        let sentence = "\"subjectId\" names the variable with the id of the subject; add \"subject\"";
        findings.push(Finding::error(at.key("subjectId").place(), sentence));
    }
    search(file, known, findings);
    let mut process = Process {
        key: shape.process.clone(),
        title: shape.title.clone(),
        subject: shape.subject.clone(),
        subject_id: shape.subject_id.clone(),
        starters: shape.starters.clone(),
        readers: shape.access.as_ref().and_then(|access| {
            access.read.as_ref().map(|words| readers(words, at.key("access").key("read"), known, findings))
        }),
        break_glass: shape.access.as_ref().and_then(|access| {
            let at = at.key("access").key("breakGlass");
            access.break_glass.as_ref().map(|shape| break_glass::rule(shape, at, known, findings))
        }),
        input: closed(shape.input.as_ref().map(|input| &input.0)),
        form: shape.form.clone(),
        business_key: shape.business_key.as_ref().map(|source| expression(source, at.key("businessKey"))),
        uniqueness: shape.uniqueness,
        search: shape.search.clone(),
        retention: shape.retention.as_ref().and_then(|kept| duration(kept, at.key("retention"), findings)),
        nodes: Vec::new(),
        flows: Vec::new(),
        index: HashMap::new(),
        outermost: Vec::new(),
        events: Vec::new(),
        at: at.key("process").place(),
    };
    graph::fill(&mut process, shape, at, known, findings);
    process
}

/// A form draws the start of start variables that there are.
fn start_form(file: &Loaded<ProcessShape>, form: &str, known: &Known, findings: &mut Vec<Finding>) {
    let at = file.at().key("form");
    known.form(form, at, findings);
    let Some(Some(schema)) = known.forms.get(form) else { return };
    let input = file.shape.input.as_ref().map(|input| &input.0);
    let names: Vec<&str> = input.into_iter().flat_map(json_schema::properties).collect();
    for property in json_schema::properties(schema).filter(|property| !names.contains(property)) {
        let sentence = format!(
            "the form \"{form}\" has \"{property}\", which is no start variable{}",
            hint(property, names.iter().copied())
        );
        findings.push(Finding::error(at.place(), sentence));
    }
}

/// The schema of the start variables: what it does not declare is refused, unless it says otherwise itself.
fn closed(input: Option<&Json>) -> Json {
    let mut schema = input.cloned().unwrap_or_else(|| serde_json::json!({"type": "object"}));
    if let Some(map) = schema.as_object_mut()
        && !map.contains_key("additionalProperties")
    {
        map.entry("unevaluatedProperties").or_insert(Json::Bool(false));
    }
    schema
}

/// Search variables, and that of the subject, are variables that something sets: the start, a node or a form. A task without a form, or with a
/// faulty one, may set any.
fn search(file: &Loaded<ProcessShape>, known: &Known, findings: &mut Vec<Finding>) {
    let (shape, at) = (&file.shape, file.at());
    let mut set: BTreeSet<&str> = shape.input.iter().flat_map(|input| json_schema::properties(&input.0)).collect();
    for draft in levels(&shape.nodes, &shape.events, file.at(), &mut Vec::new()).iter().flat_map(|level| &level.drafts)
    {
        set.extend(draft.head().activity.for_each.iter().flat_map(|each| each.collect.keys()).map(String::as_str));
        match draft.shape {
            NodeShape::UserTask(node) => match node.form.as_ref().map(|form| known.forms.get(form)) {
                Some(Some(Some(schema))) => set.extend(json_schema::properties(schema)),
                _ => return,
            },
            NodeShape::ScriptTask(node) => {
                set.extend(node.output.keys().chain(node.set.iter().flat_map(|set| set.keys())).map(String::as_str));
            }
            NodeShape::BusinessRuleTask(node) => set.extend(node.output.keys().map(String::as_str)),
            NodeShape::Approval(node) => set.extend(node.output.keys().map(String::as_str)),
            NodeShape::ServiceTask(node) => set.extend(node.output.keys().map(String::as_str)),
            NodeShape::CallActivity(node) => match &node.output {
                PassedShape::Some(output) => set.extend(output.keys().map(String::as_str)),
                PassedShape::All => return,
            },
            NodeShape::ReceiveTask(node) => set.extend(node.output.keys().map(String::as_str)),
            NodeShape::StartEvent(node) => set.extend(node.output.keys().map(String::as_str)),
            NodeShape::IntermediateCatchEvent(node) => set.extend(node.output.keys().map(String::as_str)),
            _ => {}
        }
    }
    let searched = shape.search.iter().enumerate().map(|(position, name)| (name, at.key("search").item(position)));
    for (name, at) in searched.chain(shape.subject_id.iter().map(|name| (name, at.key("subjectId")))) {
        if !set.contains(name.as_str()) {
            let sentence =
                format!("nothing in this process sets the variable \"{name}\"{}", hint(name, set.iter().copied()));
            findings.push(Finding::error(at.place(), sentence));
        }
    }
}
