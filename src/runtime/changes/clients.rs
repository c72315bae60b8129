//! Service accounts: created, replaced, given a new secret, removed.

use super::people::{named, taken};
use crate::model::directory::Client;
use crate::model::ids::UserId;
use crate::model::json::Json;
use crate::model::refusal::{FieldError, Refusal, RefusalKind};
use crate::model::time::Timestamp;
use crate::plugins::Stop;
use crate::runtime::access;
use crate::runtime::job::Job;
use crate::runtime::request::Outcome;
use crate::store::clients::{self, Account};
use crate::store::{Connection, users};

pub(super) fn put(
    conn: &mut Connection,
    job: &Job,
    client: &Client,
    hash: Option<&str>,
    now: Timestamp,
) -> Result<Outcome, Stop> {
    named(&client.id, "client id")?;
    let business = &job.actor.business;
    if users::find(conn, business, &UserId::from(client.id.as_str()))?.is_some() {
        return Err(taken(&client.id, "a user").into());
    }
    let present = clients::find(conn, business, &client.id)?;
    is_seen(job, &client.id, present.as_ref())?;
    let account = match present {
        Some(present) => {
            access::may_give(&job.actor, &present.client.roles)?;
            let Client { created_at, version, old_secret_until, .. } = present.client;
            let client = Client { created_at, version: version + 1, old_secret_until, ..client.clone() };
            let kept = Account { client, ..present };
            match hash {
                Some(hash) => with_secret(kept, hash, now, now),
                None => kept,
            }
        }
        None => {
            let client = Client { created_at: now, version: 1, old_secret_until: None, ..client.clone() };
            let secret_hash = hash.ok_or_else(no_secret)?.to_owned();
            // A client of that name may have been removed before: its tokens are not those of this one.
            Account { business: business.clone(), client, secret_hash, old_secret_hash: None, tokens_since: now }
        }
    };
    clients::upsert(conn, &account)?;
    Ok(Outcome::Client(account.client))
}

pub(super) fn rotate_secret(
    conn: &mut Connection,
    job: &Job,
    id: &str,
    hash: &str,
    keep_until: Timestamp,
    now: Timestamp,
) -> Result<Outcome, Stop> {
    let present = clients::find(conn, &job.actor.business, id)?;
    let present = present.ok_or_else(|| Refusal::not_found("client", id))?;
    is_seen(job, id, Some(&present))?;
    access::may_give(&job.actor, &present.client.roles)?;
    let version = present.client.version + 1;
    let client = Client { version, ..present.client.clone() };
    let account = with_secret(Account { client, ..present }, hash, keep_until, now);
    clients::upsert(conn, &account)?;
    Ok(Outcome::Client(account.client))
}

pub(super) fn delete(conn: &mut Connection, job: &Job, id: &str) -> Result<Outcome, Stop> {
    let present = clients::find(conn, &job.actor.business, id)?;
    let present = present.ok_or_else(|| Refusal::not_found("client", id))?;
    is_seen(job, id, Some(&present))?;
    access::may_give(&job.actor, &present.client.roles)?;
    clients::delete(conn, &job.actor.business, id)?;
    Ok(Outcome::Done { about: UserId::from(id) })
}

/// A new secret; while the one before is good, its tokens are, too.
fn with_secret(account: Account, hash: &str, keep_until: Timestamp, now: Timestamp) -> Account {
    let kept = keep_until > now;
    let client = Client { old_secret_until: kept.then_some(keep_until), ..account.client };
    let tokens_since = match kept {
        true => account.tokens_since,
        false => now.max(Timestamp(account.tokens_since.0 + 1)),
    };
    Account {
        client,
        old_secret_hash: kept.then_some(account.secret_hash),
        secret_hash: hash.to_owned(),
        tokens_since,
        ..account
    }
}

fn is_seen(job: &Job, id: &str, present: Option<&Account>) -> Result<(), Refusal> {
    let version = present.map_or(0, |present| present.client.version);
    if job.if_match.is_none_or(|seen| seen == version) {
        return Ok(());
    }
    let refusal = Refusal::new(RefusalKind::Stale, "stale_client", format!("client {id} is at version {version}"));
    let shown: Option<Json> = present.and_then(|present| serde_json::to_value(&present.client).ok());
    Err(Refusal { present: shown, ..refusal })
}

fn no_secret() -> Refusal {
    let sentence = "a new client needs a secret".to_owned();
    let error = FieldError { pointer: "/secret".into(), code: "weak_password".into(), detail: sentence.clone() };
    Refusal::invalid("weak_password", sentence).with_errors(vec![error])
}
