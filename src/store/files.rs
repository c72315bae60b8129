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
    let File { business, id, name, media_type, bytes, sha256, uploaded_at, uploaded_by, attached_at } = file.clone();
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
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<&str> = ids.iter().map(FileId::as_str).collect();
    let mut statement = Statement::new("UPDATE files SET attached_at = ");
    statement.int(at.0).sql(" WHERE business = ").text(business.as_str());
    statement.sql(" AND id").any_of(&ids).sql(" AND attached_at IS NULL RETURNING id");
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
    }
}
