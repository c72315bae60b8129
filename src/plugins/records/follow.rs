//! Following redirects: who names a record that was merged means the one that it became.

use super::leaves::{leaves, replaced};
use crate::model::field::FieldKind;
use crate::model::ids::RecordId;
use crate::model::json::JsonMap;
use crate::model::record_type::RecordType;
use crate::plugins::desk::Desk;
use crate::store::{StoreError, records};
use std::collections::{BTreeMap, BTreeSet};

/// Sets every reference among `given` to a record that was merged to the record at the end of its redirects. Nobody can
/// merge or delete what is named until the end of the transaction.
pub fn follow(
    desk: &mut Desk,
    record_type: &RecordType,
    fields: &mut JsonMap,
    given: &JsonMap,
) -> Result<(), StoreError> {
    let mut named: BTreeMap<&str, BTreeSet<RecordId>> = BTreeMap::new();
    for (_, leaf) in leaves(&record_type.fields, given, "") {
        if let FieldKind::Ref(reference) = leaf.kind {
            named.entry(&reference.record).or_default().insert(leaf.text.into());
        }
    }
    let mut moved = BTreeMap::new();
    for (of, ids) in named {
        for (from, to) in winners(desk, of, ids)? {
            moved.insert((of, from), to);
        }
    }
    if moved.is_empty() {
        return Ok(());
    }
    let mut change = |kind: &FieldKind, text: &str| match kind {
        FieldKind::Ref(reference) => moved.get(&(reference.record.as_str(), text.into())).map(|to| to.0.clone()),
        _ => None,
    };
    let changed = replaced(&record_type.fields, given, &mut change);
    for (name, value) in changed {
        if given.get(&name) != Some(&value) {
            fields.insert(name, value);
        }
    }
    Ok(())
}

/// Those of these records that were merged, each with the record at the end of its redirects; that one is locked, too.
fn winners(desk: &mut Desk, of: &str, ids: BTreeSet<RecordId>) -> Result<BTreeMap<RecordId, RecordId>, StoreError> {
    let mut next: BTreeMap<RecordId, RecordId> = BTreeMap::new();
    let mut asked: Vec<RecordId> = ids.iter().cloned().collect();
    // A chain of redirects is as long as merges followed one another; almost always this runs once.
    while !asked.is_empty() {
        let found = records::referable(desk.conn, desk.business, of, &asked)?;
        let redirects = found.into_iter().filter_map(|(id, into)| Some((id, into?)));
        asked = redirects.map(|(id, into)| (next.insert(id, into.clone()), into).1).collect();
    }
    let end = |id: &RecordId| {
        let mut last = next.get(id)?;
        while let Some(further) = next.get(last) {
            last = further;
        }
        Some((id.clone(), last.clone()))
    };
    Ok(ids.iter().filter_map(end).collect())
}
