//! How many records each owner has, for rules that share work out evenly.

use crate::model::ids::{BusinessId, UserId};
use crate::model::time::Timestamp;
use crate::store::connection::Connection;
use crate::store::error::StoreError;
use crate::store::statement::Statement;
use diesel::sql_types::{BigInt, Text};

/// The load of one owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Load {
    /// The owner.
    pub owner: UserId,
    /// Records owned.
    pub count: i64,
    /// When the latest of them was created.
    pub latest: Timestamp,
}

/// The load of every owner of records of a type, by owner.
pub fn loads(conn: &mut Connection, business: &BusinessId, record_type: &str) -> Result<Vec<Load>, StoreError> {
    let mut statement =
        Statement::new("SELECT owner, COUNT(*), CAST(MAX(created_at) AS BIGINT) FROM records WHERE business = ");
    statement.text(business.as_str()).sql(" AND record_type = ").text(record_type);
    statement.sql(" AND owner IS NOT NULL AND merged_into IS NULL GROUP BY owner ORDER BY owner");
    let rows = statement.load::<(Text, BigInt, BigInt), (String, i64, i64)>(conn)?;
    let load = |(owner, count, latest)| Load { owner: UserId(owner), count, latest: Timestamp(latest) };
    Ok(rows.into_iter().map(load).collect())
}
