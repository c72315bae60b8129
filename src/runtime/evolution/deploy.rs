//! Deploying or activating a revision: compared with the records that are there before it is queued, and once more, for
//! what changed since, in its own transaction. A revision that breaks records is refused as a whole.

use super::CHUNK;
use super::compare::Comparison;
use super::each;
use super::tally::Tally;
use crate::model::actor::Actor;
use crate::model::ids::BusinessId;
use crate::model::impact::{Impact, Report};
use crate::model::refusal::{FieldError, Refusal, RefusalKind};
use crate::plugins::Stop;
use crate::runtime::Runtime;
use crate::runtime::prepare::Prepared;
use crate::runtime::request::{Answer, Change, IdempotencyKey};
use crate::store::{Connection, records, revisions};
use std::sync::Arc;

/// How often a revision is compared anew when another one became active in between.
const TRIES: usize = 5;
/// Another revision became active since the comparison.
const MEANWHILE: &str = "deployed_meanwhile";

impl Runtime {
    /// Compares a prepared deployment or activation with the records that are there, and carries it out.
    pub(in crate::runtime) async fn change_revision(
        &self,
        actor: Actor,
        prepared: Prepared,
        idempotency: Option<IdempotencyKey>,
        if_match: Option<i64>,
    ) -> Result<Answer, Refusal> {
        for _ in 0..TRIES {
            let compared = self.compared(&actor.business, prepared.clone()).await?;
            match self.submit(actor.clone(), compared, idempotency.clone(), if_match).await {
                Err(refusal) if refusal.code == MEANWHILE => {}
                answer => {
                    self.0.shared.derivations.notify_one();
                    return answer;
                }
            }
        }
        Err(meanwhile())
    }

    async fn compared(&self, business: &BusinessId, prepared: Prepared) -> Result<Prepared, Refusal> {
        match prepared {
            Prepared::Revision { library, hash, note, .. } => {
                let comparison = self.compare(business, library.clone()).await?;
                refuse(&comparison.report)?;
                Ok(Prepared::Revision { library, hash, note, comparison: Some(Arc::new(comparison)) })
            }
            Prepared::Change(Change::Activate { number }) => {
                let of = business.clone();
                let library = self.read(move |conn, shared| {
                    let found = revisions::find(conn, &of, number)?;
                    found.ok_or_else(|| Refusal::not_found("revision", number))?;
                    shared.libraries.get(conn, &of, number)
                });
                let comparison = self.compare(business, library.await?).await?;
                refuse(&comparison.report)?;
                Ok(Prepared::Activation { number, comparison: Arc::new(comparison) })
            }
            other => Ok(other),
        }
    }
}

/// Whether a prepared change makes another revision the active one.
pub fn changes_types(prepared: &Prepared) -> bool {
    matches!(prepared, Prepared::Revision { .. } | Prepared::Change(Change::Activate { .. }))
}

/// Looks once more, in the transaction that activates the revision and under the lock of the types: the same revision
/// must be active that was compared with, and what changed since must fit, too.
///
/// What records break together is not looked at again: keys that two of them need are found when they are derived, and
/// listed then.
pub fn recheck(
    conn: &mut Connection,
    business: &BusinessId,
    comparison: &Comparison,
    active: Option<i64>,
) -> Result<(), Stop> {
    if comparison.base != active {
        return Err(meanwhile().into());
    }
    let mut report = Report::default();
    for change in &comparison.changes {
        if change.new.is_none() && records::number(conn, business, &change.name)? > 0 {
            // The first record came after the comparison, which then says the whole sentence.
            return Err(meanwhile().into());
        }
        if !change.concerns.ask_each() {
            continue;
        }
        let mut tally = Tally::default();
        for some in records::changed_since(conn, business, &change.name, comparison.since)?.chunks(CHUNK as usize) {
            let found = records::find_many(conn, business, &change.name, some)?;
            each::tally_up(conn, business, &comparison.library, change, found, &mut tally)?;
        }
        report.impacts.extend(tally.impacts(&change.name));
    }
    Ok(refuse(&report)?)
}

/// Refuses a revision that breaks records.
fn refuse(report: &Report) -> Result<(), Refusal> {
    if !report.is_breaking() {
        return Ok(());
    }
    let breaking = report.impacts.iter().filter(|impact| impact.is_breaking());
    let errors: Vec<FieldError> = breaking
        .map(|impact: &Impact| FieldError {
            pointer: impact.pointer(),
            code: impact.code.clone(),
            detail: impact.told(),
        })
        .collect();
    let problems = if errors.len() == 1 { "problem" } else { "problems" };
    let sentence = format!("{} {problems} with records that are there; nothing was deployed", errors.len());
    Err(Refusal::invalid("breaks_records", sentence).with_errors(errors).with_report(report.clone()))
}

fn meanwhile() -> Refusal {
    let sentence = "another revision was deployed in the meantime; try again";
    Refusal::new(RefusalKind::Busy, MEANWHILE, sentence)
}
