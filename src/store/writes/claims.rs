//! The part of a batch that can lose: leases of jobs, idempotency keys, versions of roots, business keys, ids of new roots.
//!
//! Locks are taken in this order and inside each step by key, in every writer, so writers never deadlock.

use super::{Answer, Changed, Created, Writes, leases, rows};
use crate::model::ids::InstanceId;
use crate::store::connection::Connection;
use crate::store::error::StoreError;
use crate::store::idempotency;
use crate::store::schema::running::InstanceKeyRow;
use crate::store::set;
use std::collections::HashSet;

/// Writes the roots and their keys; the roots that lost, of which nothing stays written.
pub(super) fn claim<'a>(conn: &mut Connection, writes: &'a Writes) -> Result<HashSet<&'a InstanceId>, StoreError> {
    let mut lost = HashSet::new();
    leases::hold(conn, writes, &mut lost)?;
    let answers = claim_answers(conn, &writes.idempotency, &mut lost)?;
    change_roots(conn, &writes.changed, &mut lost)?;
    create_roots(conn, &writes.created, &mut lost)?;
    release_keys(conn, &writes.changed, &lost)?;

    let late: Vec<&Answer> =
        answers.into_iter().filter(|answer| answer.root.as_ref().is_some_and(|r| lost.contains(r))).collect();
    let late: Vec<Vec<&str>> = late.iter().map(|answer| answer.kept.place.texts().to_vec()).collect();
    set::delete(conn, "idempotency", &["business", "caller", "route", "key"], &late)?;
    Ok(lost)
}

/// Takes the idempotency keys; the answers that got theirs.
fn claim_answers<'a>(
    conn: &mut Connection,
    answers: &'a [Answer],
    lost: &mut HashSet<&'a InstanceId>,
) -> Result<Vec<&'a Answer>, StoreError> {
    if answers.is_empty() {
        return Ok(Vec::new());
    }
    let asked = answers.iter().filter(|answer| answer.root.as_ref().is_none_or(|root| !lost.contains(root)));
    let mut sorted: Vec<&Answer> = asked.collect();
    sorted.sort_by(|one, other| one.kept.place.cmp(&other.kept.place));
    let rows = sorted.iter().map(|answer| idempotency::row(&answer.kept)).collect::<Result<Vec<_>, _>>()?;
    let won = set::insert_free(conn, &rows)?;
    let (won, late): (Vec<_>, Vec<_>) = sorted.into_iter().zip(won).partition(|(_, won)| *won);
    lost.extend(late.into_iter().filter_map(|(answer, _)| answer.root.as_ref()));
    Ok(won.into_iter().map(|(answer, _)| answer).collect())
}

fn change_roots<'a>(
    conn: &mut Connection,
    changed: &'a [Changed],
    lost: &mut HashSet<&'a InstanceId>,
) -> Result<(), StoreError> {
    let asked: Vec<&Changed> = changed.iter().filter(|change| !lost.contains(&change.root.instance.id)).collect();
    if asked.is_empty() {
        return Ok(());
    }
    let rows =
        asked.iter().map(|change| rows::root(&change.root, change.expected + 1)).collect::<Result<Vec<_>, _>>()?;
    let done = set::update_guarded(conn, &rows)?;
    let done: HashSet<String> = done.into_iter().collect();
    lost.extend(asked.iter().map(|change| &change.root.instance.id).filter(|id| !done.contains(id.as_str())));
    Ok(())
}

fn create_roots<'a>(
    conn: &mut Connection,
    created: &'a [Created],
    lost: &mut HashSet<&'a InstanceId>,
) -> Result<(), StoreError> {
    let mut keys: Vec<(InstanceKeyRow, &InstanceId)> = created
        .iter()
        .filter(|new| new.claims_key && !lost.contains(&new.root.instance.id))
        .filter_map(|new| Some((rows::key(&new.root.instance)?, &new.root.instance.id)))
        .collect();
    keys.sort_by(|(one, _), (other, _)| {
        (&one.business, &one.process, &one.business_key).cmp(&(&other.business, &other.process, &other.business_key))
    });
    let (keys, claimants): (Vec<InstanceKeyRow>, Vec<&InstanceId>) = keys.into_iter().unzip();
    let won = set::insert_free(conn, &keys)?;
    lost.extend(claimants.into_iter().zip(won).filter(|(_, won)| !won).map(|(id, _)| id));

    let asked: Vec<&Created> = created.iter().filter(|new| !lost.contains(&new.root.instance.id)).collect();
    let rows = asked.iter().map(|new| rows::root(&new.root, 1)).collect::<Result<Vec<_>, _>>()?;
    let won = set::insert_free(conn, &rows)?;
    let late: Vec<&Created> = asked.into_iter().zip(won).filter(|(_, won)| !won).map(|(new, _)| new).collect();
    // A start that is sent again after its first instance gave the key back: the id is there, the key was free.
    let mistaken: Vec<InstanceKeyRow> =
        late.iter().filter(|new| new.claims_key).filter_map(|new| rows::key(&new.root.instance)).collect();
    delete_keys(conn, &mistaken)?;
    lost.extend(late.iter().map(|new| &new.root.instance.id));
    Ok(())
}

fn release_keys(conn: &mut Connection, changed: &[Changed], lost: &HashSet<&InstanceId>) -> Result<(), StoreError> {
    let released: Vec<InstanceKeyRow> = changed
        .iter()
        .filter(|change| change.releases_key && !lost.contains(&change.root.instance.id))
        .filter_map(|change| rows::key(&change.root.instance))
        .collect();
    delete_keys(conn, &released)
}

/// Only when this very instance holds them.
fn delete_keys(conn: &mut Connection, keys: &[InstanceKeyRow]) -> Result<(), StoreError> {
    let values: Vec<Vec<&str>> = keys
        .iter()
        .map(|key| vec![key.business.as_str(), key.process.as_str(), key.business_key.as_str(), key.instance.as_str()])
        .collect();
    set::delete(conn, "instance_keys", &["business", "process", "business_key", "instance"], &values)
}
