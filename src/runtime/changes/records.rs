//! Creating, updating and deleting records from outside: the same rules as the actions, plus who may.

use super::{circle, files, merges};
use crate::model::ids::RecordId;
use crate::model::json::JsonMap;
use crate::model::record::Record;
use crate::model::record_type::RecordType;
use crate::model::refusal::{Refusal, RefusalKind};
use crate::model::seen_record::SeenRecord;
use crate::model::time::Timestamp;
use crate::plugins::records::{change, insert, patch, remove};
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
    let record = created(&library, conn, job, record_type, fields, now)?;
    let declared = access::record_type(&job.actor, &library.definitions, record_type, now)?;
    Ok(Outcome::Record(access::seen_record(conn, &job.actor, &library, declared, record, now)?))
}

/// The same for who does not look at the record: an import of many.
pub fn created(
    library: &Library,
    conn: &mut Connection,
    job: &Job,
    record_type: &str,
    fields: &JsonMap,
    now: Timestamp,
) -> Result<Record, Stop> {
    let (actor, definitions) = (&job.actor, &library.definitions);
    let declared = access::record_type(actor, definitions, record_type, now)?;
    let creators = access::sight(actor, definitions, declared, &declared.access.create, now);
    // Who may create none at all learns nothing of what is there, such as a name that is taken.
    if creators.is_nothing() {
        return Err(forbidden(record_type, "created"));
    }
    files::may_name(conn, job, definitions, declared, (fields, None), now)?;
    let record = insert(&mut desk(conn, job, library, now, &mut ids::new), record_type, fields)?;
    // Asked of the row that is there now, so that one predicate decides every right; a refusal takes the row back.
    if !is_seen(conn, &record, &creators)? {
        return Err(forbidden(record_type, "created"));
    }
    access::may_fill(conn, actor, definitions, declared, &record, now)?;
    Ok(record)
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
    let (actor, definitions) = (&job.actor, &library.definitions);
    let readers = access::sight(actor, definitions, declared, &declared.access.read, now);
    let present = match records::lock(conn, &actor.business, record_type, id)? {
        Some(record) if record.merged_into.is_some() => {
            return Err(merges::moved(conn, job, &library, &record, now)?.into());
        }
        Some(record) if is_seen(conn, &record, &readers)? => record,
        _ => return Err(Refusal::not_found(record_type, id).into()),
    };
    let patch = patch(declared, fields)?;
    access::may_change(conn, actor, definitions, declared, &present, &patch, now)?;
    if job.if_match.is_some_and(|seen| seen != present.version) {
        let present = access::seen_record(conn, actor, &library, declared, present, now)?;
        return Err(stale(&present).into());
    }
    files::may_name(conn, job, definitions, declared, (fields, Some(&present.fields)), now)?;
    let changed = change(&mut desk(conn, job, &library, now, &mut ids::new), present, fields, reason);
    match changed {
        Ok(record) => Ok(Outcome::Record(access::seen_record(conn, actor, &library, declared, record, now)?)),
        Err(Stop::Refused(refusal)) if refusal.code == "cycle" => {
            Err(circle::without_hidden(conn, job, definitions, refusal, now)?.into())
        }
        Err(stop) => Err(stop),
    }
}

pub(super) fn delete(
    shared: &Shared,
    conn: &mut Connection,
    job: &Job,
    record_type: &str,
    id: &RecordId,
    reason: Option<String>,
    now: Timestamp,
) -> Result<Outcome, Stop> {
    let library = shared.libraries.writing(conn, &job.actor.business)?;
    let (actor, definitions) = (&job.actor, &library.definitions);
    let declared = access::record_type(actor, definitions, record_type, now)?;
    let sight = |relations| access::sight(actor, definitions, declared, relations, now);
    let asked = std::slice::from_ref(id);
    let present = records::lock_for_deletion(conn, &job.actor.business, record_type, asked)?.pop();
    let present = match present {
        Some(record) if record.merged_into.is_some() => {
            return Err(merges::moved(conn, job, &library, &record, now)?.into());
        }
        Some(record) if is_seen(conn, &record, &sight(&declared.access.read))? => record,
        _ => return Err(Refusal::not_found(record_type, id).into()),
    };
    if !is_seen(conn, &present, &sight(&declared.access.delete))? {
        return Err(forbidden(record_type, "deleted"));
    }
    let seen = access::seen_record(conn, actor, &library, declared, present.clone(), now)?;
    if job.if_match.is_some_and(|seen| seen != present.version) {
        return Err(stale(&seen).into());
    }
    let reads = |other: &RecordType| access::sight(actor, definitions, other, &other.access.read, now);
    remove(&mut desk(conn, job, &library, now, &mut ids::new), present, reason, &reads)?;
    Ok(Outcome::Record(SeenRecord { allowed: Vec::new(), read_only: Vec::new(), ..seen }))
}

pub(super) fn desk<'a>(
    conn: &'a mut Connection,
    job: &'a Job,
    library: &'a Library,
    now: Timestamp,
    new_id: &'a mut dyn FnMut() -> String,
) -> Desk<'a> {
    Desk { reason: job.reason.as_deref(), ..library.desk(conn, &job.actor, now, new_id) }
}

pub(super) fn is_seen(conn: &mut Connection, record: &Record, sight: &Sight) -> Result<bool, StoreError> {
    let ids = std::slice::from_ref(&record.id);
    Ok(*sight == Sight::All || !records::seen(conn, &record.business, &record.record_type, ids, sight)?.is_empty())
}

pub(super) fn forbidden(record_type: &str, done: &str) -> Stop {
    Refusal::forbidden("record_not_allowed", format!("this {record_type} may not be {done} by you")).into()
}

pub(super) fn stale(present: &SeenRecord) -> Refusal {
    let record = &present.record;
    let sentence = format!("{} {} is at version {}", record.record_type, record.id, record.version);
    let shown = serde_json::to_value(present).unwrap_or_default();
    Refusal::new(RefusalKind::Stale, "stale_record", sentence).with_present(shown)
}
