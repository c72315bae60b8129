//! What a person does with an instance from outside: whether the caller sees it in its present version, and the command
//! that it becomes. Who may do it at all was decided in `access`.

use super::command::no_command;
use crate::model::actor::Actor;
use crate::model::command::Command;
use crate::model::ids::InstanceId;
use crate::model::instance::InstanceSummary;
use crate::model::intervention::{Intervene, Intervention, Retry, Skip};
use crate::model::json::{Json, JsonMap, step};
use crate::model::names::wrong_variable;
use crate::model::refusal::{FieldError, Refusal, RefusalKind};
use crate::plugins::Stop;
use crate::runtime::access;
use crate::runtime::job::Job;
use crate::runtime::prepare::Prepared;
use crate::runtime::request::Change;
use crate::runtime::shared::Shared;
use crate::store::{Connection, instances};

/// Characters of a reason at most.
const REASON_MOST: usize = 2_000;

/// Refuses an intervention in an instance that the caller does not see, or saw in another version than the present one
/// of its root. Incidents are for whoever mends them; of theirs only the version counts.
pub fn may(shared: &Shared, conn: &mut Connection, job: &Job, root: &InstanceId, version: i64) -> Result<(), Stop> {
    let Prepared::Change(change) = &job.change else { return Ok(()) };
    match change {
        Change::Intervene(Intervene { instance, .. }) => {
            let found = seen(shared, conn, &job.actor, instance)?;
            let found = found.ok_or_else(|| Refusal::not_found("process instance", instance))?;
            Ok(fresh(job, root, version, Some(found))?)
        }
        Change::RetryIncident(_) | Change::SkipIncident(_) if job.if_match.is_some_and(|seen| seen != version) => {
            let found = seen(shared, conn, &job.actor, root)?;
            Ok(fresh(job, root, version, found)?)
        }
        _ => Ok(()),
    }
}

/// The refusal of an intervention with the present state of its instance.
pub fn with_present(shared: &Shared, conn: &mut Connection, job: &Job, refusal: Refusal) -> Result<Refusal, Stop> {
    let Prepared::Change(Change::Intervene(Intervene { instance, .. })) = &job.change else { return Ok(refusal) };
    if refusal.kind != RefusalKind::Conflict {
        return Ok(refusal);
    }
    let found = seen(shared, conn, &job.actor, instance)?;
    Ok(Refusal { present: found.and_then(shown), ..refusal })
}

/// What its search variables say may be masked for the caller, who can read it again.
fn shown(found: InstanceSummary) -> Option<Json> {
    serde_json::to_value(InstanceSummary { search: JsonMap::new(), ..found }).ok()
}

fn seen(
    shared: &Shared,
    conn: &mut Connection,
    actor: &Actor,
    instance: &InstanceId,
) -> Result<Option<InstanceSummary>, Stop> {
    let visible = access::visible(conn, shared, actor)?;
    Ok(instances::find(conn, &actor.business, instance, &visible)?)
}

fn fresh(job: &Job, root: &InstanceId, version: i64, present: Option<InstanceSummary>) -> Result<(), Refusal> {
    match job.if_match {
        Some(seen) if seen != version => {
            let sentence = format!("instance {root} is at version {version}; you saw version {seen}");
            let refusal = Refusal::new(RefusalKind::Stale, "stale_instance", sentence);
            Err(Refusal { present: present.and_then(shown), ..refusal })
        }
        _ => Ok(()),
    }
}

/// The command for an intervention, with its reason and with names that variables can have.
pub fn command(change: &Change) -> Result<Command, Refusal> {
    match change {
        Change::RetryIncident(retry) => {
            named(&retry.variables)?;
            let reason = match retry.variables.is_empty() {
                true => optional(&retry.reason)?,
                false => Some(required(retry.reason.as_deref())?),
            };
            Ok(Command::RetryIncident(Retry { reason, ..retry.clone() }))
        }
        Change::SkipIncident(skip) => {
            named(&skip.variables)?;
            Ok(Command::SkipIncident(Skip { reason: required(Some(&skip.reason))?, ..skip.clone() }))
        }
        Change::Intervene(intervene) => {
            if let Intervention::SetVariables { values, .. } = &intervene.what {
                some(values)?;
                named(values)?;
            }
            let reason = match intervene.what {
                Intervention::Resume => optional(&intervene.reason)?,
                _ => Some(required(intervene.reason.as_deref())?),
            };
            Ok(Command::Intervene(Intervene { reason, ..intervene.clone() }))
        }
        _ => Err(no_command()),
    }
}

pub(super) fn optional(reason: &Option<String>) -> Result<Option<String>, Refusal> {
    reason.as_ref().map(|reason| required(Some(reason))).transpose()
}

pub(super) fn required(reason: Option<&str>) -> Result<String, Refusal> {
    let reason = reason.unwrap_or_default().trim();
    if (1..=REASON_MOST).contains(&reason.chars().count()) {
        return Ok(reason.to_owned());
    }
    let sentence = format!("say why in 1 to {REASON_MOST} characters; it stands in the history of the instance");
    Err(wrong("reason_required", &sentence, vec![("/reason".to_owned(), sentence.clone())]))
}

fn some(values: &JsonMap) -> Result<(), Refusal> {
    if !values.is_empty() {
        return Ok(());
    }
    let sentence = "give at least one variable";
    Err(wrong("invalid_variables", sentence, vec![("/variables".to_owned(), sentence.to_owned())]))
}

fn named(values: &JsonMap) -> Result<(), Refusal> {
    let names = values.keys().filter_map(|name| Some((format!("/variables{}", step(name)), wrong_variable(name)?)));
    let places: Vec<(String, String)> = names.collect();
    if places.is_empty() {
        return Ok(());
    }
    Err(wrong("invalid_variables", "some of these cannot be names of variables", places))
}

fn wrong(code: &str, sentence: &str, places: Vec<(String, String)>) -> Refusal {
    let places = places.into_iter().map(|(pointer, detail)| FieldError { pointer, code: code.to_owned(), detail });
    Refusal::invalid(code, sentence).with_errors(places.collect())
}
