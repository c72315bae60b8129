//! Businesses: the isolated tenants.

use super::connection::Connection;
use super::error::StoreError;
use super::json;
use super::schema::business::{BusinessRow, businesses};
use super::set::{self, Taken};
use super::statement::Statement;
use crate::model::directory::Business;
use crate::model::ids::BusinessId;
use crate::model::time::Timestamp;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

/// A business.
pub fn find(conn: &mut Connection, id: &BusinessId) -> Result<Option<Business>, StoreError> {
    businesses::table.find(id.as_str()).first::<BusinessRow>(conn).optional()?.map(read).transpose()
}

/// All businesses, by id.
pub fn list(conn: &mut Connection) -> Result<Vec<Business>, StoreError> {
    let rows = businesses::table.order(businesses::id.asc()).load::<BusinessRow>(conn)?;
    rows.into_iter().map(read).collect()
}

/// Adds a business; a unique violation when the id is taken.
pub fn insert(conn: &mut Connection, business: &Business) -> Result<(), StoreError> {
    let row = BusinessRow {
        id: business.id.0.clone(),
        title: json::text(&business.title)?,
        currency: business.currency.clone(),
        time_zone: business.time_zone.clone(),
        active_revision: business.active_revision,
        created_at: business.created_at.0,
    };
    set::insert(conn, &[row], Taken::Fail)
}

/// The active revisions of these businesses, in one statement; those without one are left out.
pub fn active_revisions(conn: &mut Connection, ids: &[BusinessId]) -> Result<Vec<(BusinessId, i64)>, StoreError> {
    let ids: Vec<&str> = ids.iter().map(BusinessId::as_str).collect();
    let mut statement =
        Statement::new("SELECT id, active_revision FROM businesses WHERE active_revision IS NOT NULL AND id");
    statement.any_of(&ids);
    let rows = statement.load::<(Text, BigInt), (String, i64)>(conn)?;
    Ok(rows.into_iter().map(|(id, revision)| (id.into(), revision)).collect())
}

fn read(row: BusinessRow) -> Result<Business, StoreError> {
    Ok(Business {
        title: json::read(&row.title, &format!("business {}", row.id))?,
        id: row.id.into(),
        currency: row.currency,
        time_zone: row.time_zone,
        active_revision: row.active_revision,
        created_at: Timestamp(row.created_at),
    })
}
