//! Forgetting instances that were over long ago: the roots, every row that is about them, and files that only their tasks
//! had.
//!
//! Ids inside a root begin with that of the root and a point, so their rows are a range of the primary key.

use super::connection::Connection;
use super::error::StoreError;
use super::statement::Statement;
use super::{blobs, files, set};
use crate::model::ids::{BusinessId, InstanceId};
use crate::model::time::Timestamp;
use diesel::sql_types::{Nullable, Text};
use std::collections::BTreeSet;

/// Tables whose rows have an id inside a root.
const BY_ID: [&str; 8] =
    ["user_tasks", "approvals", "jobs", "timers", "subscriptions", "incidents", "decisions", "instances"];
/// Tables whose rows belong to a task inside a root. No open task is left: candidates went when the tasks ended.
const BY_TASK: [&str; 2] = ["task_comments", "task_attachments"];

/// A root that is over, with the business key that it may still hold.
pub type Ended = (InstanceId, Option<String>);

/// Roots of a process that ended before a moment, the oldest first, at most so many.
pub fn ended(
    conn: &mut Connection,
    business: &BusinessId,
    process: &str,
    before: Timestamp,
    limit: i64,
) -> Result<Vec<Ended>, StoreError> {
    let mut asked = Statement::new("SELECT id, business_key FROM instances WHERE parent IS NULL AND business = ");
    asked.text(business.as_str()).sql(" AND process = ").text(process);
    asked.sql(" AND ended_at < ").int(before.0).sql(" ORDER BY ended_at, id LIMIT ").int(limit);
    let found: Vec<(String, Option<String>)> = asked.load::<(Text, Nullable<Text>), (String, Option<String>)>(conn)?;
    Ok(found.into_iter().map(|(id, key)| (id.into(), key)).collect())
}

/// Deletes every row that is about these roots of a process, and the files that nobody else has.
pub fn forget(conn: &mut Connection, business: &BusinessId, process: &str, roots: &[Ended]) -> Result<(), StoreError> {
    let keys = roots.iter().filter_map(|(root, key)| Some((root, key.as_deref()?)));
    let keys: Vec<Vec<&str>> = keys.map(|(root, key)| vec![business.as_str(), process, key, root.as_str()]).collect();
    set::delete(conn, "instance_keys", &["business", "process", "business_key", "instance"], &keys)?;
    let files = files_of(conn, business, roots)?;
    for (root, _) in roots {
        for (tables, column) in [(&BY_TASK[..], "task"), (&BY_ID[..], "id")] {
            for table in tables {
                let mut inside = Statement::new(format!("DELETE FROM {table} WHERE business = "));
                inside.text(business.as_str());
                inside.sql(format!(" AND {column} > ")).text(format!("{root}."));
                inside.sql(format!(" AND {column} < ")).text(format!("{root}/"));
                inside.execute(conn)?;
            }
        }
    }
    let roots: Vec<Vec<&str>> = roots.iter().map(|(root, _)| vec![business.as_str(), root.as_str()]).collect();
    set::delete(conn, "history", &["business", "root"], &roots)?;
    set::delete(conn, "instances", &["business", "id"], &roots)?;
    let contents = files::prune_of_tasks(conn, business, &files)?;
    blobs::prune(conn, &contents)?;
    Ok(())
}

/// The files that tasks inside these roots have.
fn files_of(conn: &mut Connection, business: &BusinessId, roots: &[Ended]) -> Result<Vec<String>, StoreError> {
    let mut files = BTreeSet::new();
    for (root, _) in roots {
        let mut asked = Statement::new("SELECT file FROM task_attachments WHERE business = ");
        asked.text(business.as_str());
        asked.sql(" AND task > ").text(format!("{root}.")).sql(" AND task < ").text(format!("{root}/"));
        files.extend(asked.load::<Text, String>(conn)?);
    }
    Ok(files.into_iter().collect())
}
