//! The numbers that a type gives to its records: one counter for each pattern, never the same number twice.

use crate::model::ids::BusinessId;
use crate::store::connection::Connection;
use crate::store::error::StoreError;
use crate::store::schema::Row;
use crate::store::schema::record::RecordNumberRow;
use crate::store::statement::Statement;
use diesel::sql_types::BigInt;

/// Takes the next `count` numbers of a pattern, in one statement; the last of them. The counter stays locked until the
/// end of the transaction, so that two servers never share a number, and what is rolled back is given out again.
pub fn numbers_take(
    conn: &mut Connection,
    business: &BusinessId,
    record_type: &str,
    pattern: &str,
    count: i64,
) -> Result<i64, StoreError> {
    let table = RecordNumberRow::TABLE;
    let mut statement = Statement::new(format!("INSERT INTO {table} AS t ({}) VALUES (", RecordNumberRow::list("")));
    statement.text(business.as_str()).sql(", ").text(record_type).sql(", ").text(pattern).sql(", ").int(count);
    statement.sql(") ON CONFLICT (business, record_type, pattern) DO UPDATE SET last = t.last + excluded.last");
    statement.sql(" RETURNING last");
    let taken = statement.load::<BigInt, i64>(conn)?.into_iter().next();
    taken.ok_or_else(|| StoreError::Unreadable { what: table.to_owned(), reason: "no number came back".to_owned() })
}
