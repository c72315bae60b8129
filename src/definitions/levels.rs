//! The levels of a process: the nodes of the process itself, then those of each sub-process.

use super::names;
use super::shape::block::EventSubProcessShape;
use super::shape::event::BoundaryShape;
use super::shape::node::{Head, NodeShape};
use super::spot::At;
use crate::model::finding::Finding;
use crate::model::ids::NodeId;
use std::collections::{BTreeMap, VecDeque};

/// A list of nodes.
pub struct Level<'a> {
    /// The sub-process that it belongs to.
    pub parent: Option<NodeId>,
    /// What it is the inside of.
    pub around: Around,
    /// Its nodes in document order.
    pub drafts: Vec<Draft<'a>>,
    /// Its event sub-processes.
    pub events: Vec<(&'a EventSubProcessShape, At<'a>)>,
    /// The sub-process around it that is all or nothing.
    pub atomic: Option<NodeId>,
}

/// What a list of nodes is the inside of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Around {
    /// The process itself.
    Process,
    /// A sub-process.
    SubProcess,
    /// A sub-process whose activities are done in no fixed order: the list is no sequence.
    AdHoc,
    /// An event sub-process.
    EventSubProcess,
}

/// A node as it was typed.
pub struct Draft<'a> {
    /// Its shape.
    pub shape: &'a NodeShape,
    /// What its list is the inside of.
    pub around: Around,
    /// Where it stands.
    pub at: At<'a>,
}

impl<'a> Draft<'a> {
    /// The keys that all nodes share.
    pub fn head(&self) -> Head<'a> {
        self.shape.head()
    }

    /// Its id.
    pub fn id(&self) -> NodeId {
        NodeId::from(self.head().id)
    }

    /// Its boundary events with their ids and places.
    pub fn boundary(&self) -> impl Iterator<Item = (NodeId, &'a BoundaryShape, At<'a>)> {
        let (head, at) = (self.head(), self.at.key("boundary"));
        head.activity.boundary.iter().enumerate().map(move |(position, event)| {
            let id = event.id.clone().unwrap_or_else(|| format!("{}.boundary{}", head.id, position + 1));
            (NodeId::from(id), event, at.item(position))
        })
    }
}

/// All levels, outer ones first. `at` is the map that has `nodes` and `events`.
pub fn levels<'a>(
    nodes: &'a [NodeShape],
    events: &'a [EventSubProcessShape],
    at: At<'a>,
    findings: &mut Vec<Finding>,
) -> Vec<Level<'a>> {
    let mut levels = Vec::new();
    let mut waiting = VecDeque::from([Open { parent: None, around: Around::Process, atomic: None, nodes, events, at }]);
    while let Some(Open { parent, around, atomic, nodes, events, at }) = waiting.pop_front() {
        if nodes.is_empty() {
            let what = if parent.is_none() { "process" } else { "sub-process" };
            findings.push(Finding::error(at.key("nodes").key_place(), format!("the {what} has no nodes")));
        }
        let drafts: Vec<Draft> = nodes
            .iter()
            .enumerate()
            .map(|(position, shape)| Draft { shape, around, at: at.key("nodes").item(position) })
            .collect();
        for draft in &drafts {
            if let NodeShape::SubProcess(inner) = draft.shape {
                let own = if inner.atomic { Some(draft.id()) } else { None };
                waiting.push_back(Open {
                    parent: Some(draft.id()),
                    around: if inner.ad_hoc.is_some() { Around::AdHoc } else { Around::SubProcess },
                    atomic: own.or_else(|| atomic.clone()),
                    nodes: &inner.nodes,
                    events: &inner.events,
                    at: draft.at,
                });
            }
        }
        let events: Vec<_> =
            events.iter().enumerate().map(|(position, event)| (event, at.key("events").item(position))).collect();
        for (event, at) in &events {
            waiting.push_back(Open {
                parent: Some(NodeId::from(event.id.as_str())),
                around: Around::EventSubProcess,
                atomic: atomic.clone(),
                nodes: &event.nodes,
                events: &[],
                at: *at,
            });
        }
        levels.push(Level { parent, around, drafts, events, atomic });
    }
    ids(&levels, findings);
    levels.iter().for_each(|level| all_or_nothing(level, findings));
    levels
}

/// A level that is still to be looked at.
struct Open<'a> {
    parent: Option<NodeId>,
    around: Around,
    atomic: Option<NodeId>,
    nodes: &'a [NodeShape],
    events: &'a [EventSubProcessShape],
    at: At<'a>,
}

/// Ids are well-formed and unique in the whole process.
fn ids(levels: &[Level], findings: &mut Vec<Finding>) {
    let mut seen: BTreeMap<NodeId, u32> = BTreeMap::new();
    let mut take = |id: NodeId, at: At, findings: &mut Vec<Finding>| {
        let line = at.place().line;
        if let Some(first) = seen.get(&id) {
            let sentence = format!("the id \"{id}\" is taken by the node on line {first}; ids are unique in a process");
            findings.push(Finding::error(at.place(), sentence));
        } else {
            seen.insert(id, line);
        }
    };
    for (event, at) in levels.iter().flat_map(|level| &level.events) {
        names::node(&event.id, at.key("id"), findings);
        take(NodeId::from(event.id.as_str()), at.key("id"), findings);
    }
    for draft in levels.iter().flat_map(|level| &level.drafts) {
        names::node(draft.head().id, draft.at.key("id"), findings);
        take(draft.id(), draft.at.key("id"), findings);
        for (id, event, at) in draft.boundary() {
            if let Some(own) = &event.id {
                names::node(own, at.key("id"), findings);
                take(id, at.key("id"), findings);
            }
        }
    }
}

/// A block that is rolled back as a whole cannot wait: its transaction would stay open.
fn all_or_nothing(level: &Level, findings: &mut Vec<Finding>) {
    let Some(block) = &level.atomic else { return };
    let sentence = |why| format!("{why}, and \"{block}\" is atomic; move it out of the block");
    for draft in &level.drafts {
        let wrong = match draft.shape {
            NodeShape::UserTask(_) => Some("a user task waits for a person"),
            NodeShape::Approval(_) => Some("an approval waits for people"),
            NodeShape::IntermediateCatchEvent(_) | NodeShape::ReceiveTask(_) | NodeShape::EventBasedGateway(_) => {
                Some("an event waits")
            }
            NodeShape::CallActivity(call) if call.wait != Some(false) => Some("a called process may wait"),
            NodeShape::ServiceTask(task) if task.job.is_some() => Some("a job waits for a worker"),
            NodeShape::SubProcess(inner) if inner.atomic => Some("one atomic block inside another is not possible"),
            _ => None,
        };
        if let Some(why) = wrong {
            findings.push(Finding::error(draft.at.key("id").place(), sentence(why)));
        }
        for (_, _, at) in draft.boundary() {
            for key in ["timer", "message", "signal", "condition"].into_iter().filter(|key| at.keys().contains(key)) {
                let why = if key == "timer" { "a timer waits" } else { "an event waits" };
                findings.push(Finding::error(at.key(key).key_place(), sentence(why)));
            }
        }
    }
    for (_, at) in &level.events {
        findings.push(Finding::error(at.key("id").place(), sentence("an event sub-process waits")));
    }
}
