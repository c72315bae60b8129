//! The records above and below one, as its caller sees them: one that may not be read is stepped over and not told of,
//! and those beyond it are shown when they may be read.

use super::filter;
use super::reading::Reading;
use crate::model::actor::Actor;
use crate::model::ids::RecordId;
use crate::model::page::{Page, Search};
use crate::model::record::Record;
use crate::model::refusal::Refusal;
use crate::model::seen_record::SeenRecord;
use crate::plugins::records::{DEEPEST, hierarchical};
use crate::runtime::Runtime;
use crate::store::records::{self, TreeQuery, Way};
use std::collections::BTreeMap;

impl Runtime {
    /// A page of the records above one, the nearest first.
    pub async fn record_ancestors(
        &self,
        actor: &Actor,
        record_type: &str,
        id: &RecordId,
        search: Search,
    ) -> Result<Page<SeenRecord>, Refusal> {
        self.record_tree(actor, record_type, id, Way::Up, search).await
    }

    /// A page of the records below one, the nearest first; `depth` says how many steps at most.
    pub async fn record_descendants(
        &self,
        actor: &Actor,
        record_type: &str,
        id: &RecordId,
        search: Search,
    ) -> Result<Page<SeenRecord>, Refusal> {
        self.record_tree(actor, record_type, id, Way::Down, search).await
    }

    async fn record_tree(
        &self,
        actor: &Actor,
        record_type: &str,
        id: &RecordId,
        way: Way,
        search: Search,
    ) -> Result<Page<SeenRecord>, Refusal> {
        let (actor, record_type, from) = (actor.clone(), record_type.to_owned(), id.clone());
        self.read(move |conn, shared| {
            let library = shared.libraries.active(conn, &actor.business)?;
            let reading = Reading::of(&library, &actor, &record_type, shared.clock.now())?;
            reading.find(conn, &from)?;
            hierarchical(reading.declared)?;
            let sight = reading.sight();
            let (business, depth, limit) = (actor.business.clone(), depth(&search)?, filter::limit(&search));
            let after = filter::after(&search)?;
            let query = TreeQuery { business, record_type, from, way, depth, sight, after, limit };
            let page = records::tree(conn, &query)?;
            let ids: Vec<RecordId> = page.items.iter().map(|(id, _)| id.clone()).collect();
            let found = records::find_many(conn, &query.business, &query.record_type, &ids)?;
            let mut found: BTreeMap<RecordId, Record> =
                found.into_iter().map(|record| (record.id.clone(), record)).collect();
            let items = reading.seen(conn, ids.iter().filter_map(|id| found.remove(id)).collect())?;
            let total = filter::total(records::tree_count(conn, &query)?);
            Ok(Page { items, next: page.next.map(|next| next.to_string()), total })
        })
        .await
    }
}

/// How many steps are followed at most.
fn depth(search: &Search) -> Result<i64, Refusal> {
    filter::no_sort(search)?;
    let mut depth = DEEPEST;
    for asked in filter::conditions(search)? {
        if asked.field != "depth" {
            return Err(filter::unknown(&asked.field, &["depth"]));
        }
        let steps = filter::text(asked)?.parse().ok().filter(|steps| (1..=DEEPEST).contains(steps));
        let sentence = format!("takes a whole number from 1 to {DEEPEST}");
        depth = steps.ok_or_else(|| filter::wrong("depth", &sentence))?;
    }
    Ok(depth)
}
