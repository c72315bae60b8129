//! What happened in a case, from the histories of its instances: marks, intervals, who acted, and the whole of it as
//! text, to compare two runs.

use super::engine::Engine;
use super::render::{Rendered, Spot};
use kamflow::model::history::HistoryEntry;
use kamflow::model::ids::{BusinessId, InstanceId};
use kamflow::store::history;
use std::collections::{BTreeMap, BTreeSet};

/// Entries of one instance at most.
const MOST: i64 = 20_000;

/// The histories of some root instances.
pub struct Story {
    entries: Vec<HistoryEntry>,
    /// The process of each instance, called ones included.
    processes: BTreeMap<InstanceId, String>,
}

/// Reads the histories.
pub fn read(engine: &mut Engine, business: &BusinessId, roots: &[InstanceId]) -> Story {
    let mut entries = Vec::new();
    for root in roots {
        entries.extend(history::list(&mut engine.conn, business, root, 0, MOST).unwrap());
    }
    let process = |entry: &HistoryEntry| entry.data.get("process").and_then(|name| name.as_str()).map(str::to_owned);
    let started = entries.iter().filter(|entry| entry.kind == "instance_started");
    let processes = started.filter_map(|entry| Some((entry.instance.clone(), process(entry)?))).collect();
    // Of different roots at the same instant the one that was started first stands first.
    entries.sort_by_key(|entry| entry.at);
    Story { entries, processes }
}

impl Story {
    fn spot(&self, entry: &HistoryEntry) -> Option<Spot> {
        Some((self.processes.get(&entry.instance)?.clone(), entry.node.as_ref()?.to_string()))
    }

    /// The marks in the order in which they were logged: one for each completion of a node that logs it.
    pub fn marks(&self, rendered: &Rendered) -> Vec<String> {
        let completed = self.entries.iter().filter(|entry| entry.kind == "node_completed");
        completed.filter_map(|entry| rendered.marks.get(&self.spot(entry)?)).flatten().cloned().collect()
    }

    /// Whether an interval of one mark overlaps one of the other.
    pub fn overlap(&self, rendered: &Rendered, one: &str, other: &str) -> bool {
        let (one, other) = (self.intervals(rendered, one), self.intervals(rendered, other));
        one.iter().any(|one| other.iter().any(|other| one.0 < other.1 && other.0 < one.1))
    }

    /// Where the intervals of a mark begin and end. Of several that are open at a node the first to open ends first.
    fn intervals(&self, rendered: &Rendered, mark: &str) -> Vec<(usize, usize)> {
        let mut open: BTreeMap<(InstanceId, Spot), Vec<usize>> = BTreeMap::new();
        let mut closed = Vec::new();
        for (place, entry) in self.entries.iter().enumerate() {
            let Some(spot) = self.spot(entry) else { continue };
            if rendered.intervals.get(&spot).is_none_or(|interval| interval != mark) {
                continue;
            }
            let open = open.entry((entry.instance.clone(), spot)).or_default();
            match entry.kind.as_str() {
                "node_entered" => open.push(place),
                "node_completed" if !open.is_empty() => closed.push((open.remove(0), place)),
                _ => {}
            }
        }
        closed
    }

    /// Who did something with the tasks of a node.
    pub fn actors(&self, node: &str) -> BTreeSet<String> {
        let done = ["task_claimed", "task_unclaimed", "task_delegated", "task_resolved", "task_completed"];
        let of_node = self.entries.iter().filter(|entry| entry.node.as_ref().is_some_and(|at| at.as_str() == node));
        of_node.filter(|entry| done.contains(&entry.kind.as_str())).map(|entry| entry.actor.0.clone()).collect()
    }

    /// The whole of it without what differs from run to run: ids and times.
    pub fn trace(&self) -> Vec<String> {
        let told = |entry: &HistoryEntry| {
            let process = self.processes.get(&entry.instance).map_or("", String::as_str);
            let node = entry.node.as_ref().map_or("", |node| node.as_str());
            format!("{} {process} {node} {}", entry.kind, entry.actor)
        };
        self.entries.iter().map(told).collect()
    }
}
