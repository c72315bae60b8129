//! Units of the organisation.

use super::connection::Connection;
use super::error::StoreError;
use super::json;
use super::page::{self, Count};
use super::schema::Row;
use super::schema::organisation::{UnitRow, org_units};
use super::set::{self, Taken};
use super::statement::Statement;
use crate::model::directory::{Unit, UnitKind};
use crate::model::ids::BusinessId;
use diesel::prelude::*;
use diesel::sql_types::Text;

/// Which units are asked for, by id.
#[derive(Debug, Clone)]
pub struct UnitQuery {
    /// Their business.
    pub business: BusinessId,
    /// Right below this unit.
    pub parent: Option<String>,
    /// Of this kind.
    pub kind: Option<UnitKind>,
    /// After this id.
    pub after: Option<String>,
    /// At most so many.
    pub limit: i64,
}

/// A unit.
pub fn find(conn: &mut Connection, business: &BusinessId, id: &str) -> Result<Option<Unit>, StoreError> {
    org_units::table.find((business.as_str(), id)).first::<UnitRow>(conn).optional()?.map(read).transpose()
}

/// Those of these ids that units have, in one statement.
pub fn there(conn: &mut Connection, business: &BusinessId, ids: &[&str]) -> Result<Vec<String>, StoreError> {
    let mut statement = Statement::new("SELECT t.id FROM org_units AS t WHERE t.business = ");
    statement.text(business.as_str()).sql(" AND t.id").any_of(ids).load::<Text, String>(conn)
}

/// All units of a business, by id.
pub fn list(conn: &mut Connection, business: &BusinessId) -> Result<Vec<Unit>, StoreError> {
    let rows = org_units::table
        .filter(org_units::business.eq(business.as_str()))
        .order(org_units::id.asc())
        .load::<UnitRow>(conn)?;
    rows.into_iter().map(read).collect()
}

/// Units after an id.
pub fn search(conn: &mut Connection, query: &UnitQuery) -> Result<Vec<Unit>, StoreError> {
    let mut statement = Statement::new(format!("SELECT {}", UnitRow::list("t.")));
    filter(&mut statement, query);
    if let Some(after) = &query.after {
        statement.sql(" AND t.id > ").text(after.as_str());
    }
    statement.sql(" ORDER BY t.id LIMIT ").int(query.limit);
    let rows = statement.load::<<UnitRow as Row>::Types, UnitRow>(conn)?;
    rows.into_iter().map(read).collect()
}

/// How many there are, whatever page is asked for.
pub fn count(conn: &mut Connection, query: &UnitQuery) -> Result<Count, StoreError> {
    let mut statement = page::counting();
    filter(&mut statement, query);
    page::count(conn, statement)
}

fn filter<'a>(statement: &mut Statement<'a>, query: &'a UnitQuery) {
    statement.sql(" FROM org_units AS t WHERE t.business = ").text(query.business.as_str());
    if let Some(parent) = &query.parent {
        statement.sql(" AND t.parent = ").text(parent.as_str());
    }
    if let Some(kind) = query.kind {
        statement.sql(" AND t.kind = ").text(kind.name());
    }
}

/// Adds units or replaces those with their ids.
pub fn save(conn: &mut Connection, business: &BusinessId, units: &[Unit]) -> Result<(), StoreError> {
    let row = |unit: &Unit| {
        Ok(UnitRow {
            business: business.0.clone(),
            id: unit.id.clone(),
            parent: unit.parent.clone(),
            title: json::text(&unit.title)?,
            kind: unit.kind.name().to_owned(),
            version: unit.version,
        })
    };
    let rows = units.iter().map(row).collect::<Result<Vec<_>, StoreError>>()?;
    set::insert(conn, &rows, Taken::Replace)
}

/// Removes a unit.
pub fn delete(conn: &mut Connection, business: &BusinessId, id: &str) -> Result<(), StoreError> {
    set::delete(conn, "org_units", &["business", "id"], &[vec![business.as_str(), id]])
}

fn read(row: UnitRow) -> Result<Unit, StoreError> {
    let what = format!("unit {}", row.id);
    let kind = UnitKind::parse(&row.kind);
    let unknown = || StoreError::Unreadable { what: what.clone(), reason: format!("its kind is \"{}\"", row.kind) };
    Ok(Unit {
        title: json::read(&row.title, &what)?,
        kind: kind.ok_or_else(unknown)?,
        id: row.id,
        parent: row.parent,
        version: row.version,
    })
}
