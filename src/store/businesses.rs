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
use diesel::sql_types::{BigInt, Nullable, Text};

/// A business.
pub fn find(conn: &mut Connection, id: &BusinessId) -> Result<Option<Business>, StoreError> {
    businesses::table.find(id.as_str()).first::<BusinessRow>(conn).optional()?.map(read).transpose()
}

/// The IANA name of the time zone in which a business is; UTC when there is no such business.
pub fn time_zone(conn: &mut Connection, id: &BusinessId) -> Result<String, StoreError> {
    let found = businesses::table.find(id.as_str()).select(businesses::time_zone).first::<String>(conn).optional()?;
    Ok(found.unwrap_or_else(|| "UTC".to_owned()))
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

/// What the commands of a business go by.
#[derive(Debug, Clone)]
pub struct Going {
    /// The business.
    pub business: BusinessId,
    /// The revision that new instances start with; none: nothing was deployed yet.
    pub active: Option<i64>,
    /// The IANA name of its time zone.
    pub time_zone: String,
}

/// What the commands of these businesses go by, in one statement.
pub fn going(conn: &mut Connection, ids: &[BusinessId]) -> Result<Vec<Going>, StoreError> {
    let ids: Vec<&str> = ids.iter().map(BusinessId::as_str).collect();
    let mut statement = Statement::new("SELECT id, active_revision, time_zone FROM businesses WHERE id");
    statement.any_of(&ids);
    let rows = statement.load::<(Text, Nullable<BigInt>, Text), (String, Option<i64>, String)>(conn)?;
    let read = |(id, active, time_zone): (String, _, _)| Going { business: id.into(), active, time_zone };
    Ok(rows.into_iter().map(read).collect())
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
