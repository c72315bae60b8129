//! Moves tokens: first in, first out, until every one of them waits or the runtime is asked for something.

use super::work::Work;
use super::{approvals, conditions, incident, leave, loops, mutex, nodes, scope, subscriptions};
use crate::model::action::{Abort, Ask};
use crate::model::event::Event;
use crate::model::incident::Failure;
use crate::model::instance::{TokenId, TokenState};
use crate::model::process::{Node, NodeKind, Process};

/// Node entries without waiting after which a loop is stopped with an incident.
pub(super) const MOVES: u32 = 10_000;

/// Moves every ready token as far as it goes.
pub(super) fn run(work: &mut Work) {
    approvals::take_back(work);
    loop {
        approvals::look_again(work);
        conditions::fire(work);
        nodes::inclusive_gateway::fire_enabled(work);
        nodes::complex_gateway::reset_finished(work);
        mutex::unblock(work);
        if work.ask.is_some() {
            return;
        }
        let block = scope::open_block(work);
        if let Some(token) = next(work, block) {
            step(work, token);
        } else if !nodes::inclusive_gateway::report_deadlock(work) {
            return block.into_iter().for_each(|block| stuck(work, block));
        }
    }
}

/// The token that moves next. While an atomic block is carried out only tokens inside it move: what others did would be
/// taken back with it, and their own savepoints would lie inside its savepoint.
fn next(work: &Work, block: Option<TokenId>) -> Option<TokenId> {
    let mut ready = work.instance.ready.iter().copied();
    match block {
        None => ready.next(),
        block => ready.find(|token| scope::block_around(work, *token) == block),
    }
}

/// An atomic block in which a token waits for ever, at a join, cannot be left open: its transaction ends now.
fn stuck(work: &mut Work, block: TokenId) {
    let sentence = format!("a token inside \"{}\" waits at a join that nothing can reach", work.token(block).node);
    work.ask = Some(Ask::Rollback { token: block, abort: Abort::Failure(Failure::new("stuck", sentence)) });
}

fn step(work: &mut Work, token: TokenId) {
    if work.instance.moves >= MOVES {
        let failure = Failure::new("loop", format!("{MOVES} moves without waiting: this loop does not end"));
        return incident::raise(work, token, failure);
    }
    if work.token(token).state == TokenState::Leaving {
        return leave::leave(work, token);
    }
    let Some(place) = work.place(token) else {
        let failure = Failure::new("node", "the pinned revision does not have this node any more");
        return incident::raise(work, token, failure);
    };
    let (process, node) = (&*place.process, place.node());
    if let Err(failure) = subscriptions::listen(work, work.token(token).scope, process) {
        return incident::raise(work, token, failure);
    }
    match &node.kind {
        NodeKind::SubProcess(sub) if sub.atomic && !loops::is_whole(work, token, node) => {
            work.ask = Some(Ask::Savepoint { token })
        }
        NodeKind::ParallelGateway if node.incoming.len() > 1 => {
            work.emit(Event::TokenJoining { token });
            nodes::parallel_gateway::join(work, token, node);
        }
        NodeKind::InclusiveGateway if node.incoming.len() > 1 => work.emit(Event::TokenJoining { token }),
        NodeKind::ComplexGateway(gateway) if node.incoming.len() > 1 => {
            work.emit(Event::TokenJoining { token });
            nodes::complex_gateway::join(work, token, process, node, gateway);
        }
        _ if node.start_quantity > 1 && !loops::is_round(work, token) => gather(work, token, process, node),
        _ if mutex::excluded(work, token, node) => work.emit(Event::TokenBlocked { token }),
        _ => nodes::enter(work, token, process, node),
    }
}

/// An activity that takes several tokens begins when they have come (BPMN: startQuantity).
fn gather(work: &mut Work, token: TokenId, process: &Process, node: &Node) {
    work.emit(Event::TokenJoining { token });
    let scope = work.token(token).scope;
    let tokens = work.instance.tokens.values();
    let here =
        tokens.filter(|other| other.scope == scope && other.node == node.id && other.state == TokenState::Joining);
    let mut here: Vec<TokenId> = here.map(|other| other.id).take(node.start_quantity as usize).collect();
    if here.len() < node.start_quantity as usize {
        return;
    }
    let last = here.pop().unwrap_or(token);
    for used in here {
        work.emit(Event::TokenRemoved { token: used });
    }
    nodes::enter(work, last, process, node);
}
