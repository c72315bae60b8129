//! The life of a user task as a table: which verb is possible in which state, for whom, and in whose name.

use super::error::EngineError;
use super::voting_error::VotingError;
use crate::model::actor::{Actor, StandsIn};
use crate::model::ids::{UserId, root_of};
use crate::model::task::{Delegation, TaskState, TaskVerb, UserTask};
use std::collections::BTreeSet;

/// In whose name somebody does something: for whom, as the substitute; none: in the own.
pub type Capacity<'a> = Option<&'a UserId>;

/// The capacities in which this caller may do this with this task now, the own one first; if there is none, why.
///
/// Who may give a task to others and plan it is decided by who knows the directory; here it only must be open.
pub fn capacities<'a>(task: &UserTask, verb: TaskVerb, actor: &'a Actor) -> Result<Vec<Capacity<'a>>, EngineError> {
    let refused =
        || EngineError::WrongState { task: task.id.clone(), state: task.state, verb, assignee: task.assignee.clone() };
    if task.suspended {
        return Err(EngineError::Suspended(root_of(task.id.as_str())));
    }
    let found = match (task.state, verb) {
        (TaskState::Completed | TaskState::Cancelled, _) => return Err(refused()),
        // A vote is given to nobody else by who is not asked.
        (_, TaskVerb::Assign) if task.seat.is_some() => Vec::new(),
        (_, TaskVerb::Assign | TaskVerb::Update) => vec![None],
        (_, TaskVerb::Cancel) if task.is_standalone() && is_starter(task, actor) => vec![None],
        (_, TaskVerb::Cancel) => return Err(EngineError::NotCancellable(task.id.clone())),
        (TaskState::Created, _) => {
            let claim = to_claim(task, actor);
            if claim.is_empty() {
                return Err(EngineError::NotCandidate { task: task.id.clone(), user: actor.user.clone() });
            }
            if verb == TaskVerb::Claim { claim } else { Vec::new() }
        }
        (TaskState::Claimed, TaskVerb::Claim) => to_take_over(task, actor),
        (TaskState::Claimed, TaskVerb::Unclaim) => to_give_back(task, actor)?,
        (TaskState::Claimed, TaskVerb::Complete | TaskVerb::Resolve) if task.seat.is_some() => {
            return Err(VotingError::Vote(task.id.clone()).into());
        }
        (TaskState::Claimed, TaskVerb::Decide) if task.seat.is_none() => {
            return Err(VotingError::NoVote(task.id.clone()).into());
        }
        // Whoever has the vote gives it, for whom it is: the approver or a delegate.
        (TaskState::Claimed, TaskVerb::Decide) => to_work(task, actor)?,
        (TaskState::Claimed, TaskVerb::Complete) => match task.delegation {
            Some(Delegation::Pending) if task.owner.as_ref() == Some(&actor.user) || is_mine(task, actor) => {
                return Err(EngineError::DelegationPending(task.id.clone()));
            }
            Some(Delegation::Pending) => Vec::new(),
            Some(Delegation::Resolved) | None => to_work(task, actor)?,
        },
        (TaskState::Claimed, TaskVerb::Resolve) => match task.delegation {
            Some(Delegation::Pending) => to_work(task, actor)?,
            Some(Delegation::Resolved) | None => {
                to_work(task, actor)?.first().ok_or_else(refused)?;
                return Err(EngineError::NotDelegated(task.id.clone()));
            }
        },
        (TaskState::Claimed, TaskVerb::Delegate) if !is_mine(task, actor) || task.acting_for.is_some() => Vec::new(),
        (TaskState::Claimed, TaskVerb::Delegate) => match task.delegation {
            Some(Delegation::Pending) => return Err(EngineError::DelegationPending(task.id.clone())),
            Some(Delegation::Resolved) | None => vec![None],
        },
        (TaskState::Claimed, TaskVerb::CreateSubTask) if task.parent.is_some() => Vec::new(),
        (TaskState::Claimed, TaskVerb::CreateSubTask) => to_work(task, actor)?,
    };
    if found.is_empty() { Err(refused()) } else { Ok(found) }
}

/// Whether the task is for this caller, by name or by role, or for somebody for whom the caller stands in.
pub fn may_claim(task: &UserTask, actor: &Actor) -> bool {
    !to_claim(task, actor).is_empty()
}

/// Whether the caller has the task, or had it and let somebody else do it, or may do it for somebody else.
pub fn has(task: &UserTask, actor: &Actor) -> bool {
    let named = [&task.assignee, &task.owner, &task.acting_for].into_iter().flatten();
    named.into_iter().any(|user| *user == actor.user) || stands_in_for_assignee(task, actor).is_some()
}

/// Whether a task is for somebody by name or by role, be it that it was escalated to them.
pub(super) fn is_for(task: &UserTask, user: &UserId, roles: &BTreeSet<String>) -> bool {
    let raised = task.raised.as_ref();
    task.candidate_users.contains(user)
        || task.candidate_groups.iter().any(|group| roles.contains(group))
        || raised.is_some_and(|raised| is_raised(&raised.users, &raised.groups, user, roles))
}

/// Whether a task is for one person alone: nobody else could take it.
pub(super) fn is_for_one(task: &UserTask) -> bool {
    task.candidate_users.is_empty() && task.candidate_groups.is_empty() && task.raised.is_none()
}

/// Whether an outcome is one of those that are offered; where none is offered, none is given.
pub(super) fn fits(offered: &[String], outcome: &Option<String>) -> bool {
    match outcome {
        Some(outcome) => offered.contains(outcome),
        None => offered.is_empty(),
    }
}

/// What this caller may do with this task now as far as the task itself says: `allowedActions` without what needs the
/// directory.
pub fn verbs(task: &UserTask, actor: &Actor) -> Vec<TaskVerb> {
    let own = TaskVerb::ALL.into_iter().filter(|verb| !matches!(verb, TaskVerb::Assign | TaskVerb::Update));
    own.filter(|verb| capacities(task, *verb, actor).is_ok()).collect()
}

/// Whether the caller started its root instance: of a task that was made by itself, whether the caller made it.
pub fn is_starter(task: &UserTask, actor: &Actor) -> bool {
    task.starter.as_ref() == Some(&actor.user)
}

fn is_mine(task: &UserTask, actor: &Actor) -> bool {
    task.assignee.as_ref() == Some(&actor.user)
}

fn is_raised(users: &[UserId], groups: &[String], user: &UserId, roles: &BTreeSet<String>) -> bool {
    users.contains(user) || groups.iter().any(|group| roles.contains(group))
}

/// The own name when it fits, and those of the people that the caller stands in for.
fn names<'a>(
    task: &UserTask,
    actor: &'a Actor,
    fits: impl Fn(&UserId, &BTreeSet<String>) -> bool,
) -> Vec<Capacity<'a>> {
    let own = fits(&actor.user, &actor.roles).then_some(None);
    let others = substitutions(task, actor).filter(|one| fits(&one.user, &one.roles));
    own.into_iter().chain(others.map(|one| Some(&one.user))).collect()
}

fn to_claim<'a>(task: &UserTask, actor: &'a Actor) -> Vec<Capacity<'a>> {
    names(task, actor, |user, roles| is_for(task, user, roles))
}

/// From its assignee: by who delegated it, by whom the substitute has it for, by whom it was escalated to.
fn to_take_over<'a>(task: &UserTask, actor: &'a Actor) -> Vec<Capacity<'a>> {
    let pending = task.delegation == Some(Delegation::Pending);
    let back = (task.owner.as_ref() == Some(&actor.user) && pending) || task.acting_for.as_ref() == Some(&actor.user);
    match &task.raised {
        _ if back => vec![None],
        Some(raised) if raised.open && !is_mine(task, actor) => {
            names(task, actor, |user, roles| is_raised(&raised.users, &raised.groups, user, roles))
        }
        Some(_) | None => Vec::new(),
    }
}

fn to_give_back<'a>(task: &UserTask, actor: &'a Actor) -> Result<Vec<Capacity<'a>>, EngineError> {
    match is_mine(task, actor) {
        false => Ok(Vec::new()),
        true if task.delegation == Some(Delegation::Pending) || !is_for_one(task) => Ok(vec![None]),
        true => Err(EngineError::ForOneAlone { task: task.id.clone(), user: actor.user.clone() }),
    }
}

/// On what somebody has. What the substitute took can be done while the substitution is in force, or by who is a
/// candidate too.
fn to_work<'a>(task: &UserTask, actor: &'a Actor) -> Result<Vec<Capacity<'a>>, EngineError> {
    if !is_mine(task, actor) {
        return Ok(stands_in_for_assignee(task, actor).map(|one| Some(&one.user)).into_iter().collect());
    }
    let Some(person) = &task.acting_for else { return Ok(vec![None]) };
    let in_force = substitutions(task, actor).find(|one| one.user == *person);
    let own = is_for(task, &actor.user, &actor.roles).then_some(None);
    match in_force.map(|one| Some(&one.user)).or(own) {
        Some(capacity) => Ok(vec![capacity]),
        None => Err(EngineError::NotCandidate { task: task.id.clone(), user: actor.user.clone() }),
    }
}

/// One step only: not for somebody who has it as a substitute.
fn stands_in_for_assignee<'a>(task: &UserTask, actor: &'a Actor) -> Option<&'a StandsIn> {
    let assignee = task.assignee.as_ref().filter(|_| task.acting_for.is_none())?;
    substitutions(task, actor).find(|one| one.user == *assignee)
}

/// For whom the caller stands in here. Not in what the caller started: nobody decides on the own request in the name of
/// somebody else, also where the process only names who decides.
fn substitutions<'a>(task: &UserTask, actor: &'a Actor) -> impl Iterator<Item = &'a StandsIn> {
    let own = is_starter(task, actor);
    actor.stands_in.iter().filter(move |one| !own && one.covers(&task.process))
}
