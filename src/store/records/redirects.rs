//! Redirects: a record that was merged stays, and says into which other one.

use super::sight::{Sight, tied_only};
use super::{RecordRow, read};
use crate::model::ids::{BusinessId, RecordId};
use crate::model::record::Record;
use crate::store::connection::Connection;
use crate::store::error::StoreError;
use crate::store::schema::Row;
use crate::store::statement::Statement;
use diesel::sql_types::{Nullable, Text};

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

/// Those of these records that are there, by id, each with what it was merged into. Until the end of the transaction
/// nobody merges or deletes them, so that a reference to them that is written now holds.
pub fn referable(
    conn: &mut Connection,
    business: &BusinessId,
    record_type: &str,
    ids: &[RecordId],
) -> Result<Vec<(RecordId, Option<RecordId>)>, StoreError> {
    let ids: Vec<&str> = ids.iter().map(RecordId::as_str).collect();
    let mut statement = Statement::new("SELECT t.id, t.merged_into FROM records AS t WHERE t.business = ");
    statement.text(business.as_str()).sql(" AND t.record_type = ").text(record_type);
    statement.sql(" AND t.id").any_of(&ids).sql(" ORDER BY t.id");
    if matches!(conn, Connection::Postgres(_)) {
        statement.sql(" FOR KEY SHARE");
    }
    let rows = statement.load::<(Text, Nullable<Text>), (String, Option<String>)>(conn)?;
    Ok(rows.into_iter().map(|(id, into)| (RecordId(id), into.map(RecordId))).collect())
}

/// A redirect as the record was when it was merged, when its owner and its columns say that it is seen.
pub fn find_redirect(
    conn: &mut Connection,
    business: &BusinessId,
    record_type: &str,
    id: &RecordId,
    sight: &Sight,
) -> Result<Option<Record>, StoreError> {
    let mut statement = Statement::new(format!("SELECT {} FROM records AS t", RecordRow::list("t.")));
    statement.sql(" WHERE t.business = ").text(business.as_str()).sql(" AND t.record_type = ").text(record_type);
    statement.sql(" AND t.id = ").text(id.as_str()).sql(" AND t.merged_into IS NOT NULL");
    tied_only(&mut statement, "t", business, record_type, sight);
    let found = statement.load::<<RecordRow as Row>::Types, RecordRow>(conn)?.into_iter().next();
    found.map(read).transpose()
}
