//! Making records read by new rules at once: the lens of every stamp that may still have records, the names that their
//! entries stand under, what became of names, and the derivation that brings them there.

use super::compare::TypeChange;
use crate::model::ids::BusinessId;
use crate::model::lens::Lens;
use crate::model::time::Timestamp;
use crate::plugins::records::{Concerns, migrate};
use crate::runtime::library::Library;
use crate::store::derivations::{self, Derivation};
use crate::store::records::{self, UNSTAMPED};
use crate::store::{Connection, StoreError};
use std::collections::BTreeMap;

/// Sets what is needed for a changed type, in the transaction that activates the revision.
pub fn open(
    conn: &mut Connection,
    business: &BusinessId,
    change: &TypeChange,
    revision: i64,
    now: Timestamp,
) -> Result<(), StoreError> {
    let name = change.name.as_str();
    let Some(new) = &change.new else { return close(conn, business, name) };
    let before = derivations::find(conn, business, name)?;
    let old = change.old.as_ref().map(|old| old.stamp.clone());
    if old.as_ref() == Some(&new.stamp) && before.as_ref().is_some_and(|before| before.stamp == new.stamp) {
        return Ok(());
    }
    records::renames_insert(conn, business, name, &change.renamed(now))?;
    derivations::troubles_clear(conn, business, name)?;
    let behind = records::is_behind(conn, business, name, &new.stamp, &new.stamp)?;
    let mut lenses = Vec::new();
    let present = records::aliases(conn, business, name)?;
    let mut aliases = change.old.as_ref().map_or(present.clone(), |old| migrate::aliases(old, &change.step, &present));
    if !behind {
        aliases = if change.rows > 0 { migrate::spent(aliases) } else { Vec::new() };
    } else {
        let mut known: BTreeMap<String, Lens> = records::lenses(conn, business, name)?.into_iter().collect();
        let stamps = old.into_iter().chain(before.map(|before| before.stamp)).chain([UNSTAMPED.to_owned()]);
        for stamp in stamps {
            known.entry(stamp).or_default();
        }
        let declared = migrate::declared(new);
        lenses = known.into_iter().map(|(stamp, lens)| (stamp, lens.then(&change.step, &declared))).collect();
        lenses.retain(|(stamp, _)| *stamp != new.stamp);
    }
    records::lenses_replace(conn, business, name, &lenses)?;
    records::aliases_replace(conn, business, name, &aliases)?;
    let derivation = Derivation {
        business: business.clone(),
        record_type: name.to_owned(),
        revision,
        stamp: new.stamp.clone(),
        total: if behind { records::kept(conn, business, name)? } else { 0 },
        done: 0,
        reached: None,
        started_at: now,
        finished_at: (!behind).then_some(now),
    };
    derivations::put(conn, &derivation)
}

/// The same for every type of the active revision whose records were last brought to other rules: those of a program that
/// made something else of the same files, or none.
pub fn restamp(
    conn: &mut Connection,
    business: &BusinessId,
    library: &Library,
    now: Timestamp,
) -> Result<(), StoreError> {
    for (name, declared) in &library.definitions.records {
        let known = derivations::find(conn, business, name)?;
        if known.is_some_and(|known| known.stamp == declared.stamp) {
            continue;
        }
        let change = TypeChange {
            name: name.clone(),
            old: Some(declared.clone()),
            new: Some(declared.clone()),
            step: Lens::default(),
            concerns: Concerns::default(),
            rows: records::number(conn, business, name)?,
        };
        open(conn, business, &change, library.number, now)?;
    }
    Ok(())
}

/// Forgets how records of a type read that is gone; it has none.
fn close(conn: &mut Connection, business: &BusinessId, name: &str) -> Result<(), StoreError> {
    records::lenses_replace(conn, business, name, &[])?;
    records::aliases_replace(conn, business, name, &[])?;
    derivations::delete(conn, business, name)
}
