//! Soundness (van der Aalst): whether a level can come to a standstill in which tokens wait at joins for ever. All
//! markings of the level are looked at, with every condition taken both ways, as far as a bound allows; what is found is
//! a warning with the shortest way that leads there, since conditions may rule that way out.

use super::choices::{choices, clears};
use super::net::{self, Exit, Net};
use crate::model::finding::Finding;
use crate::model::ids::NodeId;
use crate::model::process::{Activation, Node, NodeKind, Process};
use std::collections::{BTreeSet, HashSet};

/// Warns of levels that can come to a standstill.
pub fn check(process: &Process, findings: &mut Vec<Finding>) {
    process.nodes.iter().for_each(|node| wants_too_many(node, findings));
    let inner = process.nodes.iter().filter(|node| has_level(node)).map(|node| Some(&node.id));
    for parent in std::iter::once(None).chain(inner) {
        let Some(first) = process.first(parent) else { continue };
        let Some(net) = Net::of(process, parent, &[vec![&first.id]], |node| exits(process, node)) else { continue };
        let Some(graph) = net.explore() else { continue };
        let mut told: HashSet<BTreeSet<NodeId>> = HashSet::new();
        for stuck in &graph.stuck {
            let joins: BTreeSet<NodeId> =
                net.held(&graph, *stuck).into_iter().map(|flow| process.flows[flow].to.clone()).collect();
            let Some(node) = joins.first().and_then(|join| process.node(join)) else { continue };
            if !told.insert(joins.clone()) {
                continue;
            }
            let names = joins.iter().map(|join| format!("\"{join}\"")).collect::<Vec<_>>().join(" and ");
            let way: Vec<NodeId> = graph.way(*stuck).into_iter().map(|step| net.node(step).id.clone()).collect();
            let sentence = format!("tokens may wait at {names} for ever: {} leads there", net::told(&way));
            findings.push(Finding::warning(node.at.clone(), sentence));
        }
    }
}

/// A complex gateway that waits for more than one token on each flow: only a flow that brings several can set it off.
fn wants_too_many(node: &Node, findings: &mut Vec<Finding>) {
    let NodeKind::ComplexGateway(gateway) = &node.kind else { return };
    let come = node.incoming.len();
    if let Activation::Count(Some(wanted)) = gateway.activation
        && wanted > come
    {
        let sentence = format!("\"{}\" waits for {wanted} tokens, and {come} flows lead to it", node.id);
        findings.push(Finding::warning(node.at.clone(), sentence));
    }
}

fn has_level(node: &Node) -> bool {
    matches!(node.kind, NodeKind::SubProcess(_) | NodeKind::EventSubProcess) && node.ad_hoc().is_none()
}

/// The sets of flows that may be taken when a node is left, or when an event at its edge happens.
fn exits(process: &Process, node: &Node) -> Vec<Exit<()>> {
    let own = choices(process, node);
    let mut exits = own.clone();
    for event in node.boundary.iter().filter_map(|id| process.node(id)) {
        match &event.kind {
            NodeKind::BoundaryEvent(boundary) if boundary.interrupting => exits.push(event.outgoing.clone()),
            _ => exits.extend(own.iter().map(|own| own.iter().chain(&event.outgoing).copied().collect())),
        }
    }
    exits.into_iter().map(|to| Exit { to, stays: false, clears: clears(node), what: () }).collect()
}
