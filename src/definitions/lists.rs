//! Named lists of values: said once in `pack.yaml`, used by fields of records (`list: NAME`) and by JSON Schemas
//! (`$ref: "list:NAME"`), so that an overlay adds a value in one place. What a schema means otherwise is left to
//! `json_schema`.

use super::known::known;
use super::names;
use super::pack::{Packs, in_order};
use super::spot::At;
use crate::model::finding::Finding;
use crate::model::json::Json;
use std::collections::BTreeMap;

/// Values by the name of their list, in the order of the files, those of an overlay last.
pub type Lists = BTreeMap<String, Vec<String>>;

/// How a JSON Schema refers to a list.
const PREFIX: &str = "list:";

/// The lists of all packs, joined.
pub fn join(packs: &Packs, findings: &mut Vec<Finding>) -> Lists {
    let mut lists = Lists::new();
    for (_, pack) in in_order(packs) {
        let at = pack.at().key("lists");
        for name in pack.shape.lists.keys() {
            names::field(name, at.key(name), findings);
            let list = lists.entry(name.clone()).or_default();
            for value in at.key(name).keys() {
                names::value(value, at.key(name).key(value), findings);
                if !list.iter().any(|known| known == value) {
                    list.push(value.to_owned());
                }
            }
            if list.is_empty() {
                findings.push(Finding::error(at.key(name).place(), format!("the list \"{name}\" has no values")));
            }
        }
    }
    lists
}

/// The values of a list; a finding when there is none of this name.
pub fn values<'a>(lists: &'a Lists, name: &str, at: At, findings: &mut Vec<Finding>) -> Option<&'a Vec<String>> {
    known("list", name, lists.keys().map(String::as_str), "; add it to \"lists\" of pack.yaml", at, findings);
    lists.get(name)
}

/// Puts the values in place of every reference to a list. Without lists, when a pack is faulty, anything is allowed there.
pub fn resolve(schema: &mut Json, lists: Option<&Lists>, at: At, findings: &mut Vec<Finding>) {
    match schema {
        Json::Array(items) => {
            for (position, item) in items.iter_mut().enumerate() {
                resolve(item, lists, at.item(position), findings);
            }
        }
        Json::Object(map) => {
            let name = map.get("$ref").and_then(Json::as_str).and_then(|to| to.strip_prefix(PREFIX)).map(str::to_owned);
            if let Some(name) = name {
                map.remove("$ref");
                let found = lists.and_then(|lists| values(lists, &name, at.key("$ref"), findings));
                if let Some(found) = found {
                    map.insert("enum".to_owned(), found.iter().cloned().map(Json::String).collect());
                }
            }
            for (key, value) in map.iter_mut() {
                resolve(value, lists, at.key(key), findings);
            }
        }
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
    }
}
