//! How far records are brought to the rules of a revision.

use crate::model::actor::Actor;
use crate::model::impact::Progress;
use crate::model::refusal::Refusal;
use crate::runtime::{Runtime, access};
use crate::store::derivations::{self, Derivation};
use crate::store::revisions;

/// Troubles shown of one type at most.
const TROUBLES: i64 = 100;

impl Runtime {
    /// The types whose records a revision brings to new rules, by name. None for a revision that changed no rules, or
    /// after which another one did.
    pub async fn progress(&self, actor: &Actor, number: i64) -> Result<Vec<Progress>, Refusal> {
        access::require(actor, access::PROCESS_ADMIN)?;
        let business = actor.business.clone();
        self.read(move |conn, _| {
            let found = revisions::find(conn, &business, number)?;
            found.ok_or_else(|| Refusal::not_found("deployment", number))?;
            let mut all = Vec::new();
            for derivation in derivations::list(conn, &business)?.into_iter().filter(|one| one.revision == number) {
                let Derivation { record_type, revision, total, done, started_at, finished_at, .. } = derivation;
                let failed = derivations::troubled(conn, &business, &record_type)?;
                let troubles = derivations::troubles(conn, &business, &record_type, TROUBLES)?;
                let done = (done - failed).max(0);
                all.push(Progress { record_type, revision, total, done, failed, started_at, finished_at, troubles });
            }
            Ok(all)
        })
        .await
    }
}
