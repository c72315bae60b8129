//! How many records each owner has, for rules that share work out evenly. Triggers of the database keep it as a ledger,
//! on every path: a row for each change, summed up by [`sum_up`] now and then, so that no writer waits for another.

use crate::model::ids::{BusinessId, UserId};
use crate::model::time::Timestamp;
use crate::store::connection::Connection;
use crate::store::error::StoreError;
use crate::store::statement::Statement;
use diesel::sql_types::{BigInt, Nullable, Text};

/// Rows of the ledger that may pile up for one type, more or less, before they are summed up.
const PILE: i64 = 1_000;

/// The load of one owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Load {
    /// The owner.
    pub owner: UserId,
    /// Records owned now.
    pub count: i64,
    /// When the latest one was given to them.
    pub latest: Option<Timestamp>,
    /// Where that stands in the ledger: of two at the same instant, the greater came later.
    pub order: Option<i64>,
}

/// The load of everybody who owns or owned a record of a type, by owner.
pub fn loads(conn: &mut Connection, business: &BusinessId, record_type: &str) -> Result<Vec<Load>, StoreError> {
    let mut statement = Statement::new(
        "SELECT owner, CAST(SUM(number) AS BIGINT), CAST(MAX(latest) AS BIGINT), \
         CAST(MAX(CASE WHEN latest IS NOT NULL THEN id END) AS BIGINT) FROM record_loads WHERE business = ",
    );
    statement
        .text(business.as_str())
        .sql(" AND record_type = ")
        .text(record_type)
        .sql(" GROUP BY owner ORDER BY owner");
    type Row = (String, i64, Option<i64>, Option<i64>);
    let rows = statement.load::<(Text, BigInt, Nullable<BigInt>, Nullable<BigInt>), Row>(conn)?;
    let load =
        |(owner, count, latest, order): Row| Load { owner: UserId(owner), count, latest: latest.map(Timestamp), order };
    Ok(rows.into_iter().map(load).collect())
}

/// Sums the ledger up where rows have piled up: one row for each owner again.
pub fn sum_up(conn: &mut Connection) -> Result<(), StoreError> {
    let mut piles = Statement::new("SELECT business, record_type FROM record_loads GROUP BY business, record_type ");
    piles.sql("HAVING COUNT(*) - COUNT(DISTINCT owner) > ").int(PILE).sql(" ORDER BY business, record_type");
    for (business, record_type) in piles.load::<(Text, Text), (String, String)>(conn)? {
        sum_up_one(conn, &business, &record_type)?;
    }
    Ok(())
}

/// Rows that others add meanwhile stay as they are.
fn sum_up_one(conn: &mut Connection, business: &str, record_type: &str) -> Result<(), StoreError> {
    let these = |sql| {
        let mut statement = Statement::new(sql);
        statement.sql(" WHERE business = ").text(business).sql(" AND record_type = ").text(record_type);
        statement
    };
    match conn {
        Connection::Sqlite(_) => {
            let newest = these("SELECT MAX(id) FROM record_loads").load::<Nullable<BigInt>, Option<i64>>(conn)?;
            let Some(newest) = newest.into_iter().flatten().next() else { return Ok(()) };
            let mut sums = these(
                "INSERT INTO record_loads (business, record_type, owner, number, latest) \
                 SELECT business, record_type, owner, SUM(number), MAX(latest) FROM record_loads",
            );
            sums.sql(" GROUP BY business, record_type, owner ORDER BY MAX(id)").execute(conn)?;
            these("DELETE FROM record_loads").sql(" AND id <= ").int(newest).execute(conn)?;
        }
        Connection::Postgres(_) => {
            let mut sums = these("WITH gone AS (DELETE FROM record_loads");
            sums.sql(
                " RETURNING id, business, record_type, owner, number, latest) \
                 INSERT INTO record_loads (business, record_type, owner, number, latest) \
                 SELECT business, record_type, owner, SUM(number), MAX(latest) FROM gone \
                 GROUP BY business, record_type, owner ORDER BY MAX(id)",
            );
            sums.execute(conn)?;
        }
    }
    Ok(())
}
