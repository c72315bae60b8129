//! Search variables of rows from before values were kept as text that sorts: written anew, once.

use super::super::connection::Connection;
use super::super::error::StoreError;
use super::super::schema::Row;
use super::super::schema::running::{RenewedInstanceRow, RenewedTaskRow};
use super::super::slots::{self, Slots};
use super::super::statement::Statement;
use super::super::{json, set};
use crate::model::json::JsonMap;
use diesel::sql_types::Text;

/// Rows that are written at once.
const AT_ONCE: i64 = 1_000;

/// Writes the search variables of all tasks and instances anew, and the words of the titles of tasks.
pub fn renew(conn: &mut Connection) -> Result<(), StoreError> {
    let mut after = (String::new(), String::new());
    loop {
        type Types = (<RenewedTaskRow as Row>::Types, Text, Text);
        let rows = page::<RenewedTaskRow>(&after, "t.title").load::<Types, (RenewedTaskRow, String, String)>(conn)?;
        let Some(last) = rows.last() else { break };
        after = (last.0.business.clone(), last.0.id.clone());
        let mut new = Vec::new();
        for (mut row, search, title) in rows {
            let what = format!("user task {}", row.id);
            let kept = [row.s1, row.s2, row.s3, row.s4, row.s5, row.s6, row.s7, row.s8];
            [row.s1, row.s2, row.s3, row.s4, row.s5, row.s6, row.s7, row.s8] =
                renewed(kept, &json::read(&search, &what)?);
            row.words = slots::words(&json::read(&title, &what)?);
            new.push(row);
        }
        set::update(conn, &new)?;
    }
    after = (String::new(), String::new());
    loop {
        type Types = (<RenewedInstanceRow as Row>::Types, Text, Text);
        let rows =
            page::<RenewedInstanceRow>(&after, "t.id").load::<Types, (RenewedInstanceRow, String, String)>(conn)?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = (last.0.business.clone(), last.0.id.clone());
        let mut new = Vec::new();
        for (mut row, search, _) in rows {
            let kept = [row.s1, row.s2, row.s3, row.s4, row.s5, row.s6, row.s7, row.s8];
            [row.s1, row.s2, row.s3, row.s4, row.s5, row.s6, row.s7, row.s8] =
                renewed(kept, &json::read(&search, &format!("process instance {}", row.id))?);
            new.push(row);
        }
        set::update(conn, &new)?;
    }
}

/// The next rows, each with its search variables and this column.
fn page<'a, R: Row>(after: &'a (String, String), column: &str) -> Statement<'a> {
    let mut statement = Statement::new(format!("SELECT {}, t.search, {column} FROM {} AS t", R::list("t."), R::TABLE));
    statement.sql(" WHERE (t.business, t.id) > (").text(after.0.as_str()).sql(", ").text(after.1.as_str());
    statement.sql(") ORDER BY t.business, t.id LIMIT ").int(AT_ONCE);
    statement
}

/// Which variable a slot is for is known from its value: the process may have another list by now.
fn renewed(kept: Slots, search: &JsonMap) -> Slots {
    kept.map(|kept| {
        let kept = kept?;
        let value = search.values().find(|value| slots::text(value).as_ref() == Some(&kept));
        value.map_or(Some(kept), slots::sorted)
    })
}
