//! What an instance left behind, laid over the drawing of its process: where its tokens are, where it was and how
//! often, how long it stayed, which flows it took, and what failed.

use crate::model::history::{Pass, Passage};
use crate::model::ids::NodeId;
use crate::model::process::{FlowIndex, NodeKind, Process};
use crate::model::time::Timestamp;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// The trail of an instance.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Trail {
    /// What is to say about each node where it was.
    pub marks: BTreeMap<NodeId, Mark>,
    /// The flows that it took.
    pub flows: BTreeSet<FlowIndex>,
}

/// What is to say about a node.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mark {
    /// How often it was entered.
    pub visits: u32,
    /// Milliseconds spent there, all visits together.
    pub spent: i64,
    /// Tokens that are there now.
    pub tokens: u32,
    /// Codes of what failed there and is not resolved.
    pub incidents: Vec<String>,
}

/// Where an instance is now.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Standing {
    /// The node of each token, and the flow that it came by.
    pub tokens: Vec<(NodeId, Option<FlowIndex>)>,
    /// The node of each open incident, and its code.
    pub incidents: Vec<(NodeId, String)>,
}

/// The trail of what happened in one instance, oldest first. Visits that did not end count until `now`.
pub fn follow(process: &Process, passed: &[Passage], standing: Standing, now: Timestamp) -> Trail {
    let mut trail = Trail::default();
    let mut open: BTreeMap<&NodeId, VecDeque<Timestamp>> = BTreeMap::new();
    let mut left: BTreeMap<&NodeId, usize> = BTreeMap::new();
    for (moment, passage) in passed.iter().enumerate() {
        match passage.pass {
            Pass::Entered => {
                trail.marks.entry(passage.node.clone()).or_default().visits += 1;
                open.entry(&passage.node).or_default().push_back(passage.at);
                trail.flows.extend(came_by(process, &passage.node, &left));
            }
            Pass::Left => {
                left.insert(&passage.node, moment);
                end(&mut trail, &mut open, passage);
            }
            Pass::Cancelled => end(&mut trail, &mut open, passage),
        }
    }
    for (node, flow) in standing.tokens {
        let waits = open.get_mut(&node).and_then(VecDeque::pop_front);
        let mark = trail.marks.entry(node).or_default();
        mark.tokens += 1;
        mark.spent += waits.map_or(0, |since| now.0.saturating_sub(since.0).max(0));
        trail.flows.extend(flow.filter(|flow| *flow < process.flows.len()));
    }
    for (node, code) in standing.incidents {
        trail.marks.entry(node).or_default().incidents.push(code);
    }
    trail
}

/// A visit has ended: the oldest one that is open.
fn end(trail: &mut Trail, open: &mut BTreeMap<&NodeId, VecDeque<Timestamp>>, passage: &Passage) {
    if let Some(since) = open.get_mut(&passage.node).and_then(VecDeque::pop_front) {
        trail.marks.entry(passage.node.clone()).or_default().spent += passage.at.0.saturating_sub(since.0).max(0);
    }
}

/// The flows by which a node was entered just now. History does not name them: it was the one from where somebody left
/// last; a gateway that joins was reached from everywhere that was left.
fn came_by(process: &Process, node: &NodeId, left: &BTreeMap<&NodeId, usize>) -> Vec<FlowIndex> {
    let Some(node) = process.node(node) else { return Vec::new() };
    let came = node.incoming.iter().filter_map(|&flow| Some((*left.get(&process.flows[flow].from)?, flow)));
    if matches!(node.kind, NodeKind::ParallelGateway | NodeKind::InclusiveGateway) {
        return came.map(|(_, flow)| flow).collect();
    }
    came.max_by_key(|(moment, flow)| (*moment, std::cmp::Reverse(*flow))).map(|(_, flow)| flow).into_iter().collect()
}
