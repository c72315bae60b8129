//! Moves tokens: first in, first out, until every one of them waits or the runtime is asked for something.

use super::work::Work;
use super::{incident, leave, nodes};
use crate::model::action::Ask;
use crate::model::event::Event;
use crate::model::incident::Failure;
use crate::model::instance::{TokenId, TokenState};
use crate::model::process::NodeKind;

/// Node entries without waiting after which a loop is stopped with an incident.
pub(super) const MOVES: u32 = 10_000;

/// Moves every ready token as far as it goes.
pub(super) fn run(work: &mut Work) {
    loop {
        nodes::inclusive_gateway::fire_enabled(work);
        if work.ask.is_some() {
            return;
        }
        if let Some(&token) = work.instance.ready.front() {
            step(work, token);
        } else if !nodes::inclusive_gateway::report_deadlock(work) {
            return;
        }
    }
}

fn step(work: &mut Work, token: TokenId) {
    if work.instance.moves >= MOVES {
        let failure = Failure::new("loop", format!("{MOVES} moves without waiting: this loop does not end"));
        return incident::raise(work, token, failure);
    }
    if work.token(token).state == TokenState::Leaving {
        return leave::leave(work, token);
    }
    let Some((process, node)) = work.place(token) else {
        let failure = Failure::new("node", "the pinned revision does not have this node any more");
        return incident::raise(work, token, failure);
    };
    match &node.kind {
        NodeKind::SubProcess(sub) if sub.atomic => work.ask = Some(Ask::Savepoint { token }),
        NodeKind::ParallelGateway if node.incoming.len() > 1 => {
            work.emit(Event::TokenJoining { token });
            nodes::parallel_gateway::join(work, token, &node);
        }
        NodeKind::InclusiveGateway if node.incoming.len() > 1 => work.emit(Event::TokenJoining { token }),
        _ => nodes::enter(work, token, &process, &node),
    }
}
