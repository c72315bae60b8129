//! Soundness (van der Aalst): whether a level can come to a standstill in which tokens wait at joins for ever. All
//! markings of the level are looked at, with every condition taken both ways, as far as a bound allows; what is found is
//! a warning with the shortest way that leads there, since conditions may rule that way out.

use crate::model::event_definition::Throw;
use crate::model::finding::Finding;
use crate::model::ids::NodeId;
use crate::model::process::{FlowIndex, Node, NodeKind, Process};
use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};

/// Markings that are looked at in one level; what a larger one does is not said.
const MARKINGS: usize = 4_000;
/// Tokens on one flow; a level that gathers more has no bound.
const TOKENS: u8 = 2;
/// Flows of an inclusive split of which every choice is looked at.
const CHOICES: usize = 5;
/// Nodes of a way that are named.
const NAMED: usize = 8;

/// Warns of levels that can come to a standstill.
pub fn check(process: &Process, findings: &mut Vec<Finding>) {
    let inner = process.nodes.iter().filter(|node| has_level(node)).map(|node| Some(&node.id));
    for parent in std::iter::once(None).chain(inner) {
        let Some(net) = Net::of(process, parent) else { continue };
        let mut told: HashSet<BTreeSet<NodeId>> = HashSet::new();
        for (stuck, way) in net.standstills() {
            let joins: BTreeSet<NodeId> =
                stuck.iter().filter_map(|flow| process.flows.get(*flow)).map(|flow| flow.to.clone()).collect();
            let Some(node) = joins.first().and_then(|join| process.node(join)) else { continue };
            if !told.insert(joins.clone()) {
                continue;
            }
            let names = joins.iter().map(|join| format!("\"{join}\"")).collect::<Vec<_>>().join(" and ");
            let sentence = format!("tokens may wait at {names} for ever: {} leads there", path(&way));
            findings.push(Finding::warning(node.at.clone(), sentence));
        }
    }
}

fn has_level(node: &Node) -> bool {
    matches!(node.kind, NodeKind::SubProcess(_) | NodeKind::EventSubProcess) && node.ad_hoc().is_none()
}

fn path(way: &[NodeId]) -> String {
    let left_out = way.len().saturating_sub(NAMED);
    let dots = (left_out > 0).then(|| "…".to_owned());
    let named = way[left_out..].iter().map(|node| node.0.clone());
    dots.into_iter().chain(named).collect::<Vec<_>>().join(" → ")
}

/// A place for a token: a flow, or the beginning of the level.
type Place = usize;
/// Tokens by place.
type Marking = Vec<u8>;

/// What one node does with tokens.
struct Step<'a> {
    node: &'a Node,
    take: Vec<Place>,
    put: Vec<Place>,
    /// Everything in the level ends.
    clears: bool,
}

struct Net<'a> {
    process: &'a Process,
    /// The flow of each place; the last place is the beginning.
    flows: Vec<FlowIndex>,
    steps: Vec<Step<'a>>,
    /// Inclusive joins, with what may follow them.
    inclusive: Vec<(&'a Node, Vec<Vec<Place>>)>,
}

impl<'a> Net<'a> {
    /// The net of a level; none when it joins by rules that this does not know.
    fn of(process: &'a Process, parent: Option<&'a NodeId>) -> Option<Net<'a>> {
        let level: Vec<&Node> = process.level(parent).collect();
        let unknown = |node: &&&Node| {
            node.start_quantity > 1
                || node.completion_quantity > 1
                || matches!(node.kind, NodeKind::ComplexGateway(_)) && node.incoming.len() > 1
        };
        if level.iter().any(|node| unknown(&node)) {
            return None;
        }
        let flows: Vec<FlowIndex> = level.iter().flat_map(|node| node.outgoing.iter().copied()).collect();
        let place: HashMap<FlowIndex, Place> = flows.iter().enumerate().map(|(place, flow)| (*flow, place)).collect();
        let places = |flows: &[FlowIndex]| flows.iter().filter_map(|flow| place.get(flow).copied()).collect();
        let begin = flows.len();
        let first = process.first(parent)?;
        let (mut steps, mut inclusive) = (Vec::new(), Vec::new());
        for node in level.into_iter().filter(|node| !node.beside()) {
            let mut come: Vec<Place> = places(&node.incoming);
            if node.id == first.id {
                come.push(begin);
            }
            let ways: Vec<Vec<Place>> = exits(process, node).iter().map(|flows| places(flows)).collect();
            let joins = node.incoming.len() > 1;
            let takes: Vec<Vec<Place>> = match node.kind {
                NodeKind::InclusiveGateway if joins => {
                    inclusive.push((node, ways));
                    continue;
                }
                NodeKind::ParallelGateway if joins => vec![come],
                _ => come.into_iter().map(|place| vec![place]).collect(),
            };
            for take in takes {
                let step = |put: &Vec<Place>| Step { node, take: take.clone(), put: put.clone(), clears: clears(node) };
                steps.extend(ways.iter().map(step));
            }
        }
        Some(Net { process, flows, steps, inclusive })
    }

    /// Markings in which nothing can move any more, as the flows on which tokens wait, with the nodes that led there.
    fn standstills(&self) -> Vec<(Vec<FlowIndex>, Vec<NodeId>)> {
        let mut start = vec![0; self.flows.len() + 1];
        start[self.flows.len()] = 1;
        let mut seen: HashMap<Marking, Option<(Marking, &NodeId)>> = HashMap::from([(start.clone(), None)]);
        let mut waiting = VecDeque::from([start]);
        let mut stuck = Vec::new();
        while let Some(marking) = waiting.pop_front() {
            let next = self.next(&marking);
            if next.is_empty() && marking.iter().any(|tokens| *tokens > 0) {
                stuck.push(marking.clone());
            }
            for (node, after) in next {
                if after.iter().any(|tokens| *tokens > TOKENS) || seen.contains_key(&after) {
                    continue;
                }
                if seen.len() >= MARKINGS {
                    return Vec::new();
                }
                seen.insert(after.clone(), Some((marking.clone(), node)));
                waiting.push_back(after);
            }
        }
        stuck.into_iter().map(|marking| (self.held(&marking), way(&seen, &marking))).collect()
    }

    fn held(&self, marking: &Marking) -> Vec<FlowIndex> {
        let held = marking.iter().zip(&self.flows).filter(|(tokens, _)| **tokens > 0);
        held.map(|(_, flow)| *flow).collect()
    }

    /// What may come next.
    fn next(&self, marking: &Marking) -> Vec<(&'a NodeId, Marking)> {
        let mut next = Vec::new();
        for step in &self.steps {
            if step.take.iter().all(|place| marking[*place] > 0) {
                next.push((&step.node.id, moved(marking, &step.take, &step.put, step.clears)));
            }
        }
        for (node, ways) in &self.inclusive {
            let Some(take) = self.inclusive_join(marking, node) else { continue };
            next.extend(ways.iter().map(|put| (&node.id, moved(marking, &take, put, false))));
        }
        next
    }

    /// The tokens that an inclusive join takes when it fires now (BPMN 2.0.2, 13.4.3).
    fn inclusive_join(&self, marking: &Marking, node: &Node) -> Option<Vec<Place>> {
        let come: Vec<Place> =
            (0..self.flows.len()).filter(|place| node.incoming.contains(&self.flows[*place])).collect();
        let (full, empty): (Vec<Place>, Vec<Place>) = come.into_iter().partition(|place| marking[*place] > 0);
        if full.is_empty() {
            return None;
        }
        let upstream = |places: &[Place]| self.process.upstream(node, places.iter().map(|place| self.flows[*place]));
        let (to_empty, to_full) = (upstream(&empty), upstream(&full));
        let mut others = self.held(marking).into_iter().map(|flow| &self.process.flows[flow].to);
        let awaited = others.any(|to| *to != node.id && to_empty.contains(to) && !to_full.contains(to));
        (!awaited).then_some(full)
    }
}

/// The nodes that led to a marking.
fn way(seen: &HashMap<Marking, Option<(Marking, &NodeId)>>, marking: &Marking) -> Vec<NodeId> {
    let steps = std::iter::successors(seen.get(marking).and_then(Option::as_ref), |(before, _)| {
        seen.get(before).and_then(Option::as_ref)
    });
    let mut nodes: Vec<NodeId> = steps.map(|(_, node)| (*node).clone()).collect();
    nodes.reverse();
    nodes
}

fn moved(marking: &Marking, take: &[Place], put: &[Place], clears: bool) -> Marking {
    let mut after = if clears { vec![0; marking.len()] } else { marking.clone() };
    if !clears {
        take.iter().for_each(|place| after[*place] -= 1);
    }
    put.iter().for_each(|place| after[*place] += 1);
    after
}

/// Whether a node ends everything in its level.
fn clears(node: &Node) -> bool {
    let NodeKind::EndEvent(throws) = &node.kind else { return false };
    throws.iter().any(|throw| matches!(throw, Throw::Terminate | Throw::Error(_) | Throw::Cancel))
}

/// The sets of flows that may be taken when a node is left, or when an event at its edge happens.
fn exits(process: &Process, node: &Node) -> Vec<Vec<FlowIndex>> {
    let mut exits = chosen(process, node);
    let own = exits.clone();
    for event in node.boundary.iter().filter_map(|id| process.node(id)) {
        match &event.kind {
            NodeKind::BoundaryEvent(boundary) if boundary.interrupting => exits.push(event.outgoing.clone()),
            _ => exits.extend(own.iter().map(|own| own.iter().chain(&event.outgoing).copied().collect())),
        }
    }
    exits
}

fn chosen(process: &Process, node: &Node) -> Vec<Vec<FlowIndex>> {
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
