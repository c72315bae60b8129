//! Fire a timer: its event happens, and that of a cycle is set anew. A timer that is gone is refused, so firing twice
//! happens once.

use super::job;
use crate::engine::error::EngineError;
use crate::engine::happen;
use crate::engine::task_clock;
use crate::engine::timers;
use crate::engine::work::Work;
use crate::model::event::Event;
use crate::model::event_definition::Trigger;
use crate::model::ids::TimerId;
use crate::model::json::JsonMap;
use crate::model::timer::Timer;

pub(super) fn fire_timer(work: &mut Work, timer: &TimerId) -> Result<(), EngineError> {
    let set = work.instance.timers.get(timer).cloned().ok_or_else(|| EngineError::TimerGone(timer.clone()))?;
    let next = match happen::trigger_of(work, set.holder, &set.node, set.trigger) {
        Some(Trigger::Timer(spec)) => timers::next(&spec, set.due, set.left, work.context.now, work.context.time_zone),
        _ => timers::Next::LAST,
    };
    work.emit(Event::TimerFired { timer: timer.clone(), missed: next.missed });
    if let Some(due) = next.due {
        let id = TimerId(work.next_id());
        work.emit(Event::TimerSet { timer: Timer { id, due, left: next.left, ..set.clone() } });
    }
    if let Some(late) = job::waits_at(work, set.holder, &set.node) {
        job::time_out(work, &late);
    } else if task_clock::is_own(work, &set) {
        task_clock::fire(work, &set);
    } else if next.happens {
        happen::happen(work, set.holder, &set.node, JsonMap::new());
    }
    Ok(())
}
