//! Who sees instances and tasks: the words of `access:` in a process.

use super::known::Known;
use super::spot::At;
use crate::model::finding::Finding;
use crate::model::work_access::{Part, Stand};

/// Those who may read. `at` is the list.
pub fn readers(words: &[String], at: At, known: &Known, findings: &mut Vec<Finding>) -> Vec<Stand> {
    let mut readers = Vec::new();
    for (position, word) in words.iter().enumerate() {
        match stand(word, at.item(position), known, findings) {
            Some(stand) => readers.push(stand),
            None => {
                let sentence = format!(
                    "\"{word}\" says nobody; write anyone, role:NAME, starter, assignee, candidate, or \
                     superior(...) or direct_superior(...) of one of these three"
                );
                findings.push(Finding::error(at.item(position).place(), sentence));
            }
        }
    }
    readers
}

fn stand(word: &str, at: At, known: &Known, findings: &mut Vec<Finding>) -> Option<Stand> {
    if let Some(role) = word.strip_prefix("role:") {
        known.role(role, at, findings);
        return Some(Stand::Role(role.to_owned()));
    }
    match word.strip_suffix(')').and_then(|word| word.split_once('(')) {
        None if word == "anyone" => Some(Stand::Anyone),
        None => part(word).map(Stand::Is),
        Some(("superior", inside)) => part(inside).map(Stand::Superior),
        Some(("direct_superior", inside)) => part(inside).map(Stand::DirectSuperior),
        Some(_) => None,
    }
}

fn part(word: &str) -> Option<Part> {
    match word.trim() {
        "starter" => Some(Part::Starter),
        "assignee" => Some(Part::Assignee),
        "candidate" => Some(Part::Candidate),
        _ => None,
    }
}
