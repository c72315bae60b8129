//! What a caller may do with tasks now, by their state and by who did other tasks before: the rule is the engine's, which
//! refuses by it; here it is asked for many tasks at once.

use super::tasks::{self, Say};
use crate::engine;
use crate::model::actor::Actor;
use crate::model::eligibility::Duty;
use crate::model::ids::{InstanceId, NodeId, UserId, root_of};
use crate::model::process::{NodeKind, UserTask as Definition};
use crate::model::task::{Papers, SeenTask, TaskVerb, UserTask};
use crate::plugins::Stop;
use crate::runtime::library::Library;
use crate::runtime::shared::Shared;
use crate::store::{Connection, instances, tasks as store_tasks};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Tasks with what the caller may do with each.
pub fn with_verbs(
    conn: &mut Connection,
    shared: &Shared,
    actor: &Actor,
    found: Vec<UserTask>,
) -> Result<Vec<SeenTask>, Stop> {
    let open = found.iter().filter(|task| task.ended_at.is_none());
    let say = Say::of(conn, actor, open, shared.clock.now())?;
    let allowed = |task: &UserTask| {
        let mut verbs = engine::verbs(task, actor);
        tasks::add_verbs(&say, actor, task, &mut verbs);
        verbs
    };
    let papers = Papers::default();
    let mut seen: Vec<SeenTask> =
        found.into_iter().map(|task| SeenTask { verbs: allowed(&task), task, papers }).collect();
    // nobody is kept from giving a task back, to others or planning it
    let asked = seen.iter().filter(|seen| seen.verbs.iter().any(|verb| is_work(*verb)));
    let asked: BTreeSet<InstanceId> = asked.map(|seen| seen.task.instance.clone()).collect();
    if asked.is_empty() {
        return Ok(seen);
    }
    let libraries = pinned(conn, shared, actor, asked.into_iter().collect())?;
    let limited: Vec<&UserTask> =
        seen.iter().map(|seen| &seen.task).filter(|task| definition(&libraries, task).is_some()).collect();
    if limited.is_empty() {
        return Ok(seen);
    }
    let roots: BTreeSet<InstanceId> = limited.iter().map(|task| root_of(task.id.as_str())).collect();
    let others = limited.iter().filter_map(|task| definition(&libraries, task));
    let others: BTreeSet<NodeId> =
        others.flat_map(|task| task.not_same_as.iter().chain(&task.same_as)).cloned().collect();
    let mut did: BTreeMap<(InstanceId, NodeId), Vec<UserId>> = BTreeMap::new();
    for (instance, node, user) in store_tasks::performers(conn, &actor.business, &roots, &others)? {
        did.entry((instance, node)).or_default().push(user);
    }
    for SeenTask { task, verbs, .. } in &mut seen {
        let Some(definition) = definition(&libraries, task) else { continue };
        let by = |other: &NodeId| did.get(&(task.instance.clone(), other.clone())).map_or(&[][..], Vec::as_slice);
        let free = |verb: TaskVerb| {
            let capacities = engine::capacities(task, verb, actor).unwrap_or_default();
            let hands = capacities.into_iter().map(|capacity| engine::hands(task, verb, actor, capacity));
            hands.into_iter().any(|people| people.iter().all(|user| engine::barrier(definition, by, user).is_none()))
        };
        verbs.retain(|verb| !is_work(*verb) || free(*verb));
    }
    Ok(seen)
}

/// Whether it is to work on a task.
fn is_work(verb: TaskVerb) -> bool {
    match verb {
        TaskVerb::Claim
        | TaskVerb::Complete
        | TaskVerb::Decide
        | TaskVerb::Delegate
        | TaskVerb::Resolve
        | TaskVerb::CreateSubTask => true,
        TaskVerb::Unclaim | TaskVerb::Assign | TaskVerb::Update | TaskVerb::Cancel => false,
    }
}

/// What one person's part in other tasks means for a task: every duty by itself, each by the rule that refuses by it.
pub fn duties(conn: &mut Connection, shared: &Shared, actor: &Actor, task: &UserTask) -> Result<Vec<Duty>, Stop> {
    let libraries = pinned(conn, shared, actor, vec![task.instance.clone()])?;
    let Some(declared) = definition(&libraries, task) else { return Ok(Vec::new()) };
    let others: BTreeSet<NodeId> = declared.not_same_as.iter().chain(&declared.same_as).cloned().collect();
    let roots = BTreeSet::from([root_of(task.id.as_str())]);
    let mut did: BTreeMap<NodeId, Vec<UserId>> = BTreeMap::new();
    for (instance, node, user) in store_tasks::performers(conn, &actor.business, &roots, &others)? {
        if instance == task.instance {
            did.entry(node).or_default().push(user);
        }
    }
    let by = |other: &NodeId| did.get(other).map_or(&[][..], Vec::as_slice);
    let none = Definition { not_same_as: Vec::new(), same_as: Vec::new(), ..declared.clone() };
    let one = |other: &NodeId, same: bool| {
        let alone = match same {
            true => Definition { same_as: vec![other.clone()], ..none.clone() },
            false => Definition { not_same_as: vec![other.clone()], ..none.clone() },
        };
        let passes = engine::barrier(&alone, by, &actor.user).is_none();
        Duty { other: other.clone(), same, done_by: by(other).to_vec(), passes }
    };
    let different = declared.not_same_as.iter().map(|other| one(other, false));
    Ok(different.chain(declared.same_as.iter().map(|other| one(other, true))).collect())
}

/// The revisions that instances are pinned to, called ones to their own.
fn pinned(
    conn: &mut Connection,
    shared: &Shared,
    actor: &Actor,
    asked: Vec<InstanceId>,
) -> Result<BTreeMap<InstanceId, Arc<Library>>, Stop> {
    let revisions = instances::revisions(conn, &actor.business, &asked)?;
    let mut libraries = BTreeMap::new();
    for (instance, revision) in revisions {
        libraries.insert(instance, shared.libraries.get(conn, &actor.business, revision)?);
    }
    Ok(libraries)
}

/// What a task is in its revision, when other tasks decide who may do it.
fn definition<'l>(libraries: &'l BTreeMap<InstanceId, Arc<Library>>, task: &UserTask) -> Option<&'l Definition> {
    let library = libraries.get(&task.instance)?;
    match &library.definitions.processes.get(&task.process)?.node(&task.node)?.kind {
        NodeKind::UserTask(definition) => {
            Some(definition).filter(|task| !task.not_same_as.is_empty() || !task.same_as.is_empty())
        }
        _ => None,
    }
}
