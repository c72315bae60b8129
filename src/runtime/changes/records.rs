//! Creating and updating records from outside: the same rules as the actions, plus who may.

use crate::model::ids::RecordId;
use crate::model::json::JsonMap;
use crate::model::record::Record;
use crate::model::refusal::{Refusal, RefusalKind};
use crate::model::time::Timestamp;
use crate::plugins::records::{change, insert};
use crate::plugins::{Desk, Stop};
use crate::runtime::job::Job;
use crate::runtime::library::Library;
use crate::runtime::request::Outcome;
use crate::runtime::shared::Shared;
use crate::runtime::{access, ids};
use crate::store::records::Sight;
use crate::store::{Connection, StoreError, records};

pub(super) fn create(
    shared: &Shared,
    conn: &mut Connection,
    job: &Job,
    record_type: &str,
    fields: &JsonMap,
    now: Timestamp,
) -> Result<Outcome, Stop> {
    let library = shared.libraries.writing(conn, &job.actor.business)?;
    let declared = access::record_type(&job.actor, &library.definitions, record_type, now)?;
    let record = insert(&mut desk(conn, job, &library, now, &mut ids::new), record_type, fields)?;
    // Asked of the row that is there now, so that one predicate decides every right; a refusal takes the row back.
    let creators = access::sight(&job.actor, &library.definitions, declared, &declared.access.create, now);
    if !is_seen(conn, &record, &creators)? {
        return Err(forbidden(record_type, "created"));
    }
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
    let library = shared.libraries.writing(conn, &job.actor.business)?;
    let declared = access::record_type(&job.actor, &library.definitions, record_type, now)?;
    let sight = |relations| access::sight(&job.actor, &library.definitions, declared, relations, now);
    let present = records::lock(conn, &job.actor.business, record_type, id)?;
    let present = match present {
        Some(record) if is_seen(conn, &record, &sight(&declared.access.read))? => record,
        _ => return Err(Refusal::not_found(record_type, id).into()),
    };
    if !is_seen(conn, &present, &sight(&declared.access.update))? {
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
        now,
        instance: None,
        definitions: &library.definitions,
        scripts: &library.scripts,
        pinned: None,
        new_id,
    }
}

fn is_seen(conn: &mut Connection, record: &Record, sight: &Sight) -> Result<bool, StoreError> {
    let ids = std::slice::from_ref(&record.id);
    Ok(*sight == Sight::All || !records::seen(conn, &record.business, &record.record_type, ids, sight)?.is_empty())
}

fn forbidden(record_type: &str, done: &str) -> Stop {
    Refusal::forbidden("record_not_allowed", format!("this {record_type} may not be {done} by you")).into()
}

fn stale(present: &Record) -> Refusal {
    let sentence = format!("{} {} is at version {}", present.record_type, present.id, present.version);
    let shown = serde_json::to_value(present).unwrap_or_default();
    Refusal::new(RefusalKind::Stale, "stale_record", sentence).with_present(shown)
}
