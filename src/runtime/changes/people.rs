//! Businesses and users.

use super::provision;
use crate::model::actor::is_reserved;
use crate::model::directory::{Business, User};
use crate::model::ids::BusinessId;
use crate::model::refusal::{Refusal, RefusalKind};
use crate::model::time::Timestamp;
use crate::plugins::Stop;
use crate::runtime::access;
use crate::runtime::job::Job;
use crate::runtime::request::Outcome;
use crate::store::{Connection, businesses, clients, standing, users};

pub(super) fn create_business(conn: &mut Connection, business: &Business, now: Timestamp) -> Result<Outcome, Stop> {
    named(business.id.as_str(), "business")?;
    if businesses::find(conn, &business.id)?.is_some() {
        let sentence = format!("there is already a business \"{}\"", business.id);
        return Err(Refusal::conflict("business_there", sentence).into());
    }
    if jiff::tz::TimeZone::get(&business.time_zone).is_err() {
        let sentence = format!("\"{}\" is not an IANA time zone such as Asia/Shanghai", business.time_zone);
        return Err(Refusal::invalid("time_zone", sentence).into());
    }
    if crate::model::money::scale(&business.currency).is_none() {
        let sentence = format!("\"{}\" is not an ISO 4217 currency code such as CNY", business.currency);
        return Err(Refusal::invalid("currency", sentence).into());
    }
    let business = Business { active_revision: None, created_at: now, ..business.clone() };
    businesses::insert(conn, &business)?;
    Ok(Outcome::Business(business))
}

pub(super) fn put_user(
    conn: &mut Connection,
    job: &Job,
    user: &User,
    hash: Option<&str>,
    now: Timestamp,
) -> Result<Outcome, Stop> {
    named(user.id.as_str(), "login")?;
    let business = &job.actor.business;
    let present = users::find(conn, business, &user.id)?;
    let version = present.as_ref().map_or(0, |present| present.version);
    if job.if_match.is_some_and(|seen| seen != version) {
        let sentence = format!("user {} is at version {version}", user.id);
        let refusal = Refusal::new(RefusalKind::Stale, "stale_user", sentence);
        let shown = present.as_ref().and_then(|present| serde_json::to_value(present).ok());
        return Err(Refusal { present: shown, ..refusal }.into());
    }
    if present.is_none() && clients::find(conn, business, user.id.as_str())?.is_some() {
        return Err(taken(user.id.as_str(), "a service account").into());
    }
    if let Some(present) = &present {
        access::may_give(&job.actor, &present.roles)?;
    }
    let created_at = present.as_ref().map_or(now, |present| present.created_at);
    let user = User { version: version + 1, created_at, ..user.clone() };
    provision::keeps(conn, business, &user)?;
    keep(conn, business, present.as_ref(), &user, now)?;
    if let Some(hash) = hash {
        users::set_password(conn, business, &user.id, hash)?;
        standing::void_tokens(conn, business, &user.id, now)?;
    }
    Ok(Outcome::User(user))
}

/// Writes a user in place of what was there. Who is not active any more stands above nobody, and has no tokens.
pub(super) fn keep(
    conn: &mut Connection,
    business: &BusinessId,
    present: Option<&User>,
    user: &User,
    now: Timestamp,
) -> Result<(), Stop> {
    users::upsert(conn, business, user)?;
    let was_active = present.is_none_or(|present| present.active);
    if user.active != was_active {
        users::set_inactive_since(conn, business, &[user.id.as_str()], (!user.active).then_some(now))?;
    }
    if was_active && !user.active {
        standing::void_tokens(conn, business, &user.id, now)?;
    }
    Ok(())
}

/// Tasks, owners and history name people and service accounts by the same kind of id: one id, one of them.
pub(super) fn taken(id: &str, by: &str) -> Refusal {
    Refusal::conflict("id_taken", format!("\"{id}\" is the id of {by} already; choose another one"))
}

/// Ids that people choose: letters, digits, `.`, `_`, `-` and `@`, at most 64.
pub(super) fn named(id: &str, what: &str) -> Result<(), Refusal> {
    let fits = !id.is_empty()
        && id.chars().count() <= 64
        && id.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '@'));
    if matches!(what, "login" | "client id") && is_reserved(id) {
        let sentence = format!("\"{id}\" is the name under which the engine itself acts; take another {what}");
        return Err(Refusal::invalid("login_reserved", sentence));
    }
    if fits {
        return Ok(());
    }
    let sentence = format!("\"{id}\" is not a {what}: letters, digits and . _ - @, at most 64 characters");
    Err(Refusal::invalid("wrong_id", sentence))
}
