//! A user task: who it is for, and when it is due, reminded of and escalated.

use super::expression::{duration, expression};
use super::known::Known;
use super::shape::scalar::{Groups, Source};
use super::shape::task::UserTask as UserShape;
use super::shape::task_timing::{DueShape, EscalateShape, FollowUpShape, RemindShape};
use super::spot::At;
use super::work_access::readers;
use crate::model::expression::Expression;
use crate::model::finding::Finding;
use crate::model::ids::NodeId;
use crate::model::process::UserTask;
use crate::model::task_timing::{Due, Escalate, EscalateTo, Remind, Timing};

/// How often people are reminded again at most, when not said.
const REMIND_MOST: u32 = 3;

/// What a user task is.
pub fn user_task(node: &UserShape, at: At, known: &Known, findings: &mut Vec<Finding>) -> UserTask {
    for (position, role) in node.candidate_groups.named().iter().enumerate() {
        known.role(role, at.key("candidateGroups").item(position), findings);
    }
    if let Some(form) = &node.form {
        known.form(form, at.key("form"), findings);
    }
    let outcomes = match &node.outcomes {
        Some(_) => at.key("outcomes").keys().into_iter().map(str::to_owned).collect(),
        None => Vec::new(),
    };
    let UserShape { due, follow_up, remind, escalate, .. } = node;
    let shapes = Shapes { due, follow_up, remind, escalate };
    let nodes = |ids: &[String]| ids.iter().map(|id| NodeId::from(id.as_str())).collect();
    UserTask {
        title: node.title.as_ref().map(|source| expression(source, at.key("title"))),
        description: node.description.as_ref().map(|source| expression(source, at.key("description"))),
        not_same_as: nodes(&node.not_same_as),
        same_as: nodes(&node.same_as),
        assignee: node.assignee.as_ref().map(|source| expression(source, at.key("assignee"))),
        candidate_users: node.candidate_users.as_ref().map(|source| expression(source, at.key("candidateUsers"))),
        candidate_groups: node.candidate_groups.named().to_vec(),
        groups_given: match &node.candidate_groups {
            Groups::Named(_) => None,
            Groups::Given(source) => Some(expression(source, at.key("candidateGroups"))),
        },
        readers: node
            .access
            .as_ref()
            .map(|access| readers(&access.read, at.key("access").key("read"), known, findings)),
        form: node.form.clone(),
        outcomes,
        priority: node.priority.as_ref().and_then(|source| priority(source, at.key("priority"), findings)),
        timing: Box::new(timing(&shapes, at, known, findings)),
    }
}

/// A number is checked here; what an expression gives, when the task is created.
fn priority(source: &Source, at: At, findings: &mut Vec<Finding>) -> Option<Expression> {
    if source.0.trim().parse::<f64>().is_ok() && !source.0.trim().parse::<u8>().is_ok_and(|number| number <= 100) {
        findings.push(Finding::error(at.place(), "a priority is a whole number from 0 to 100"));
        return None;
    }
    Some(expression(source, at))
}

/// The times of a task as they are typed.
pub(super) struct Shapes<'s> {
    /// When it is due.
    pub due: &'s Option<DueShape>,
    /// When it is to be looked at again.
    pub follow_up: &'s Option<FollowUpShape>,
    /// When people are reminded.
    pub remind: &'s Option<RemindShape>,
    /// To whom it goes.
    pub escalate: &'s Option<EscalateShape>,
}

/// When a task, be it work or a vote, is due, reminded of and escalated.
pub(super) fn timing(node: &Shapes, at: At, known: &Known, findings: &mut Vec<Finding>) -> Timing {
    let follow_up = node.follow_up.as_ref();
    let timing = Timing {
        due: node.due.as_ref().and_then(|shape| due(shape, at.key("due"), findings)),
        follow_up: follow_up
            .and_then(|FollowUpShape { after }| duration(after, at.key("followUp").key("after"), findings)),
        remind: node.remind.as_ref().and_then(|shape| remind(shape, at.key("remind"), findings)),
        escalate: node.escalate.as_ref().and_then(|shape| escalate(shape, at.key("escalate"), known, findings)),
    };
    if timing.due.is_none() && timing.remind.as_ref().is_some_and(|remind| remind.before.is_some()) {
        let sentence = "nothing is due here, so there is no time before it; say \"due\", or remind \"after\"";
        findings.push(Finding::error(at.key("remind").key("before").key_place(), sentence));
    }
    timing
}

fn due(shape: &DueShape, at: At, findings: &mut Vec<Finding>) -> Option<Due> {
    match (&shape.after, &shape.at) {
        (Some(after), None) => duration(after, at.key("after"), findings).map(Due::After),
        (None, Some(source)) => Some(Due::At(expression(source, at.key("at")))),
        (after, _) => {
            let found = if after.is_some() { "both" } else { "neither" };
            findings
                .push(Finding::error(at.key_place(), format!("\"due\" says \"after\" or \"at\"; this says {found}")));
            None
        }
    }
}

fn remind(shape: &RemindShape, at: At, findings: &mut Vec<Finding>) -> Option<Remind> {
    let RemindShape { before, after, every, most } = shape;
    if before.is_none() && after.is_none() {
        findings.push(Finding::error(at.key_place(), "\"remind\" says \"before\", \"after\" or both"));
        return None;
    }
    for (key, said, needs, there) in
        [("every", every.is_some(), "after", after.is_some()), ("most", most.is_some(), "every", every.is_some())]
    {
        if said && !there {
            let sentence = format!("\"{key}\" belongs to \"{needs}\"; without it, it means nothing");
            findings.push(Finding::error(at.key(key).key_place(), sentence));
        }
    }
    let mut read = |text: &Option<String>, key: &str| duration(text.as_ref()?, at.key(key), findings);
    let remind = Remind {
        before: read(before, "before"),
        after: read(after, "after"),
        every: read(every, "every"),
        most: most.unwrap_or(REMIND_MOST),
    };
    if remind.every.as_ref().is_some_and(|every| every.is_zero()) {
        findings.push(Finding::error(at.key("every").place(), "no time at all would pass between two reminders"));
        return None;
    }
    Some(remind)
}

fn escalate(shape: &EscalateShape, at: At, known: &Known, findings: &mut Vec<Finding>) -> Option<Escalate> {
    let EscalateShape { after, to } = shape;
    let to = match to.strip_prefix("role:") {
        Some(role) => {
            known.role(role, at.key("to"), findings);
            EscalateTo::Role(role.to_owned())
        }
        None if to == "superior" => EscalateTo::Superior,
        None => {
            let sentence = format!("\"{to}\" is nobody; write superior, or role:manager");
            findings.push(Finding::error(at.key("to").place(), sentence));
            return None;
        }
    };
    let after = duration(after, at.key("after"), findings)?;
    if after.is_zero() && to == EscalateTo::Superior {
        findings.push(Finding::error(at.key("after").place(), "no time at all would pass between two superiors"));
        return None;
    }
    Some(Escalate { after, to })
}
