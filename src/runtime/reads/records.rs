//! Business records and their history.

use super::filter;
use crate::model::actor::Actor;
use crate::model::ids::{RecordId, UserId};
use crate::model::lens::Rename;
use crate::model::nearest::hint;
use crate::model::page::{Operator, Page, Search};
use crate::model::record::{FieldChange, Record};
use crate::model::record_type::{Column, RecordType};
use crate::model::refusal::Refusal;
use crate::plugins::Stop;
use crate::plugins::records::condition;
use crate::runtime::shared::Shared;
use crate::runtime::{Runtime, access};
use crate::store::records::{self, RecordQuery, Sight};
use crate::store::{Connection, slots};

/// Changes of a record's history shown at most.
const CHANGES: i64 = 1_000;

impl Runtime {
    /// A record that the caller may read.
    pub async fn record(&self, actor: &Actor, record_type: &str, id: &RecordId) -> Result<Record, Refusal> {
        let (actor, record_type, id) = (actor.clone(), record_type.to_owned(), id.clone());
        self.read(move |conn, shared| find(conn, shared, &actor, &record_type, &id)).await
    }

    /// A page of the records that the caller may read, in the order in which they were made.
    pub async fn records(&self, actor: &Actor, record_type: &str, search: Search) -> Result<Page<Record>, Refusal> {
        let (actor, record_type) = (actor.clone(), record_type.to_owned());
        self.read(move |conn, shared| {
            let library = shared.libraries.active(conn, &actor.business)?;
            let now = shared.clock.now();
            let declared = access::record_type(&actor, &library.definitions, &record_type, now)?;
            let sight = access::sight(&actor, &library.definitions, declared, &declared.access.read, now);
            let query = query(declared, &actor, &search, sight)?;
            let found = records::search(conn, &query)?;
            let total = filter::total(records::count(conn, &query)?);
            Ok(Page { items: found.items, next: found.next.map(|next| next.0), total })
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
            let library = shared.libraries.active(conn, &actor.business)?;
            let declared = library.definitions.records.get(&record_type).map(|found| &**found);
            let renames = records::renames(conn, &actor.business, &record_type)?;
            let changes = records::history(conn, &actor.business, &record_type, &id, 0, CHANGES)?;
            Ok(changes.into_iter().filter_map(|change| named(change, &renames, declared)).collect())
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

/// A change under the name that its field has now. One of a field that the type no longer has stands under the last name
/// that it had; none when fewer could read the field than the record.
fn named(mut change: FieldChange, renames: &[Rename], declared: Option<&RecordType>) -> Option<FieldChange> {
    let mut hidden = false;
    for rename in renames.iter().filter(|rename| rename.at >= change.at) {
        if rename.field == change.field {
            change.field = rename.name.clone().unwrap_or(change.field);
            hidden |= rename.hidden;
        }
    }
    let is_there = declared.is_some_and(|declared| declared.fields.iter().any(|field| field.name == change.field));
    (is_there || !hidden).then_some(change)
}

fn query(declared: &RecordType, actor: &Actor, search: &Search, sight: Sight) -> Result<RecordQuery, Refusal> {
    filter::no_sort(search)?;
    let mut query = RecordQuery {
        business: actor.business.clone(),
        record_type: declared.name.clone(),
        sight,
        owner: None,
        status: None,
        parent: None,
        name_prefix: None,
        indexed: Vec::new(),
        after: search.cursor.clone().map(RecordId),
        limit: filter::limit(search),
    };
    for asked in filter::conditions(search)? {
        if !declared.fields.iter().any(|field| field.name == asked.field) {
            let hint = hint(&asked.field, declared.fields.iter().map(|field| field.name.as_str()));
            return Err(filter::wrong(&asked.field, &format!("is not a field of {}{hint}", declared.name)));
        }
        if declared.columns.get(&Column::Name) == Some(&asked.field) && asked.operator == Operator::Like {
            let text = slots::text(&asked.value).unwrap_or_default();
            let prefix = text.strip_suffix('%').filter(|prefix| !prefix.contains('%'));
            let prefix = prefix.ok_or_else(|| filter::wrong(&asked.field, "takes a prefix such as \"Huaxin%\""))?;
            query.name_prefix = Some(prefix.to_owned());
            continue;
        }
        condition(declared, &mut query, &asked.field, &filter::text(asked)?)
            .map_err(|refusal| filter::at(&format!("/filter/{}", asked.field), refusal))?;
    }
    if query.owner.as_ref().is_some_and(|owner| owner.as_str() == "me") {
        query.owner = Some(UserId(actor.user.0.clone()));
    }
    Ok(query)
}
