//! Revisions of a business and their files. A content is stored once however many revisions hold it.

use super::connection::Connection;
use super::error::StoreError;
use super::schema::business::*;
use super::set::{self, Taken};
use super::statement::Statement;
use super::transaction::transaction;
use crate::model::ids::{BusinessId, UserId};
use crate::model::revision::{Files, Revision};
use crate::model::time::Timestamp;
use diesel::prelude::*;
use sha2::{Digest, Sha256};

/// A revision that is to be stored; its number is the next one of the business.
#[derive(Debug, Clone)]
pub struct NewRevision<'a> {
    /// The business.
    pub business: &'a BusinessId,
    /// SHA-256 over the sorted paths and contents, in hex.
    pub hash: &'a str,
    /// Who deploys it.
    pub created_by: &'a UserId,
    /// When.
    pub created_at: Timestamp,
    /// What its author says of it.
    pub note: &'a str,
    /// Its files.
    pub files: &'a Files,
}

/// Stores a revision with its files. It is not active yet.
pub fn insert(conn: &mut Connection, new: &NewRevision<'_>) -> Result<Revision, StoreError> {
    transaction(conn, |conn| {
        // Writes first: two deployments of one business wait for each other, and each gets a number of its own.
        let mut lock = Statement::new("UPDATE businesses SET active_revision = active_revision WHERE id = ");
        lock.text(new.business.as_str()).execute(conn)?;
        let last: Option<i64> = revisions::table
            .filter(revisions::business.eq(new.business.as_str()))
            .order(revisions::number.desc())
            .select(revisions::number)
            .first(conn)
            .optional()?;
        let row = RevisionRow {
            business: new.business.0.clone(),
            number: last.unwrap_or(0) + 1,
            hash: new.hash.to_owned(),
            created_by: new.created_by.0.clone(),
            created_at: new.created_at.0,
            note: new.note.to_owned(),
        };
        let (files, contents) = file_rows(&row, new.files)?;
        set::insert(conn, std::slice::from_ref(&row), Taken::Fail)?;
        set::insert(conn, &contents, Taken::Skip)?;
        set::insert(conn, &files, Taken::Fail)?;
        Ok(read(row))
    })
}

/// A revision.
pub fn find(conn: &mut Connection, business: &BusinessId, number: i64) -> Result<Option<Revision>, StoreError> {
    let found = revisions::table.find((business.as_str(), number)).first::<RevisionRow>(conn).optional()?;
    Ok(found.map(read))
}

/// The newest revisions of a business before a number (none: from the newest), at most `limit`.
pub fn list(
    conn: &mut Connection,
    business: &BusinessId,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<Revision>, StoreError> {
    let rows = revisions::table
        .filter(revisions::business.eq(business.as_str()))
        .filter(revisions::number.lt(before.unwrap_or(i64::MAX)))
        .order(revisions::number.desc())
        .limit(limit)
        .load::<RevisionRow>(conn)?;
    Ok(rows.into_iter().map(read).collect())
}

/// The files of a revision; empty when there is no such revision.
pub fn files(conn: &mut Connection, business: &BusinessId, number: i64) -> Result<Files, StoreError> {
    let rows: Vec<(String, String)> = revision_files::table
        .inner_join(file_contents::table.on(file_contents::hash.eq(revision_files::content_hash)))
        .filter(revision_files::business.eq(business.as_str()))
        .filter(revision_files::number.eq(number))
        .select((revision_files::path, file_contents::content))
        .load(conn)?;
    Ok(rows.into_iter().map(|(path, content)| (path, content.into_bytes())).collect())
}

/// New instances of the business use this revision from now on; whether there is such a revision.
pub fn activate(conn: &mut Connection, business: &BusinessId, number: i64) -> Result<bool, StoreError> {
    let mut statement = Statement::new("UPDATE businesses SET active_revision = ");
    statement.int(number).sql(" WHERE id = ").text(business.as_str());
    statement.sql(" AND EXISTS (SELECT 1 FROM revisions AS r WHERE r.business = businesses.id AND r.number = ");
    statement.int(number).sql(")");
    Ok(statement.execute(conn)? > 0)
}

fn file_rows(revision: &RevisionRow, files: &Files) -> Result<(Vec<RevisionFileRow>, Vec<FileContentRow>), StoreError> {
    let mut rows = Vec::new();
    let mut contents = Vec::new();
    for (path, bytes) in files {
        let content = std::str::from_utf8(bytes).map_err(|_| StoreError::NotText { path: path.clone() })?.to_owned();
        let hash: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        rows.push(RevisionFileRow {
            business: revision.business.clone(),
            number: revision.number,
            path: path.clone(),
            content_hash: hash.clone(),
        });
        contents.push(FileContentRow { hash, content });
    }
    // Deployments of two businesses may share contents: locks in one order.
    contents.sort_by(|one, other| one.hash.cmp(&other.hash));
    Ok((rows, contents))
}

fn read(row: RevisionRow) -> Revision {
    Revision {
        business: row.business.into(),
        number: row.number,
        hash: row.hash,
        created_by: row.created_by.into(),
        created_at: Timestamp(row.created_at),
        note: row.note,
    }
}
