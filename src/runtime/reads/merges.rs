//! Merges of records, and what is left of those that were merged.

use super::{filter, records as record_reads};
use crate::model::actor::Actor;
use crate::model::ids::{MergeId, RecordId};
use crate::model::merge::Merge;
use crate::model::page::{Page, Search};
use crate::model::refusal::{Refusal, RefusalKind};
use crate::plugins::Stop;
use crate::runtime::Runtime;
use crate::runtime::shared::Shared;
use crate::store::records::{self, merges};
use crate::store::{Connection, StoreError};

impl Runtime {
    /// What a record was merged into in the end, when the caller may read that one.
    pub async fn merged_into(
        &self,
        actor: &Actor,
        record_type: &str,
        id: &RecordId,
    ) -> Result<Option<RecordId>, Refusal> {
        let (actor, record_type, id) = (actor.clone(), record_type.to_owned(), id.clone());
        self.read(move |conn, shared| end(conn, shared, &actor, &record_type, &id)).await
    }

    /// The merges that a record was part of, the newest first, when the caller may read it or what it became.
    pub async fn merges(
        &self,
        actor: &Actor,
        record_type: &str,
        id: &RecordId,
        search: Search,
    ) -> Result<Page<Merge>, Refusal> {
        let (actor, record_type, id) = (actor.clone(), record_type.to_owned(), id.clone());
        self.read(move |conn, shared| {
            match record_reads::find(conn, shared, &actor, &record_type, &id) {
                Err(Stop::Refused(refusal)) if refusal.kind == RefusalKind::NotFound => {
                    end(conn, shared, &actor, &record_type, &id)?.ok_or(refusal)?;
                }
                found => drop(found?),
            }
            Ok(page(conn, &actor, &record_type, &id, &search)?)
        })
        .await
    }
}

fn page(
    conn: &mut Connection,
    actor: &Actor,
    record_type: &str,
    id: &RecordId,
    search: &Search,
) -> Result<Page<Merge>, StoreError> {
    let limit = filter::limit(search);
    let before = search.cursor.clone().map(MergeId);
    let mut items = merges::of_record(conn, &actor.business, record_type, id, before.as_ref(), limit + 1)?;
    let most = usize::try_from(limit).unwrap_or(0);
    let more = items.len() > most;
    items.truncate(most);
    let next = if more { items.last().map(|last| last.id.0.clone()) } else { None };
    let total = filter::total(merges::count(conn, &actor.business, record_type, id)?);
    Ok(Page { items, next, total })
}

fn end(
    conn: &mut Connection,
    shared: &Shared,
    actor: &Actor,
    record_type: &str,
    id: &RecordId,
) -> Result<Option<RecordId>, Stop> {
    let Some(end) = records::winner_of(conn, &actor.business, record_type, id)? else { return Ok(None) };
    match record_reads::find(conn, shared, actor, record_type, &end) {
        Ok(found) => Ok(Some(found.id)),
        Err(Stop::Refused(refusal)) if refusal.kind == RefusalKind::NotFound => Ok(None),
        Err(stop) => Err(stop),
    }
}
