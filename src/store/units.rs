//! Units of the organisation.

use super::connection::Connection;
use super::error::StoreError;
use super::json;
use super::schema::people::{UnitRow, org_units};
use super::set::{self, Taken};
use crate::model::directory::Unit;
use crate::model::ids::BusinessId;
use diesel::prelude::*;

/// A unit.
pub fn find(conn: &mut Connection, business: &BusinessId, id: &str) -> Result<Option<Unit>, StoreError> {
    org_units::table.find((business.as_str(), id)).first::<UnitRow>(conn).optional()?.map(read).transpose()
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
