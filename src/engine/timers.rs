//! When timers fire.

use super::work::Work;
use crate::model::event_definition::{Missed, TimerSpec};
use crate::model::incident::Failure;
use crate::model::instance::ScopeId;
use crate::model::time::Timestamp;

/// Fires of a cycle or of cron that are counted as missed at most; a cycle that was not looked at for longer begins anew.
const MISSED_MOST: u32 = 100_000;

/// When a timer that is set now fires first, and how often after that; none: it is not counted.
pub(super) fn first(work: &Work, scope: ScopeId, spec: &TimerSpec) -> Result<(Timestamp, Option<u32>), Failure> {
    match spec {
        TimerSpec::Duration(duration) => Ok((duration.after(work.context.now), Some(0))),
        TimerSpec::Date(expression) => {
            let value = work.evaluate(scope, expression, None)?;
            let due = value.as_str().and_then(Timestamp::parse);
            let wrong = || Failure::new("timer", format!("{}: {value} is not an RFC 3339 instant", expression.at));
            Ok((due.ok_or_else(wrong)?, Some(0)))
        }
        TimerSpec::Cycle(cycle) => {
            Ok((cycle.every.after(work.context.now), cycle.times.map(|times| times.saturating_sub(1))))
        }
        TimerSpec::Cron { cron, .. } => {
            let due = cron.next(work.context.now, work.context.time_zone);
            Ok((due.ok_or_else(|| Failure::new("timer", format!("\"{cron}\" does not fire any more")))?, None))
        }
    }
}

/// The next fire of a timer that was due, and how many were missed in between.
pub struct Next {
    /// When; none: it was the last one.
    pub due: Option<Timestamp>,
    /// How often it fires after that.
    pub left: Option<u32>,
    /// Whether the one that was due happens.
    pub happens: bool,
    /// Fires that were due meanwhile and do not happen.
    pub missed: u32,
}

impl Next {
    /// It was the last one, and happens.
    pub const LAST: Next = Next { due: None, left: Some(0), happens: true, missed: 0 };
}

/// What follows a timer that was due then. The next one counts from then, not from when it was looked at.
pub fn next(spec: &TimerSpec, due: Timestamp, left: Option<u32>, now: Timestamp, time_zone: &str) -> Next {
    match spec {
        TimerSpec::Duration(_) | TimerSpec::Date(_) => Next::LAST,
        TimerSpec::Cycle(cycle) => follow(|from| Some(cycle.every.after(from)), cycle.missed, due, left, now),
        TimerSpec::Cron { cron, missed } => follow(|from| cron.next(from, time_zone), *missed, due, left, now),
    }
}

fn follow(
    after: impl Fn(Timestamp) -> Option<Timestamp>,
    policy: Missed,
    due: Timestamp,
    left: Option<u32>,
    now: Timestamp,
) -> Next {
    if left == Some(0) {
        return Next::LAST;
    }
    let mut next = after(due);
    let mut left = left.map(|left| left - 1);
    let mut missed = 0;
    let is_over = |next: Option<Timestamp>| next.is_some_and(|next| next <= now);
    if policy != Missed::All {
        while is_over(next) && left != Some(0) && missed < MISSED_MOST {
            next = next.and_then(&after);
            left = left.map(|left| left - 1);
            missed += 1;
        }
        if is_over(next) {
            next = after(now);
        }
    }
    let happens = policy != Missed::Skip || missed == 0;
    Next { due: next, left, happens, missed: missed + u32::from(!happens) }
}
