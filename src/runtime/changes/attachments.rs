//! Attachments: the list of files that every record has, changed one file at a time under the rules of any change.

use super::records;
use crate::model::file::File;
use crate::model::ids::{FileId, RecordId};
use crate::model::json::{Json, JsonMap};
use crate::model::record_type::ATTACHMENTS;
use crate::model::refusal::{FieldError, Refusal};
use crate::model::time::Timestamp;
use crate::plugins::Stop;
use crate::runtime::access;
use crate::runtime::job::Job;
use crate::runtime::request::Outcome;
use crate::runtime::shared::Shared;
use crate::store::{Connection, files, records as store};

pub(super) fn attach(
    shared: &Shared,
    conn: &mut Connection,
    job: &Job,
    record: &(String, RecordId),
    file: &FileId,
    reason: Option<String>,
    now: Timestamp,
) -> Result<Outcome, Stop> {
    // Types before rows, as everybody who writes records.
    shared.libraries.writing(conn, &job.actor.business)?;
    let mut list = present(conn, job, record)?;
    let itself = Json::from(file.as_str());
    if !list.contains(&itself) {
        list.push(itself);
    }
    let version = change(shared, conn, job, record, list, reason, now)?;
    let file = find(shared, conn, job, file, now)?;
    Ok(Outcome::Attached { file, version })
}

pub(super) fn detach(
    shared: &Shared,
    conn: &mut Connection,
    job: &Job,
    record: &(String, RecordId),
    file: &FileId,
    reason: Option<String>,
    now: Timestamp,
) -> Result<Outcome, Stop> {
    // Types before rows, as everybody who writes records.
    shared.libraries.writing(conn, &job.actor.business)?;
    let mut list = present(conn, job, record)?;
    let before = list.len();
    list.retain(|other| other.as_str() != Some(file.as_str()));
    if list.len() == before {
        return Err(Refusal::not_found("file", file).into());
    }
    records::update(shared, conn, job, &record.0, &record.1, &fields(list), reason, now)
}

/// The attachments of a record, which is locked; whether the caller may see it is asked when it is changed.
fn present(conn: &mut Connection, job: &Job, record: &(String, RecordId)) -> Result<Vec<Json>, Stop> {
    let found = store::lock(conn, &job.actor.business, &record.0, &record.1)?;
    let list = found.as_ref().and_then(|found| found.fields.get(ATTACHMENTS)).and_then(Json::as_array);
    Ok(list.cloned().unwrap_or_default())
}

fn change(
    shared: &Shared,
    conn: &mut Connection,
    job: &Job,
    record: &(String, RecordId),
    list: Vec<Json>,
    reason: Option<String>,
    now: Timestamp,
) -> Result<i64, Stop> {
    match records::update(shared, conn, job, &record.0, &record.1, &fields(list), reason, now) {
        Ok(Outcome::Record(seen)) => Ok(seen.record.version),
        Ok(_) => Ok(0),
        Err(Stop::Refused(refusal)) => Err(at_the_file(refusal).into()),
        Err(stop) => Err(stop),
    }
}

/// What is wrong with the list is wrong with the one file that was sent.
fn at_the_file(refusal: Refusal) -> Refusal {
    let inside = format!("/fields/{ATTACHMENTS}");
    let moved = |error: FieldError| match error.pointer.starts_with(&inside) {
        true => FieldError { pointer: "/file".to_owned(), ..error },
        false => error,
    };
    let errors = refusal.errors.iter().cloned().map(moved).collect();
    refusal.with_errors(errors)
}

fn find(shared: &Shared, conn: &mut Connection, job: &Job, file: &FileId, now: Timestamp) -> Result<File, Stop> {
    let library = shared.libraries.active(conn, &job.actor.business)?;
    let found = files::find(conn, &job.actor.business, file)?;
    match found {
        Some(found) if access::sees_file(conn, &job.actor, &library.definitions, &found, now)? => Ok(found),
        _ => Err(Refusal::not_found("file", file).into()),
    }
}

fn fields(list: Vec<Json>) -> JsonMap {
    let value = if list.is_empty() { Json::Null } else { Json::Array(list) };
    JsonMap::from_iter([(ATTACHMENTS.to_owned(), value)])
}
