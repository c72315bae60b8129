//! How far imports have come. A row moves on in the transaction of the rows that it tells of, and only from where its
//! mover saw it: of two runs of one import, one finds that the other was faster.

use super::connection::Connection;
use super::error::StoreError;
use super::schema::service::{ImportRow, imports};
use super::set::{self, Taken};
use crate::model::ids::{BusinessId, UserId};
use crate::model::import::{Counts, Progress};
use crate::model::time::Timestamp;
use diesel::prelude::*;

/// What an import is of, for whoever looks at the table.
#[derive(Debug, Clone, Copy)]
pub struct About<'a> {
    /// Whose file.
    pub caller: &'a UserId,
    /// What it is called.
    pub name: &'a str,
    /// What its rows become.
    pub target: &'a str,
}

/// How far an import has come; none when it never began.
pub fn find(conn: &mut Connection, business: &BusinessId, id: &str) -> Result<Option<Progress>, StoreError> {
    let found = imports::table.find((business.as_str(), id)).first::<ImportRow>(conn).optional()?;
    Ok(found.map(read))
}

/// Begins an import that never began, and moves it from the line `after` to that of `to`, counts left as they are;
/// whether it stood at `after`. Its row stays locked until the end of the transaction.
pub fn advance(
    conn: &mut Connection,
    business: &BusinessId,
    about: About,
    after: i64,
    to: &Progress,
    now: Timestamp,
) -> Result<bool, StoreError> {
    if after == 0 {
        let new = ImportRow {
            business: business.0.clone(),
            id: to.id.clone(),
            caller: about.caller.0.clone(),
            name: about.name.to_owned(),
            target: about.target.to_owned(),
            line: 0,
            digest: String::new(),
            created: 0,
            updated: 0,
            unchanged: 0,
            refused: 0,
            started_at: now.0,
            moved_at: now.0,
            ended_at: None,
        };
        set::insert(conn, &[new], Taken::Skip)?;
    }
    let there = imports::table.find((business.as_str(), to.id.as_str()));
    let moved = diesel::update(there.filter(imports::line.eq(after)).filter(imports::ended_at.is_null()))
        .set((imports::line.eq(to.line), imports::digest.eq(&to.digest), imports::moved_at.eq(now.0)))
        .execute(conn)?;
    Ok(moved == 1)
}

/// Keeps the counts of an import that was moved in this transaction, and its end when it came to it.
pub fn count(
    conn: &mut Connection,
    business: &BusinessId,
    id: &str,
    counts: Counts,
    ended_at: Option<Timestamp>,
) -> Result<(), StoreError> {
    let Counts { created, updated, unchanged, refused } = counts;
    diesel::update(imports::table.find((business.as_str(), id)))
        .set((
            imports::created.eq(created),
            imports::updated.eq(updated),
            imports::unchanged.eq(unchanged),
            imports::refused.eq(refused),
            imports::ended_at.eq(ended_at.map(|at| at.0)),
        ))
        .execute(conn)?;
    Ok(())
}

fn read(row: ImportRow) -> Progress {
    Progress {
        id: row.id,
        line: row.line,
        digest: row.digest,
        counts: Counts { created: row.created, updated: row.updated, unchanged: row.unchanged, refused: row.refused },
        ended: row.ended_at.is_some(),
    }
}
