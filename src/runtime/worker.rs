//! The worker: fires timers that are due, brings what is on its way (`deliveries`), and forgets what is kept for a time
//! only. A timer that two nodes see fires
//! once, since the engine refuses the second.

use super::Runtime;
use super::deliveries::Brought;
use super::request::{Change, Request, Upkeep};
use crate::model::actor::Actor;
use crate::model::ids::BusinessId;
use crate::model::refusal::Refusal;
use crate::model::time::Timestamp;
use crate::store::{deliveries, schedules, timers};
use std::time::Duration;
use tokio::task::JoinSet;

/// Timers fired in one go at most.
const BATCH: i64 = 200;
/// Milliseconds between two tidyings.
const TIDY_EVERY: i64 = 3_600_000;
/// And not more often than this, but for a timer that was set.
const AT_MOST: Duration = Duration::from_millis(20);
/// The worker looks at least this often, also for timers that other nodes set.
const AT_LEAST: Duration = Duration::from_secs(5);

/// What came of firing every timer that was due.
#[derive(Default)]
struct Pass {
    fired: usize,
    refused: usize,
}

impl Runtime {
    /// Fires every timer that is due now; how many fired.
    pub async fn run_due_timers(&self) -> Result<usize, Refusal> {
        self.fire_due().await.map(|pass| pass.fired)
    }

    /// Each due timer once: one that cannot fire does not keep those after it from firing.
    async fn fire_due(&self) -> Result<Pass, Refusal> {
        let (mut pass, now, mut last) = (Pass::default(), self.now(), None);
        loop {
            let due = self.read(move |conn, _| Ok(timers::due(conn, now, last.as_ref(), BATCH)?)).await?;
            last = due.last().cloned();
            let is_last = due.len() < usize::try_from(BATCH).unwrap_or(usize::MAX);
            let mut commands = JoinSet::new();
            for due in due {
                let (runtime, actor) = (self.clone(), Actor::engine(due.business));
                let change = Change::FireTimer(due.id);
                let request = Request { actor, change, idempotency: None, if_match: None };
                commands.spawn(async move { runtime.execute(request).await });
            }
            for result in commands.join_all().await {
                match result {
                    Ok(_) => pass.fired += 1,
                    Err(refusal) => {
                        tracing::debug!(code = refusal.code, "a timer did not fire");
                        pass.refused += 1;
                    }
                }
            }
            if is_last {
                return Ok(pass);
            }
        }
    }

    /// Forgets what is kept for a time only.
    pub async fn tidy(&self) -> Result<(), Refusal> {
        let actor = Actor::engine(BusinessId::from(""));
        self.execute(Request { actor, change: Change::Upkeep(Upkeep::Tidy), idempotency: None, if_match: None })
            .await
            .map(|_| ())
    }

    /// Does that for ever, and brings records to the rules of the active revisions, and forgets what
    /// ended long ago.
    pub async fn work(self) {
        tokio::join!(self.work_on_timers(), self.work_on_records(), self.work_on_retention());
    }

    /// Wakes when something is due, when something was set or sent, and now and then.
    async fn work_on_timers(&self) {
        let mut tidied: Option<Timestamp> = None;
        loop {
            let pass = self.fire_due().await.unwrap_or_else(|refusal| {
                tracing::warn!(refusal.detail, "timers could not be looked at; trying again");
                Pass { fired: 0, refused: 1 }
            });
            let brought = self.bring_due().await.unwrap_or_else(|refusal| {
                tracing::warn!(refusal.detail, "deliveries could not be looked at; trying again");
                Brought { done: 0, refused: 1 }
            });
            let (_, not_begun) = self.begin_due().await.unwrap_or_else(|refusal| {
                tracing::warn!(refusal.detail, "timers that begin processes could not be looked at; trying again");
                (0, 1)
            });
            if tidied.is_none_or(|at| self.now().0 - at.0 >= TIDY_EVERY) {
                tidied = Some(self.now());
                if let Err(refusal) = self.tidy().await {
                    tracing::warn!(refusal.detail, "old answers could not be forgotten; trying again in an hour");
                }
            }
            let next = self.read(|conn, _| {
                let next = [timers::next_due(conn)?, deliveries::next_due(conn)?, schedules::next_due(conn)?];
                Ok(next.into_iter().flatten().min())
            });
            let next = next.await.ok().flatten();
            let wait = next.map_or(AT_LEAST, |due| {
                let wait = Duration::from_millis(u64::try_from(due.0 - self.now().0).unwrap_or(0));
                // What did not fire just now is tried again after a while.
                wait.clamp(
                    if pass.refused + brought.refused + not_begun > 0 { Duration::from_secs(1) } else { AT_MOST },
                    AT_LEAST,
                )
            });
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                () = self.0.shared.timers.notified() => {}
            }
        }
    }
}
