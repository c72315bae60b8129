//! The graph of a process: nodes of all levels in one list, joined by flows; what no token can reach is refused.

use super::approval;
use super::approval_subject;
use super::flows;
use super::known::Known;
use super::levels::{Around, Draft, Level, levels};
use super::node;
use super::reach;
use super::repeat;
use super::shape::node::NodeShape;
use super::shape::process::ProcessShape;
use super::soundness;
use super::spot::At;
use crate::model::expression::Place;
use crate::model::finding::Finding;
use crate::model::ids::NodeId;
use crate::model::nearest::hint;
use crate::model::process::{Node, NodeKind, Process};
use crate::model::text::Text;
use std::collections::HashSet;

/// Fills the nodes and flows of a process. `at` is the whole file.
pub fn fill(process: &mut Process, shape: &ProcessShape, at: At, known: &Known, findings: &mut Vec<Finding>) {
    let before = findings.len();
    let levels = levels(&shape.nodes, &shape.events, at, findings);
    let targets = flows::targets(&levels);
    for (position, level) in levels.iter().enumerate() {
        let flows = flows::flows(level, position, &targets, findings);
        add_nodes(process, level, flows.end, known, findings);
        process.flows.extend(flows.flows);
    }
    index(process);
    join(process);
    beside(process, &levels, findings);
    approvals(process);
    approval_subject::check(process, findings);
    let whole = !findings[before..].iter().any(Finding::is_error);
    gateways(process, &levels, findings);
    if whole {
        reach::check(process, findings);
        soundness::check(process, findings);
    }
}

fn add_nodes(process: &mut Process, level: &Level, end: Option<NodeId>, known: &Known, findings: &mut Vec<Finding>) {
    for draft in &level.drafts {
        let head = draft.head();
        let events: Vec<Node> = draft
            .boundary()
            .filter_map(|(id, event, at)| {
                let kind = NodeKind::BoundaryEvent(node::boundary(event, draft.id(), at, findings)?);
                let place = if event.id.is_some() { at.key("id").place() } else { at.place() };
                Some(make(id, None, level, kind, place))
            })
            .collect();
        if let Some(kind) = node::kind(draft, known, findings) {
            let mut node = make(draft.id(), head.name, level, kind, draft.at.key("id").place());
            node.step = head.step.map(str::to_owned);
            node.loops = repeat::loops(draft, findings);
            node.start_quantity = head.activity.start_quantity.unwrap_or(1).max(1);
            node.completion_quantity = head.activity.completion_quantity.unwrap_or(1).max(1);
            node.mutex = head.activity.mutex.map(str::to_owned);
            node.boundary = events.iter().map(|event| event.id.clone()).collect();
            process.nodes.push(node);
        }
        process.nodes.extend(events);
    }
    for (event, at) in &level.events {
        let id = NodeId::from(event.id.as_str());
        process.nodes.push(make(id, event.name.as_ref(), level, NodeKind::EventSubProcess, at.key("id").place()));
    }
    if let Some(id) = end {
        let place = level.drafts.last().map_or_else(|| process.at.clone(), |draft| draft.at.place());
        process.nodes.push(make(id, None, level, NodeKind::EndEvent(Vec::new()), place));
    }
}

/// Where each node is found, and which lie in which level.
fn index(process: &mut Process) {
    for (position, node) in process.nodes.iter().enumerate() {
        process.index.entry(node.id.clone()).or_insert(position);
    }
    for position in 0..process.nodes.len() {
        match process.nodes[position].parent.as_ref().map(|parent| process.index.get(parent).copied()) {
            None => process.outermost.push(position),
            Some(Some(parent)) => process.nodes[parent].inside.push(position),
            Some(None) => {}
        }
    }
}

fn make(id: NodeId, title: Option<&Text>, level: &Level, kind: NodeKind, at: Place) -> Node {
    Node {
        title: title.cloned().unwrap_or_else(|| Text::same(id.as_str())),
        id,
        step: None,
        parent: level.parent.clone(),
        kind,
        incoming: Vec::new(),
        outgoing: Vec::new(),
        loops: None,
        boundary: Vec::new(),
        inside: Vec::new(),
        events: Vec::new(),
        undoes: false,
        compensation: None,
        start_quantity: 1,
        completion_quantity: 1,
        mutex: None,
        at,
    }
}

fn join(process: &mut Process) {
    for (number, flow) in process.flows.iter().enumerate() {
        if let Some(&from) = process.index.get(&flow.from) {
            process.nodes[from].outgoing.push(number);
        }
        if let Some(&to) = process.index.get(&flow.to) {
            process.nodes[to].incoming.push(number);
        }
    }
}

/// Names of user tasks among those who may not have a say in an approval.
fn approvals(process: &mut Process) {
    let done = |node: &&Node| matches!(node.kind, NodeKind::UserTask(_) | NodeKind::Approval(_));
    let tasks: HashSet<NodeId> = process.nodes.iter().filter(done).map(|node| node.id.clone()).collect();
    for node in &mut process.nodes {
        if let NodeKind::Approval(approval) = &mut node.kind {
            approval::tell_tasks_apart(approval, |id| tasks.contains(id));
        }
    }
}

/// A gateway that neither splits nor joins was left unfinished.
fn gateways(process: &Process, levels: &[Level], findings: &mut Vec<Finding>) {
    let unfinished = |draft: &&Draft| {
        let head = draft.head();
        let joins = process.node(&draft.id()).is_some_and(|node| node.incoming.len() > 1);
        head.flows.is_none() && head.next.is_none() && !joins
    };
    for draft in levels.iter().flat_map(|level| &level.drafts).filter(unfinished) {
        let gateway = matches!(
            draft.shape,
            NodeShape::ExclusiveGateway(_)
                | NodeShape::ParallelGateway(_)
                | NodeShape::InclusiveGateway(_)
                | NodeShape::EventBasedGateway(_)
                | NodeShape::ComplexGateway(_)
        );
        if gateway {
            let sentence = format!("the gateway \"{}\" has no flows and joins none; add \"flows\"", draft.head().id);
            findings.push(Finding::error(draft.at.key("id").place(), sentence));
        }
    }
}

/// What stands beside the flows: event sub-processes, and activities that undo others.
fn beside(process: &mut Process, levels: &[Level], findings: &mut Vec<Finding>) {
    for level in levels {
        let events: Vec<NodeId> = level.events.iter().map(|(event, _)| NodeId::from(event.id.as_str())).collect();
        match level.parent.as_ref().map(|parent| process.index.get(parent).copied()) {
            None => process.events = events,
            Some(Some(parent)) => process.nodes[parent].events = events,
            Some(None) => {}
        }
        if level.around == Around::EventSubProcess && !level.drafts.first().is_some_and(is_start) {
            let at = level.drafts.first().map_or_else(|| process.at.clone(), |draft| draft.at.key("id").place());
            let sentence = "an event sub-process begins with a start event that says what begins it";
            findings.push(Finding::error(at, sentence));
        }
        for draft in &level.drafts {
            let Some(handler) = draft.head().activity.compensation else { continue };
            let at = draft.at.key("compensation");
            let here = level.drafts.iter().find(|other| other.head().id == handler && other.shape.is_activity());
            let Some(&position) = here.and_then(|_| process.index.get(&NodeId::from(handler))) else {
                let names = level.drafts.iter().filter(|other| other.shape.is_activity()).map(|other| other.head().id);
                let sentence = format!("there is no activity \"{handler}\" in this list{}", hint(handler, names));
                findings.push(Finding::error(at.place(), sentence));
                continue;
            };
            if handler == draft.head().id {
                findings.push(Finding::error(at.place(), "an activity cannot undo itself; name another one"));
            }
            process.nodes[position].undoes = true;
            if let Some(&position) = process.index.get(&draft.id()) {
                process.nodes[position].compensation = Some(NodeId::from(handler));
            }
        }
    }
}

fn is_start(draft: &Draft) -> bool {
    matches!(draft.shape, NodeShape::StartEvent(_))
}
