//! What a business says of its roles: how far who has one may go.

use super::connection::Connection;
use super::error::StoreError;
use super::json;
use super::schema::organisation::{RoleRow, roles};
use super::set::{self, Taken};
use crate::model::directory::Role;
use crate::model::ids::BusinessId;
use diesel::prelude::*;

/// All roles of which something is said, by name.
pub fn list(conn: &mut Connection, business: &BusinessId) -> Result<Vec<Role>, StoreError> {
    let rows =
        roles::table.filter(roles::business.eq(business.as_str())).order(roles::name.asc()).load::<RoleRow>(conn)?;
    rows.into_iter().map(read).collect()
}

/// A role of which something is said.
pub fn find(conn: &mut Connection, business: &BusinessId, name: &str) -> Result<Option<Role>, StoreError> {
    roles::table.find((business.as_str(), name)).first::<RoleRow>(conn).optional()?.map(read).transpose()
}

/// Adds a role or replaces the one with this name.
pub fn upsert(conn: &mut Connection, business: &BusinessId, role: &Role) -> Result<(), StoreError> {
    let Role { name, limits, version } = role;
    let (business, name) = (business.0.clone(), name.clone());
    set::insert(conn, &[RoleRow { business, name, limits: json::text(limits)?, version: *version }], Taken::Replace)
}

fn read(row: RoleRow) -> Result<Role, StoreError> {
    let what = format!("role {}", row.name);
    Ok(Role { limits: json::read(&row.limits, &what)?, name: row.name, version: row.version })
}
