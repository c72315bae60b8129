//! Bringing records to the rules of the active revision, a few at a time, each few as an ordinary command of the writer:
//! other commands get in between, and what was committed is done, whatever happens to the process.
//!
//! Two nodes do not do the same work: a piece begins with the lock of its derivation, and who does not get it leaves it.

use crate::model::actor::Actor;
use crate::model::ids::BusinessId;
use crate::model::refusal::Refusal;
use crate::model::time::Timestamp;
use crate::plugins::Stop;
use crate::plugins::records::{migrate, rederive as bring};
use crate::runtime::job::Job;
use crate::runtime::outcome::Outcome;
use crate::runtime::request::{Change, Request, Upkeep};
use crate::runtime::shared::Shared;
use crate::runtime::{Runtime, ids};
use crate::store::Connection;
use crate::store::derivations;
use crate::store::records::{self, Reached};
use std::collections::BTreeSet;
use std::time::Duration;

/// Records brought to new rules in one transaction at most.
const PIECE: i64 = 200;
/// Index entries taken away in one transaction at most.
const SWEPT: i64 = 2_000;
/// The worker looks at least this often, for what other nodes deployed.
const AT_LEAST: Duration = Duration::from_secs(5);

impl Runtime {
    /// Brings every record to the rules of its type in the active revision; how many were looked at. Ends when nothing is
    /// left to do, or another node is doing it.
    pub async fn rederive(&self) -> Result<i64, Refusal> {
        let mut all = 0;
        loop {
            let (looked, more) = self.rederive_some().await?;
            all += looked;
            if !more {
                return Ok(all);
            }
        }
    }

    /// One piece of each type that is not done yet; how many records were looked at, and whether there may be more to do.
    pub async fn rederive_some(&self) -> Result<(i64, bool), Refusal> {
        let (mut all, mut any) = (0, false);
        for (business, record_type) in self.read(open_types).await? {
            let done = self.by_engine(business, Upkeep::Rederive { record_type }).await?;
            if let Outcome::Derived { looked, more } = done {
                all += looked;
                any |= more;
            }
        }
        Ok((all, any))
    }

    /// Sees that records which were kept by an earlier version of this program are brought to what this one makes of the
    /// same files.
    pub async fn restamp(&self) -> Result<(), Refusal> {
        for business in self.read(other_stamps).await? {
            self.by_engine(business, Upkeep::Restamp).await?;
        }
        Ok(())
    }

    /// Does all that for ever: wakes when a revision was deployed here, and now and then.
    pub(in crate::runtime) async fn work_on_records(&self) {
        let mut restamped = false;
        loop {
            if !restamped {
                restamped = self.restamp().await.inspect_err(complain).is_ok();
            }
            // What could not be done now is tried again after a while.
            let _ = self.rederive().await.inspect_err(complain);
            tokio::select! {
                () = tokio::time::sleep(AT_LEAST) => {}
                () = self.0.shared.derivations.notified() => {}
            }
        }
    }

    async fn by_engine(&self, business: BusinessId, upkeep: Upkeep) -> Result<Outcome, Refusal> {
        let change = Change::Upkeep(upkeep);
        let request = Request { actor: Actor::engine(business), change, idempotency: None, if_match: None };
        Ok(self.execute(request).await?.outcome)
    }
}

fn complain(refusal: &Refusal) {
    tracing::warn!(refusal.detail, "records could not be brought to the rules of their type; trying again");
}

/// Types with records to look at, and those whose lenses nobody needs any more.
fn open_types(conn: &mut Connection, shared: &Shared) -> Result<BTreeSet<(BusinessId, String)>, Stop> {
    let mut open: BTreeSet<_> = derivations::unfinished(conn)?.into_iter().collect();
    for (business, record_type) in records::with_lenses(conn)? {
        let library = shared.libraries.active(conn, &business)?;
        if let Some(declared) = library.definitions.records.get(&record_type)
            && !records::is_behind(conn, &business, &record_type, &declared.stamp, &declared.stamp)?
        {
            open.insert((business, record_type));
        }
    }
    Ok(open)
}

/// Businesses that have a type whose records were last brought to other rules than this program makes of its file.
fn other_stamps(conn: &mut Connection, shared: &Shared) -> Result<Vec<BusinessId>, Stop> {
    let mut found = Vec::new();
    for (business, library) in shared.libraries.all_active(conn)? {
        let known = derivations::list(conn, &business)?;
        let is_known = |name: &str, stamp: &str| known.iter().any(|one| one.record_type == name && one.stamp == stamp);
        if !library.definitions.records.iter().all(|(name, declared)| is_known(name, &declared.stamp)) {
            found.push(business);
        }
    }
    Ok(found)
}

/// The next piece of a type, in the transaction of its command.
pub fn rederive(
    shared: &Shared,
    conn: &mut Connection,
    job: &Job,
    record_type: &str,
    now: Timestamp,
) -> Result<Outcome, Stop> {
    let business = &job.actor.business;
    let library = shared.libraries.writing(conn, business)?;
    let taken = derivations::take(conn, business, record_type)?;
    let (Some(mut derivation), Some(declared)) = (taken, library.definitions.records.get(record_type)) else {
        return Ok(Outcome::Derived { looked: 0, more: false });
    };
    let stamp = declared.stamp.as_str();
    let (mut looked, mut more) = (0, derivation.finished_at.is_none());
    if derivation.finished_at.is_none() {
        let found = records::due(conn, business, record_type, stamp, derivation.reached.as_ref(), PIECE)?;
        looked = found.len() as i64;
        derivation.reached = found.last().map(|last| Reached { stamp: last.derived.clone(), id: last.id.clone() });
        let mut new_id = ids::new;
        let mut desk = library.desk(conn, &job.actor, now, &mut new_id);
        let troubles = bring(&mut desk, declared, found, derivation.revision)?;
        derivations::troubles_put(conn, business, record_type, &troubles)?;
        derivation.done += looked;
        if looked < PIECE {
            // Some were brought there by those who changed them.
            derivation.total = derivation.total.max(derivation.done);
            derivation.done = derivation.total;
            derivation.finished_at = Some(now);
            more = false;
        }
        derivations::put(conn, &derivation)?;
        metrics::counter!("kamflow_records_rederived_total").increment(looked.unsigned_abs());
        metrics::counter!("kamflow_rederive_troubles_total").increment(troubles.len() as u64);
    }
    if derivation.finished_at.is_some() && !records::is_behind(conn, business, record_type, stamp, stamp)? {
        records::lenses_replace(conn, business, record_type, &[])?;
        more |= sweep(conn, business, record_type)?;
    }
    Ok(Outcome::Derived { looked, more })
}

/// Takes index entries away under names that nobody searches by any more, a piece of them; whether there may be more.
fn sweep(conn: &mut Connection, business: &BusinessId, record_type: &str) -> Result<bool, Stop> {
    let mut spent = migrate::spent(records::aliases(conn, business, record_type)?);
    if let Some(last) = spent.last()
        && records::sweep(conn, business, record_type, &last.stored, SWEPT)? < SWEPT
    {
        spent.pop();
    }
    records::aliases_replace(conn, business, record_type, &spent)?;
    Ok(!spent.is_empty())
}
