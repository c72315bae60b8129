//! What an approval means: its levels or its route, who may not have a say, how it can end.

use super::approval_subject::of_subject;
use super::expression::{expression, variables};
use super::known::Known;
use super::node::call;
use super::shape::approval::{Approval as Shape, LevelShape, ModeShape, ModeWord};
use super::shape::scalar::Sources;
use super::spot::At;
use super::user_task::{Shapes, timing};
use crate::model::approval::{
    APPROVED, Approval, Barred, Level, MayAdd, Mode, Quorum, REJECTED, RETURNED, Route, WITHDRAWN, WhenEmpty,
    returned_to,
};
use crate::model::expression::Expression;
use crate::model::finding::Finding;
use crate::model::ids::NodeId;
use std::sync::Arc;

/// An approval; none when it does not say who has to agree.
pub fn approval(node: &Shape, at: At, known: &Known, findings: &mut Vec<Finding>) -> Option<Approval> {
    if let Some(form) = &node.form {
        known.form(form, at.key("form"), findings);
    }
    let of = node.of.iter().enumerate().map(|(position, source)| expression(source, at.key("of").item(position)));
    let barred = node.not_same_as.iter().enumerate();
    let named = [(APPROVED, true), (REJECTED, true)].into_iter();
    let named = named.chain([RETURNED, WITHDRAWN].map(|name| (name, node.outcomes.to(name).is_some())));
    let returns: Vec<NodeId> = node.returns.iter().map(|id| NodeId::from(id.as_str())).collect();
    let outcomes = named.filter(|(_, there)| *there).map(|(name, _)| name.to_owned());
    Some(Approval {
        of: of.collect(),
        subject: of_subject(node, at, findings),
        submitter: node.submitter.as_ref().map(|source| expression(source, at.key("submitter"))),
        route: route(node, at, known, findings)?,
        not_same_as: barred.map(|(position, name)| bar(name, at.key("notSameAs").item(position))).collect(),
        when_empty: when_empty(node.when_empty.as_deref(), at.key("whenEmpty"), known, findings),
        when_same: node.when_same_as_submitter,
        when_repeated: node.when_repeated,
        may_add: may_add(node, at.key("mayAddApprovers"), known, findings),
        output: variables(&node.output, at.key("out"), findings),
        form: node.form.clone(),
        priority: i64::from(node.priority.unwrap_or(50)),
        timing: Box::new(timing(
            &Shapes { due: &node.due, follow_up: &None, remind: &node.remind, escalate: &node.escalate },
            at,
            known,
            findings,
        )),
        reasons: node.reasons.clone(),
        outcomes: outcomes.chain(returns.iter().map(returned_to)).collect(),
        returns,
    })
}

fn route(node: &Shape, at: At, known: &Known, findings: &mut Vec<Finding>) -> Option<Route> {
    match (&node.levels, &node.route) {
        (Some(levels), None) => {
            if at.keys().contains(&"in") {
                let sentence = "\"in\" belongs to \"route\"; beside \"levels\" it means nothing";
                findings.push(Finding::error(at.key("in").key_place(), sentence));
            }
            let read = |(position, shape)| level(shape, at.key("levels").item(position), known, findings);
            Some(Route::Levels(levels.iter().enumerate().map(read).collect()))
        }
        (None, Some(function)) => {
            call(function, "route", &node.input, &Sources::new(), at, known, findings).map(Route::Function)
        }
        (levels, _) => {
            let found = if levels.is_some() { "has both" } else { "has neither" };
            let sentence = format!("an approval has \"levels\" or a \"route\"; this one {found}");
            findings.push(Finding::error(at.key("id").place(), sentence));
            None
        }
    }
}

fn level(shape: &LevelShape, at: At, known: &Known, findings: &mut Vec<Finding>) -> Level {
    let (mode, weight) = match &shape.mode {
        ModeShape::Word(ModeWord::Any) => (Mode::Any, None),
        ModeShape::Word(ModeWord::All) => (Mode::All, None),
        ModeShape::Word(ModeWord::Sequential) => (Mode::Sequential, None),
        ModeShape::Quorum(shape) => {
            let at = at.key("mode");
            for (position, role) in shape.veto.iter().enumerate() {
                known.role(role, at.key("veto").item(position), findings);
            }
            let quorum = Quorum { quorum: i64::from(shape.quorum), veto: shape.veto.clone() };
            (Mode::Quorum(quorum), shape.weight.as_ref().map(|source| expression(source, at.key("weight"))))
        }
    };
    Level {
        authority: shape.authority.as_ref().map(|source| expression(source, at.key("authority"))),
        condition: shape.condition.as_ref().map(|source| expression(source, at.key("if"))),
        approvers: expression(&shape.approvers, at.key("approvers")),
        mode,
        weight,
    }
}

/// A name that is no task of the process is found out later to be a variable: then every node is known.
fn bar(name: &str, at: At) -> Barred {
    match name {
        "submitter" => Barred::Submitter,
        variable => Barred::Variable(Expression { source: Arc::from(variable), at: at.text_place() }),
    }
}

/// The names that turn out to be tasks of the process.
pub fn tell_tasks_apart(approval: &mut Approval, is_task: impl Fn(&NodeId) -> bool) {
    for barred in &mut approval.not_same_as {
        if let Barred::Variable(name) = barred
            && is_task(&NodeId::from(&*name.source))
        {
            *barred = Barred::Task(NodeId::from(&*name.source));
        }
    }
}

fn may_add(node: &Shape, at: At, known: &Known, findings: &mut Vec<Finding>) -> Vec<MayAdd> {
    let mut all = Vec::new();
    for (position, word) in node.may_add_approvers.iter().enumerate() {
        let at = at.item(position);
        match (word.as_str(), word.split_once(':')) {
            ("approver", _) => all.push(MayAdd::Approver),
            (_, Some(("role", role))) => {
                known.role(role, at, findings);
                all.push(MayAdd::Role(role.to_owned()));
            }
            (_, Some(("user", login))) if !login.is_empty() => all.push(MayAdd::User(login.into())),
            _ => {
                let sentence = format!("\"{word}\" is nobody; write approver, role:manager, or user:ma.li");
                findings.push(Finding::error(at.place(), sentence));
            }
        }
    }
    all
}

fn when_empty(word: Option<&str>, at: At, known: &Known, findings: &mut Vec<Finding>) -> WhenEmpty {
    match word {
        None | Some("escalate") => WhenEmpty::Escalate,
        Some("auto_approve") => WhenEmpty::AutoApprove,
        Some(word) => match word.strip_prefix("role:") {
            Some(role) => {
                known.role(role, at, findings);
                WhenEmpty::Role(role.to_owned())
            }
            None => {
                let sentence = format!("\"{word}\" means nothing here; write escalate, auto_approve, or role:NAME");
                findings.push(Finding::error(at.place(), sentence));
                WhenEmpty::Escalate
            }
        },
    }
}
