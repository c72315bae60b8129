//! Files: found, attached, forgotten. Their contents are blobs.

use super::connection::Connection;
use super::error::StoreError;
use super::schema::Row;
use super::schema::file::{FileRow, files};
use super::set::{self, Taken};
use super::statement::Statement;
use crate::model::file::File;
use crate::model::ids::{BusinessId, FileId};
use crate::model::time::Timestamp;
use diesel::prelude::*;
use diesel::sql_types::Text;

/// Adds a file.
pub fn insert(conn: &mut Connection, file: &File) -> Result<(), StoreError> {
    let File { business, id, name, media_type, bytes, sha256, uploaded_at, uploaded_by, attached_at, of_tasks } =
        file.clone();
    let row = FileRow {
        business: business.0,
        id: id.0,
        name,
        media_type,
        bytes,
        sha256,
        uploaded_at: uploaded_at.0,
        uploaded_by: uploaded_by.0,
        attached_at: attached_at.map(|at| at.0),
        of_tasks,
    };
    set::insert(conn, &[row], Taken::Fail)
}

/// A file.
pub fn find(conn: &mut Connection, business: &BusinessId, id: &FileId) -> Result<Option<File>, StoreError> {
    let found = files::table.find((business.as_str(), id.as_str())).first::<FileRow>(conn).optional()?;
    Ok(found.map(read))
}

/// These files, by id; those that are not there are left out.
pub fn find_many(conn: &mut Connection, business: &BusinessId, ids: &[FileId]) -> Result<Vec<File>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<&str> = ids.iter().map(FileId::as_str).collect();
    let mut statement = Statement::new(format!("SELECT {} FROM files AS t WHERE t.business = ", FileRow::list("t.")));
    statement.text(business.as_str()).sql(" AND t.id").any_of(&ids).sql(" ORDER BY t.id");
    Ok(statement.load::<<FileRow as Row>::Types, FileRow>(conn)?.into_iter().map(read).collect())
}

/// Files that no record held so far are held by one now, and are no longer forgotten; those that were.
pub fn attach(
    conn: &mut Connection,
    business: &BusinessId,
    ids: &[FileId],
    at: Timestamp,
) -> Result<Vec<FileId>, StoreError> {
    hold(conn, business, ids, at, ("FALSE", " AND (attached_at IS NULL OR of_tasks)"))
}

/// A file is held by a task now; whether it is there. It goes with its last task when no record holds it meanwhile.
pub fn attach_to_task(
    conn: &mut Connection,
    business: &BusinessId,
    id: &FileId,
    at: Timestamp,
) -> Result<bool, StoreError> {
    let held = hold(conn, business, std::slice::from_ref(id), at, ("(of_tasks OR attached_at IS NULL)", ""))?;
    Ok(!held.is_empty())
}

/// Whoever holds a file writes its row, so that nobody forgets it at the same moment.
fn hold(
    conn: &mut Connection,
    business: &BusinessId,
    ids: &[FileId],
    at: Timestamp,
    (of_tasks, which): (&'static str, &'static str),
) -> Result<Vec<FileId>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<&str> = ids.iter().map(FileId::as_str).collect();
    let mut statement = Statement::new("UPDATE files SET attached_at = COALESCE(attached_at, ");
    statement.int(at.0).sql("), of_tasks = ").sql(of_tasks).sql(" WHERE business = ").text(business.as_str());
    statement.sql(" AND id").any_of(&ids).sql(which).sql(" RETURNING id");
    Ok(statement.load::<Text, String>(conn)?.into_iter().map(FileId).collect())
}

/// How many files a user uploaded that no record holds.
pub fn count_loose(conn: &mut Connection, business: &BusinessId, uploader: &str) -> Result<i64, StoreError> {
    let loose = files::table
        .filter(files::attached_at.is_null())
        .filter(files::business.eq(business.as_str()))
        .filter(files::uploaded_by.eq(uploader));
    Ok(loose.count().get_result(conn)?)
}

/// Forgets files that no record holds and that were uploaded before this instant; the business and content of each.
pub fn prune(conn: &mut Connection, before: Timestamp) -> Result<Vec<(BusinessId, String)>, StoreError> {
    let mut statement = Statement::new("DELETE FROM files WHERE attached_at IS NULL AND uploaded_at < ");
    statement.int(before.0).sql(" RETURNING business, sha256");
    let rows = statement.load::<(Text, Text), (String, String)>(conn)?;
    Ok(rows.into_iter().map(|(business, sha256)| (BusinessId(business), sha256)).collect())
}

/// Forgets those of these files that only tasks held, and no task holds any more; the business and content of each. The
/// rows are locked before looking: a task that is just getting one of them is seen.
pub fn prune_of_tasks(
    conn: &mut Connection,
    business: &BusinessId,
    ids: &[String],
) -> Result<Vec<(BusinessId, String)>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    if matches!(conn, Connection::Postgres(_)) {
        let mut locked = Statement::new("SELECT id FROM files WHERE business = ");
        locked.text(business.as_str()).sql(" AND id").any_of(ids).sql(" ORDER BY id FOR UPDATE").execute(conn)?;
    }
    let mut statement = Statement::new("DELETE FROM files WHERE business = ");
    statement.text(business.as_str()).sql(" AND id").any_of(ids).sql(" AND of_tasks AND NOT EXISTS (");
    statement.sql("SELECT 1 FROM task_attachments AS a WHERE a.business = files.business AND a.file = files.id)");
    statement.sql(" RETURNING sha256");
    let gone = statement.load::<Text, String>(conn)?;
    Ok(gone.into_iter().map(|sha256| (business.clone(), sha256)).collect())
}

fn read(row: FileRow) -> File {
    File {
        business: row.business.into(),
        id: row.id.into(),
        name: row.name,
        media_type: row.media_type,
        bytes: row.bytes,
        sha256: row.sha256,
        uploaded_at: Timestamp(row.uploaded_at),
        uploaded_by: row.uploaded_by.into(),
        attached_at: row.attached_at.map(Timestamp),
        of_tasks: row.of_tasks,
    }
}
