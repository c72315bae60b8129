//! The part of a batch that can lose: leases of jobs, idempotency keys, versions of roots, business keys, ids of new roots.
//!
//! Locks are taken in this order and inside each step by key, in every writer, so writers never deadlock.

use super::{Answer, Changed, Created, Writes, leases, rows};
use crate::model::ids::InstanceId;
use crate::store::connection::Connection;
use crate::store::error::StoreError;
use crate::store::idempotency;
use crate::store::schema::running::InstanceKeyRow;
use crate::store::set::{self, Taken};
use diesel::sql_types::Text;
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
    let mut free = HashSet::new();
    for some in set::together(conn, &rows) {
        let mut statement = set::insertion(conn, some, Taken::Skip)?;
        statement.sql(" RETURNING business, caller, route, key");
        free.extend(statement.load::<(Text, Text, Text, Text), (String, String, String, String)>(conn)?);
    }
    // Of two answers under one key the first one got it: the rows went in in this order.
    let (won, late): (Vec<&Answer>, Vec<&Answer>) = sorted.into_iter().partition(|answer| {
        let [business, caller, route, key] = answer.kept.place.texts().map(str::to_owned);
        free.remove(&(business, caller, route, key))
    });
    lost.extend(late.iter().filter_map(|answer| answer.root.as_ref()));
    Ok(won)
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
    let holders = inserted(conn, &keys, "instance")?;
    lost.extend(claimants.iter().filter(|id| !holders.contains(id.as_str())));

    let asked: Vec<&Created> = created.iter().filter(|new| !lost.contains(&new.root.instance.id)).collect();
    let rows = asked.iter().map(|new| rows::root(&new.root, 1)).collect::<Result<Vec<_>, _>>()?;
    let there = inserted(conn, &rows, "id")?;
    let late: Vec<&Created> = asked.into_iter().filter(|new| !there.contains(new.root.instance.id.as_str())).collect();
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

/// Inserts the rows whose key is free; a column of those that went in.
fn inserted<R: crate::store::schema::Row>(
    conn: &mut Connection,
    rows: &[R],
    column: &str,
) -> Result<HashSet<String>, StoreError> {
    let mut inserted = HashSet::new();
    for some in set::together(conn, rows) {
        let mut statement = set::insertion(conn, some, Taken::Skip)?;
        statement.sql(format!(" RETURNING {column}"));
        inserted.extend(statement.load::<Text, String>(conn)?);
    }
    Ok(inserted)
}
