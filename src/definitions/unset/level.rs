//! What a level comes to: which variables it reads though nothing in it has set them for certain, which it sets for certain,
//! and what goes outward from it.

use super::events::{self, Thrown};
use super::known::Known;
use super::ops::{self, Op, Read};
use super::required;
use crate::definitions::choices::{choices, clears};
use crate::definitions::net::{self, Exit, Graph, Net};
use crate::definitions::reach;
use crate::model::definitions::Definitions;
use crate::model::event_definition::{Catching, Throw};
use crate::model::expression::{Expression, Reads};
use crate::model::ids::NodeId;
use crate::model::process::{Node, NodeKind, Process};
use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// The levels of one process.
pub struct Levels<'a> {
    /// All definitions.
    pub definitions: &'a Definitions,
    /// The process.
    pub process: &'a Process,
    /// What an expression reads.
    pub reads: &'a dyn Fn(&Expression) -> Reads,
    /// The processes that are being looked at, called one by the other.
    calls: Vec<&'a str>,
    /// The variables that are of interest to those who called.
    asked: BTreeSet<String>,
    names: OnceCell<BTreeSet<String>>,
    known: RefCell<BTreeMap<Option<NodeId>, Summary>>,
}

/// What a level comes to.
#[derive(Debug, Clone)]
pub struct Summary {
    /// What it reads though nothing in it has set it for certain, each with a shortest way.
    pub reads: Vec<Read>,
    /// What is set for certain when it is done.
    pub sets: Known,
    /// What goes outward from it, with what is set for certain by then.
    pub thrown: BTreeMap<Thrown, Known>,
}

/// One way to leave a node.
struct Act {
    ops: Vec<Op>,
    /// The event at its edge that happened.
    event: Option<NodeId>,
    /// The level is not done by this, but thrown out of.
    out: bool,
}

impl<'a> Levels<'a> {
    /// The levels of a process.
    pub fn of(
        definitions: &'a Definitions,
        process: &'a Process,
        reads: &'a dyn Fn(&Expression) -> Reads,
    ) -> Levels<'a> {
        let (calls, asked) = (vec![process.key.as_str()], BTreeSet::new());
        Levels { definitions, process, reads, calls, asked, names: OnceCell::new(), known: RefCell::default() }
    }

    /// What a called process has for certain at its end.
    pub fn called(&self, key: &str) -> Known {
        let Some(process) = self.definitions.processes.get(key).filter(|_| !self.calls.contains(&key)) else {
            return Known::All;
        };
        let mut calls = self.calls.clone();
        calls.push(&process.key);
        let asked = self.names().union(&self.asked).cloned().collect();
        let Levels { definitions, reads, .. } = *self;
        let inner =
            Levels { definitions, process, reads, calls, asked, names: OnceCell::new(), known: RefCell::default() };
        required(process).and(inner.summary(None).sets)
    }

    /// What a level comes to, with its event sub-processes.
    pub fn summary(&self, parent: Option<&NodeId>) -> Summary {
        let key = parent.cloned();
        if let Some(summary) = self.known.borrow().get(&key) {
            return summary.clone();
        }
        let parent = self.process.nodes.iter().map(|node| &node.id).find(|id| Some(*id) == parent);
        let mut summary = self.flows(parent);
        for event in self.process.events(parent).iter().filter_map(|id| self.process.node(id)) {
            self.beside(event, &mut summary);
        }
        self.known.borrow_mut().insert(key, summary.clone());
        summary
    }

    /// What the flows of a level come to.
    fn flows(&self, parent: Option<&'a NodeId>) -> Summary {
        let nothing = || Summary { reads: Vec::new(), sets: Known::All, thrown: BTreeMap::new() };
        let Some(net) = Net::of(self.process, parent, &self.begins(parent), |node| self.exits(node)) else {
            return nothing();
        };
        let Some(graph) = net.explore() else { return nothing() };
        let mut summary = nothing();
        let (mut unset, mut lacking) = (BTreeSet::new(), BTreeMap::<Thrown, BTreeSet<String>>::new());
        let ad_hoc = parent.and_then(|parent| self.process.node(parent)).and_then(Node::ad_hoc);
        let ends_early = ad_hoc.is_some_and(|ad_hoc| ad_hoc.until.is_some());
        let asked: BTreeSet<String> = self.names().union(&self.asked).cloned().collect();
        for name in &asked {
            let (reads, thrown) = (Vec::new(), BTreeSet::new());
            let mut walk = Walk { net: &net, graph: &graph, name, ends_early, reads, thrown };
            if walk.ends() {
                unset.insert(name.clone());
            }
            summary.reads.extend(walk.reads);
            walk.thrown.into_iter().for_each(|thrown| {
                lacking.entry(thrown).or_default().insert(name.clone());
            });
        }
        let without = |unset: &BTreeSet<String>| Known::These(asked.difference(unset).cloned().collect());
        summary.sets = without(&unset);
        let all = (0..net.len()).flat_map(|step| &net.what(step).ops);
        summary.thrown = all
            .filter_map(|op| match op {
                Op::Throws(thrown, _) => {
                    Some((thrown.clone(), without(lacking.get(thrown).unwrap_or(&BTreeSet::new()))))
                }
                _ => None,
            })
            .collect();
        summary
    }

    /// Every set of nodes with which a level can begin.
    fn begins(&self, parent: Option<&'a NodeId>) -> Vec<Vec<&'a NodeId>> {
        let begins = reach::begins(self.process, parent);
        let ad_hoc = parent.and_then(|parent| self.process.node(parent)).and_then(Node::ad_hoc).is_some();
        if ad_hoc { vec![begins] } else { begins.into_iter().map(|begin| vec![begin]).collect() }
    }

    /// An event sub-process of a level.
    fn beside(&self, event: &Node, summary: &mut Summary) {
        let Some(start) = self.process.first(Some(&event.id)) else { return };
        let NodeKind::StartEvent(event_start) = &start.kind else { return };
        let Some(catch) = &event_start.catch else { return };
        let thrown: Vec<(Thrown, Known)> = summary.thrown.clone().into_iter().collect();
        let mut given = Known::none();
        for op in events::brought(self, start, catch, &thrown) {
            match op {
                Op::Sets(known) => given = given.and(known),
                Op::Reads(read) => summary.reads.push(read),
                Op::Inside(_) | Op::Throws(..) => {}
            }
        }
        summary.reads.extend(events::plan(self, start, catch).into_iter().filter_map(|op| match op {
            Op::Reads(read) => Some(read),
            _ => None,
        }));
        let inside = self.summary(Some(&event.id));
        let open = inside.reads.into_iter().filter(|read| !given.has(&read.name));
        summary.reads.extend(open.map(|read| after(std::slice::from_ref(&event.id), read)));
        if event_start.interrupting {
            let sets = std::mem::replace(&mut summary.sets, Known::All);
            summary.sets = sets.both(given.clone().and(inside.sets));
        }
        summary.thrown.retain(|thrown, _| !events::catches(catch, thrown));
        for (thrown, known) in inside.thrown {
            let known = given.clone().and(known);
            let before = summary.thrown.remove(&thrown).unwrap_or(Known::All);
            summary.thrown.insert(thrown, before.both(known));
        }
    }

    /// The ways to leave a node: by its flows when its work is done, by an event at its edge before.
    fn exits(&self, node: &Node) -> Vec<Exit<Act>> {
        let edge: Vec<(&Node, &Catching, bool)> = node
            .boundary
            .iter()
            .filter_map(|id| match &self.process.node(id)?.kind {
                NodeKind::BoundaryEvent(event) => Some((self.process.node(id)?, &event.catch, event.interrupting)),
                _ => None,
            })
            .collect();
        let before: Vec<Op> = edge.iter().flat_map(|(event, catch, _)| events::plan(self, event, catch)).collect();
        let doings: Vec<Vec<Op>> = ops::doings(self, node, ops::once(self, node))
            .into_iter()
            .map(|doing| [before.clone(), doing].concat())
            .collect();
        let around = node.parent.as_ref().and_then(|parent| self.process.node(parent));
        let until: Vec<Op> = around.map(|around| self.enough(around)).unwrap_or_default();
        let mut exits = Vec::new();
        for to in choices(self.process, node) {
            for doing in &doings {
                let mut ops: Vec<Op> = doing.clone();
                ops.retain(|op| match op {
                    Op::Throws(thrown, _) => !edge.iter().any(|(_, catch, _)| events::catches(catch, thrown)),
                    _ => true,
                });
                ops.extend(ops::conditions(self, node, &to));
                ops.extend(until.clone());
                let what = Act { ops, event: None, out: goes_out(node) };
                exits.push(Exit { to: to.clone(), stays: false, clears: clears(node), what });
            }
        }
        let Some(doing) = doings.last() else { return exits };
        let entry: Vec<Op> = doing.iter().take_while(|op| matches!(op, Op::Reads(_))).cloned().collect();
        let thrown: Vec<(Thrown, Known)> = doing
            .iter()
            .filter_map(|op| match op {
                Op::Throws(thrown, known) => Some((thrown.clone(), known.clone())),
                _ => None,
            })
            .collect();
        for (event, catch, interrupting) in edge {
            let ops = [entry.clone(), events::brought(self, event, catch, &thrown)].concat();
            let what = Act { ops, event: Some(event.id.clone()), out: false };
            exits.push(Exit { to: event.outgoing.clone(), stays: !interrupting, clears: false, what });
        }
        exits
    }

    /// Every variable that an expression of the process reads for certain.
    fn names(&self) -> &BTreeSet<String> {
        self.names.get_or_init(|| {
            let of_node = |node: &Node| {
                let catch = node.catching().map(|catch| events::plan(self, node, catch));
                let doings = ops::doings(self, node, ops::own(self, node)).concat();
                [doings, catch.unwrap_or_default(), ops::conditions(self, node, &[]), self.enough(node)].concat()
            };
            let ops = self.process.nodes.iter().flat_map(of_node);
            let read = |op| match op {
                Op::Reads(read) => Some(read.name),
                Op::Inside(_) | Op::Sets(_) | Op::Throws(..) => None,
            };
            ops.filter_map(read).collect()
        })
    }

    /// What is read after every activity of an ad-hoc sub-process.
    fn enough(&self, node: &Node) -> Vec<Op> {
        let until = node.ad_hoc().and_then(|ad_hoc| ad_hoc.until.as_ref());
        until.map(|until| ops::reads(self, node, "until", until)).unwrap_or_default()
    }
}

/// Whether a node ends its level by throwing out of it.
fn goes_out(node: &Node) -> bool {
    let NodeKind::EndEvent(throws) = &node.kind else { return false };
    throws.iter().any(|throw| matches!(throw, Throw::Error(_) | Throw::Cancel))
}

fn after(way: &[NodeId], read: Read) -> Read {
    Read { way: way.iter().cloned().chain(read.way).collect(), ..read }
}

/// A walk through a level on ways on which nothing sets one variable.
struct Walk<'w, 'a> {
    net: &'w Net<'a, Act>,
    graph: &'w Graph,
    name: &'w str,
    ends_early: bool,
    reads: Vec<Read>,
    thrown: BTreeSet<Thrown>,
}

impl Walk<'_, '_> {
    /// Walks, and says whether the level can be done without the variable.
    fn ends(&mut self) -> bool {
        let graph = self.graph;
        let mut from: Vec<Option<(usize, usize)>> = vec![None; graph.edges.len()];
        let mut seen: BTreeSet<usize> = graph.begins.iter().copied().collect();
        let mut waiting: VecDeque<usize> = graph.begins.iter().copied().collect();
        let mut looked = BTreeSet::new();
        let mut ends = false;
        while let Some(marking) = waiting.pop_front() {
            ends |= graph.is_end(marking);
            for &(step, to) in &graph.edges[marking] {
                let way = looked.insert(step).then(|| self.told(&from, marking, step));
                if self.sets(step, way) || self.net.what(step).out {
                    continue;
                }
                ends |= self.ends_early;
                if seen.insert(to) {
                    from[to] = Some((marking, step));
                    waiting.push_back(to);
                }
            }
        }
        ends
    }

    /// Whether a step sets the variable. Where it reads it is kept with the way, when one is given, and what it throws.
    fn sets(&mut self, step: usize, way: Option<Vec<NodeId>>) -> bool {
        let net = self.net;
        for op in &net.what(step).ops {
            match op {
                Op::Reads(read) | Op::Inside(read) if read.name == self.name => {
                    self.reads.extend(way.iter().map(|way| after(way, read.clone())));
                    if matches!(op, Op::Reads(_)) {
                        return true;
                    }
                }
                Op::Sets(known) if known.has(self.name) => return true,
                Op::Throws(thrown, known) if !known.has(self.name) => {
                    self.thrown.insert(thrown.clone());
                }
                _ => {}
            }
        }
        false
    }

    /// The nodes of the way to a marking, and of the step that follows.
    fn told(&self, from: &[Option<(usize, usize)>], marking: usize, step: usize) -> Vec<NodeId> {
        let nodes = |step: usize| {
            let event = self.net.what(step).event.clone();
            [self.net.node(step).id.clone()].into_iter().chain(event)
        };
        net::way(from, marking).into_iter().chain([step]).flat_map(nodes).collect()
    }
}
