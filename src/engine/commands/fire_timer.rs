//! Fire a timer: its boundary event happens, or the path that waits for it goes on. A timer that is gone is refused, so firing twice happens once.

use super::job;
use crate::engine::error::EngineError;
use crate::engine::leave;
use crate::engine::nodes::boundary_event;
use crate::engine::work::Work;
use crate::model::event::Event;
use crate::model::ids::TimerId;

pub(super) fn fire_timer(work: &mut Work, timer: &TimerId) -> Result<(), EngineError> {
    let set = work.instance.timers.get(timer).cloned().ok_or_else(|| EngineError::TimerGone(timer.clone()))?;
    work.emit(Event::TimerFired { timer: timer.clone() });
    if let Some(late) = job::waits_at(work, set.token, &set.node) {
        job::time_out(work, &late);
    } else if work.token(set.token).node == set.node {
        leave::leave(work, set.token);
    } else {
        boundary_event::happen(work, set.token, &set.node);
    }
    Ok(())
}
