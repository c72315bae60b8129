//! Activities that exclude each other: in one instance, only one of those with the same word is at work at a time.

use super::work::Work;
use crate::model::event::Event;
use crate::model::instance::{TokenId, TokenState};
use crate::model::process::Node;

/// Whether an activity that excludes this one is at work.
pub(super) fn excluded(work: &Work, token: TokenId, node: &Node) -> bool {
    let Some(word) = &node.mutex else { return false };
    let instance = &work.scope(work.token(token).scope).instance;
    let at_work = |other: &TokenId| {
        let other = work.token(*other);
        let inside = matches!(other.state, TokenState::Active | TokenState::Failed | TokenState::Happened);
        inside
            && other.id != token
            && work.scope(other.scope).instance == *instance
            && work.place(other.id).is_some_and(|place| place.node().mutex.as_ref() == Some(word))
            && !around(work, token, other.id)
    };
    work.instance.tokens.keys().any(at_work)
}

/// Lets those begin that nothing excludes any more, the one that came first before others.
pub(super) fn unblock(work: &mut Work) {
    let blocked: Vec<TokenId> = work.instance.tokens.doing(TokenState::Blocked).map(|token| token.id).collect();
    for token in blocked {
        let free = work.place(token).is_none_or(|place| !excluded(work, token, place.node()));
        if free && !others_ready(work, token) {
            work.emit(Event::TokenUnblocked { token });
        }
    }
}

/// Whether another token is about to begin an activity with the same word.
fn others_ready(work: &Work, token: TokenId) -> bool {
    let Some(own) = work.place(token) else { return false };
    let Some(word) = &own.node().mutex else { return false };
    let mut ready = work.instance.ready.iter().filter(|other| **other != token);
    ready.any(|other| work.place(*other).is_some_and(|place| place.node().mutex.as_ref() == Some(word)))
}

/// Whether an activity is what this token lies inside of: a round does not wait for the whole.
fn around(work: &Work, token: TokenId, activity: TokenId) -> bool {
    super::scope::around(work, work.token(token).scope).any(|scope| scope.owner == Some(activity))
}
