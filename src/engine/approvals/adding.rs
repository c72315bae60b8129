//! One more approver at the level at work: added by whom the process lets, never who may not have a say or has one there.

use super::people::{self, barred};
use super::{definition, emit, go_on, may_vote};
use crate::engine::context::Context;
use crate::engine::error::EngineError;
use crate::engine::lifecycle;
use crate::engine::voting_error::VotingError;
use crate::engine::work::Work;
use crate::model::approval::{Approval, MayAdd, Mode};
use crate::model::ids::{UserId, token_name};
use crate::model::incident::Failure;
use crate::model::instance::{Instance, TokenId};
use crate::model::task::TaskVerb;
use crate::model::voting::{Added, Approver, Seat, Voting, VotingEvent};
use std::collections::BTreeSet;

/// Adds somebody, who is asked at once; where they are asked one after the other, right after whose turn it is.
pub(in crate::engine) fn add(
    work: &mut Work,
    token: TokenId,
    person: &Approver,
    reason: &str,
) -> Result<(), EngineError> {
    let (voting, definition, barred) = adder(work, token)?;
    let (approval, user) = (token_name(&work.instance.id, token), person.user.clone());
    if barred.contains(&user) || user == voting.submitter {
        return Err(VotingError::AddsBarred { approval, user }.into());
    }
    let has_voted =
        |user: &UserId| voting.counting().any(|vote| vote.level == voting.level && vote.by.as_ref() == Some(user));
    if voting.seats.iter().any(|seat| seat.user == user) || has_voted(&user) {
        return Err(VotingError::SitsAlready { approval, user }.into());
    }
    if voting.seats.len() >= people::MOST {
        return Err(VotingError::TooMany { approval, most: people::MOST }.into());
    }
    let unclear = |failure: Failure| VotingError::AddsUnclear { approval: approval.clone(), why: failure.message };
    if !people::is_enough(work, token, &definition, &voting, person).map_err(unclear)? {
        return Err(VotingError::WordNotEnough { approval, user }.into());
    }
    let asked = people::seat(work, token, &definition, &voting, person).map_err(unclear)?;
    let (level, round, at) = (voting.level, voting.round, work.context.now);
    let by = work.context.actor.user.clone();
    let added = Added { user, level, round, by, reason: reason.to_owned(), at };
    emit(work, token, VotingEvent::ApproverAdded { seat: place(&voting), asked, added });
    go_on(work, token, &definition);
    Ok(())
}

/// Refuses a caller who may not add approvers now.
pub fn may_add_approver(instance: &Instance, token: TokenId, context: &Context) -> Result<(), EngineError> {
    adder(&Work::new(context, instance.clone()), token).map(|_| ())
}

/// The open approval that the caller may add somebody to, with those who may not have a say.
fn adder(work: &Work, token: TokenId) -> Result<(Voting, Approval, BTreeSet<UserId>), EngineError> {
    let approval = token_name(&work.instance.id, token);
    let gone = || VotingError::NotOpen(approval.clone());
    let voting = work.instance.votings.get(&token).cloned().ok_or_else(gone)?;
    let definition = definition(work, token).ok_or_else(gone)?;
    let barred = barred(work, token, &definition)
        .map_err(|failure| VotingError::AddsUnclear { approval: approval.clone(), why: failure.message })?;
    let actor = work.context.actor;
    let named = voting.may_add.iter().any(|named| match named {
        MayAdd::Approver => could_vote(work, token),
        MayAdd::Role(role) => actor.roles.contains(role),
        MayAdd::User(user) => actor.user == *user,
    });
    // Who asks for it, or has prepared it, does not choose who judges it.
    if !named || actor.user == voting.submitter || barred.contains(&actor.user) {
        return Err(VotingError::MayNotAdd { approval, user: actor.user.clone() }.into());
    }
    Ok((voting, definition, barred))
}

/// Whether the caller could give one of the votes that are asked for.
fn could_vote(work: &Work, token: TokenId) -> bool {
    let actor = work.context.actor;
    let mut votes = work.instance.tasks.values().filter(|task| task.token == token && task.seat.is_some());
    votes.any(|task| {
        lifecycle::capacities(task, TaskVerb::Decide, actor).is_ok() && may_vote(work, task, &actor.user).is_ok()
    })
}

/// The number of a new seat: the last one; where one is asked after the other, after whose turn it is and those who were
/// added for this turn before.
fn place(voting: &Voting) -> usize {
    if voting.levels.get(voting.level).is_none_or(|level| level.mode != Mode::Sequential) {
        return voting.seats.len();
    }
    let here = |added: &&Added| added.level == voting.level && added.round == voting.round;
    let was_added = |seat: &Seat| voting.added.iter().filter(here).any(|added| added.user == seat.user);
    let turn = voting.seats.iter().position(|seat| seat.decision.is_none()).unwrap_or(voting.seats.len());
    let next = voting.seats.iter().enumerate().skip(turn + 1);
    next.into_iter().find(|(_, seat)| !was_added(seat)).map_or(voting.seats.len(), |(at, _)| at)
}
