//! The refusal of a circle of records, for somebody who may not see all of them: what is hidden is not named.

use crate::model::definitions::Definitions;
use crate::model::ids::RecordId;
use crate::model::record_type::Column;
use crate::model::refusal::Refusal;
use crate::model::time::Timestamp;
use crate::plugins::records::{Link, in_a_circle};
use crate::runtime::access;
use crate::runtime::job::Job;
use crate::store::{Connection, StoreError, records};
use std::collections::{BTreeMap, BTreeSet};

/// The refusal without the records that the caller may not read.
pub fn without_hidden(
    conn: &mut Connection,
    job: &Job,
    definitions: &Definitions,
    refusal: Refusal,
    now: Timestamp,
) -> Result<Refusal, StoreError> {
    let Some(present) = &refusal.present else { return Ok(refusal) };
    let path = present["field"].as_str().unwrap_or_default();
    let Ok(mut way) = serde_json::from_value::<Vec<Link>>(present["path"].clone()) else { return Ok(refusal) };
    let mut asked: BTreeMap<String, Vec<RecordId>> = BTreeMap::new();
    for Link { record_type, id, .. } in &way {
        if let (Some(record_type), Some(id)) = (record_type, id) {
            asked.entry(record_type.clone()).or_default().push(id.clone());
        }
    }
    let (mut seen, mut nameless) = (BTreeSet::<RecordId>::new(), BTreeSet::new());
    for (name, ids) in asked {
        let Some(declared) = definitions.records.get(&name) else { continue };
        let rights = access::fields(&job.actor, definitions, declared, now);
        if declared.columns.get(&Column::Name).is_some_and(|field| !rights.readable_everywhere(field)) {
            nameless.insert(name.clone());
        }
        let sight = access::sight(&job.actor, definitions, declared, &declared.access.read, now);
        seen.extend(records::seen(conn, &job.actor.business, &name, &ids, &sight)?);
    }
    for link in way.iter_mut().filter(|link| link.id.as_ref().is_none_or(|id| !seen.contains(id))) {
        *link = Link { record_type: None, id: None, name: None };
    }
    for link in way.iter_mut().filter(|link| link.record_type.as_ref().is_some_and(|of| nameless.contains(of))) {
        link.name = None;
    }
    Ok(in_a_circle(path, &way))
}
