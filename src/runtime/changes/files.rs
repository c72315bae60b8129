//! Files that come in part by part, and who may name which in a record.

use crate::model::definitions::Definitions;
use crate::model::file::{File, NewFile};
use crate::model::ids::{FileId, UserId};
use crate::model::json::JsonMap;
use crate::model::record_type::RecordType;
use crate::model::refusal::{FieldError, Refusal};
use crate::model::time::Timestamp;
use crate::plugins::Stop;
use crate::plugins::records::files as plugin;
use crate::runtime::access;
use crate::runtime::ids;
use crate::runtime::job::Job;
use crate::runtime::request::Outcome;
use crate::store::{Connection, StoreError, blobs, files};
use std::collections::BTreeSet;

/// Milliseconds that an upload, or a file that no record holds, is kept: a day.
const KEPT: i64 = 24 * 3_600_000;
/// Files of one person that no record holds at most.
const LOOSE_MOST: i64 = 200;

pub(super) fn store_part(
    conn: &mut Connection,
    job: &Job,
    upload: &str,
    part: i64,
    content: &[u8],
    now: Timestamp,
) -> Result<Outcome, Stop> {
    blobs::add_part(conn, &job.actor.business, upload, part, content, now)?;
    Ok(done(job))
}

pub(super) fn finish(
    conn: &mut Connection,
    job: &Job,
    upload: &str,
    new: &NewFile,
    now: Timestamp,
) -> Result<Outcome, Stop> {
    let business = &job.actor.business;
    if files::count_loose(conn, business, job.actor.user.as_str())? >= LOOSE_MOST {
        let sentence = format!("{LOOSE_MOST} files of yours are attached to nothing; attach them, or wait a day");
        return Err(Refusal::conflict("too_many_uploads", sentence).into());
    }
    if !blobs::finish(conn, business, upload, &new.sha256, new.bytes)? {
        return Err(Refusal::conflict("upload_gone", "the upload took too long and was given up; send it again").into());
    }
    let NewFile { name, media_type, bytes, sha256 } = new.clone();
    let file = File {
        business: business.clone(),
        id: FileId(ids::new()),
        name,
        media_type,
        bytes,
        sha256,
        uploaded_at: now,
        uploaded_by: job.actor.user.clone(),
        attached_at: None,
        of_tasks: false,
    };
    files::insert(conn, &file)?;
    Ok(Outcome::File(file))
}

pub(super) fn drop_upload(conn: &mut Connection, job: &Job, upload: &str) -> Result<Outcome, Stop> {
    blobs::drop_upload(conn, &job.actor.business, upload)?;
    Ok(done(job))
}

/// Forgets what was uploaded and never attached, and contents that nobody has any more.
pub(super) fn tidy(conn: &mut Connection, now: Timestamp) -> Result<(), StoreError> {
    let before = Timestamp(now.0 - KEPT);
    blobs::prune_uploads(conn, before)?;
    let contents = files::prune(conn, before)?;
    blobs::prune(conn, &contents)?;
    Ok(())
}

/// Refuses files that the caller may not see, as if they were not there. Those that the record holds already may stay.
pub(super) fn may_name(
    conn: &mut Connection,
    job: &Job,
    definitions: &Definitions,
    declared: &RecordType,
    (given, present): (&JsonMap, Option<&JsonMap>),
    now: Timestamp,
) -> Result<(), Stop> {
    let held: BTreeSet<FileId> = present
        .map(|present| plugin::named(&declared.fields, present).into_iter().map(|(_, id, _)| id).collect())
        .unwrap_or_default();
    let named: Vec<(String, FileId)> = plugin::named(&declared.fields, given)
        .into_iter()
        .filter(|(_, id, _)| !held.contains(id))
        .map(|(pointer, id, _)| (pointer, id))
        .collect();
    if named.len() > plugin::MOST {
        // The rules of the record refuse it, with its number.
        return Ok(());
    }
    let ids: BTreeSet<FileId> = named.iter().map(|(_, id)| id.clone()).collect();
    let mut seen = BTreeSet::new();
    for file in files::find_many(conn, &job.actor.business, &ids.into_iter().collect::<Vec<_>>())? {
        if access::sees_file(conn, &job.actor, definitions, &file, now)? {
            seen.insert(file.id);
        }
    }
    let missing = named.into_iter().filter(|(_, id)| !seen.contains(id));
    let errors: Vec<FieldError> = missing
        .map(|(pointer, id)| FieldError {
            pointer,
            code: "not_there".into(),
            detail: format!("there is no file \"{id}\""),
        })
        .collect();
    if errors.is_empty() {
        return Ok(());
    }
    let sentence = format!("this is not a valid {}", declared.name);
    Err(Refusal::invalid("invalid_record", sentence).with_errors(errors).into())
}

fn done(job: &Job) -> Outcome {
    Outcome::Done { about: UserId::from(job.actor.user.as_str()) }
}
