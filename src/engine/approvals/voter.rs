//! Who may give a vote that is asked for, whosever it is: not who asks for it or is barred, and nobody twice at a level.

use super::definition;
use super::people::barred;
use crate::engine::error::EngineError;
use crate::engine::voting_error::VotingError;
use crate::engine::work::Work;
use crate::model::ids::UserId;
use crate::model::instance::TokenId;
use crate::model::task::UserTask;
use crate::model::voting::Voting;

/// Refuses this person for this vote. Whoever has work that is no vote may have it.
pub(in crate::engine) fn may_vote(work: &Work, task: &UserTask, user: &UserId) -> Result<(), EngineError> {
    let voting = work.instance.votings.get(&task.token).zip(task.seat);
    let (Some((voting, seat)), Some(definition)) = (voting, definition(work, task.token)) else { return Ok(()) };
    // Where it cannot be said who is barred, nobody votes: the same expression was fine when the level was seated.
    let barred = barred(work, task.token, &definition)
        .map_err(|failure| VotingError::Unclear { task: task.id.clone(), why: failure.message })?;
    let whose = voting.seats.get(seat).map(|seat| &seat.user);
    if barred.contains(user) || whose.is_some_and(|whose| barred.contains(whose)) || *user == voting.submitter {
        return Err(VotingError::Barred { task: task.id.clone(), user: user.clone() }.into());
    }
    if has_voted(voting, user) {
        return Err(VotingError::VotedAlready { task: task.id.clone(), user: user.clone() }.into());
    }
    Ok(())
}

/// The people who may not give any vote at the level at work.
pub(in crate::engine) fn no_voters(work: &Work, token: TokenId) -> Vec<UserId> {
    let (Some(voting), Some(definition)) = (work.instance.votings.get(&token), definition(work, token)) else {
        return Vec::new();
    };
    let voted = voting.counting().filter(|vote| vote.level == voting.level).filter_map(|vote| vote.by.clone());
    let barred = barred(work, token, &definition).unwrap_or_default();
    barred.into_iter().chain([voting.submitter.clone()]).chain(voted).collect()
}

/// Whoever has voted at the level at work, in person.
fn has_voted(voting: &Voting, user: &UserId) -> bool {
    voting.counting().any(|vote| vote.level == voting.level && vote.by.as_ref() == Some(user))
}
