//! `onChange: reapprove`: a change takes back what is on the way from the approval to `until`. So it has to be plain what that
//! is: one way in, past the approval, and one way out, past `until`.

use crate::model::approval::APPROVED;
use crate::model::between::between;
use crate::model::finding::Finding;
use crate::model::ids::NodeId;
use crate::model::process::{Flow, Node, Process};
use std::collections::BTreeSet;

/// Says what stands in the way.
pub fn check(process: &Process, approval: &Node, until: Option<&NodeId>, findings: &mut Vec<Finding>) {
    let mut refuse = |sentence: String| findings.push(Finding::error(approval.at.clone(), sentence));
    let id = &approval.id;
    let Some(until) = until else {
        return refuse(format!(
            "\"{id}\" is approved anew when what was approved changes; say until when with \"until\""
        ));
    };
    let Some(last) = process.node(until) else { return };
    if let Some(repeated) = [Some(approval), Some(last)]
        .into_iter()
        .flatten()
        .chain(around(process, approval))
        .find(|node| node.loops.is_some())
    {
        return refuse(format!(
            "\"{}\" is done more than once; what \"{id}\" approves can only be approved anew where it is done once",
            repeated.id
        ));
    }
    let parent = approval.parent.as_ref().and_then(|parent| process.node(parent));
    if last.parent != approval.parent || parent.and_then(Node::ad_hoc).is_some() {
        return refuse(format!(
            "\"{id}\" is approved anew until \"{until}\" is done; both have to be on one level, in an order that flows say"
        ));
    }
    let between = between(process, id, until);
    if !between.contains(until) {
        return refuse(format!(
            "\"{id}\" is approved anew until \"{until}\" is done, to which nothing leads when it is approved"
        ));
    }
    if let Some((flow, sentence)) = crossing(process, id, until, &between) {
        refuse(format!(
            "\"{id}\" is approved anew until \"{until}\" is done, and \"{}\" leads to \"{}\", {sentence}",
            flow.from, flow.to
        ));
    }
}

/// The first flow that comes in between, or leads back.
fn crossing<'p>(
    process: &'p Process,
    approval: &NodeId,
    until: &NodeId,
    between: &BTreeSet<NodeId>,
) -> Option<(&'p Flow, &'static str)> {
    process.flows.iter().find_map(|flow| {
        let approved = flow.from == *approval && flow.outcome.as_deref() == Some(APPROVED);
        let inside = between.contains(&flow.from) && flow.from != *until;
        if inside && flow.to == *approval {
            return Some((flow, "which would be asked twice"));
        }
        let comes_in = between.contains(&flow.to) && !inside && !approved;
        comes_in.then_some((flow, "which is on the way between them; nobody could say what to take back"))
    })
}

/// The nodes around one.
fn around<'p>(process: &'p Process, node: &'p Node) -> impl Iterator<Item = &'p Node> {
    let out = |node: &&'p Node| node.parent.as_ref().and_then(|parent| process.node(parent));
    std::iter::successors(out(&node), out)
}
