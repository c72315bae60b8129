//! Units of the organisation.

use super::connection::Connection;
use super::error::StoreError;
use super::json;
use super::schema::people::{UnitRow, org_units};
use super::set::{self, Taken};
use super::statement::Statement;
use crate::model::directory::Unit;
use crate::model::ids::BusinessId;
use diesel::prelude::*;
use diesel::sql_types::Text;

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

/// Adds a unit or replaces the one with its id.
pub fn upsert(conn: &mut Connection, business: &BusinessId, unit: &Unit) -> Result<(), StoreError> {
    let row = UnitRow {
        business: business.0.clone(),
        id: unit.id.clone(),
        parent: unit.parent.clone(),
        title: json::text(&unit.title)?,
    };
    set::insert(conn, &[row], Taken::Replace)
}

fn read(row: UnitRow) -> Result<Unit, StoreError> {
    Ok(Unit { title: json::read(&row.title, &format!("unit {}", row.id))?, id: row.id, parent: row.parent })
}
