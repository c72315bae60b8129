//! Who may do a user task after what was done before: not those who did certain others, or only those. Everybody who has
//! a hand in it is asked for: who does it, for whom, who delegated it, who helped.

use super::error::EngineError;
use super::intervention_error::SaidByBarred;
use super::lifecycle::Capacity;
use super::work::Work;
use crate::model::actor::Actor;
use crate::model::eligibility::Proven;
use crate::model::ids::{NodeId, UserId};
use crate::model::instance::ScopeId;
use crate::model::process::{Node, NodeKind, UserTask as Definition};
use crate::model::task::{TaskVerb, UserTask};
use crate::model::task_change;
use std::collections::BTreeSet;

/// What keeps a person from a task: who did another one, or did not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Barrier<'d> {
    /// The other task.
    pub other: &'d NodeId,
    /// Whether it had to be the same person.
    pub same: bool,
}

/// What keeps a person from a task; `did` says who did another task of the instance so far.
pub fn barrier<'d, 'p>(
    definition: &'d Definition,
    did: impl Fn(&NodeId) -> &'p [UserId],
    user: &UserId,
) -> Option<Barrier<'d>> {
    if let Some(other) = definition.not_same_as.iter().find(|other| did(other).contains(user)) {
        return Some(Barrier { other, same: false });
    }
    let another = |other: &&NodeId| !did(other).is_empty() && !did(other).contains(user);
    definition.same_as.iter().find(another).map(|other| Barrier { other, same: true })
}

/// Everybody whose hand is in it when a caller does this in this capacity. To give a task to others or back, and to plan
/// it, is not to do it.
pub fn hands(task: &UserTask, verb: TaskVerb, actor: &Actor, capacity: Capacity) -> Vec<UserId> {
    let mut people = match verb {
        TaskVerb::Claim | TaskVerb::Delegate | TaskVerb::Resolve | TaskVerb::CreateSubTask => Vec::new(),
        TaskVerb::Complete | TaskVerb::Decide => task_change::performers(task),
        TaskVerb::Unclaim | TaskVerb::Assign | TaskVerb::Update | TaskVerb::Cancel => return Vec::new(),
    };
    people.push(actor.user.clone());
    people.extend(capacity.cloned());
    people
}

/// The first capacity in which nothing keeps anybody from it; the refusal of the first one, when there is none.
pub(super) fn choose(
    work: &Work,
    task: &UserTask,
    verb: TaskVerb,
    capacities: Vec<Capacity>,
) -> Result<Option<UserId>, EngineError> {
    let mut refused = None;
    for capacity in capacities {
        match check(work, task, &hands(task, verb, work.context.actor, capacity)) {
            Ok(()) => return Ok(capacity.cloned()),
            Err(error) => refused = refused.or(Some(error)),
        }
    }
    refused.map_or(Ok(None), Err)
}

/// What is found of the other tasks when a caller does this in this capacity.
pub(super) fn proven(work: &Work, task: &UserTask, verb: TaskVerb, capacity: Capacity) -> Vec<Proven> {
    let Some(place) = work.place(task.token) else { return Vec::new() };
    let NodeKind::UserTask(definition) = &place.node().kind else { return Vec::new() };
    let process = work.scope(work.process_scope(work.token(task.token).scope));
    let once = |people: Vec<UserId>| people.into_iter().collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>();
    let hands = once(hands(task, verb, work.context.actor, capacity));
    let one = |other: &NodeId, same: bool| {
        let done_by = once(process.performers.get(other).cloned().unwrap_or_default());
        Proven { other: other.clone(), same, done_by, hands: hands.clone() }
    };
    let different = definition.not_same_as.iter().map(|other| one(other, false));
    different.chain(definition.same_as.iter().map(|other| one(other, true))).collect()
}

/// Who has a hand in a node that a person says is done: nobody, but in a user task. Refuses when that person may not do it.
pub(super) fn said_done(work: &Work, level: ScopeId, node: &Node) -> Result<Option<UserId>, SaidByBarred> {
    let NodeKind::UserTask(definition) = &node.kind else { return Ok(None) };
    let process = work.scope(work.process_scope(level));
    let did = |other: &NodeId| process.performers.get(other).map_or(&[][..], Vec::as_slice);
    let by = &work.context.actor.user;
    match barrier(definition, did, by) {
        Some(Barrier { other, same }) => {
            Err(SaidByBarred { node: node.id.clone(), by: by.clone(), other: other.clone(), same })
        }
        None => Ok(Some(by.clone())),
    }
}

/// Refuses when one of these people has done what must be done by somebody else, or has not done what the same person
/// must do.
pub(super) fn check(work: &Work, task: &UserTask, people: &[UserId]) -> Result<(), EngineError> {
    let Some(place) = work.place(task.token) else { return Ok(()) };
    let NodeKind::UserTask(definition) = &place.node().kind else { return Ok(()) };
    let process = work.scope(work.process_scope(work.token(task.token).scope));
    let did = |other: &NodeId| process.performers.get(other).map_or(&[][..], Vec::as_slice);
    let kept = people.iter().find_map(|user| Some((user, barrier(definition, did, user)?)));
    match kept {
        Some((user, Barrier { other, same })) => Err(EngineError::SeparationOfDuties {
            task: task.id.clone(),
            user: user.clone(),
            other: other.clone(),
            same,
        }),
        None => Ok(()),
    }
}
