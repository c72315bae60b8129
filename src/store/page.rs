//! Pages of a search: cursors that stay right when rows come and go, and counts that stop in time.

use super::connection::Connection;
use super::error::StoreError;
use super::statement::Statement;
use diesel::sql_types::BigInt;
use std::fmt;
use std::str::FromStr;

/// One page of a search.
#[derive(Debug, Clone, PartialEq)]
pub struct Page<T> {
    /// What was found.
    pub items: Vec<T>,
    /// Where the next page begins; none on the last one.
    pub next: Option<Cursor>,
}

/// The place after an item: its sort key and its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// The sort key.
    pub key: i64,
    /// The id.
    pub id: String,
}

/// How many were found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// The number, at most [`MOST_COUNTED`].
    pub number: i64,
    /// Whether there are more.
    pub more: bool,
}

/// Counts are exact up to here.
pub const MOST_COUNTED: i64 = 10_000;

impl<T> Page<T> {
    /// The same page of other items.
    pub(super) fn try_map<U, E>(self, change: impl FnMut(T) -> Result<U, E>) -> Result<Page<U>, E> {
        Ok(Page { items: self.items.into_iter().map(change).collect::<Result<_, E>>()?, next: self.next })
    }

    /// A page from rows of which one more than `limit` was asked for.
    pub(super) fn cut(mut items: Vec<T>, limit: i64, cursor: impl Fn(&T) -> Cursor) -> Page<T> {
        let most = usize::try_from(limit).unwrap_or(0);
        let more = items.len() > most;
        items.truncate(most);
        let next = if more { items.last().map(cursor) } else { None };
        Page { items, next }
    }
}

/// The beginning of a statement for [`count`]: goes on with `FROM`.
pub(super) fn counting<'a>() -> Statement<'a> {
    Statement::new("SELECT COUNT(*) FROM (SELECT 1 AS one")
}

/// Counts what a statement begun with [`counting`] finds, up to the limit.
pub(super) fn count(conn: &mut Connection, mut found: Statement<'_>) -> Result<Count, StoreError> {
    found.sql(" LIMIT ").int(MOST_COUNTED + 1).sql(") AS found");
    let number = found.load::<BigInt, i64>(conn)?.into_iter().next().unwrap_or(0);
    Ok(Count { number: number.min(MOST_COUNTED), more: number > MOST_COUNTED })
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.key, self.id)
    }
}

impl FromStr for Cursor {
    type Err = String;

    fn from_str(text: &str) -> Result<Cursor, String> {
        text.split_once('.')
            .and_then(|(key, id)| Some(Cursor { key: key.parse().ok()?, id: id.to_owned() }))
            .ok_or_else(|| format!("\"{text}\" is not a cursor; use the one that the page before gave"))
    }
}
