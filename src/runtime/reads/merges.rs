//! Merges of records, and what is left of those that were merged.

use super::filter;
use super::reading::Reading;
use crate::model::actor::Actor;
use crate::model::ids::{MergeId, RecordId};
use crate::model::lens::name_now;
use crate::model::merge::Merge;
use crate::model::page::{Page, Search};
use crate::model::refusal::Refusal;
use crate::plugins::Stop;
use crate::runtime::Runtime;
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
        self.read(move |conn, shared| {
            let library = shared.libraries.active(conn, &actor.business)?;
            let reading = Reading::of(&library, &actor, &record_type, shared.clock.now())?;
            end(conn, &reading, &id)
        })
        .await
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
            let library = shared.libraries.active(conn, &actor.business)?;
            let reading = Reading::of(&library, &actor, &record_type, shared.clock.now())?;
            if records::winner_of(conn, &actor.business, &record_type, &id)?.is_none() {
                reading.find(conn, &id)?;
            } else if end(conn, &reading, &id)?.is_none() {
                return Err(Refusal::not_found(&record_type, &id).into());
            }
            let mut page = page(conn, &actor, &record_type, &id, &search)?;
            let rights = reading.fields();
            let renames = records::renames(conn, &actor.business, &record_type)?;
            for merge in &mut page.items {
                let (at, choices) = (merge.at, std::mem::take(&mut merge.choices));
                // What was chosen for a field tells of its value.
                let told = choices.into_iter().filter_map(|(field, choice)| {
                    let (name, hidden) = name_now(&field, at, &renames);
                    (!hidden && rights.readable_everywhere(&name)).then_some((name, choice))
                });
                merge.choices = told.collect();
            }
            Ok(page)
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

fn end(conn: &mut Connection, reading: &Reading, id: &RecordId) -> Result<Option<RecordId>, Stop> {
    let (business, record_type) = (&reading.actor.business, &reading.declared.name);
    let Some(end) = records::winner_of(conn, business, record_type, id)? else { return Ok(None) };
    Ok(records::find_seen(conn, business, record_type, &end, &reading.sight())?.map(|found| found.id))
}
