//! Timers of events: at the edge of an activity, set while it waits and gone when it leaves; or on the way, where a path
//! waits for them.

use super::loops;
use super::work::Work;
use crate::model::event::Event;
use crate::model::ids::{NodeId, TimerId};
use crate::model::incident::Failure;
use crate::model::instance::{TokenId, TokenState};
use crate::model::process::{BoundaryEvent, Node, NodeKind, Process, TimerSpec, Trigger};
use crate::model::time::Timestamp;
use crate::model::timer::Timer;

/// The boundary timers of the activity that a token enters, all of them or the failure of one; none when they were set
/// before: a retry does not start them again. They are of the activity as a whole, not of one round of it.
pub(super) fn plan(
    work: &Work,
    token: TokenId,
    process: &Process,
    node: &Node,
) -> Result<Vec<(NodeId, Timestamp)>, Failure> {
    if work.token(token).timed || loops::is_round(work, token) {
        return Ok(Vec::new());
    }
    let boundaries = node.boundary.iter().filter_map(|id| process.node(id));
    let timers = boundaries.filter_map(|boundary| match &boundary.kind {
        NodeKind::BoundaryEvent(BoundaryEvent { trigger: Trigger::Timer(spec), .. }) => Some((boundary, spec)),
        _ => None,
    });
    timers.map(|(boundary, spec)| due(work, token, spec).map(|due| (boundary.id.clone(), due))).collect()
}

/// Sets the planned timers of a node that its token waits in.
pub(super) fn set(work: &mut Work, token: TokenId, planned: Vec<(NodeId, Timestamp)>) {
    let at = work.instance.tokens.get(&token);
    if !at.is_some_and(|at| matches!(at.state, TokenState::Active | TokenState::Failed)) {
        return;
    }
    for (node, due) in planned {
        let timer = Timer { id: TimerId(work.next_id()), token, node, due };
        work.emit(Event::TimerSet { timer });
    }
}

/// Cancels the timers of a token's activity.
pub(super) fn cancel(work: &mut Work, token: TokenId) {
    let timers: Vec<TimerId> =
        work.instance.timers.values().filter(|timer| timer.token == token).map(|timer| timer.id.clone()).collect();
    for timer in timers {
        work.emit(Event::TimerCancelled { timer });
    }
}

/// When a timer that is set now fires.
pub(super) fn due(work: &Work, token: TokenId, spec: &TimerSpec) -> Result<Timestamp, Failure> {
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
