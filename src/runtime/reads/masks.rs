//! What a caller sees masked of what instances leave behind, by the revision that they are pinned to. What the active
//! revision masks is masked in what is older, too.

use crate::model::actor::Actor;
use crate::model::ids::InstanceId;
use crate::model::json::Json;
use crate::plugins::Stop;
use crate::runtime::access::{self, Masked};
use crate::runtime::shared::Shared;
use crate::store::{Connection, instances, records};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// The masks of one caller in one read.
pub struct Masks<'a> {
    shared: &'a Shared,
    actor: &'a Actor,
    known: BTreeMap<i64, Masked>,
}

impl<'a> Masks<'a> {
    /// None yet.
    pub fn new(shared: &'a Shared, actor: &'a Actor) -> Masks<'a> {
        Masks { shared, actor, known: BTreeMap::new() }
    }

    /// What is masked of instances that are pinned to this revision.
    pub fn of(&mut self, conn: &mut Connection, revision: i64) -> Result<&Masked, Stop> {
        Ok(match self.known.entry(revision) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(free) => free.insert(masked(conn, self.shared, self.actor, revision)?),
        })
    }

    /// The same for the instances themselves, by id.
    pub fn of_instances(
        &mut self,
        conn: &mut Connection,
        ids: &[InstanceId],
    ) -> Result<BTreeMap<InstanceId, Masked>, Stop> {
        let revisions = instances::revisions(conn, &self.actor.business, ids)?;
        let masked = |(id, revision)| Ok((id, self.of(conn, revision)?.clone()));
        revisions.into_iter().map(masked).collect()
    }
}

fn masked(conn: &mut Connection, shared: &Shared, actor: &Actor, revision: i64) -> Result<Masked, Stop> {
    let (now, active) = (shared.clock.now(), shared.libraries.present(conn, &actor.business)?);
    let masked = access::masked(actor, &active.definitions, now);
    // An instance that outlived several revisions left documents under the names of each.
    let became = records::names_became(conn, &actor.business)?;
    let masked = masked.called_before(&became);
    if active.number == revision {
        return Ok(masked);
    }
    let pinned = shared.libraries.get(conn, &actor.business, revision)?;
    Ok(masked.and(access::masked(actor, &pinned.definitions, now).called_later(&became)))
}

/// Masks several values as one document: what is masked in one of them is found in the others.
pub fn mask_together<const N: usize>(values: [&mut Json; N], masked: &Masked) {
    let mut values = values;
    let mut document = Json::Array(values.iter_mut().map(|value| value.take()).collect());
    access::mask(&mut document, masked);
    if let Json::Array(items) = document {
        values.into_iter().zip(items).for_each(|(value, masked)| *value = masked);
    }
}
