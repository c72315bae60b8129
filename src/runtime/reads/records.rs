//! Business records: one, pages of them, and what they come to together.

use super::reading::Reading;
use super::{filter, record_cursor};
use crate::model::actor::Actor;
use crate::model::aggregate::{Aggregate, Summary};
use crate::model::ids::RecordId;
use crate::model::page::{Page, Search};
use crate::model::record::Record;
use crate::model::refusal::Refusal;
use crate::model::seen_record::SeenRecord;
use crate::plugins::records::{Asking, lookup, summaries};
use crate::runtime::Runtime;

impl Runtime {
    /// A record that the caller may read.
    pub async fn record(&self, actor: &Actor, record_type: &str, id: &RecordId) -> Result<SeenRecord, Refusal> {
        let (actor, record_type, id) = (actor.clone(), record_type.to_owned(), id.clone());
        self.read(move |conn, shared| {
            let library = shared.libraries.active(conn, &actor.business)?;
            let reading = Reading::of(&library, &actor, &record_type, shared.clock.now())?;
            let found = reading.find(conn, &id)?;
            Ok(reading.seen_one(conn, found)?)
        })
        .await
    }

    /// A page of the records that the caller may read, in the order that is asked for.
    pub async fn records(&self, actor: &Actor, record_type: &str, search: Search) -> Result<Page<SeenRecord>, Refusal> {
        let (actor, record_type) = (actor.clone(), record_type.to_owned());
        self.read(move |conn, shared| {
            let library = shared.libraries.active(conn, &actor.business)?;
            let reading = Reading::of(&library, &actor, &record_type, shared.clock.now())?;
            let rights = reading.fields();
            let readable = |field: &str| rights.readable_everywhere(field);
            let asking = asking(&reading, &readable);
            let lookup = lookup(asking, &actor.business, reading.sight(), &search.filter, search.sort.as_ref())?;
            let after = record_cursor::read(&record_type, &search)?;
            let (found, counted) = lookup.page(conn, after, filter::limit(&search))?;
            let total = match counted {
                Some(count) => count,
                None => lookup.count(conn)?,
            };
            let next = found.next.map(|next| record_cursor::text(&record_type, &search, &next));
            let items = reading.seen(conn, found.items)?;
            Ok(Page { items, next, total: filter::total(total) })
        })
        .await
    }

    /// The same page without counting what there is in all: for an export.
    pub(in crate::runtime) async fn records_uncounted(
        &self,
        actor: &Actor,
        record_type: &str,
        search: Search,
    ) -> Result<(Vec<Record>, Option<String>), Refusal> {
        let (actor, record_type) = (actor.clone(), record_type.to_owned());
        self.read(move |conn, shared| {
            let library = shared.libraries.active(conn, &actor.business)?;
            let reading = Reading::of(&library, &actor, &record_type, shared.clock.now())?;
            let rights = reading.fields();
            let readable = |field: &str| rights.readable_everywhere(field);
            let asking = asking(&reading, &readable);
            let lookup = lookup(asking, &actor.business, reading.sight(), &search.filter, search.sort.as_ref())?;
            let after = record_cursor::read(&record_type, &search)?;
            let (mut found, _) = lookup.page(conn, after, filter::limit(&search))?;
            rights.hide(conn, &mut found.items)?;
            Ok((found.items, found.next.map(|next| record_cursor::text(&record_type, &search, &next))))
        })
        .await
    }

    /// The records that the caller may read, summed up.
    pub async fn record_summaries(
        &self,
        actor: &Actor,
        record_type: &str,
        asked: Aggregate,
    ) -> Result<Vec<Summary>, Refusal> {
        let (actor, record_type) = (actor.clone(), record_type.to_owned());
        self.read(move |conn, shared| {
            let library = shared.libraries.active(conn, &actor.business)?;
            let reading = Reading::of(&library, &actor, &record_type, shared.clock.now())?;
            let rights = reading.fields();
            let readable = |field: &str| rights.readable_everywhere(field);
            summaries(conn, asking(&reading, &readable), &actor.business, reading.sight(), &asked)
        })
        .await
    }
}

/// A field that may not be read on every record that is seen may not be filtered, sorted, grouped or measured by.
fn asking<'a>(reading: &Reading<'a>, readable: &'a dyn Fn(&str) -> bool) -> Asking<'a> {
    let Reading { actor, definitions, declared, .. } = *reading;
    Asking { definitions, record_type: declared, readable, me: Some(actor.user.as_str()), past: false }
}
