//! What is approved, and its digest: every vote is bound to it. Whenever something has moved it is looked at again; when it
//! is another one, no vote counts any more, and the approval begins anew with the levels that are asked now.

use super::{ask, cancel_tasks, emit, give_up, levels, subject};
use crate::engine::scope;
use crate::engine::work::Work;
use crate::model::approval::Approval;
use crate::model::digest::digest;
use crate::model::incident::Failure;
use crate::model::instance::TokenId;
use crate::model::json::Json;
use crate::model::voting::{Bound, Subject, VotingEvent};

/// The values with their digest.
pub(super) fn of(
    work: &Work,
    token: TokenId,
    definition: &Approval,
    subject: Option<&Subject>,
) -> Result<(Vec<Bound>, String), Failure> {
    let (scope, extra) = (work.token(token).scope, subject::names(subject));
    let read = definition.of.iter().map(|expression| {
        let value = work.evaluate(scope, expression, Some(&extra))?;
        Ok(Bound { name: expression.source.to_string(), value })
    });
    let values = read.collect::<Result<Vec<Bound>, Failure>>()?;
    let as_json = values.iter().map(|bound| (bound.name.clone(), bound.value.clone()));
    let digest = digest(&Json::Object(as_json.collect()));
    Ok((values, digest))
}

/// Begins every approval anew whose subject has changed; not while an atomic block is carried out, since what it sets may
/// be taken back. One question at a time: the others are looked at when it is answered.
pub(in crate::engine) fn look_again(work: &mut Work) {
    if work.instance.votings.is_empty() || scope::open_block(work).is_some() {
        return;
    }
    let tokens: Vec<TokenId> = work.instance.votings.keys().copied().collect();
    for token in tokens {
        if work.ask.is_some() {
            return;
        }
        if let Some(definition) = super::definition(work, token) {
            look_at(work, token, &definition);
        }
    }
}

fn look_at(work: &mut Work, token: TokenId, definition: &Approval) {
    let Some(voting) = work.instance.votings.get(&token) else { return };
    if voting.subject.as_ref().is_some_and(|known| subject::is_behind(work, token, known)) {
        if let Err(failure) = subject::ask(work, token) {
            give_up(work, token, failure);
        }
        return;
    }
    let (known, subject) = (voting.digest.clone(), voting.subject.as_ref());
    let reopened = match of(work, token, definition, subject) {
        Ok((_, digest)) if digest == known => return,
        Ok((of, digest)) => {
            levels::levels(work, token, definition, subject).map(|levels| VotingEvent::Reopened { of, digest, levels })
        }
        Err(failure) => Err(failure),
    };
    match reopened {
        Ok(reopened) => {
            cancel_tasks(work, token);
            emit(work, token, reopened);
            ask(work, token, definition);
        }
        Err(failure) => give_up(work, token, failure),
    }
}
