//! Leases that reports of workers were sent under: they are locked and looked at before anything is written, so that
//! what a worker reports counts only while nobody else has the job.

use super::Writes;
use crate::model::ids::InstanceId;
use crate::store::connection::Connection;
use crate::store::error::StoreError;
use crate::store::jobs;
use crate::store::statement::Statement;
use diesel::sql_types::{Nullable, Text};
use std::collections::{BTreeSet, HashMap, HashSet};

/// Locks the rows of all jobs that the batch touches, in the order of their keys and before the roots, so that two
/// writers do not wait for each other in a circle; who takes jobs passes locked ones over. The roots whose reports came
/// under a lease that is not the present one are lost.
pub(super) fn hold<'a>(
    conn: &mut Connection,
    writes: &'a Writes,
    lost: &mut HashSet<&'a InstanceId>,
) -> Result<(), StoreError> {
    if writes.held.is_empty() && writes.jobs.is_empty() {
        return Ok(());
    }
    let held = writes.held.iter().map(|held| (held.business.as_str(), held.item.job.as_str()));
    let touched = writes.jobs.iter().map(|job| (job.business.as_str(), job.item.id.as_str()));
    let keys: BTreeSet<(&str, &str)> = held.chain(touched).collect();
    let mut statement = Statement::new("SELECT t.business, t.id, t.lease FROM (");
    jobs::given(&mut statement, conn, keys.into_iter())?;
    statement.sql(") AS i JOIN jobs AS t ON t.business = i.business AND t.id = i.id ORDER BY t.business, t.id");
    if let Connection::Postgres(_) = conn {
        statement.sql(" FOR UPDATE OF t");
    }
    let rows = statement.load::<(Text, Text, Nullable<Text>), (String, String, Option<String>)>(conn)?;
    let present: HashMap<(String, String), Option<String>> =
        rows.into_iter().map(|(business, id, lease)| ((business, id), lease)).collect();
    for held in &writes.held {
        let key = (held.business.0.clone(), held.item.job.0.clone());
        if present.get(&key).and_then(Option::as_deref) != Some(held.item.lease.as_str()) {
            lost.insert(&held.root);
        }
    }
    Ok(())
}
