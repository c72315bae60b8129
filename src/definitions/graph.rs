//! The graph of a process: nodes of all levels in one list, joined by flows; what no token can reach is refused.

use super::flows;
use super::known::Known;
use super::levels::{Draft, Level, levels};
use super::node;
use super::repeat;
use super::shape::node::NodeShape;
use super::spot::At;
use crate::model::expression::Place;
use crate::model::finding::Finding;
use crate::model::ids::NodeId;
use crate::model::process::{EndEvent, Node, NodeKind, Process};
use crate::model::text::Text;
use std::collections::HashSet;

/// Fills the nodes and flows of a process. `at` is the whole file.
pub fn fill(process: &mut Process, nodes: &[NodeShape], at: At, known: &Known, findings: &mut Vec<Finding>) {
    let before = findings.len();
    let levels = levels(nodes, at, findings);
    let targets = flows::targets(&levels);
    for (position, level) in levels.iter().enumerate() {
        let flows = flows::flows(level, position, &targets, findings);
        add_nodes(process, level, flows.end, known, findings);
        process.flows.extend(flows.flows);
    }
    for (position, node) in process.nodes.iter().enumerate() {
        process.index.entry(node.id.clone()).or_insert(position);
    }
    join(process);
    let whole = !findings[before..].iter().any(Finding::is_error);
    gateways(process, &levels, findings);
    if whole {
        reach(process, findings);
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
            node.boundary = events.iter().map(|event| event.id.clone()).collect();
            process.nodes.push(node);
        }
        process.nodes.extend(events);
    }
    if let Some(id) = end {
        let place = level.drafts.last().map_or_else(|| process.at.clone(), |draft| draft.at.place());
        process.nodes.push(make(id, None, level, NodeKind::EndEvent(EndEvent::default()), place));
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
            NodeShape::ExclusiveGateway(_) | NodeShape::ParallelGateway(_) | NodeShape::InclusiveGateway(_)
        );
        if gateway {
            let sentence = format!("the gateway \"{}\" has no flows and joins none; add \"flows\"", draft.head().id);
            findings.push(Finding::error(draft.at.key("id").place(), sentence));
        }
    }
}

/// Follows every flow, boundary event and sub-process from the start.
fn reach(process: &Process, findings: &mut Vec<Finding>) {
    let mut reached: HashSet<&NodeId> = HashSet::new();
    let mut waiting: Vec<&NodeId> = process.first(None).map(|node| &node.id).into_iter().collect();
    while let Some(id) = waiting.pop() {
        let Some(node) = process.node(id).filter(|_| reached.insert(id)) else { continue };
        waiting.extend(node.outgoing.iter().map(|&flow| &process.flows[flow].to));
        waiting.extend(&node.boundary);
        if matches!(node.kind, NodeKind::SubProcess(_)) {
            waiting.extend(process.first(Some(&node.id)).map(|first| &first.id));
        }
    }
    let outside = |node: &&Node| node.parent.as_ref().is_none_or(|parent| reached.contains(parent));
    for node in process.nodes.iter().filter(|node| !reached.contains(&node.id)).filter(outside) {
        if matches!(node.kind, NodeKind::BoundaryEvent(_)) {
            continue;
        }
        let sentence = match node.kind {
            NodeKind::StartEvent => format!("\"{}\" is a second start event; a level begins at one", node.id),
            _ => format!("nothing leads to \"{}\"; lead a flow to it or take it away", node.id),
        };
        findings.push(Finding::error(node.at.clone(), sentence));
    }
}
