//! Looking at the records of a changed type one by one, a piece at a time: each piece is one read, so that other reads get
//! in between, and nothing is kept but a tally.

use super::CHUNK;
use super::compare::TypeChange;
use super::tally::Tally;
use crate::model::actor::Actor;
use crate::model::ids::{BusinessId, RecordId};
use crate::model::impact::Impact;
use crate::model::json::JsonMap;
use crate::model::record::Record;
use crate::model::refusal::Refusal;
use crate::model::time::Timestamp;
use crate::plugins::records::{misfits, missing};
use crate::runtime::Runtime;
use crate::runtime::library::Library;
use crate::store::{Connection, StoreError, records};
use std::sync::Arc;

/// What does not fit.
pub async fn look(
    runtime: &Runtime,
    business: &BusinessId,
    library: &Arc<Library>,
    change: &Arc<TypeChange>,
) -> Result<Vec<Impact>, Refusal> {
    if !change.concerns.ask_each() {
        return Ok(Vec::new());
    }
    let (mut tally, mut after, mut more) = (Tally::default(), None, true);
    while more {
        let (business, library, change) = (business.clone(), library.clone(), change.clone());
        (tally, after, more) = runtime
            .read(move |conn, _| {
                let found = records::every(conn, &business, &change.name, after.as_ref(), CHUNK)?;
                let more = found.len() as i64 == CHUNK;
                let last = found.last().map(|last| last.id.clone());
                tally_up(conn, &business, &library, &change, found, &mut tally)?;
                Ok((tally, last, more))
            })
            .await?;
    }
    Ok(tally.impacts(&change.name))
}

/// Counts what does not fit about these records.
pub fn tally_up(
    conn: &mut Connection,
    business: &BusinessId,
    library: &Library,
    change: &TypeChange,
    found: Vec<Record>,
    tally: &mut Tally,
) -> Result<(), StoreError> {
    let Some(new) = &change.new else { return Ok(()) };
    let (actor, mut no_id) = (Actor::engine(business.clone()), String::new);
    let mut desk = library.desk(conn, &actor, Timestamp::default(), &mut no_id);
    let (ids, mut all): (Vec<RecordId>, Vec<JsonMap>) =
        found.into_iter().map(|record| (record.id, change.step.read(record.fields))).unzip();
    for (position, misfit) in missing(&mut desk, &change.concerns, &all)? {
        if let Some(id) = ids.get(position) {
            tally.add(id, misfit);
        }
    }
    for (id, fields) in ids.iter().zip(&mut all) {
        for misfit in misfits(&desk, new, &change.concerns, fields) {
            tally.add(id, misfit);
        }
    }
    Ok(())
}
