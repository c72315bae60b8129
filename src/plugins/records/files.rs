//! Files that a record names: they must be there, and be what the field takes.

use super::leaves::leaves;
use super::relations;
use crate::model::definitions::Definitions;
use crate::model::field::{Field, FieldKind, FileRule};
use crate::model::file::{File, accepts};
use crate::model::ids::FileId;
use crate::model::json::JsonMap;
use crate::model::record_type::RecordType;
use crate::model::refusal::FieldError;
use crate::plugins::desk::Desk;
use crate::store::records::Spot;
use crate::store::{StoreError, files};
use std::collections::{BTreeMap, BTreeSet};

/// Files of one record at most, all its fields together.
pub const MOST: usize = 100;

/// Every file that is named, with its JSON pointer.
pub fn named<'a>(fields: &'a [Field], values: &'a JsonMap) -> Vec<(String, FileId, &'a FileRule)> {
    let files = leaves(fields, values, "/fields").into_iter().filter_map(|(pointer, leaf)| match leaf.kind {
        FieldKind::File(rule) => Some((pointer, FileId::from(leaf.text), rule)),
        _ => None,
    });
    files.collect()
}

/// Every place where a file can stand.
pub fn spots(definitions: &Definitions) -> Vec<Spot> {
    let of = |declared: &RecordType| -> Vec<Spot> {
        let files = relations::places(declared).into_iter().filter(|(_, kind)| matches!(kind, FieldKind::File(_)));
        files.map(|(path, _)| Spot { record_type: declared.name.clone(), path }).collect()
    };
    definitions.records.values().flat_map(|declared| of(declared)).collect()
}

/// Every named file that is not there or does not fit, and what is too many. The others belong to the record from now
/// on, and are not forgotten.
pub fn check(
    desk: &mut Desk,
    fields: &[Field],
    all: &JsonMap,
    changed: &JsonMap,
) -> Result<Vec<FieldError>, StoreError> {
    let mut errors: Vec<FieldError> = too_many(fields, all).into_iter().collect();
    let named = named(fields, changed);
    let mut ids: Vec<FileId> = named.iter().map(|(_, id, _)| id.clone()).collect();
    ids.sort_unstable();
    ids.dedup();
    let found = files::find_many(desk.conn, desk.business, &ids)?;
    let is_loose = |file: &File| file.attached_at.is_none() || file.of_tasks;
    let loose: Vec<FileId> = found.iter().filter(|file| is_loose(file)).map(|file| file.id.clone()).collect();
    // A loose file that is being forgotten at this moment is not there.
    let attached = files::attach(desk.conn, desk.business, &loose, desk.now)?;
    let found: BTreeMap<&FileId, &File> = found
        .iter()
        .filter(|file| !is_loose(file) || attached.contains(&file.id))
        .map(|file| (&file.id, file))
        .collect();
    for (pointer, id, rule) in &named {
        let wrong = match found.get(id) {
            None => Some(("not_there", format!("there is no file \"{id}\""))),
            Some(file) => misfit(file, rule),
        };
        errors.extend(wrong.map(|(code, detail)| FieldError { pointer: pointer.clone(), code: code.into(), detail }));
    }
    Ok(errors)
}

/// What is named in these fields of many records and is not theirs or does not fit, for who only looks: each behind the
/// position of its record, `/17/fields/offer`.
pub fn missing(desk: &mut Desk, fields: &[Field], all: &[JsonMap]) -> Result<Vec<FieldError>, StoreError> {
    let named: Vec<(usize, (String, FileId, &FileRule))> = all
        .iter()
        .enumerate()
        .flat_map(|(position, values)| named(fields, values).into_iter().map(move |one| (position, one)))
        .collect();
    let ids: BTreeSet<&FileId> = named.iter().map(|(_, (_, id, _))| id).collect();
    let ids: Vec<FileId> = ids.into_iter().cloned().collect();
    let found = files::find_many(desk.conn, desk.business, &ids)?;
    let found: BTreeMap<&FileId, &File> = found.iter().map(|file| (&file.id, file)).collect();
    let wrong = |(position, (pointer, id, rule)): &(usize, (String, FileId, &FileRule))| {
        let (code, detail) = match found.get(id).filter(|file| file.attached_at.is_some()) {
            None => ("not_there", format!("no record has a file \"{id}\"")),
            Some(file) => misfit(file, rule)?,
        };
        Some(FieldError { pointer: format!("/{position}{pointer}"), code: code.into(), detail })
    };
    Ok(named.iter().filter_map(wrong).collect())
}

fn misfit(file: &File, rule: &FileRule) -> Option<(&'static str, String)> {
    if u64::try_from(file.bytes).is_ok_and(|bytes| bytes > rule.max_bytes) {
        let sentence = format!("{} has {} bytes; at most {} are taken here", file.name, file.bytes, rule.max_bytes);
        return Some(("file_too_large", sentence));
    }
    if !accepts(&rule.accept, &file.media_type) {
        let taken = rule.accept.join(", ");
        let sentence = format!("{} is {}; taken here: {taken}", file.name, file.media_type);
        return Some(("file_type", sentence));
    }
    None
}

fn too_many(fields: &[Field], all: &JsonMap) -> Option<FieldError> {
    let number = named(fields, all).len();
    let detail = format!("{number} files; a record holds at most {MOST}");
    (number > MOST).then(|| FieldError { pointer: "/fields".into(), code: "too_many_files".into(), detail })
}
