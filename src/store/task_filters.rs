//! Saved lists of tasks: those of a person, and those shared with the person's roles.

use super::connection::Connection;
use super::error::StoreError;
use super::json;
use super::page::{self, Count};
use super::schema::Row;
use super::schema::task_paper::{TaskFilterRoleRow, TaskFilterRow};
use super::set::{self, Taken};
use super::statement::Statement;
use crate::model::ids::{BusinessId, UserId};
use crate::model::task_paper::TaskFilter;
use crate::model::time::Timestamp;

/// Who asks for saved lists.
#[derive(Debug, Clone)]
pub struct Asker {
    /// The business.
    pub business: BusinessId,
    /// The person.
    pub user: UserId,
    /// The person's roles.
    pub roles: Vec<String>,
}

/// A list that somebody may use.
pub fn find(conn: &mut Connection, asker: &Asker, id: &str) -> Result<Option<TaskFilter>, StoreError> {
    let mut statement = Statement::new(format!("SELECT {}", TaskFilterRow::list("t.")));
    seen(&mut statement, asker);
    statement.sql(" AND t.id = ").text(id);
    let rows = statement.load::<<TaskFilterRow as Row>::Types, TaskFilterRow>(conn)?;
    rows.into_iter().next().map(read).transpose()
}

/// Lists that somebody may use, after an id, at most so many.
pub fn list(
    conn: &mut Connection,
    asker: &Asker,
    after: Option<&str>,
    limit: i64,
) -> Result<Vec<TaskFilter>, StoreError> {
    let mut statement = Statement::new(format!("SELECT {}", TaskFilterRow::list("t.")));
    seen(&mut statement, asker);
    if let Some(after) = after {
        statement.sql(" AND t.id > ").text(after);
    }
    statement.sql(" ORDER BY t.id LIMIT ").int(limit);
    let rows = statement.load::<<TaskFilterRow as Row>::Types, TaskFilterRow>(conn)?;
    rows.into_iter().map(read).collect()
}

/// How many there are.
pub fn count(conn: &mut Connection, asker: &Asker) -> Result<Count, StoreError> {
    let mut statement = page::counting();
    seen(&mut statement, asker);
    page::count(conn, statement)
}

/// Adds a list, or replaces the one with its id.
pub fn upsert(conn: &mut Connection, business: &BusinessId, filter: &TaskFilter) -> Result<(), StoreError> {
    let row = TaskFilterRow {
        business: business.0.clone(),
        id: filter.id.clone(),
        owner: filter.owner.0.clone(),
        name: json::text(&filter.name)?,
        filter: json::text(&filter.filter)?,
        sort: filter.sort.clone(),
        roles: json::text(&filter.roles)?,
        created_at: filter.created_at.0,
        updated_at: filter.updated_at.0,
        version: filter.version,
    };
    set::insert(conn, &[row], Taken::Replace)?;
    set::delete(conn, "task_filter_roles", &["business", "filter"], &[vec![business.as_str(), &filter.id]])?;
    let roles = filter.roles.iter().map(|role| TaskFilterRoleRow {
        business: business.0.clone(),
        role: role.clone(),
        filter: filter.id.clone(),
    });
    set::insert(conn, &roles.collect::<Vec<_>>(), Taken::Skip)
}

/// Removes a list.
pub fn delete(conn: &mut Connection, business: &BusinessId, id: &str) -> Result<(), StoreError> {
    set::delete(conn, "task_filter_roles", &["business", "filter"], &[vec![business.as_str(), id]])?;
    set::delete(conn, "task_filters", &["business", "id"], &[vec![business.as_str(), id]])
}

fn seen<'a>(statement: &mut Statement<'a>, asker: &'a Asker) {
    let business = asker.business.as_str();
    statement.sql(" FROM task_filters AS t WHERE t.business = ").text(business);
    statement.sql(" AND (t.owner = ").text(asker.user.as_str());
    statement.sql(" OR t.id IN (SELECT r.filter FROM task_filter_roles AS r WHERE r.business = ").text(business);
    statement.sql(" AND r.role").any_of(&asker.roles).sql("))");
}

fn read(row: TaskFilterRow) -> Result<TaskFilter, StoreError> {
    let what = format!("task filter {}", row.id);
    Ok(TaskFilter {
        name: json::read(&row.name, &what)?,
        filter: json::read(&row.filter, &what)?,
        roles: json::read(&row.roles, &what)?,
        id: row.id,
        owner: row.owner.into(),
        sort: row.sort,
        created_at: Timestamp(row.created_at),
        updated_at: Timestamp(row.updated_at),
        version: row.version,
    })
}
