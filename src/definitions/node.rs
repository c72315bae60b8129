//! What one node is and does: from its keys to the model's kind.

use super::expression::{arguments, duration, expression, variables};
use super::job::service_task;
use super::known::Known;
use super::levels::Draft;
use super::shape::node::{BoundaryShape, NodeShape, ScriptTask as ScriptShape, TimerShape, UserTask as UserShape};
use super::shape::scalar::Sources;
use super::spot::At;
use super::work_access::readers;
use crate::model::finding::Finding;
use crate::model::ids::NodeId;
use crate::model::process::{
    BoundaryEvent, BusinessRuleTask, Call, CallActivity, EndEvent, NodeKind, ScriptTask, SubProcess, TimerSpec,
    Trigger, UserTask,
};

/// The kind of a node; none when something that it cannot do without is wrong.
pub fn kind(draft: &Draft, known: &Known, findings: &mut Vec<Finding>) -> Option<NodeKind> {
    let at = draft.at;
    Some(match draft.shape {
        NodeShape::StartEvent(_) => NodeKind::StartEvent,
        NodeShape::EndEvent(node) => {
            if node.error.is_some() && node.terminate {
                let sentence = "an end event throws an error or terminates, not both";
                findings.push(Finding::error(at.key("terminate").key_place(), sentence));
            }
            if node.error.as_deref() == Some(ANY) {
                let sentence = "\"any\" is no error code: boundary events use it to catch each code";
                findings.push(Finding::error(at.key("error").place(), sentence));
            }
            NodeKind::EndEvent(EndEvent { error: node.error.clone(), terminate: node.terminate })
        }
        NodeShape::UserTask(node) => NodeKind::UserTask(user_task(node, at, known, findings)),
        NodeShape::ScriptTask(node) => NodeKind::ScriptTask(script_task(node, at, known, findings)?),
        NodeShape::BusinessRuleTask(node) => NodeKind::BusinessRuleTask(BusinessRuleTask {
            call: call(&node.decision, "decision", &node.input, &node.output, at, known, findings)?,
        }),
        NodeShape::ServiceTask(node) => service_task(node, at, findings)?,
        NodeShape::ExclusiveGateway(_) => NodeKind::ExclusiveGateway,
        NodeShape::ParallelGateway(_) => NodeKind::ParallelGateway,
        NodeShape::InclusiveGateway(_) => NodeKind::InclusiveGateway,
        NodeShape::CallActivity(node) => {
            known.process(&node.process, &node.input, at, findings);
            NodeKind::CallActivity(CallActivity {
                process: node.process.clone(),
                input: variables(&node.input, at.key("in"), findings),
                output: variables(&node.output, at.key("out"), findings),
            })
        }
        NodeShape::IntermediateCatchEvent(node) => {
            NodeKind::IntermediateCatchEvent(timer(&node.timer, at.key("timer"), findings)?)
        }
        NodeShape::IntermediateThrowEvent(_) => NodeKind::IntermediateThrowEvent,
        NodeShape::SubProcess(node) => NodeKind::SubProcess(SubProcess { atomic: node.atomic }),
    })
}

fn user_task(node: &UserShape, at: At, known: &Known, findings: &mut Vec<Finding>) -> UserTask {
    for (position, role) in node.candidate_groups.iter().enumerate() {
        known.role(role, at.key("candidateGroups").item(position), findings);
    }
    if let Some(form) = &node.form {
        known.form(form, at.key("form"), findings);
    }
    let outcomes = match &node.outcomes {
        Some(_) => at.key("outcomes").keys().into_iter().map(str::to_owned).collect(),
        None => Vec::new(),
    };
    UserTask {
        assignee: node.assignee.as_ref().map(|source| expression(source, at.key("assignee"))),
        candidate_users: node.candidate_users.as_ref().map(|source| expression(source, at.key("candidateUsers"))),
        candidate_groups: node.candidate_groups.clone(),
        readers: node
            .access
            .as_ref()
            .map(|access| readers(&access.read, at.key("access").key("read"), known, findings)),
        form: node.form.clone(),
        outcomes,
        priority: i64::from(node.priority.unwrap_or(50)),
        due: node.due.as_ref().and_then(|due| duration(&due.after, at.key("due").key("after"), findings)),
    }
}

fn script_task(node: &ScriptShape, at: At, known: &Known, findings: &mut Vec<Finding>) -> Option<ScriptTask> {
    match (&node.script, &node.set) {
        (Some(script), None) => {
            call(script, "script", &node.input, &node.output, at, known, findings).map(ScriptTask::Call)
        }
        (None, Some(set)) => {
            for key in ["in", "out"].into_iter().filter(|key| at.keys().contains(key)) {
                let sentence = format!("\"{key}\" belongs to \"script\"; beside \"set\" it means nothing");
                findings.push(Finding::error(at.key(key).key_place(), sentence));
            }
            Some(ScriptTask::Set(variables(set, at.key("set"), findings)))
        }
        (script, _) => {
            let found = if script.is_some() { "has both" } else { "has neither" };
            let sentence = format!("a script task has \"script\" or \"set\"; this one {found}");
            findings.push(Finding::error(at.key("id").place(), sentence));
            None
        }
    }
}

fn call(
    reference: &str,
    key: &str,
    input: &Sources,
    output: &Sources,
    at: At,
    known: &Known,
    findings: &mut Vec<Finding>,
) -> Option<Call> {
    let output = variables(output, at.key("out"), findings);
    let function = known.function(reference, input, at, key, findings)?;
    Some(Call { function, input: arguments(input, at.key("in")), output })
}

/// The code by which a boundary event catches every error.
const ANY: &str = "any";

/// A boundary event; none when it does not say what it waits for.
pub fn boundary(
    event: &BoundaryShape,
    attached_to: NodeId,
    at: At,
    findings: &mut Vec<Finding>,
) -> Option<BoundaryEvent> {
    let trigger = match (&event.timer, &event.error) {
        (Some(shape), None) => Trigger::Timer(timer(shape, at.key("timer"), findings)?),
        (None, Some(code)) => Trigger::Error(Some(code.clone()).filter(|code| code != ANY)),
        _ => {
            findings.push(Finding::error(at.place(), "a boundary event has either \"timer\" or \"error\""));
            return None;
        }
    };
    if matches!(trigger, Trigger::Error(_)) && event.interrupting == Some(false) {
        let sentence = "an error always ends its activity; take \"interrupting: false\" away";
        findings.push(Finding::error(at.key("interrupting").key_place(), sentence));
    }
    Some(BoundaryEvent { attached_to, trigger, interrupting: event.interrupting.unwrap_or(true) })
}

/// When a timer fires; none when it does not say so.
fn timer(timer: &TimerShape, at: At, findings: &mut Vec<Finding>) -> Option<TimerSpec> {
    match (&timer.duration, &timer.date) {
        (Some(text), None) => Some(TimerSpec::Duration(duration(text, at.key("duration"), findings)?)),
        (None, Some(date)) => Some(TimerSpec::Date(expression(date, at.key("date")))),
        _ => {
            findings.push(Finding::error(at.key_place(), "a timer has either \"duration\" or \"date\""));
            None
        }
    }
}
