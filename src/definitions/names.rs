//! What may be called what: keys of files, ids of nodes, variables.

use super::spot::At;
use crate::model::finding::Finding;
use crate::model::names::{RESERVED, plain, wrong_variable};

/// Checks the key that a file says of itself: well-formed, and the name of its file or folder.
pub fn key(what: &str, key: &str, holder: &str, at: At, findings: &mut Vec<Finding>) {
    if key != holder {
        let sentence = format!("the {what} is called \"{key}\" here and \"{holder}\" by its path; make them the same");
        findings.push(Finding::error(at.place(), sentence));
    } else if !plain(key, "-_") || !key.starts_with(|c: char| c.is_ascii_lowercase()) || key != key.to_lowercase() {
        let sentence = format!("\"{key}\" is no name for a {what}; use lower-case letters, digits and hyphens");
        findings.push(Finding::error(at.place(), sentence));
    }
}

/// Checks the type of a job.
pub fn job(name: &str, at: At, findings: &mut Vec<Finding>) {
    let begins = name.starts_with(|c: char| c.is_ascii_lowercase());
    if !plain(name, "-_.") || !begins || name != name.to_lowercase() {
        let sentence = format!("\"{name}\" is no type of a job; use lower-case letters, digits, hyphens and points");
        findings.push(Finding::error(at.place(), sentence));
    }
}

/// Checks the id of a node.
pub fn node(id: &str, at: At, findings: &mut Vec<Finding>) {
    if RESERVED.contains(&id) {
        let sentence = format!("\"{id}\" is a reserved name; give the node another id");
        findings.push(Finding::error(at.place(), sentence));
    } else if !plain(id, "-_") || !id.starts_with(|c: char| c.is_ascii_alphabetic()) {
        let sentence = format!("\"{id}\" is no id for a node; use letters, digits, hyphens and underscores");
        findings.push(Finding::error(at.place(), sentence));
    }
}

/// Checks the name of a variable that is set; `at` is its value, so its key is where it was written.
pub fn variable(name: &str, at: At, findings: &mut Vec<Finding>) {
    findings.extend(wrong_variable(name).map(|sentence| Finding::error(at.key_place(), sentence)));
}

/// Checks the name of a field.
pub fn field(name: &str, at: At, findings: &mut Vec<Finding>) {
    if !plain(name, "_") || !name.starts_with(|c: char| c.is_ascii_lowercase()) {
        let sentence = format!("\"{name}\" is no name for a field; use lower-case letters, digits and underscores");
        findings.push(Finding::error(at.key_place(), sentence));
    }
}

/// Checks a code that records keep: of a stage, of a phase.
pub fn code(what: &str, code: &str, at: At, findings: &mut Vec<Finding>) {
    if !is_code(code) {
        let sentence = format!("\"{code}\" is no code for a {what}; use lower-case letters, digits and underscores");
        findings.push(Finding::error(at.place(), sentence));
    }
}

/// Checks the name of an outcome; `at` is its value.
pub fn outcome(name: &str, at: At, findings: &mut Vec<Finding>) {
    if !is_code(name) {
        let sentence = format!("\"{name}\" is no name for an outcome; use lower-case letters, digits and underscores");
        findings.push(Finding::error(at.key_place(), sentence));
    }
}

/// Checks a value of a list; `at` is its title.
pub fn value(name: &str, at: At, findings: &mut Vec<Finding>) {
    if !is_code(name) {
        let sentence = format!("\"{name}\" is no value for a list; use lower-case letters, digits and underscores");
        findings.push(Finding::error(at.key_place(), sentence));
    }
}

fn is_code(text: &str) -> bool {
    plain(text, "_") && text.starts_with(|c: char| c.is_ascii_lowercase()) && text == text.to_lowercase()
}
