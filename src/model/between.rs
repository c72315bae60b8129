//! What lies between an approval and the node until which what it approved counts.

use super::approval::APPROVED;
use super::ids::NodeId;
use super::process::Process;
use std::collections::BTreeSet;

/// The nodes of its level that a token comes to after the approval was given, up to `until` and with it. Events at their
/// edges are among them, and where these lead.
pub fn between(process: &Process, approval: &NodeId, until: &NodeId) -> BTreeSet<NodeId> {
    let flows = |node: &NodeId| process.node(node).into_iter().flat_map(|node| &node.outgoing);
    let approved = flows(approval).map(|&flow| &process.flows[flow]);
    let mut waiting: Vec<&NodeId> =
        approved.filter(|flow| flow.outcome.as_deref() == Some(APPROVED)).map(|flow| &flow.to).collect();
    let mut found = BTreeSet::new();
    while let Some(id) = waiting.pop() {
        let Some(node) = process.node(id).filter(|_| id != approval && found.insert(id.clone())) else { continue };
        waiting.extend(&node.boundary);
        if id != until {
            waiting.extend(flows(id).map(|&flow| &process.flows[flow].to));
        }
    }
    found
}
