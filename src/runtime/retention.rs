//! Retention: instances of a process that says `retention` are forgotten that long after they ended, a few in each command
//! of the writer. So nobody waits for it, and what was committed is done, whatever happens to the program.
//!
//! The active revision decides, since a rule about keeping holds for what is there already. What it has no process for is kept.

use super::Runtime;
use super::job::Job;
use super::outcome::Outcome;
use super::request::{Change, Request};
use super::shared::Shared;
use super::upkeep::Upkeep;
use crate::model::actor::Actor;
use crate::model::ids::BusinessId;
use crate::model::refusal::Refusal;
use crate::model::time::Timestamp;
use crate::plugins::Stop;
use crate::store::{Connection, retention};
use std::time::Duration;

/// Instances forgotten in one transaction at most.
const PIECE: i64 = 50;
/// How often the worker looks.
const EVERY: Duration = Duration::from_secs(3_600);

impl Runtime {
    /// Forgets every instance whose time has come; how many.
    pub async fn forget_ended(&self) -> Result<i64, Refusal> {
        let mut all = 0;
        for (business, process) in self.read(with_retention).await? {
            loop {
                let change = Change::Upkeep(Upkeep::Forget { process: process.clone() });
                let request =
                    Request { actor: Actor::engine(business.clone()), change, idempotency: None, if_match: None };
                let Outcome::Forgotten { instances } = self.execute(request).await?.outcome else { break };
                all += instances;
                if instances < PIECE {
                    break;
                }
            }
        }
        Ok(all)
    }

    /// Does that for ever, now and then.
    pub(super) async fn work_on_retention(&self) {
        loop {
            match self.forget_ended().await {
                Ok(0) => {}
                Ok(instances) => tracing::info!(instances, "forgotten, since they ended long ago"),
                Err(refusal) => {
                    tracing::warn!(refusal.detail, "instances could not be forgotten; trying again in an hour");
                }
            }
            tokio::time::sleep(EVERY).await;
        }
    }
}

/// The processes that say how long their instances are kept.
fn with_retention(conn: &mut Connection, shared: &Shared) -> Result<Vec<(BusinessId, String)>, Stop> {
    let mut found = Vec::new();
    for (business, library) in shared.libraries.all_active(conn)? {
        let mut processes: Vec<&String> =
            library.definitions.processes.values().filter(|one| one.retention.is_some()).map(|one| &one.key).collect();
        processes.sort();
        found.extend(processes.into_iter().map(|key| (business.clone(), key.clone())));
    }
    Ok(found)
}

/// Forgets a few.
pub(super) fn forget(
    shared: &Shared,
    conn: &mut Connection,
    job: &Job,
    process: &str,
    now: Timestamp,
) -> Result<Outcome, Stop> {
    let business = &job.actor.business;
    let library = shared.libraries.active(conn, business)?;
    let kept = library.definitions.processes.get(process).and_then(|process| process.retention.as_ref());
    let Some(kept) = kept else { return Ok(Outcome::Forgotten { instances: 0 }) };
    let ended = retention::ended(conn, business, process, kept.before(now), PIECE)?;
    retention::forget(conn, business, process, &ended)?;
    metrics::counter!("kamflow_instances_forgotten_total").increment(ended.len() as u64);
    Ok(Outcome::Forgotten { instances: i64::try_from(ended.len()).unwrap_or(PIECE) })
}
