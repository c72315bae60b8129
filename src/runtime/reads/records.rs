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
use crate::model::time::Timestamp;
use crate::plugins::Stop;
use crate::plugins::records::{Asking, Lookup, lookup, summaries};
use crate::runtime::Runtime;
use crate::runtime::library::Library;
use crate::store::Connection;
use crate::store::records::{After, FEW};

/// Refuses a record that the caller may not read as one that is not there.
pub fn seen(
    conn: &mut Connection,
    library: &Library,
    actor: &Actor,
    (record_type, id): (&str, &RecordId),
    now: Timestamp,
) -> Result<(), Stop> {
    Reading::of(library, actor, record_type, now)?.find(conn, id).map(|_| ())
}

impl Runtime {
    /// A record that the caller may read.
    pub async fn record(&self, actor: &Actor, record_type: &str, id: &RecordId) -> Result<SeenRecord, Refusal> {
        let (actor, record_type, id) = (actor.clone(), record_type.to_owned(), id.clone());
        self.read(move |conn, shared| {
            let library = shared.libraries.active(conn, &actor.business)?;
            let reading = Reading::of(&library, &actor, &record_type, shared.clock.now())?;
            let found = reading.find(conn, &id)?;
            reading.seen_one(conn, found)
        })
        .await
    }

    /// A page of the records that the caller may read, in the order that is asked for.
    pub async fn records(&self, actor: &Actor, record_type: &str, search: Search) -> Result<Page<SeenRecord>, Refusal> {
        let found = self.looked_up(actor, record_type, search, |conn, reading, lookup, after, limit| {
            let (page, count) = lookup.page_and_count(conn, after, limit)?;
            Ok(((reading.seen(conn, page.items)?, count), page.next))
        });
        let ((items, count), next) = found.await?;
        Ok(Page { items, next, total: filter::total(count) })
    }

    /// The same page without counting what there is in all, and without what may be done: for an export.
    pub(in crate::runtime) async fn records_uncounted(
        &self,
        actor: &Actor,
        record_type: &str,
        search: Search,
    ) -> Result<(Vec<Record>, Option<String>), Refusal> {
        let found = self.looked_up(actor, record_type, search, |conn, reading, lookup, after, limit| {
            let mut page = lookup.page(conn, after, limit)?;
            reading.fields().hide(conn, &mut page.items)?;
            Ok((page.items, page.next))
        });
        found.await
    }

    /// Finds a page among the records that the caller may read; with it the cursor of the next one.
    async fn looked_up<T: Send + 'static>(
        &self,
        actor: &Actor,
        record_type: &str,
        search: Search,
        find: impl FnOnce(&mut Connection, &Reading, &Lookup, Option<After>, i64) -> Result<(T, Option<After>), Stop>
        + Send
        + 'static,
    ) -> Result<(T, Option<String>), Refusal> {
        let (actor, record_type) = (actor.clone(), record_type.to_owned());
        self.read(move |conn, shared| {
            let library = shared.libraries.active(conn, &actor.business)?;
            let reading = Reading::of(&library, &actor, &record_type, shared.clock.now())?;
            let rights = reading.fields();
            let readable = |field: &str| rights.readable_everywhere(field);
            let asking = asking(&reading, &readable);
            let lookup = lookup(asking, &actor.business, reading.sight(), &search.filter, search.sort.as_ref())?;
            let after = record_cursor::read(&record_type, &search)?;
            let (found, next) = find(conn, &reading, &lookup, after, filter::limit(&search))?;
            Ok((found, next.map(|next| record_cursor::text(&record_type, &search, &next))))
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
pub(super) fn asking<'a>(reading: &Reading<'a>, readable: &'a dyn Fn(&str) -> bool) -> Asking<'a> {
    let Reading { actor, definitions, declared, .. } = *reading;
    Asking { definitions, record_type: declared, readable, me: Some(actor.user.as_str()), past: false, few: FEW }
}
