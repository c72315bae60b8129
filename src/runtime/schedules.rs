//! Timers that begin processes: which there are in a revision, and when each is due first. A timer that a revision
//! leaves as it was goes on as if nothing had been deployed.

use super::Runtime;
use super::begins;
use super::exchange::Exchange;
use super::library::Library;
use super::request::{Change, Request};
use crate::engine::evaluator::{Evaluator, Names};
use crate::model::actor::Actor;
use crate::model::event_definition::{TimerSpec, Trigger};
use crate::model::ids::BusinessId;
use crate::model::json::JsonMap;
use crate::model::process::{Node, NodeKind};
use crate::model::refusal::Refusal;
use crate::model::schedule::Schedule;
use crate::model::time::Timestamp;
use crate::plugins::Stop;
use crate::store::{Connection, businesses, schedules};

/// Begun in one go at most.
const BATCH: i64 = 200;

/// Keeps the timers of a revision that becomes the active one.
pub fn renew(conn: &mut Connection, business: &BusinessId, library: &Library, now: Timestamp) -> Result<(), Stop> {
    let present = schedules::list(conn, business)?;
    let time_zone = businesses::time_zone(conn, business)?;
    let mut all = Vec::new();
    for process in library.definitions.processes.values() {
        let starts =
            begins::events(process).into_iter().filter(|(node, _)| matches!(node.kind, NodeKind::StartEvent(_)));
        for (node, catch) in starts {
            for (trigger, wanted) in catch.triggers.iter().enumerate() {
                let Trigger::Timer(spec) = wanted else { continue };
                let written = written(spec);
                let same = |one: &&Schedule| {
                    one.process == process.key && one.node == node.id && one.trigger == trigger && one.spec == written
                };
                if let Some(same) = present.iter().find(same) {
                    all.push(same.clone());
                    continue;
                }
                let (due, left) = first(library, node, spec, now, &time_zone)?;
                let (process, node) = (process.key.clone(), node.id.clone());
                all.push(Schedule { business: business.clone(), process, node, trigger, spec: written, due, left });
            }
        }
    }
    if all != present {
        schedules::replace(conn, business, &all)?;
    }
    Ok(())
}

/// The timer of a start event as it stands in a revision; none when the revision has another one there.
pub fn spec_of<'l>(library: &'l Library, schedule: &Schedule) -> Option<&'l TimerSpec> {
    let process = library.definitions.processes.get(&schedule.process)?;
    match process.node(&schedule.node)?.catching()?.triggers.get(schedule.trigger)? {
        Trigger::Timer(spec) if written(spec) == schedule.spec => Some(spec),
        _ => None,
    }
}

/// When it is due first. A date that is past begins nothing: nothing was deployed then.
fn first(
    library: &Library,
    node: &Node,
    spec: &TimerSpec,
    now: Timestamp,
    time_zone: &str,
) -> Result<(Option<Timestamp>, Option<u32>), Refusal> {
    Ok(match spec {
        TimerSpec::Duration(duration) => (Some(duration.after(now)), Some(0)),
        TimerSpec::Cycle(cycle) => (Some(cycle.every.after(now)), cycle.times.map(|times| times.saturating_sub(1))),
        TimerSpec::Cron { cron, .. } => (cron.next(now, time_zone), None),
        TimerSpec::Date(expression) => {
            let nothing = JsonMap::new();
            let value = library.scripts.evaluate(expression, &Names::new(vec![&nothing]));
            let value = value.map_err(|failure| Refusal::invalid("schedule", failure.message))?;
            let due = value.as_str().and_then(Timestamp::parse).ok_or_else(|| {
                let sentence =
                    format!("{}: {value} is not an RFC 3339 instant, so \"{}\" never begins", expression.at, node.id);
                Refusal::invalid("schedule", sentence)
            })?;
            (Some(due).filter(|due| *due > now), Some(0))
        }
    })
}

/// What its author wrote, without the place.
fn written(spec: &TimerSpec) -> String {
    match spec {
        TimerSpec::Duration(duration) => format!("duration {duration}"),
        TimerSpec::Date(expression) => format!("date {}", expression.source),
        TimerSpec::Cycle(cycle) => {
            let times = cycle.times.map_or(String::new(), |times| times.to_string());
            format!("cycle R{times}/{} {}", cycle.every, cycle.missed.name())
        }
        TimerSpec::Cron { cron, missed } => format!("cron {cron} {}", missed.name()),
    }
}

impl Runtime {
    /// Begins every process whose time has come; how many timers were due, and how many could not be looked at.
    pub(super) async fn begin_due(&self) -> Result<(usize, usize), Refusal> {
        let now = self.now();
        let due = self.read(move |conn, _| Ok(schedules::due(conn, now, BATCH)?)).await?;
        let (mut done, mut refused) = (0, 0);
        for schedule in due {
            let actor = Actor::engine(schedule.business.clone());
            let change = Change::Exchange(Box::new(Exchange::Begin(schedule)));
            match self.execute(Request { actor, change, idempotency: None, if_match: None }).await {
                Ok(_) => done += 1,
                Err(refusal) => {
                    tracing::warn!(
                        code = refusal.code,
                        refusal.detail,
                        "a timer did not begin its process; trying again"
                    );
                    refused += 1;
                }
            }
        }
        Ok((done, refused))
    }

    /// Begins every process whose time has come; how often.
    pub async fn run_due_schedules(&self) -> Result<usize, Refusal> {
        let mut all = 0;
        loop {
            let (done, _) = self.begin_due().await?;
            all += done;
            if done == 0 {
                return Ok(all);
            }
        }
    }
}
