//! Boundary timers: set while an activity waits, gone when it leaves.

use super::work::Work;
use crate::model::event::Event;
use crate::model::ids::TimerId;
use crate::model::incident::Failure;
use crate::model::instance::{TokenId, TokenState};
use crate::model::process::{Node, NodeKind, Process, TimerSpec, Trigger};
use crate::model::time::Timestamp;
use crate::model::timer::Timer;

/// Sets the boundary timers of an activity that its token has begun to wait in; once, also after a retry.
pub(super) fn arm(work: &mut Work, token: TokenId, process: &Process, node: &Node) -> Result<(), Failure> {
    let waits = work
        .instance
        .tokens
        .get(&token)
        .is_some_and(|at| at.node == node.id && matches!(at.state, TokenState::Active | TokenState::Failed));
    let armed = work.instance.timers.values().any(|timer| timer.token == token);
    if !waits || armed {
        return Ok(());
    }
    for boundary in node.boundary.iter().filter_map(|id| process.node(id)) {
        if let NodeKind::BoundaryEvent(event) = &boundary.kind
            && let Trigger::Timer(spec) = &event.trigger
        {
            let due = due(work, token, spec)?;
            let timer = Timer { id: TimerId(work.next_id()), token, node: boundary.id.clone(), due };
            work.emit(Event::TimerSet { timer });
        }
    }
    Ok(())
}

/// Cancels the timers of a token's activity.
pub(super) fn cancel(work: &mut Work, token: TokenId) {
    let timers: Vec<TimerId> =
        work.instance.timers.values().filter(|timer| timer.token == token).map(|timer| timer.id.clone()).collect();
    for timer in timers {
        work.emit(Event::TimerCancelled { timer });
    }
}

fn due(work: &Work, token: TokenId, spec: &TimerSpec) -> Result<Timestamp, Failure> {
    match spec {
        TimerSpec::Duration(duration) => Ok(duration.after(work.context.now)),
        TimerSpec::Date(expression) => {
            let names = work.names(work.token(token).scope, None);
            let value = work.context.scripts.evaluate(expression, &names)?;
            value
                .as_str()
                .and_then(Timestamp::parse)
                .ok_or_else(|| Failure::new("timer", format!("{}: {value} is not an RFC 3339 instant", expression.at)))
        }
    }
}
