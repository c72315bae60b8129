//! Records above and below others: by a column for what people see, by the index for what a rule must know.

use super::{Sight, sight};
use crate::model::ids::{BusinessId, RecordId};
use crate::store::connection::Connection;
use crate::store::error::StoreError;
use crate::store::page::{self, Count, Cursor, Page};
use crate::store::statement::Statement;
use diesel::sql_types::{BigInt, Text};

/// Which way a tree is followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// To the record above, and the one above that.
    Up,
    /// To the records below, and those below them.
    Down,
}

/// Which records of a tree over the column of the parent are asked for, the nearest first.
#[derive(Debug, Clone)]
pub struct TreeQuery {
    /// Their business.
    pub business: BusinessId,
    /// Their type.
    pub record_type: String,
    /// Seen from this record, which is not among them.
    pub from: RecordId,
    /// Which way.
    pub way: Way,
    /// At most so many steps away.
    pub depth: i64,
    /// Of those that are seen; what is not seen is stepped over.
    pub sight: Sight,
    /// After this one: steps and id.
    pub after: Option<Cursor>,
    /// At most so many.
    pub limit: i64,
}

/// A page of a tree: each record with how many steps away it is.
pub fn tree(conn: &mut Connection, query: &TreeQuery) -> Result<Page<(RecordId, i64)>, StoreError> {
    let mut statement = Statement::new("SELECT t.id, d.depth");
    follow(&mut statement, query);
    if let Some(Cursor { key, id }) = &query.after {
        statement.sql(" AND (d.depth > ").int(*key).sql(" OR (d.depth = ").int(*key);
        statement.sql(" AND t.id > ").text(id.as_str()).sql("))");
    }
    statement.sql(" ORDER BY d.depth, t.id LIMIT ").int(query.limit.saturating_add(1));
    let rows = statement.load::<(Text, BigInt), (String, i64)>(conn)?;
    let rows = rows.into_iter().map(|(id, depth)| (RecordId(id), depth)).collect();
    Ok(Page::cut(rows, query.limit, |(id, depth): &(RecordId, i64)| Cursor { key: *depth, id: id.0.clone() }))
}

/// How many there are, whatever page is asked for.
pub fn tree_count(conn: &mut Connection, query: &TreeQuery) -> Result<Count, StoreError> {
    let mut statement = page::counting();
    follow(&mut statement, query);
    page::count(conn, statement)
}

/// `FROM` the tree, and those of it that are seen. A record is met once: at its fewest steps, in a circle too.
fn follow<'a>(statement: &mut Statement<'a>, query: &'a TreeQuery) {
    let (business, record_type) = (query.business.as_str(), query.record_type.as_str());
    let (next, from, to) = match query.way {
        Way::Up => ("r.parent", "r.id", "r.parent IS NOT NULL"),
        Way::Down => ("r.id", "r.parent", "TRUE"),
    };
    statement.sql(" FROM (SELECT w.id, MIN(w.depth) AS depth FROM (WITH RECURSIVE walk(id, depth) AS (");
    statement.sql(format!("SELECT {next}, CAST(1 AS BIGINT) FROM records AS r WHERE r.business = ")).text(business);
    statement.sql(" AND r.record_type = ").text(record_type);
    statement.sql(format!(" AND {from} = ")).text(query.from.as_str()).sql(format!(" AND {to}"));
    statement.sql(format!(" UNION SELECT {next}, walk.depth + 1 FROM walk JOIN records AS r ON {from} = walk.id"));
    statement.sql(" AND r.business = ").text(business).sql(" AND r.record_type = ").text(record_type);
    statement.sql(format!(" AND {to} WHERE walk.depth < ")).int(query.depth).sql(" AND walk.id <> ");
    statement.text(query.from.as_str()).sql(") SELECT id, depth FROM walk) AS w GROUP BY w.id) AS d");
    statement.sql(" JOIN records AS t ON t.id = d.id AND t.business = ").text(business);
    statement.sql(" AND t.record_type = ").text(record_type).sql(" WHERE t.id <> ").text(query.from.as_str());
    sight::seen_only(statement, "t", &query.business, record_type, &query.sight);
}

/// One step up: the record `below` names `above` in the field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The record that names.
    pub below: RecordId,
    /// The record that is named.
    pub above: RecordId,
    /// How many steps up that one is.
    pub depth: i64,
}

/// Every step that leads up from a record by one field of these types, as the index has it, nearest first. It ends at
/// the record itself, at the top, or after `most` steps.
pub fn steps_up(
    conn: &mut Connection,
    business: &BusinessId,
    types: &[&str],
    field: &str,
    from: &RecordId,
    most: i64,
) -> Result<Vec<Step>, StoreError> {
    let mut statement = Statement::new("WITH RECURSIVE up(below, above, depth) AS (");
    statement.sql("SELECT x.record, x.value, CAST(1 AS BIGINT) FROM record_index AS x WHERE x.business = ");
    statement.text(business.as_str()).sql(" AND x.record_type").any_of(types);
    in_each(statement.sql(" AND x.field = "), business, field).sql(" AND x.record = ").text(from.as_str());
    statement.sql(" UNION SELECT x.record, x.value, up.depth + 1 FROM up JOIN record_index AS x ON x.business = ");
    statement.text(business.as_str()).sql(" AND x.record_type").any_of(types);
    in_each(statement.sql(" AND x.field = "), business, field);
    statement.sql(" AND x.record = up.above WHERE up.depth < ").int(most);
    statement.sql(" AND up.above <> ").text(from.as_str());
    statement.sql(") SELECT below, above, depth FROM up ORDER BY depth, below, above");
    let rows = statement.load::<(Text, Text, BigInt), (String, String, i64)>(conn)?;
    let step = |(below, above, depth)| Step { below: RecordId(below), above: RecordId(above), depth };
    Ok(rows.into_iter().map(step).collect())
}

/// The name that entries of a field stand under in the type of `x`.
fn in_each<'s, 'a>(
    statement: &'s mut Statement<'a>,
    business: &'a BusinessId,
    field: &'a str,
) -> &'s mut Statement<'a> {
    statement.sql("COALESCE((SELECT a.stored FROM record_aliases AS a WHERE a.business = ").text(business.as_str());
    statement.sql(" AND a.record_type = x.record_type AND a.kind = 'field' AND a.name = ").text(field);
    statement.sql("), ").text(field).sql(")")
}
