//! How the stages of a list follow one another: a row that ends with its terminal stage, or transitions by which every
//! stage is reached and left.

use super::known::known;
use super::shape::stages::StagesShape;
use super::spot::At;
use crate::model::finding::Finding;
use crate::model::stage::{Back, LOST, Stage, StageKind, StageList};
use std::collections::BTreeSet;

/// Checks the order. `at` is the file.
pub fn check(list: &StageList, shape: &StagesShape, at: At, findings: &mut Vec<Finding>) {
    if list.kind == StageKind::Nonlinear {
        nonlinear(list, shape, at, findings);
    } else {
        row(list, shape, at, findings);
    }
}

/// One after the other: only the last one is terminal.
fn row(list: &StageList, shape: &StagesShape, at: At, findings: &mut Vec<Finding>) {
    if !shape.transitions.is_empty() {
        let sentence = "\"transitions\" belong to kind: nonlinear; here stages follow in the order of the list";
        findings.push(Finding::error(at.key("transitions").key_place(), sentence));
    }
    if list.advance.max_returns.is_some() && list.advance.back == Back::Nobody {
        let sentence = "nobody takes a record back; say who under \"back\", or take \"maxReturns\" away";
        findings.push(Finding::error(at.key("advance").key("maxReturns").key_place(), sentence));
    }
    let last = list.stages.len().saturating_sub(1);
    for (position, stage) in list.stages.iter().enumerate() {
        let at = at.key("list").item(position);
        if stage.is_terminal() && position < last {
            let sentence = format!("\"{}\" is terminal, but stages follow it; move it to the end", stage.code);
            findings.push(Finding::error(at.key("terminal").key_place(), sentence));
        } else if !stage.is_terminal() && position == last {
            let sentence = format!("nothing ends in \"{}\", the last stage; say how under \"terminal\"", stage.code);
            findings.push(Finding::error(at.key("code").place(), sentence));
        }
    }
}

fn nonlinear(list: &StageList, shape: &StagesShape, at: At, findings: &mut Vec<Finding>) {
    let advance = at.key("advance");
    let said = [("skip", shape.advance.skip.is_some()), ("back", shape.advance.back.is_some())];
    for (key, _) in said.into_iter().filter(|(_, said)| *said) {
        let sentence = format!("the transitions of a nonlinear list say where it goes; take \"{key}\" away");
        findings.push(Finding::error(advance.key(key).key_place(), sentence));
    }
    if list.transitions.is_empty() {
        findings.push(Finding::error(at.key("kind").place(), "a nonlinear list needs \"transitions\""));
        return;
    }
    if !transitions(list, at.key("transitions"), findings) {
        return;
    }
    let reached = reached(list);
    for (position, stage) in list.stages.iter().enumerate() {
        let at = at.key("list").item(position).key("code");
        if !reached.contains(stage.code.as_str()) {
            let sentence = format!("no transition leads to \"{}\"; add one, or take the stage away", stage.code);
            findings.push(Finding::error(at.place(), sentence));
        }
        if !stage.is_terminal() && !list.transitions.iter().any(|transition| transition.from == stage.code) {
            let sentence =
                format!("no transition leaves \"{}\"; add one, or say how it ends under \"terminal\"", stage.code);
            findings.push(Finding::error(at.place(), sentence));
        }
    }
}

/// Whether every transition is between two stages of the list.
fn transitions(list: &StageList, at: At, findings: &mut Vec<Finding>) -> bool {
    let before = findings.len();
    for (position, transition) in list.transitions.iter().enumerate() {
        let at = at.item(position);
        known("stage", &transition.from, list.codes(), "", at.key("from"), findings);
        known("stage", &transition.to, list.codes(), "", at.key("to"), findings);
        let (from, to) = (&transition.from, &transition.to);
        let mut wrong = |sentence: String| findings.push(Finding::error(at.place(), sentence));
        if from == to {
            wrong(format!("\"{from}\" leads to itself; take the transition away"));
        } else if list.transitions[..position].iter().any(|other| other.from == *from && other.to == *to) {
            wrong(format!("the transition from \"{from}\" to \"{to}\" stands twice"));
        } else if list.stages.iter().any(|stage| stage.code == *from && stage.is_terminal()) {
            wrong(format!("\"{from}\" is terminal: nothing leaves it"));
        }
    }
    findings.len() == before
}

/// The stages that a record can come to.
fn reached(list: &StageList) -> BTreeSet<&str> {
    let mut open = list.some(&list.enter.at);
    if list.advance.lost_from.is_some() {
        let lost = |stage: &&Stage| stage.outcomes.iter().any(|outcome| outcome.name == LOST);
        open.extend(list.stages.iter().filter(lost).map(|stage| stage.code.as_str()));
    }
    let mut reached = BTreeSet::new();
    while let Some(code) = open.pop() {
        if reached.insert(code) {
            open.extend(list.transitions.iter().filter(|t| t.from == code).map(|t| t.to.as_str()));
        }
    }
    reached
}
