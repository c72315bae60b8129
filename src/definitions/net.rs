//! A level of a process as a net (van der Aalst: workflow nets): the tokens on its flows, and everything that they can come
//! to, as far as a bound allows. What the ways through it mean is left to those who ask: `soundness` and `unset`.

use crate::model::ids::NodeId;
use crate::model::process::{FlowIndex, Node, NodeKind, Process};
use std::collections::{HashMap, VecDeque};

/// Markings that are looked at in one level; what a larger one does is not said.
const MARKINGS: usize = 4_000;
/// Tokens on one flow; a level that gathers more has no bound.
const TOKENS: u8 = 2;
/// Nodes of a way that are named.
const NAMED: usize = 8;

/// A place for a token: a flow, or a beginning of the level.
type Place = usize;
/// Tokens by place.
type Marking = Vec<u8>;

/// One way to leave a node.
pub struct Exit<T> {
    /// The flows that are taken.
    pub to: Vec<FlowIndex>,
    /// The node stays at work: an event at its edge happened that does not end it.
    pub stays: bool,
    /// Everything in the level ends.
    pub clears: bool,
    /// What the asker keeps of it.
    pub what: T,
}

/// What one node does with tokens.
struct Step<'a> {
    node: &'a Node,
    take: Take,
    put: Vec<Place>,
    exit: usize,
}

enum Take {
    /// One token of each.
    Each(Vec<Place>),
    /// What has arrived at an inclusive join when nothing else can.
    Arrived,
}

/// The net of a level.
pub struct Net<'a, T> {
    process: &'a Process,
    /// The flow of each place; the places after them are the beginnings.
    flows: Vec<FlowIndex>,
    begins: Vec<Marking>,
    steps: Vec<Step<'a>>,
    exits: Vec<Exit<T>>,
}

/// Everything that a level can come to. Markings and steps are known by their numbers.
pub struct Graph {
    markings: Vec<Marking>,
    /// The marking and the step that first led to a marking; none for a beginning.
    from: Vec<Option<(usize, usize)>>,
    /// From each marking: the step that is done, and the marking that it leads to.
    pub edges: Vec<Vec<(usize, usize)>>,
    /// The markings with which the level begins.
    pub begins: Vec<usize>,
    /// Those in which tokens are left that cannot move.
    pub stuck: Vec<usize>,
}

impl<'a, T> Net<'a, T> {
    /// The net of a level that begins with a token at each node of one of these sets; none when it joins by rules that this
    /// does not know.
    pub fn of(
        process: &'a Process,
        parent: Option<&'a NodeId>,
        begins: &[Vec<&NodeId>],
        leave: impl Fn(&'a Node) -> Vec<Exit<T>>,
    ) -> Option<Net<'a, T>> {
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
        let places = |flows: &[FlowIndex]| flows.iter().filter_map(|flow| place.get(flow).copied()).collect::<Vec<_>>();
        let mut first: Vec<&NodeId> = Vec::new();
        begins.iter().flatten().for_each(|id| {
            if !first.contains(id) {
                first.push(id);
            }
        });
        let begin = |id: &NodeId| first.iter().position(|first| *first == id).map(|position| flows.len() + position);
        let marking = |ids: &Vec<&NodeId>| {
            let mut marking = vec![0; flows.len() + first.len()];
            ids.iter().filter_map(|id| begin(id)).for_each(|place| marking[place] = 1);
            marking
        };
        let begins = begins.iter().map(marking).collect();
        let (mut steps, mut arriving, mut exits) = (Vec::new(), Vec::new(), Vec::new());
        for node in level.into_iter().filter(|node| !node.beside()) {
            let mut come = places(&node.incoming);
            come.extend(begin(&node.id));
            let from = exits.len();
            exits.extend(leave(node));
            let joins = node.incoming.len() > 1;
            let takes: Vec<Vec<Place>> = match node.kind {
                NodeKind::InclusiveGateway if joins => {
                    let step = |exit: usize| Step { node, take: Take::Arrived, put: places(&exits[exit].to), exit };
                    arriving.extend((from..exits.len()).map(step));
                    continue;
                }
                NodeKind::ParallelGateway if joins => vec![come],
                _ => come.into_iter().map(|place| vec![place]).collect(),
            };
            for take in takes {
                steps.extend((from..exits.len()).map(|exit| {
                    let mut put = places(&exits[exit].to);
                    put.extend(take.iter().filter(|_| exits[exit].stays));
                    Step { node, take: Take::Each(take.clone()), put, exit }
                }));
            }
        }
        steps.extend(arriving);
        Some(Net { process, flows, begins, steps, exits })
    }

    /// Everything that the level can come to, the nearest first; none when that is too much.
    pub fn explore(&self) -> Option<Graph> {
        let mut seen: HashMap<Marking, usize> = HashMap::new();
        let mut graph =
            Graph { markings: Vec::new(), from: Vec::new(), edges: Vec::new(), begins: Vec::new(), stuck: Vec::new() };
        let mut waiting = VecDeque::new();
        for marking in &self.begins {
            let number = graph.add(marking.clone(), None);
            seen.insert(marking.clone(), number);
            graph.begins.push(number);
            waiting.push_back(number);
        }
        while let Some(number) = waiting.pop_front() {
            let marking = graph.markings[number].clone();
            let next = self.next(&marking);
            if next.is_empty() && !graph.is_end(number) {
                graph.stuck.push(number);
            }
            for (step, after) in next {
                if after.iter().any(|tokens| *tokens > TOKENS) {
                    continue;
                }
                let to = match seen.get(&after) {
                    Some(to) => *to,
                    None if seen.len() >= MARKINGS => return None,
                    None => {
                        let to = graph.add(after.clone(), Some((number, step)));
                        seen.insert(after, to);
                        waiting.push_back(to);
                        to
                    }
                };
                graph.edges[number].push((step, to));
            }
        }
        Some(graph)
    }

    /// What a step keeps for the asker.
    pub fn what(&self, step: usize) -> &T {
        &self.exits[self.steps[step].exit].what
    }

    /// How many steps there are.
    pub fn len(&self) -> usize {
        self.steps.len()
    }

    /// The node of a step.
    pub fn node(&self, step: usize) -> &'a Node {
        self.steps[step].node
    }

    /// The flows on which tokens wait.
    pub fn held(&self, graph: &Graph, marking: usize) -> Vec<FlowIndex> {
        self.on(&graph.markings[marking])
    }

    fn on(&self, marking: &Marking) -> Vec<FlowIndex> {
        let held = marking.iter().zip(&self.flows).filter(|(tokens, _)| **tokens > 0);
        held.map(|(_, flow)| *flow).collect()
    }

    /// What may come next.
    fn next(&self, marking: &Marking) -> Vec<(usize, Marking)> {
        let mut next = Vec::new();
        for (number, step) in self.steps.iter().enumerate() {
            let exit = &self.exits[step.exit];
            let arrived;
            let take = match &step.take {
                Take::Each(take) if take.iter().all(|place| marking[*place] > 0) => take,
                Take::Each(_) => continue,
                Take::Arrived => match self.inclusive_join(marking, step.node) {
                    Some(take) => {
                        arrived = take;
                        &arrived
                    }
                    None => continue,
                },
            };
            // once is enough to see what comes of an event that may happen again and again
            let again = exit.stays && step.put.iter().any(|place| !take.contains(place) && marking[*place] > 0);
            if !again {
                next.push((number, moved(marking, take, &step.put, exit.clears)));
            }
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
        let mut others = self.on(marking).into_iter().map(|flow| &self.process.flows[flow].to);
        let awaited = others.any(|to| *to != node.id && to_empty.contains(to) && !to_full.contains(to));
        (!awaited).then_some(full)
    }
}

impl Graph {
    fn add(&mut self, marking: Marking, from: Option<(usize, usize)>) -> usize {
        self.markings.push(marking);
        self.from.push(from);
        self.edges.push(Vec::new());
        self.markings.len() - 1
    }

    /// Whether no token is left.
    pub fn is_end(&self, marking: usize) -> bool {
        self.markings[marking].iter().all(|tokens| *tokens == 0)
    }

    /// The steps that led to a marking first.
    pub fn way(&self, marking: usize) -> Vec<usize> {
        way(&self.from, marking)
    }
}

/// The steps that lead to a marking, by what led to each.
pub fn way(from: &[Option<(usize, usize)>], marking: usize) -> Vec<usize> {
    let before = |marking: usize| from[marking];
    let mut steps: Vec<usize> =
        std::iter::successors(before(marking), |(marking, _)| before(*marking)).map(|(_, step)| step).collect();
    steps.reverse();
    steps
}

/// The last nodes of a way, as a person reads them.
pub fn told(way: &[NodeId]) -> String {
    let left_out = way.len().saturating_sub(NAMED);
    let dots = (left_out > 0).then(|| "…".to_owned());
    let named = way[left_out..].iter().map(|node| node.to_string());
    dots.into_iter().chain(named).collect::<Vec<_>>().join(" → ")
}

fn moved(marking: &Marking, take: &[Place], put: &[Place], clears: bool) -> Marking {
    let mut after = if clears { vec![0; marking.len()] } else { marking.clone() };
    if !clears {
        take.iter().for_each(|place| after[*place] -= 1);
    }
    put.iter().for_each(|place| after[*place] += 1);
    after
}
