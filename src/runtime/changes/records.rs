//! Creating and updating records from outside: the same rules as the actions, plus who may.

use crate::model::ids::RecordId;
use crate::model::json::JsonMap;
use crate::model::record::Record;
use crate::model::record_type::{Column, RecordType};
use crate::model::refusal::{Refusal, RefusalKind};
use crate::model::time::Timestamp;
use crate::plugins::records::{change, insert};
use crate::plugins::{Desk, Stop};
use crate::runtime::job::Job;
use crate::runtime::library::Library;
use crate::runtime::request::Outcome;
use crate::runtime::shared::Shared;
use crate::runtime::{access, ids};
use crate::store::{Connection, records};

pub(super) fn create(
    shared: &Shared,
    conn: &mut Connection,
    job: &Job,
    record_type: &str,
    fields: &JsonMap,
    now: Timestamp,
) -> Result<Outcome, Stop> {
    let library = shared.libraries.active(conn, &job.actor.business)?;
    let declared = access::record_type(&job.actor, &library.definitions, record_type)?;
    let owner = owner(declared, fields);
    if !access::allows(&job.actor, &declared.access.create, owner) {
        return Err(forbidden(record_type, "created"));
    }
    let record = insert(&mut desk(conn, job, &library, now, &mut ids::new), record_type, fields)?;
    Ok(Outcome::Record(record))
}

#[expect(clippy::too_many_arguments, reason = "one argument a word of the request")]
pub(super) fn update(
    shared: &Shared,
    conn: &mut Connection,
    job: &Job,
    record_type: &str,
    id: &RecordId,
    fields: &JsonMap,
    reason: Option<String>,
    now: Timestamp,
) -> Result<Outcome, Stop> {
    let library = shared.libraries.active(conn, &job.actor.business)?;
    let declared = access::record_type(&job.actor, &library.definitions, record_type)?;
    let present = records::lock(conn, &job.actor.business, record_type, id)?;
    let present =
        present.filter(|record| access::allows(&job.actor, &declared.access.read, owner(declared, &record.fields)));
    let present = present.ok_or_else(|| Refusal::not_found(record_type, id))?;
    if !access::allows(&job.actor, &declared.access.update, owner(declared, &present.fields)) {
        return Err(forbidden(record_type, "changed"));
    }
    if job.if_match.is_some_and(|seen| seen != present.version) {
        return Err(stale(&present).into());
    }
    let record = change(&mut desk(conn, job, &library, now, &mut ids::new), present, fields, reason)?;
    Ok(Outcome::Record(record))
}

fn desk<'a>(
    conn: &'a mut Connection,
    job: &'a Job,
    library: &'a Library,
    now: Timestamp,
    new_id: &'a mut dyn FnMut() -> String,
) -> Desk<'a> {
    Desk {
        conn,
        business: &job.actor.business,
        actor: &job.actor.user,
        through: job.actor.through.as_deref(),
        now,
        instance: None,
        definitions: &library.definitions,
        scripts: &library.scripts,
        new_id,
    }
}

/// The owner that the fields name.
fn owner<'f>(declared: &RecordType, fields: &'f JsonMap) -> Option<&'f str> {
    declared.columns.get(&Column::Owner).and_then(|field| fields.get(field)).and_then(|owner| owner.as_str())
}

fn forbidden(record_type: &str, done: &str) -> Stop {
    Refusal::forbidden("record_not_allowed", format!("this {record_type} may not be {done} by you")).into()
}

fn stale(present: &Record) -> Refusal {
    let sentence = format!("{} {} is at version {}", present.record_type, present.id, present.version);
    let shown = serde_json::to_value(present).unwrap_or_default();
    Refusal::new(RefusalKind::Stale, "stale_record", sentence).with_present(shown)
}
