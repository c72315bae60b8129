//! The heads of the packs of a business, joined into one: bases first, the overlay last.

use super::known::known;
use super::load::Loaded;
use super::names;
use super::shape::pack::PackShape;
use crate::model::finding::Finding;
use crate::model::json::Json;
use crate::model::pack::Pack;
use crate::model::plugin::{Plugin, SettingSource};
use crate::model::process::Process;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A pack by its folder.
pub type Packs = BTreeMap<String, Loaded<PackShape>>;

/// The packs in the order in which they are joined.
pub fn in_order(packs: &Packs) -> impl Iterator<Item = (&String, &Loaded<PackShape>)> {
    let bases = packs.iter().filter(|(_, pack)| pack.shape.extends.is_none());
    bases.chain(packs.iter().filter(|(_, pack)| pack.shape.extends.is_some()))
}

/// One pack out of all; none when there is none.
pub fn join(packs: &Packs, findings: &mut Vec<Finding>) -> Option<Pack> {
    let mut joined: Option<Pack> = None;
    for (folder, pack) in in_order(packs) {
        let (shape, at) = (&pack.shape, pack.at());
        names::key("pack", &shape.pack, folder, at.key("pack"), findings);
        if let Some(base) = &shape.extends {
            let bases = packs.iter().filter(|(_, pack)| pack.shape.extends.is_none()).map(|(name, _)| name.as_str());
            known("base pack", base, bases, "", at.key("extends"), findings);
            if shape.business.is_none() {
                let sentence = "an overlay says which business it is for; add \"business\"";
                findings.push(Finding::error(at.key("extends").key_place(), sentence));
            }
        }
        let Some(joined) = joined.as_mut() else {
            joined = Some(Pack {
                name: shape.pack.clone(),
                title: shape.title.clone(),
                version: shape.version.clone(),
                extends: shape.extends.clone(),
                business: shape.business.clone(),
                requires: shape.requires.clone(),
                roles: shape.roles.clone(),
                settings: shape.settings.clone(),
                at: at.key("pack").place(),
            });
            continue;
        };
        joined.business = joined.business.take().or_else(|| shape.business.clone());
        for (process, steps) in &shape.requires {
            joined.requires.entry(process.clone()).or_default().extend(steps.iter().cloned());
        }
        let overlay = shape.extends.is_some();
        for (role, title) in &shape.roles {
            let earlier = joined.roles.insert(role.clone(), title.clone());
            if !overlay && earlier.is_some_and(|earlier| earlier != *title) {
                let sentence = format!("another pack gives the role \"{role}\" another title; write the same one");
                findings.push(Finding::error(at.key("roles").key(role).key_place(), sentence));
            }
        }
        for (plugin, values) in &shape.settings {
            for (setting, value) in values {
                let earlier = joined.settings.entry(plugin.clone()).or_default().insert(setting.clone(), value.clone());
                if !overlay && earlier.is_some_and(|earlier| earlier != *value) {
                    let sentence = format!("another pack sets \"{plugin}.{setting}\" to another value; keep one");
                    findings.push(Finding::error(at.key("settings").key(plugin).key(setting).key_place(), sentence));
                }
            }
        }
    }
    joined
}

/// Gives the plugins the values that the packs set.
pub fn set(
    packs: &Packs,
    plugins: &mut BTreeMap<String, Plugin>,
    is_there: impl Fn(&str) -> bool,
    findings: &mut Vec<Finding>,
) {
    for (_, pack) in in_order(packs) {
        for (id, values) in &pack.shape.settings {
            let at = pack.at().key("settings").key(id);
            let Some(plugin) = plugins.get_mut(id) else {
                if !is_there(id) {
                    let hint = crate::model::nearest::hint(id, plugins.keys().map(String::as_str));
                    findings.push(Finding::error(at.key_place(), format!("there is no plugin \"{id}\"{hint}")));
                }
                continue;
            };
            for (name, value) in values {
                let at = at.key(name);
                match plugin.settings.get_mut(name) {
                    None => {
                        let hint = crate::model::nearest::hint(name, plugin.settings.keys().map(String::as_str));
                        let sentence = format!("plugin \"{id}\" has no setting \"{name}\"{hint}");
                        findings.push(Finding::error(at.key_place(), sentence));
                    }
                    Some(setting) if !same_kind(&setting.value, value) => {
                        let sentence = format!("\"{name}\" must be {}, as its default is", kind(&setting.value));
                        findings.push(Finding::error(at.place(), sentence));
                    }
                    Some(setting) => {
                        setting.value = value.clone();
                        setting.source = SettingSource::Pack;
                    }
                }
            }
        }
    }
}

fn same_kind(default: &Json, value: &Json) -> bool {
    default.is_null() || kind(default) == kind(value)
}

fn kind(value: &Json) -> &'static str {
    match value {
        Json::Null => "empty",
        Json::Bool(_) => "true or false",
        Json::Number(_) => "a number",
        Json::String(_) => "text",
        Json::Array(_) => "a list",
        Json::Object(_) => "a map of keys",
    }
}

/// The core steps that the packs require stand in the processes. `is_there` says of a process whether its file is.
pub fn steps(
    packs: &Packs,
    processes: &BTreeMap<String, Arc<Process>>,
    is_there: impl Fn(&str) -> bool,
    findings: &mut Vec<Finding>,
) {
    let mut required: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (folder, pack) in in_order(packs) {
        for (key, steps) in &pack.shape.requires {
            let Some(process) = processes.get(key) else {
                if !is_there(key) {
                    let hint = crate::model::nearest::hint(key, processes.keys().map(String::as_str));
                    let place = pack.at().key("requires").key(key).key_place();
                    findings.push(Finding::error(place, format!("there is no process \"{key}\"{hint}")));
                }
                continue;
            };
            for step in steps {
                required.entry(key).or_default().push(step);
                if !process.nodes.iter().any(|node| node.step.as_ref() == Some(step)) {
                    let sentence =
                        format!("pack \"{folder}\" requires the core step \"{step}\"; give a node \"step: {step}\"");
                    findings.push(Finding::error(process.at.clone(), sentence));
                }
            }
        }
    }
    for process in processes.values() {
        let valid = required.get(process.key.as_str()).map(Vec::as_slice).unwrap_or_default();
        for node in &process.nodes {
            let Some(step) = node.step.as_deref().filter(|step| !valid.contains(step)) else { continue };
            let hint = crate::model::nearest::hint(step, valid.iter().copied());
            let sentence = format!("no pack requires a core step \"{step}\" of this process{hint}");
            findings.push(Finding::warning(node.at.clone(), sentence));
        }
    }
}
