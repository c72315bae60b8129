//! Signing keys: a new one signs, an old one verifies for a while, one that leaked verifies nothing more.

use crate::model::directory::SigningKeySummary;
use crate::model::ids::UserId;
use crate::model::refusal::Refusal;
use crate::model::time::Timestamp;
use crate::plugins::Stop;
use crate::runtime::job::Job;
use crate::runtime::request::Outcome;
use crate::store::Connection;
use crate::store::keys::{self, SigningKey};

/// Milliseconds that a key verifies after it signed last: a day, the longest that a token of any node can be valid, and
/// ten minutes for clocks that differ and nodes that had not heard.
const VERIFIES: i64 = (24 * 60 + 10) * 60_000;

pub(super) fn rotate(conn: &mut Connection, key: &SigningKey, now: Timestamp) -> Result<Outcome, Stop> {
    keys::retire_all(conn, now, Timestamp(now.0 + VERIFIES))?;
    keys::insert(conn, key)?;
    let SigningKey { id, algorithm, created_at, .. } = key.clone();
    Ok(Outcome::SigningKey(SigningKeySummary { id, algorithm, signs: true, created_at, verifies_until: None }))
}

pub(super) fn retire(conn: &mut Connection, job: &Job, id: &str) -> Result<Outcome, Stop> {
    let all = keys::list(conn)?;
    let key = all.iter().find(|key| key.id == id).ok_or_else(|| Refusal::not_found("signing key", id))?;
    if key.retired_at.is_none() {
        let sentence = format!("signing key {id} signs new tokens; rotate the keys first, then retire it");
        return Err(Refusal::conflict("key_signs", sentence).into());
    }
    keys::delete(conn, id)?;
    Ok(Outcome::Done { about: UserId::from(job.actor.user.as_str()) })
}
