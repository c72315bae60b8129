//! The names that the files of a revision may use of one another. A file that is there but faulty still lends its
//! name, so one fault does not look like many.

use super::lists::{self, Lists};
use super::shape::scalar::{PassedShape, Sources};
use super::spot::At;
use crate::model::expression::FunctionRef;
use crate::model::finding::Finding;
use crate::model::json::Json;
use crate::model::nearest::hint;
use crate::model::stage::StageList;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// All names. A `None` inside says: it is there, but its file is faulty, so nothing can be said about its insides.
#[derive(Debug, Default)]
pub struct Known {
    /// Roles of the packs; none when a pack is faulty.
    pub roles: Option<BTreeSet<String>>,
    /// Lists of values; none when a pack is faulty.
    pub lists: Option<Lists>,
    /// Record types.
    pub records: BTreeSet<String>,
    /// Stage lists.
    pub stages: BTreeMap<String, Option<Arc<StageList>>>,
    /// Forms, with the schema of what a person enters.
    pub forms: BTreeMap<String, Option<Json>>,
    /// Processes, with the schema of their start variables.
    pub processes: BTreeMap<String, Option<Json>>,
    /// Plugins, with their functions and the schemas of the arguments.
    pub plugins: BTreeMap<String, Option<BTreeMap<String, Json>>>,
}

impl Known {
    /// Checks the name of a role.
    pub fn role(&self, name: &str, at: At, findings: &mut Vec<Finding>) {
        if let Some(roles) = &self.roles {
            known("role", name, roles.iter().map(String::as_str), "; add it to \"roles\" of pack.yaml", at, findings);
        }
    }

    /// Checks the name of a record type.
    pub fn record(&self, name: &str, at: At, findings: &mut Vec<Finding>) {
        known("record type", name, self.records.iter().map(String::as_str), "", at, findings);
    }

    /// The stage list of this name; a finding when there is none.
    pub fn stage_list(&self, name: &str, at: At, findings: &mut Vec<Finding>) -> Option<Arc<StageList>> {
        known("stage list", name, self.stages.keys().map(String::as_str), "", at, findings);
        self.stages.get(name).cloned().flatten()
    }

    /// The values of this list; a finding when there is none.
    pub fn list(&self, name: &str, at: At, findings: &mut Vec<Finding>) -> Option<&Vec<String>> {
        lists::values(self.lists.as_ref()?, name, at, findings)
    }

    /// Checks the name of a form.
    pub fn form(&self, name: &str, at: At, findings: &mut Vec<Finding>) {
        known("form", name, self.forms.keys().map(String::as_str), "", at, findings);
    }

    /// Checks the name of a process and the start variables that it is given.
    pub fn process(&self, name: &str, input: &PassedShape, node: At, findings: &mut Vec<Finding>) {
        known("process", name, self.processes.keys().map(String::as_str), "", node.key("process"), findings);
        if let (Some(Some(schema)), PassedShape::Some(input)) = (self.processes.get(name), input) {
            arguments(&format!("process \"{name}\""), schema, true, input, node, findings);
        }
    }

    /// Reads a reference to a function; checks that it is there and gets the arguments that it asks for.
    /// `caller` is the map that has the reference under `key` and the arguments under `in`.
    pub fn function(
        &self,
        text: &str,
        input: &Sources,
        caller: At,
        key: &str,
        findings: &mut Vec<Finding>,
    ) -> Option<FunctionRef> {
        let at = caller.key(key);
        let reference = match FunctionRef::try_from(text.to_owned()) {
            Ok(reference) => reference,
            Err(sentence) => {
                findings.push(Finding::error(at.place(), sentence));
                return None;
            }
        };
        known("plugin", &reference.plugin, self.plugins.keys().map(String::as_str), "", at, findings);
        if let Some(Some(functions)) = self.plugins.get(&reference.plugin) {
            let what = format!("function in plugin \"{}\" called", reference.plugin);
            known(&what, &reference.function, functions.keys().map(String::as_str), "", at, findings);
            if let Some(schema) = functions.get(&reference.function) {
                arguments(&format!("function \"{reference}\""), schema, false, input, caller, findings);
            }
        }
        Some(reference)
    }
}

/// One finding when a name is not among the valid ones.
pub fn known<'a>(
    what: &str,
    name: &str,
    valid: impl Iterator<Item = &'a str> + Clone,
    otherwise: &str,
    at: At,
    findings: &mut Vec<Finding>,
) {
    if valid.clone().any(|word| word == name) {
        return;
    }
    let hint = hint(name, valid);
    let advice = if hint.is_empty() { otherwise } else { &hint };
    findings.push(Finding::error(at.place(), format!("there is no {what} \"{name}\"{advice}")));
}

/// Checks named arguments against the schema of the object that they make. A closed one takes no others.
fn arguments(what: &str, schema: &Json, closed: bool, given: &Sources, caller: At, findings: &mut Vec<Finding>) {
    let Some(properties) = schema.get("properties").and_then(Json::as_object) else { return };
    let closed = closed || schema.get("additionalProperties") == Some(&Json::Bool(false));
    for name in given.keys().filter(|name| closed && !properties.contains_key(*name)) {
        let hint = hint(name, properties.keys().map(String::as_str));
        let place = caller.key("in").key(name).key_place();
        findings.push(Finding::error(place, format!("{what} takes no \"{name}\"{hint}")));
    }
    for name in schema.get("required").and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str) {
        if !given.contains_key(name) {
            findings
                .push(Finding::error(caller.key("in").key_place(), format!("{what} needs \"{name}\" under \"in\"")));
        }
    }
}
