//! Business records and their history.

use super::{filter, record_cursor};
use crate::model::actor::Actor;
use crate::model::aggregate::{Aggregate, Summary};
use crate::model::definitions::Definitions;
use crate::model::ids::RecordId;
use crate::model::page::{Page, Search};
use crate::model::record::{FieldChange, Record};
use crate::model::record_type::RecordType;
use crate::model::refusal::Refusal;
use crate::plugins::Stop;
use crate::plugins::records::{Asking, lookup, summaries};
use crate::runtime::shared::Shared;
use crate::runtime::{Runtime, access};
use crate::store::Connection;
use crate::store::records;

/// Changes of a record's history shown at most.
const CHANGES: i64 = 1_000;

impl Runtime {
    /// A record that the caller may read.
    pub async fn record(&self, actor: &Actor, record_type: &str, id: &RecordId) -> Result<Record, Refusal> {
        let (actor, record_type, id) = (actor.clone(), record_type.to_owned(), id.clone());
        self.read(move |conn, shared| find(conn, shared, &actor, &record_type, &id)).await
    }

    /// A page of the records that the caller may read, in the order that is asked for.
    pub async fn records(&self, actor: &Actor, record_type: &str, search: Search) -> Result<Page<Record>, Refusal> {
        let (actor, record_type) = (actor.clone(), record_type.to_owned());
        self.read(move |conn, shared| {
            let library = shared.libraries.active(conn, &actor.business)?;
            let now = shared.clock.now();
            let declared = access::record_type(&actor, &library.definitions, &record_type, now)?;
            let sight = access::sight(&actor, &library.definitions, declared, &declared.access.read, now);
            let asking = asking(&actor, &library.definitions, declared);
            let lookup = lookup(asking, &actor.business, sight, &search.filter, search.sort.as_ref())?;
            let after = record_cursor::read(&record_type, &search)?;
            let (found, total) = lookup.page_and_count(conn, after, filter::limit(&search))?;
            let next = found.next.map(|next| record_cursor::text(&record_type, &search, &next));
            Ok(Page { items: found.items, next, total: filter::total(total) })
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
            let now = shared.clock.now();
            let declared = access::record_type(&actor, &library.definitions, &record_type, now)?;
            let sight = access::sight(&actor, &library.definitions, declared, &declared.access.read, now);
            let asking = asking(&actor, &library.definitions, declared);
            summaries(conn, asking, &actor.business, sight, &asked)
        })
        .await
    }

    /// The changes of a record that the caller may read, oldest first.
    pub async fn record_history(
        &self,
        actor: &Actor,
        record_type: &str,
        id: &RecordId,
    ) -> Result<Vec<FieldChange>, Refusal> {
        let (actor, record_type, id) = (actor.clone(), record_type.to_owned(), id.clone());
        self.read(move |conn, shared| {
            find(conn, shared, &actor, &record_type, &id)?;
            Ok(records::history(conn, &actor.business, &record_type, &id, 0, CHANGES)?)
        })
        .await
    }
}

fn find(
    conn: &mut Connection,
    shared: &Shared,
    actor: &Actor,
    record_type: &str,
    id: &RecordId,
) -> Result<Record, Stop> {
    let library = shared.libraries.active(conn, &actor.business)?;
    let now = shared.clock.now();
    let declared = access::record_type(actor, &library.definitions, record_type, now)?;
    let sight = access::sight(actor, &library.definitions, declared, &declared.access.read, now);
    let found = records::find_seen(conn, &actor.business, record_type, id, &sight)?;
    Ok(found.ok_or_else(|| Refusal::not_found(record_type, id))?)
}

fn asking<'a>(actor: &'a Actor, definitions: &'a Definitions, record_type: &'a RecordType) -> Asking<'a> {
    let me = Some(actor.user.as_str());
    Asking { definitions, record_type, readable: &every_field, me, past: false, few: records::FEW }
}

/// Which fields a caller may filter, sort, group and measure by: those that may be read on every record that the caller
/// sees. No field has rights of its own yet that are enforced, so this is every field.
fn every_field(_: &str) -> bool {
    true
}
