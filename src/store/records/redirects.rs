//! Redirects: a record that was merged stays, and says into which other one.

use crate::model::ids::{BusinessId, RecordId};
use crate::store::connection::Connection;
use crate::store::error::StoreError;
use crate::store::statement::Statement;
use diesel::sql_types::Text;

/// The record at the end of the redirects that begin with this one; none when it is no redirect.
pub fn winner_of(
    conn: &mut Connection,
    business: &BusinessId,
    record_type: &str,
    id: &RecordId,
) -> Result<Option<RecordId>, StoreError> {
    let mut statement =
        Statement::new("WITH RECURSIVE up(id, far) AS (SELECT t.merged_into, 1 FROM records AS t WHERE t.business = ");
    statement.text(business.as_str()).sql(" AND t.record_type = ").text(record_type);
    statement.sql(" AND t.id = ").text(id.as_str());
    statement.sql(
        " AND t.merged_into IS NOT NULL \
         UNION ALL SELECT t.merged_into, up.far + 1 FROM up JOIN records AS t ON t.id = up.id WHERE t.business = ",
    );
    statement.text(business.as_str()).sql(" AND t.record_type = ").text(record_type);
    statement.sql(" AND t.merged_into IS NOT NULL) SELECT id FROM up ORDER BY far DESC LIMIT 1");
    Ok(statement.load::<Text, String>(conn)?.into_iter().next().map(RecordId))
}
