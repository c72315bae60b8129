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
use crate::plugins::Stop;
use crate::plugins::records::{Asking, Lookup, lookup, summaries};
use crate::runtime::Runtime;
use crate::store::Connection;
use crate::store::page::Count;
use crate::store::records::FEW;

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
        self.looked_up(actor, record_type, search, |conn, reading, lookup, found| {
            let total = match found.counted {
                Some(count) => count,
                None => lookup.count(conn)?,
            };
            let items = reading.seen(conn, found.items)?;
            Ok(Page { items, next: found.next, total: filter::total(total) })
        })
        .await
    }

    /// The same page without counting what there is in all, and without what may be done: for an export.
    pub(in crate::runtime) async fn records_uncounted(
        &self,
        actor: &Actor,
        record_type: &str,
        search: Search,
    ) -> Result<(Vec<Record>, Option<String>), Refusal> {
        self.looked_up(actor, record_type, search, |conn, reading, _, mut found| {
            reading.fields().hide(conn, &mut found.items)?;
            Ok((found.items, found.next))
        })
        .await
    }

    /// Looks up a page of the records that the caller may read, and makes of it what is asked for.
    async fn looked_up<T: Send + 'static>(
        &self,
        actor: &Actor,
        record_type: &str,
        search: Search,
        make: impl FnOnce(&mut Connection, &Reading, &Lookup, Found) -> Result<T, Stop> + Send + 'static,
    ) -> Result<T, Refusal> {
        let (actor, record_type) = (actor.clone(), record_type.to_owned());
        self.read(move |conn, shared| {
            let library = shared.libraries.active(conn, &actor.business)?;
            let reading = Reading::of(&library, &actor, &record_type, shared.clock.now())?;
            let rights = reading.fields();
            let readable = |field: &str| rights.readable_everywhere(field);
            let asking = asking(&reading, &readable);
            let lookup = lookup(asking, &actor.business, reading.sight(), &search.filter, search.sort.as_ref())?;
            let after = record_cursor::read(&record_type, &search)?;
            let (page, counted) = lookup.page(conn, after, filter::limit(&search))?;
            let next = page.next.map(|next| record_cursor::text(&record_type, &search, &next));
            make(conn, &reading, &lookup, Found { items: page.items, next, counted })
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

/// A page as it was found.
struct Found {
    items: Vec<Record>,
    next: Option<String>,
    /// How many there are in all, when the way to the page told.
    counted: Option<Count>,
}

/// A field that may not be read on every record that is seen may not be filtered, sorted, grouped or measured by.
fn asking<'a>(reading: &Reading<'a>, readable: &'a dyn Fn(&str) -> bool) -> Asking<'a> {
    let Reading { actor, definitions, declared, .. } = *reading;
    Asking { definitions, record_type: declared, readable, me: Some(actor.user.as_str()), past: false, few: FEW }
}
