//! End event: a path ends; with `error` it throws a BPMN error, with `terminate` its whole level ends.

use super::{Entered, boundary_event};
use crate::engine::scope;
use crate::engine::work::Work;
use crate::model::event::Event;
use crate::model::incident::Failure;
use crate::model::instance::TokenId;
use crate::model::process::{EndEvent, Node};

pub(super) fn enter(work: &mut Work, token: TokenId, node: &Node, event: &EndEvent) -> Result<Entered, Failure> {
    if let Some(code) = &event.error {
        work.emit(Event::NodeCompleted { token, node: node.id.clone() });
        boundary_event::throw_error(work, token, code);
        return Ok(Entered::Waits);
    }
    if event.terminate {
        let level = work.token(token).scope;
        work.emit(Event::NodeCompleted { token, node: node.id.clone() });
        work.emit(Event::TokenRemoved { token });
        scope::cancel_tokens(work, level);
        scope::settle(work, level);
        return Ok(Entered::Waits);
    }
    Ok(Entered::Done)
}
