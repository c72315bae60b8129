//! A stages file to a stage list: its codes, titles, ends and policies. How the stages follow one another is judged in
//! `stage_order`.

use super::known::known;
use super::load::Loaded;
use super::shape::scalar::Codes;
use super::shape::stages::{Requires, StageShape, StagesShape, TransitionShape};
use super::spot::At;
use super::{names, stage_order};
use crate::model::finding::Finding;
use crate::model::nearest::hint;
use crate::model::stage::{Advance, Enter, LOST, Stage, StageKind, StageList, StageOutcome, Stages, Transition};
use std::collections::BTreeMap;

/// The stage list that a file declares.
pub fn convert(name: &str, file: &Loaded<StagesShape>, findings: &mut Vec<Finding>) -> StageList {
    let (shape, at) = (&file.shape, file.at());
    names::key("stage list", &shape.stages, name, at.key("stages"), findings);
    let stages: Vec<Stage> = shape
        .list
        .iter()
        .enumerate()
        .map(|(position, stage)| self::stage(stage, shape.kind, at.key("list").item(position), findings))
        .collect();
    told_apart(&stages, at.key("list"), findings);
    let transition =
        |shape: &TransitionShape| Transition { from: shape.from.clone(), to: shape.to.clone(), reason: shape.reason };
    let mut list = StageList {
        name: shape.stages.clone(),
        title: shape.title.clone(),
        kind: shape.kind,
        enter: Enter { at: Stages::First, reason: shape.enter.requires == Some(Requires::Reason) },
        advance: Advance {
            skip: shape.advance.skip.unwrap_or(false),
            back: shape.advance.back.unwrap_or_default(),
            lost_from: None,
            max_returns: shape.advance.max_returns,
        },
        stages,
        transitions: shape.transitions.iter().map(transition).collect(),
        at: at.key("stages").place(),
    };
    if let Some(codes) = &shape.enter.at {
        let words = [("first", Stages::First), ("any", Stages::Any)];
        list.enter.at = some(&list, codes, &words, at.key("enter").key("at"), findings).unwrap_or(Stages::First);
    }
    if let Some(codes) = &shape.advance.lost_from {
        let at = at.key("advance").key("lostFrom");
        list.advance.lost_from = some(&list, codes, &[("any", Stages::Any)], at, findings);
        if !list.stages.iter().flat_map(|stage| &stage.outcomes).any(|outcome| outcome.name == LOST) {
            let sentence = format!("\"lostFrom\" needs a terminal stage with the outcome \"{LOST}\"");
            findings.push(Finding::error(at.key_place(), sentence));
        }
    }
    stage_order::check(&list, shape, at, findings);
    list
}

fn stage(shape: &StageShape, kind: StageKind, at: At, findings: &mut Vec<Finding>) -> Stage {
    names::code("stage", &shape.code, at.key("code"), findings);
    match &shape.phase {
        Some(phase) if kind == StageKind::Journey => names::code("phase", phase, at.key("phase"), findings),
        Some(_) => findings.push(Finding::error(at.key("phase").key_place(), "\"phase\" belongs to kind: journey")),
        None if kind == StageKind::Journey => {
            let sentence = format!("the stage \"{}\" of a journey needs \"phase\"", shape.code);
            findings.push(Finding::error(at.key("code").place(), sentence));
        }
        None => {}
    }
    if shape.terminal.is_some() && shape.max_days.is_some() {
        let sentence = "nothing leaves a terminal stage; take \"maxDays\" away";
        findings.push(Finding::error(at.key("maxDays").key_place(), sentence));
    }
    let terminal = at.key("terminal");
    let outcomes = shape.terminal.iter().flat_map(|outcomes| {
        terminal.keys().into_iter().filter_map(|name| Some((name, outcomes.get(name)?))).collect::<Vec<_>>()
    });
    let outcomes: Vec<StageOutcome> = outcomes
        .map(|(name, outcome)| StageOutcome { name: name.to_owned(), require: outcome.require.clone() })
        .collect();
    for outcome in &outcomes {
        names::outcome(&outcome.name, terminal.key(&outcome.name), findings);
    }
    Stage {
        code: shape.code.clone(),
        title: shape.title.clone(),
        max_days: shape.max_days,
        phase: shape.phase.clone(),
        outcomes,
    }
}

/// A code, a title and an outcome each mean one thing: people import by code or title, processes go on by outcome.
fn told_apart(stages: &[Stage], at: At, findings: &mut Vec<Finding>) {
    let (mut words, mut outcomes) = (BTreeMap::<&str, usize>::new(), BTreeMap::<&str, usize>::new());
    for (position, stage) in stages.iter().enumerate() {
        let at = at.item(position);
        let told = [
            ("code", &stage.code, at.key("code")),
            ("title", &stage.title.en, at.key("title").key("en")),
            ("title", &stage.title.zh, at.key("title").key("zh")),
        ];
        for (what, word, at) in told {
            if *words.entry(word).or_insert(position) != position {
                let sentence = format!("the {what} \"{word}\" is another stage's too; a stage is known by either");
                findings.push(Finding::error(at.place(), sentence));
            }
        }
        for outcome in &stage.outcomes {
            if *outcomes.entry(&outcome.name).or_insert(position) != position {
                let sentence = format!("the outcome \"{}\" ends another stage too; give it another name", outcome.name);
                findings.push(Finding::error(at.key("terminal").key(&outcome.name).key_place(), sentence));
            }
        }
    }
}

/// The stages that a word or a list of codes means; none when the word means nothing.
fn some(
    list: &StageList,
    codes: &Codes,
    words: &[(&str, Stages)],
    at: At,
    findings: &mut Vec<Finding>,
) -> Option<Stages> {
    match codes {
        Codes::Word(word) => {
            let meant = words.iter().find(|(known, _)| known == word).map(|(_, stages)| stages.clone());
            if meant.is_none() {
                let valid = words.iter().map(|(word, _)| *word);
                let codes = if list.position(word).is_some() { "; write codes as a list" } else { &hint(word, valid) };
                findings.push(Finding::error(at.place(), format!("\"{word}\" says no stages{codes}")));
            }
            meant
        }
        Codes::List(codes) => {
            for (position, code) in codes.iter().enumerate() {
                let at = at.item(position);
                known("stage", code, list.codes(), "", at, findings);
                if list.stages.iter().any(|stage| stage.code == *code && stage.is_terminal()) {
                    findings.push(Finding::error(at.place(), format!("\"{code}\" is terminal: a record ends there")));
                }
            }
            Some(Stages::These(codes.clone()))
        }
    }
}
