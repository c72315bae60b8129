//! What one node is and does: from its keys to the model's kind.

use super::approval::approval;
use super::call::call_activity;
use super::event::{self, Place};
use super::expression::{arguments, duration, expression, variables};
use super::job::service_task;
use super::known::Known;
use super::levels::{Around, Draft};
use super::shape::block::{Ordering, SubProcess as SubProcessShape};
use super::shape::event::BoundaryShape;
use super::shape::node::{ComplexGateway as ComplexShape, NodeShape};
use super::shape::scalar::Sources;
use super::shape::task::ScriptTask as ScriptShape;
use super::spot::At;
use super::user_task::user_task;
use crate::model::event_definition::{Catching, ThrownMessage, Trigger};
use crate::model::finding::Finding;
use crate::model::ids::NodeId;
use crate::model::process::{
    Activation, AdHoc, BoundaryEvent, BusinessRuleTask, Call, ComplexGateway, NodeKind, ReceiveTask, ScriptTask,
    StartEvent, SubProcess,
};

/// The kind of a node; none when something that it cannot do without is wrong.
pub fn kind(draft: &Draft, known: &Known, findings: &mut Vec<Finding>) -> Option<NodeKind> {
    let at = draft.at;
    Some(match draft.shape {
        NodeShape::StartEvent(node) => {
            let in_event = draft.around == Around::EventSubProcess;
            let place = if in_event { Place::EventSubProcess } else { Place::Start };
            let plain = !in_event && !event::is_written(at);
            let catch = if plain { None } else { Some(event::catching(node.event(), at, place, findings)?) };
            if catch.is_some() && matches!(draft.around, Around::SubProcess | Around::AdHoc) {
                let sentence = "a sub-process begins when a token comes to it; take the event away, or list it under \
                                \"events\"";
                findings.push(Finding::error(at.key("id").place(), sentence));
            }
            if node.interrupting.is_some() && !in_event {
                let sentence = "only the start event of an event sub-process interrupts; take it away";
                findings.push(Finding::error(at.key("interrupting").key_place(), sentence));
            }
            NodeKind::StartEvent(StartEvent { catch, interrupting: node.interrupting.unwrap_or(true) })
        }
        NodeShape::EndEvent(node) => NodeKind::EndEvent(event::throwing(node.event(), at, Place::End, findings)?),
        NodeShape::UserTask(node) => NodeKind::UserTask(user_task(node, at, known, findings)),
        NodeShape::Approval(node) => NodeKind::Approval(Box::new(approval(node, at, known, findings)?)),
        NodeShape::ScriptTask(node) => NodeKind::ScriptTask(script_task(node, at, known, findings)?),
        NodeShape::BusinessRuleTask(node) => NodeKind::BusinessRuleTask(BusinessRuleTask {
            call: call(&node.decision, "decision", &node.input, &node.output, at, known, findings)?,
            binding: node.binding,
        }),
        NodeShape::ServiceTask(node) => service_task(node, at, findings)?,
        NodeShape::ExclusiveGateway(_) => NodeKind::ExclusiveGateway,
        NodeShape::ParallelGateway(_) => NodeKind::ParallelGateway,
        NodeShape::InclusiveGateway(_) => NodeKind::InclusiveGateway,
        NodeShape::EventBasedGateway(node) => NodeKind::EventBasedGateway { instantiate: node.instantiate },
        NodeShape::ComplexGateway(node) => NodeKind::ComplexGateway(complex_gateway(node, at, findings)),
        NodeShape::SendTask(node) => NodeKind::SendTask(ThrownMessage {
            name: node.message.clone(),
            correlate: node.correlate.as_ref().map(|source| expression(source, at.key("correlate"))),
            input: arguments(&node.input, at.key("in")),
            ttl: node.ttl.as_ref().and_then(|ttl| duration(ttl, at.key("ttl"), findings)),
        }),
        NodeShape::ReceiveTask(node) => {
            let correlate = node.correlate.as_ref().map(|source| expression(source, at.key("correlate")));
            let message =
                node.message.iter().map(|name| Trigger::Message { name: name.clone(), correlate: correlate.clone() });
            let output = variables(&node.output, at.key("out"), findings);
            let catch = Catching { triggers: message.collect(), all: false, output };
            NodeKind::ReceiveTask(ReceiveTask { catch, instantiate: node.instantiate })
        }
        NodeShape::CallActivity(node) => NodeKind::CallActivity(call_activity(node, draft, known, findings)),
        NodeShape::IntermediateCatchEvent(node) => {
            NodeKind::IntermediateCatchEvent(event::catching(node.event(), at, Place::Catch, findings)?)
        }
        NodeShape::IntermediateThrowEvent(node) => {
            NodeKind::IntermediateThrowEvent(event::throwing(node.event(), at, Place::Throw, findings)?)
        }
        NodeShape::SubProcess(node) => NodeKind::SubProcess(sub_process(node, at, findings)),
    })
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

pub(super) fn call(
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

/// A boundary event; none when it does not say what it waits for.
pub fn boundary(
    event: &BoundaryShape,
    attached_to: NodeId,
    at: At,
    findings: &mut Vec<Finding>,
) -> Option<BoundaryEvent> {
    let catch = event::catching(event.event(), at, Place::Boundary, findings)?;
    let ends = catch.triggers.iter().any(|trigger| matches!(trigger, Trigger::Error(_) | Trigger::Cancel));
    if ends && event.interrupting == Some(false) {
        let sentence = "an error always ends its activity; take \"interrupting: false\" away";
        findings.push(Finding::error(at.key("interrupting").key_place(), sentence));
    }
    Some(BoundaryEvent { attached_to, catch, interrupting: event.interrupting.unwrap_or(true) })
}

fn complex_gateway(node: &ComplexShape, at: At, findings: &mut Vec<Finding>) -> ComplexGateway {
    if node.join.is_some() && node.activation.is_some() {
        let sentence = "\"join\" and \"activation\" both say how it joins; keep one";
        findings.push(Finding::error(at.key("activation").key_place(), sentence));
    }
    let activation = match (&node.activation, &node.join) {
        (Some(source), _) => Activation::When(expression(source, at.key("activation"))),
        (None, join) => Activation::Count(join.as_ref().map(|join| join.n as usize)),
    };
    ComplexGateway { activation, rest: node.join.as_ref().map(|join| join.rest).unwrap_or_default() }
}

fn sub_process(node: &SubProcessShape, at: At, findings: &mut Vec<Finding>) -> SubProcess {
    if let (true, Some(_)) = (node.atomic, &node.ad_hoc) {
        let sentence = "an ad-hoc sub-process waits for people, so it cannot be atomic";
        findings.push(Finding::error(at.key("adHoc").key_place(), sentence));
    }
    if node.atomic && node.transaction {
        let sentence = "\"atomic\" takes back what was done when something fails, \"transaction\" undoes it when it is \
                        cancelled; keep one";
        findings.push(Finding::error(at.key("transaction").key_place(), sentence));
    }
    let ad_hoc = node.ad_hoc.as_ref().map(|shape| AdHoc {
        until: shape.until.as_ref().map(|source| expression(source, at.key("adHoc").key("until"))),
        sequential: shape.ordering == Ordering::Sequential,
    });
    SubProcess { atomic: node.atomic, transaction: node.transaction, ad_hoc }
}
