//! Decide: an approver votes. Withdraw: the submitter takes it back while nobody has voted.

use super::claim::{may, open_task};
use super::sub_task;
use crate::engine::approvals;
use crate::engine::error::EngineError;
use crate::engine::task_clock;
use crate::engine::voting_error::VotingError;
use crate::engine::work::Work;
use crate::model::approval::{Approval, RETURNED, WITHDRAWN, returned_to};
use crate::model::event::Event;
use crate::model::ids::{TaskId, token_name};
use crate::model::instance::TokenId;
use crate::model::task::TaskVerb;
use crate::model::voting::{Choice, Decide, Vote, VotingEvent};

pub(super) fn decide(work: &mut Work, task: &TaskId, decide: &Decide) -> Result<(), EngineError> {
    let open = open_task(work, task)?.clone();
    let (token, Some(seat)) = (open.token, open.seat) else { return Err(VotingError::NoVote(task.clone()).into()) };
    let acting_for = may(work, task, TaskVerb::Decide)?;
    let parts = sub_task::open(work, task);
    if !parts.is_empty() {
        return Err(EngineError::SubTasksOpen { task: task.clone(), open: parts });
    }
    let gone = || EngineError::TaskNotOpen(task.clone());
    let definition = approvals::definition(work, token).ok_or_else(gone)?;
    let voting = work.instance.votings.get(&token).ok_or_else(gone)?;
    let for_user = voting.seats.get(seat).ok_or_else(gone)?.user.clone();
    approvals::may_vote(work, &open, &work.context.actor.user)?;
    if decide.digest != voting.digest {
        return Err(VotingError::OtherDigest { task: task.clone(), digest: voting.digest.clone() }.into());
    }
    let says_why = decide.reason.as_ref().is_some_and(|reason| !reason.trim().is_empty());
    if definition.reasons.contains(&decide.choice) && !says_why {
        return Err(VotingError::NoReason(task.clone()).into());
    }
    let outcome = back(&definition, task, decide)?;
    let vote = Vote {
        level: voting.level,
        round: voting.round,
        by: Some(work.context.actor.user.clone()),
        for_user,
        choice: decide.choice,
        to: decide.to.clone(),
        reason: decide.reason.clone(),
        digest: decide.digest.clone(),
        at: work.context.now,
        void: false,
    };
    let (by, choice) = (work.context.actor.user.clone(), decide.choice.name().to_owned());
    task_clock::stop(work, &open);
    let (voted, duties) = (Some(choice), Vec::new());
    work.emit(Event::TaskCompleted { task: task.clone(), by, acting_for, outcome: voted, duties });
    approvals::emit(work, token, VotingEvent::Voted { seat, vote });
    match outcome {
        Some(outcome) => approvals::close(work, token, outcome, decide.reason.clone()),
        None => approvals::go_on(work, token, &definition),
    }
    Ok(())
}

/// The outcome of a vote that sends it back; none for the others, which are counted.
fn back(definition: &Approval, task: &TaskId, decide: &Decide) -> Result<Option<String>, EngineError> {
    let outcome = match (decide.choice, &decide.to) {
        (Choice::Return, Some(node)) => returned_to(node),
        (Choice::Return, None) => RETURNED.to_owned(),
        (_, Some(_)) => return Err(VotingError::NotSentBack(task.clone()).into()),
        (_, None) => return Ok(None),
    };
    if definition.outcomes.contains(&outcome) {
        return Ok(Some(outcome));
    }
    let offered = definition.returns.clone();
    Err(VotingError::CannotReturn { task: task.clone(), to: decide.to.clone(), offered }.into())
}

pub(super) fn withdraw(work: &mut Work, token: TokenId, reason: &Option<String>) -> Result<(), EngineError> {
    let name = token_name(&work.instance.id, token);
    let Some(voting) = work.instance.votings.get(&token) else { return Err(VotingError::NotOpen(name).into()) };
    let Some(definition) = approvals::definition(work, token) else {
        return Err(VotingError::NotOpen(name).into());
    };
    if work.context.actor.user != voting.submitter {
        return Err(VotingError::NotSubmitter { approval: name, submitter: voting.submitter.clone() }.into());
    }
    if voting.counting().next().is_some() {
        return Err(VotingError::Decided(name).into());
    }
    let ways = [WITHDRAWN, RETURNED].into_iter();
    let Some(outcome) = ways.map(str::to_owned).find(|outcome| definition.outcomes.contains(outcome)) else {
        return Err(VotingError::NoWayBack(name).into());
    };
    approvals::close(work, token, outcome, reason.clone());
    Ok(())
}
