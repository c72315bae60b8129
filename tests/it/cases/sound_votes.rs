//! Facts about approvals.

use super::sound::Seen;
use kamflow::model::approval::Mode;
use kamflow::model::instance::{Token, TokenState};

/// A token at an approval waits for votes: a task for each seat that has not voted, one at a time where the mode says so.
pub fn is_asked(seen: &Seen, token: &Token) -> bool {
    let Some(voting) = seen.state.votings.get(&token.id) else { return false };
    let Some(level) = voting.levels.get(voting.level) else { return false };
    let open: Vec<usize> =
        voting.seats.iter().enumerate().filter(|(_, seat)| seat.decision.is_none()).map(|(at, _)| at).collect();
    let wanted = if level.mode == Mode::Sequential { &open[..1.min(open.len())] } else { &open[..] };
    let tasks = seen.state.tasks.values().filter(|task| task.token == token.id);
    let mut given: Vec<usize> = tasks.filter_map(|task| task.seat).collect();
    given.sort_unstable();
    !open.is_empty() && given == wanted
}

/// Every approval that goes on has its token, and votes that count are bound to what is approved. One that was given and is
/// watched has its level, and what it counts until.
pub fn votings_have_tokens(seen: &Seen) -> bool {
    let watched = seen.state.approved.values().all(|one| {
        let until = one.voting.subject.as_ref().and_then(|subject| subject.until.as_ref());
        let stale = one.voting.subject.as_ref().is_some_and(|subject| subject.stale);
        let bound = one.voting.counting().all(|vote| vote.digest == one.voting.digest);
        let level = seen.state.scopes.get(&one.scope).is_some();
        one.voting.is_watched() && until.is_some() && bound && level && (!stale || seen.stands_still())
    });
    watched
        && seen.state.votings.values().all(|voting| {
            let token = seen.state.tokens.get(&voting.token);
            let waits = token.is_some_and(|token| token.state == TokenState::Active && token.node == voting.node);
            let bound = voting.counting().all(|vote| vote.digest == voting.digest && vote.round == voting.round);
            waits && bound && voting.ended.is_none()
        })
}
