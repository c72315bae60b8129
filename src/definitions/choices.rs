//! Which flows a node may leave by: every set of them that can be taken together, each condition taken both ways.

use crate::model::event_definition::Throw;
use crate::model::process::{FlowIndex, Node, NodeKind, Process};

/// Flows of an inclusive split of which every choice is looked at.
const CHOICES: usize = 5;

/// The sets of flows that may be taken when the work of a node is done.
pub fn choices(process: &Process, node: &Node) -> Vec<Vec<FlowIndex>> {
    let flow = |index: &FlowIndex| &process.flows[*index];
    let single = || node.outgoing.iter().map(|index| vec![*index]).collect::<Vec<_>>();
    let outcomes = node.outgoing.iter().any(|index| flow(index).outcome.is_some());
    if node.outgoing.is_empty() {
        return vec![Vec::new()];
    }
    if outcomes || matches!(node.kind, NodeKind::ExclusiveGateway | NodeKind::EventBasedGateway { .. }) {
        return single();
    }
    let conditional = |index: &&FlowIndex| flow(index).condition.is_some() || flow(index).default;
    let (free, always): (Vec<FlowIndex>, Vec<FlowIndex>) = node.outgoing.iter().partition(|index| conditional(index));
    if free.is_empty() {
        return vec![always];
    }
    let with = |some: Vec<FlowIndex>| always.iter().copied().chain(some).collect::<Vec<_>>();
    let default = free.iter().position(|index| flow(index).default);
    let tested: Vec<FlowIndex> = free.iter().filter(|index| !flow(index).default).copied().collect();
    let mut exits: Vec<Vec<FlowIndex>> = if tested.len() <= CHOICES {
        (1..1usize << tested.len())
            .map(|bits| with((0..tested.len()).filter(|bit| bits >> bit & 1 == 1).map(|bit| tested[bit]).collect()))
            .collect()
    } else {
        tested.iter().map(|index| with(vec![*index])).chain([with(tested.clone())]).collect()
    };
    if let Some(default) = default {
        exits.push(with(vec![free[default]]));
    } else if !always.is_empty() {
        exits.push(always.clone());
    }
    exits
}

/// Whether a node ends everything in its level.
pub fn clears(node: &Node) -> bool {
    let NodeKind::EndEvent(throws) = &node.kind else { return false };
    throws.iter().any(|throw| matches!(throw, Throw::Terminate | Throw::Error(_) | Throw::Cancel))
}
