//! A call activity: another process as a step of this one, or begun beside it.

use super::expression::variables;
use super::known::Known;
use super::levels::Draft;
use super::shape::block::CallActivity as Shape;
use super::shape::event::{BoundaryShape, EventShape};
use super::shape::scalar::PassedShape;
use super::spot::At;
use crate::model::finding::Finding;
use crate::model::process::{CallActivity, Passed};

/// What a call activity does.
pub fn call_activity(node: &Shape, draft: &Draft, known: &Known, findings: &mut Vec<Finding>) -> CallActivity {
    let at = draft.at;
    known.process(&node.process, &node.input, at, findings);
    let wait = node.wait.unwrap_or(true);
    if !wait {
        alone(draft, findings);
    }
    CallActivity {
        process: node.process.clone(),
        input: passed(&node.input, at.key("in"), findings),
        output: passed(&node.output, at.key("out"), findings),
        binding: node.binding,
        wait,
    }
}

/// Nothing comes back from a process that is not waited for.
fn alone(draft: &Draft, findings: &mut Vec<Finding>) {
    if draft.at.keys().contains(&"out") {
        let sentence = "nothing comes back from a process that is not waited for; take \"out\" or \"wait: false\" away";
        findings.push(Finding::error(draft.at.key("out").key_place(), sentence));
    }
    for (_, event, at) in draft.boundary() {
        if of_inside(event) {
            let sentence = "errors and escalations of a process that is not waited for are its own; take this event or \
                            \"wait: false\" away";
            findings.push(Finding::error(at.place(), sentence));
        }
    }
}

/// Whether an event comes from the inside of its activity.
fn of_inside(event: &BoundaryShape) -> bool {
    let inside = |one: &EventShape| one.error.is_some() || one.escalation.is_some();
    let mut listed = event.any.iter().chain(&event.all).flatten();
    event.error.is_some() || event.escalation.is_some() || listed.any(inside)
}

fn passed(shape: &PassedShape, at: At, findings: &mut Vec<Finding>) -> Passed {
    match shape {
        PassedShape::Some(sources) => Passed::Some(variables(sources, at, findings)),
        PassedShape::All => Passed::All,
    }
}
