//! From one revision of a record type to the next: which field is which, what is gone, what gets a value, and under which
//! names the entries of records stand that are not yet brought there.

use super::entries;
use crate::model::field::Field;
use crate::model::lens::{Lens, Rename, names_before};
use crate::model::record_type::RecordType;
use crate::model::time::Timestamp;
use crate::store::records::{Alias, AliasKind};
use std::collections::{BTreeMap, BTreeSet};

/// How records of the old type read by the new one. `renames` is all that became of the type's names before: a field is
/// known by every name it had, so that going back to an earlier revision takes its names back, too.
pub fn step(old: &RecordType, new: &RecordType, renames: &[Rename]) -> Lens {
    let (before, after) = (declared(old), declared(new));
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    for field in new.fields.iter().filter(|field| !before.contains(field.name.as_str())) {
        let free = |name: &&str| !after.contains(name) && !names.contains_key(*name);
        let said = before.iter().copied().filter(free).find(|name| is_said(name, field, renames));
        let found =
            said.or_else(|| before.iter().copied().filter(free).find(|name| comes_back(old, name, field, renames)));
        if let Some(found) = found {
            names.insert(found.to_owned(), field.name.clone());
        }
    }
    let gone = before.iter().filter(|name| !after.contains(**name) && !names.contains_key(**name));
    let gone = gone.map(|name| (*name).to_owned()).collect();
    let reached: BTreeSet<&str> = names.values().map(String::as_str).collect();
    let is_new = |field: &Field| !before.contains(field.name.as_str()) && !reached.contains(field.name.as_str());
    let must_now = |field: &Field| {
        field.required && !old.fields.iter().any(|old| old.required && is_now(&names, &old.name, &field.name))
    };
    let filled = new.fields.iter().filter(|field| is_new(field) || must_now(field));
    let defaults = filled.filter_map(|field| Some((field.name.clone(), field.default.clone()?))).collect();
    Lens { names, gone, defaults }
}

/// The names of a type's fields.
pub fn declared(record_type: &RecordType) -> BTreeSet<&str> {
    record_type.fields.iter().map(|field| field.name.as_str()).collect()
}

/// Whether a new field says that it was this old one, by the name that it has or by one that it had.
fn is_said(name: &str, field: &Field, renames: &[Rename]) -> bool {
    let was = |was: &String| was == name || names_before(name, renames).contains(was);
    field.was.as_ref().is_some_and(was)
}

/// Whether an old field had the name of this new one before.
fn comes_back(old: &RecordType, name: &str, field: &Field, renames: &[Rename]) -> bool {
    let said = old.fields.iter().any(|old| old.name == name && old.was.as_ref() == Some(&field.name));
    said || names_before(name, renames).contains(&field.name)
}

fn is_now(names: &BTreeMap<String, String>, old: &str, new: &str) -> bool {
    names.get(old).map_or(old, String::as_str) == new
}

/// What becomes of the names, to be kept for the history of records.
pub fn renamed(old: &RecordType, step: &Lens, at: Timestamp) -> Vec<Rename> {
    let renamed = step.names.iter().map(|(field, name)| (field, Some(name.clone())));
    let gone = step.gone.iter().map(|field| (field, None));
    let narrow = |field: &str| {
        let inside = format!("{field}.");
        // What is computed from a field that few may read is limited, too.
        let mut limited = old.access.limits.iter().flat_map(|limit| &limit.fields);
        limited.any(|of| of == field || of.starts_with(&inside))
    };
    let rename = |(field, name): (&String, Option<String>)| Rename {
        hidden: name.is_none() && narrow(field),
        field: field.clone(),
        name,
        filled: None,
        at,
    };
    let filled = step.defaults.iter().map(|(field, value)| Rename {
        field: field.clone(),
        name: Some(field.clone()),
        filled: Some(value.clone()),
        hidden: false,
        at,
    });
    renamed.chain(gone).map(rename).chain(filled).collect()
}

/// Under which names the keys and index entries of records stand that are not at the rules of the new type yet. Every
/// record has its entries under the stored name of an alias; those at the new rules have them under the new name, too.
pub fn aliases(old: &RecordType, step: &Lens, before: &[Alias]) -> Vec<Alias> {
    let field = |name: &str| step.name(name).to_owned();
    let now = |kind: AliasKind, name: &str| match kind {
        AliasKind::Field | AliasKind::Spent => entries::renamed(name, field),
        AliasKind::Rule => name.split(',').map(field).collect::<Vec<_>>().join(","),
    };
    let mut aliases: Vec<Alias> = before
        .iter()
        .map(|Alias { kind, stored, name }| Alias { kind: *kind, stored: stored.clone(), name: now(*kind, name) })
        .collect();
    for stored in entries::names(old) {
        let name = now(AliasKind::Field, &stored);
        if name != stored && aliases.iter().all(|alias| alias.kind != AliasKind::Field || alias.name != name) {
            aliases.push(Alias { kind: AliasKind::Field, stored, name });
        }
    }
    for stored in old.unique.iter().map(|rule| rule.fields.join(",")) {
        aliases.push(Alias { kind: AliasKind::Rule, name: now(AliasKind::Rule, &stored), stored });
    }
    aliases.retain(|alias| alias.stored != alias.name);
    aliases
}

/// Stored names of aliases that the new type would give to entries of its own.
pub fn clashes(new: &RecordType, aliases: &[Alias]) -> Vec<String> {
    let names = entries::names(new);
    let taken = |alias: &&Alias| match alias.kind {
        AliasKind::Field | AliasKind::Spent => names.contains(&alias.stored),
        AliasKind::Rule => new.unique.iter().any(|rule| rule.fields.join(",") == alias.stored),
    };
    aliases.iter().filter(taken).map(|alias| alias.stored.clone()).collect()
}

/// The aliases once every record is at the rules of now: the stored names in the index are spent, and are to be swept.
pub fn spent(aliases: Vec<Alias>) -> Vec<Alias> {
    let mut spent: Vec<Alias> = Vec::new();
    for alias in aliases.into_iter().filter(|alias| alias.kind != AliasKind::Rule) {
        if spent.iter().all(|other| other.stored != alias.stored) {
            spent.push(Alias { kind: AliasKind::Spent, ..alias });
        }
    }
    spent
}
