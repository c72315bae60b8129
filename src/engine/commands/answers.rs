//! The answers of the runtime to what `apply` asked: an action's result, a process begun, a savepoint set, a
//! block rolled back.

use crate::engine::approvals;
use crate::engine::error::EngineError;
use crate::engine::incident::ATOMIC;
use crate::engine::nodes;
use crate::engine::outward;
use crate::engine::task_clock;
use crate::engine::work::Work;
use crate::model::action::{Abort, ActionCall, ActionResult};
use crate::model::beginning::{BeginResult, Beginning};
use crate::model::event::Event;
use crate::model::incident::Failure;
use crate::model::instance::{TokenId, TokenState};
use crate::model::process::NodeKind;

pub(super) fn acted(work: &mut Work, call: &ActionCall, result: &ActionResult) -> Result<(), EngineError> {
    expect_state(work, call.token, TokenState::Active)?;
    let place = work.place(call.token).ok_or(EngineError::NothingAsked)?;
    if let Some(task) = &call.task {
        task_clock::above(work, task, result);
        return Ok(());
    }
    match place.node().kind {
        NodeKind::ServiceTask(_) => nodes::service_task::acted(work, call, result),
        NodeKind::Approval(_) => approvals::acted(work, call, result),
        _ => return Err(EngineError::NothingAsked),
    }
    Ok(())
}

pub(super) fn begun(work: &mut Work, beginning: &Beginning, result: &BeginResult) -> Result<(), EngineError> {
    expect_state(work, beginning.token, TokenState::Active)?;
    let place = work.place(beginning.token).ok_or(EngineError::NothingAsked)?;
    if !matches!(&place.node().kind, NodeKind::CallActivity(call) if !call.wait) {
        return Err(EngineError::NothingAsked);
    }
    nodes::call_activity::begun(work, beginning, result);
    Ok(())
}

pub(super) fn enter_atomic(work: &mut Work, token: TokenId) -> Result<(), EngineError> {
    expect_state(work, token, TokenState::Ready)?;
    let place = work.place(token).ok_or(EngineError::NothingAsked)?;
    nodes::enter(work, token, &place.process, place.node());
    Ok(())
}

pub(super) fn rolled_back(work: &mut Work, token: TokenId, abort: &Abort) -> Result<(), EngineError> {
    expect_state(work, token, TokenState::Ready)?;
    let node = work.token(token).node.clone();
    work.emit(Event::NodeEntered { token, node });
    match abort {
        Abort::Failure(failure) => nodes::fail(work, token, Failure { code: ATOMIC.into(), ..failure.clone() }),
        Abort::Error(code) => outward::error_at(work, token, code),
    }
    Ok(())
}

fn expect_state(work: &Work, token: TokenId, state: TokenState) -> Result<(), EngineError> {
    let there = work.instance.tokens.get(&token).is_some_and(|token| token.state == state);
    if there { Ok(()) } else { Err(EngineError::NothingAsked) }
}
