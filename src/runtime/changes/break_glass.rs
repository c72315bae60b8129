//! Access beyond the rules: asked for, opened or declined by a second person, given back. Every step is kept.

use crate::model::break_glass::{BreakGlass, BreakGlassRule, Right, State, Target};
use crate::model::ids::root_of;
use crate::model::refusal::Refusal;
use crate::model::time::Timestamp;
use crate::plugins::Stop;
use crate::runtime::job::Job;
use crate::runtime::request::{Asked, Outcome};
use crate::runtime::shared::Shared;
use crate::runtime::{access, ids};
use crate::store::visible::Visible;
use crate::store::{Connection, break_glass, instances, records};

/// Milliseconds that a request waits for the second person: a day.
const WAITS: i64 = 24 * 3_600_000;
/// Milliseconds that it is open when the rule does not say: an hour.
const OPEN: i64 = 3_600_000;
/// Characters of a reason.
const REASON: std::ops::RangeInclusive<usize> = 10..=2_000;

pub(super) fn ask(
    shared: &Shared,
    conn: &mut Connection,
    job: &Job,
    asked: (&Asked, Right, &str),
    now: Timestamp,
) -> Result<Outcome, Stop> {
    let (target, right, reason) = asked;
    let reason = reason.trim();
    if !REASON.contains(&reason.chars().count()) {
        let sentence = "say why in 10 to 2000 characters; others will read it";
        return Err(Refusal::invalid("reason_required", sentence).into());
    }
    let target = there(conn, job, target)?;
    let rule = rule(shared, conn, job, &target)?;
    access::break_glass::may_ask(&job.actor, &rule)?;
    let mut glass = BreakGlass {
        id: ids::new(),
        user: job.actor.user.clone(),
        target,
        right,
        reason: reason.to_owned(),
        state: State::Waiting,
        asked_at: now,
        decided_at: None,
        decided_by: None,
        ends_at: Timestamp(now.0 + WAITS),
    };
    if rule.second.is_empty() {
        opened(&mut glass, &rule, now);
    }
    keep(conn, job, glass)
}

pub(super) fn decide(
    shared: &Shared,
    conn: &mut Connection,
    job: &Job,
    id: &str,
    agree: bool,
    now: Timestamp,
) -> Result<Outcome, Stop> {
    let mut glass = find(conn, job, id)?;
    let rule = rule(shared, conn, job, &glass.target)?;
    access::break_glass::may_decide(&job.actor, &rule, &glass)?;
    access::break_glass::stands(&glass, State::Waiting, now)?;
    glass.decided_by = Some(job.actor.user.clone());
    if agree {
        opened(&mut glass, &rule, now);
    } else {
        (glass.state, glass.decided_at, glass.ends_at) = (State::Declined, Some(now), now);
    }
    keep(conn, job, glass)
}

/// By who asked, or by a second person who thinks better of it.
pub(super) fn end(
    shared: &Shared,
    conn: &mut Connection,
    job: &Job,
    id: &str,
    now: Timestamp,
) -> Result<Outcome, Stop> {
    let mut glass = find(conn, job, id)?;
    if glass.user != job.actor.user {
        let rule = rule(shared, conn, job, &glass.target)?;
        access::break_glass::may_decide(&job.actor, &rule, &glass)?;
    }
    access::break_glass::stands(&glass, State::Open, now)?;
    (glass.state, glass.ends_at) = (State::Ended, now);
    keep(conn, job, glass)
}

fn opened(glass: &mut BreakGlass, rule: &BreakGlassRule, now: Timestamp) {
    glass.state = State::Open;
    glass.decided_at = Some(now);
    glass.ends_at = rule.time.as_ref().map_or(Timestamp(now.0 + OPEN), |time| time.after(now));
}

fn find(conn: &mut Connection, job: &Job, id: &str) -> Result<BreakGlass, Stop> {
    let found = break_glass::lock(conn, &job.actor.business, id)?;
    Ok(found.ok_or_else(|| Refusal::not_found("break-glass request", id))?)
}

/// What access is asked for, when it is there. An instance is opened with everything that its root holds.
fn there(conn: &mut Connection, job: &Job, target: &Asked) -> Result<Target, Stop> {
    let business = &job.actor.business;
    match target {
        Asked::Record { record_type, id } => {
            records::find(conn, business, record_type, id)?.ok_or_else(|| Refusal::not_found(record_type, id))?;
            Ok(Target::Record { record_type: record_type.clone(), id: id.clone() })
        }
        Asked::Instance(id) => {
            let root = root_of(id.as_str());
            let found = instances::find(conn, business, &root, &Visible::all(job.actor.user.clone()))?;
            let found = found.ok_or_else(|| Refusal::not_found("process instance", id))?;
            Ok(Target::Instance { process: found.process, id: root })
        }
    }
}

fn rule(shared: &Shared, conn: &mut Connection, job: &Job, target: &Target) -> Result<BreakGlassRule, Stop> {
    let library = shared.libraries.active(conn, &job.actor.business)?;
    Ok(match target {
        Target::Record { record_type, .. } => access::break_glass::of_records(&library.definitions, record_type),
        Target::Instance { process, .. } => access::break_glass::of_process(&library.definitions, process),
    })
}

fn keep(conn: &mut Connection, job: &Job, glass: BreakGlass) -> Result<Outcome, Stop> {
    break_glass::upsert(conn, &job.actor.business, &glass)?;
    tracing::warn!(
        business = %job.actor.business, request = glass.id, user = %glass.user, by = %job.actor.user,
        state = glass.state.name(), "access beyond the rules"
    );
    Ok(Outcome::BreakGlass(glass))
}
