//! Contents of files: uploaded part by part, kept once for each business and hash.

use super::connection::Connection;
use super::error::StoreError;
use super::schema::file::{BlobRow, UploadRow, blobs, uploads};
use super::set::{self, Taken};
use super::statement::Statement;
use super::{records, transaction};
use crate::model::ids::BusinessId;
use crate::model::time::Timestamp;
use diesel::prelude::*;
use diesel::sql_types::{Binary, Text};
use std::collections::BTreeMap;

/// Adds a part of an upload; the first one begins it.
pub fn add_part(
    conn: &mut Connection,
    business: &BusinessId,
    upload: &str,
    part: i64,
    content: &[u8],
    at: Timestamp,
) -> Result<(), StoreError> {
    if part == 0 {
        begin(conn, business, upload, at)?;
    }
    let mut statement = Statement::new("INSERT INTO blob_parts (business, upload, part, content) VALUES (");
    statement.text(business.as_str()).sql(", ").text(upload).sql(", ").int(part).sql(", ").bytes(content);
    statement.sql(")").execute(conn)?;
    Ok(())
}

fn begin(conn: &mut Connection, business: &BusinessId, upload: &str, at: Timestamp) -> Result<(), StoreError> {
    let row = UploadRow { business: business.0.clone(), id: upload.to_owned(), started_at: at.0 };
    set::insert(conn, &[row], Taken::Fail)
}

/// An upload is complete: its parts are this content from now on, or go when the content is there already. False when
/// the upload is not there any more. Nobody forgets the content until the end of the transaction.
pub fn finish(
    conn: &mut Connection,
    business: &BusinessId,
    upload: &str,
    sha256: &str,
    bytes: i64,
) -> Result<bool, StoreError> {
    let open = uploads::table.find((business.as_str(), upload));
    if bytes > 0 && diesel::delete(open).execute(conn)? == 0 {
        return Ok(false);
    }
    lock(conn, business, &[sha256.to_owned()])?;
    let row = BlobRow { business: business.0.clone(), sha256: sha256.to_owned(), upload: upload.to_owned(), bytes };
    set::insert(conn, &[row], Taken::Skip)?;
    let kept: String = blobs::table.find((business.as_str(), sha256)).select(blobs::upload).first(conn)?;
    if kept != upload {
        delete_parts(conn, &[(business.as_str(), upload)])?;
    }
    Ok(true)
}

/// Gives an upload up.
pub fn drop_upload(conn: &mut Connection, business: &BusinessId, upload: &str) -> Result<(), StoreError> {
    if diesel::delete(uploads::table.find((business.as_str(), upload))).execute(conn)? > 0 {
        delete_parts(conn, &[(business.as_str(), upload)])?;
    }
    Ok(())
}

/// A part of a content.
pub fn part(
    conn: &mut Connection,
    business: &BusinessId,
    sha256: &str,
    part: i64,
) -> Result<Option<Vec<u8>>, StoreError> {
    let mut statement = Statement::new(
        "SELECT p.content FROM blobs AS t JOIN blob_parts AS p ON p.business = t.business AND p.upload = t.upload \
         WHERE t.business = ",
    );
    statement.text(business.as_str()).sql(" AND t.sha256 = ").text(sha256).sql(" AND p.part = ").int(part);
    Ok(statement.load::<Binary, Vec<u8>>(conn)?.into_iter().next())
}

/// Forgets uploads that were begun before this instant and never finished; how many.
pub fn prune_uploads(conn: &mut Connection, before: Timestamp) -> Result<usize, StoreError> {
    let mut statement = Statement::new("DELETE FROM uploads WHERE started_at < ");
    statement.int(before.0).sql(" RETURNING business, id");
    let gone = statement.load::<(Text, Text), (String, String)>(conn)?;
    let keys: Vec<(&str, &str)> = gone.iter().map(|(business, id)| (business.as_str(), id.as_str())).collect();
    delete_parts(conn, &keys)?;
    Ok(keys.len())
}

/// Forgets those of these contents that no file has any more; how many.
pub fn prune(conn: &mut Connection, contents: &[(BusinessId, String)]) -> Result<usize, StoreError> {
    let mut by_business: BTreeMap<&BusinessId, Vec<String>> = BTreeMap::new();
    for (business, sha256) in contents {
        by_business.entry(business).or_default().push(sha256.clone());
    }
    let mut number = 0;
    for (business, hashes) in by_business {
        // Locked before looking: a file that is just being added with such a content is seen.
        lock(conn, business, &hashes)?;
        let mut statement = Statement::new("DELETE FROM blobs WHERE business = ");
        statement.text(business.as_str()).sql(" AND sha256").any_of(&hashes);
        statement.sql(
            " AND NOT EXISTS (SELECT 1 FROM files AS f WHERE f.business = blobs.business AND f.sha256 = blobs.sha256) \
             RETURNING upload",
        );
        let gone = statement.load::<Text, String>(conn)?;
        let keys: Vec<(&str, &str)> = gone.iter().map(|upload| (business.as_str(), upload.as_str())).collect();
        delete_parts(conn, &keys)?;
        number += keys.len();
    }
    Ok(number)
}

/// One at a time for each content.
fn lock(conn: &mut Connection, business: &BusinessId, hashes: &[String]) -> Result<(), StoreError> {
    if !transaction::in_transaction(conn) {
        return Err(StoreError::NoTransaction);
    }
    records::lock_keys(conn, business, "file content", hashes)
}

fn delete_parts(conn: &mut Connection, uploads: &[(&str, &str)]) -> Result<(), StoreError> {
    let values: Vec<Vec<&str>> = uploads.iter().map(|(business, upload)| vec![*business, *upload]).collect();
    set::delete(conn, "blob_parts", &["business", "upload"], &values)
}
