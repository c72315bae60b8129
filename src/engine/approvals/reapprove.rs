//! What was approved has changed before the process was done with it: it is approved no more. What is on the way from the
//! approval to the node until which it holds is taken back, and the approval is asked for anew, all in one transition.

use super::emit;
use crate::engine::scope;
use crate::engine::work::Work;
use crate::model::between::between;
use crate::model::instance::TokenId;
use crate::model::voting::{Approved, VotingEvent};
use std::collections::BTreeSet;

/// Takes back what rests on approvals of what is not there any more. It comes before anything moves, so nothing gets past.
pub(in crate::engine) fn take_back(work: &mut Work) {
    let stale = |approved: &Approved| approved.voting.subject.as_ref().is_some_and(|subject| subject.stale);
    let tokens: Vec<TokenId> =
        work.instance.approved.iter().filter(|(_, approved)| stale(approved)).map(|(token, _)| *token).collect();
    for token in tokens {
        ask_anew(work, token);
    }
}

/// Where nothing is on the way any more, nothing can get past, and nobody is asked again.
fn ask_anew(work: &mut Work, token: TokenId) {
    let Some(Approved { scope, voting }) = work.instance.approved.get(&token).cloned() else { return };
    let (instance, node, at) = (voting.instance.clone(), voting.node.clone(), work.context.now);
    emit(work, token, VotingEvent::Voided { instance, node, at });
    let until = voting.subject.as_ref().and_then(|subject| subject.until.as_ref());
    let Some((process, until)) = work.process(scope).zip(until) else { return };
    let between: BTreeSet<_> = between(&process, &voting.node, until);
    let on_the_way = work.instance.tokens.values().filter(|one| {
        // The token of the approval itself is still there when its way on has failed.
        one.scope == scope && (one.id == token || between.contains(&one.node))
    });
    let on_the_way: Vec<TokenId> = on_the_way.map(|one| one.id).collect();
    if on_the_way.is_empty() {
        return;
    }
    on_the_way.into_iter().for_each(|one| scope::cancel_token(work, one));
    work.place_token(scope, &voting.node, None);
}
