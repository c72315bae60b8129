//! Records that are read through one another: whether the way of `reader(FIELD)` comes to an end, and soon enough.

use super::load::Loaded;
use super::shape::record::{AccessShape, RecordShape};
use super::spot::At;
use crate::model::field::{FieldKind, Reference};
use crate::model::finding::Finding;
use crate::model::record_access::READ_THROUGH_MOST;
use crate::model::record_type::RecordType;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Finds chains of `reader(FIELD)` that lead in a circle or too far.
pub fn check(
    files: &BTreeMap<String, Loaded<RecordShape>>,
    types: &BTreeMap<String, Arc<RecordType>>,
    findings: &mut Vec<Finding>,
) {
    let through: BTreeMap<&str, Vec<Link>> =
        files.iter().map(|(name, file)| (name.as_str(), links(&file.shape.access.read, types.get(name)))).collect();
    for (name, file) in files {
        for (at, words) in lists(&file.shape.access, file.at().key("access")) {
            for link in links(words, types.get(name)) {
                let mut path = vec![name.as_str()];
                if let Some(sentence) = wrong(&link, &through, &mut path) {
                    findings.push(Finding::error(at.item(link.position).place(), sentence));
                }
            }
        }
    }
}

/// A word `reader(FIELD)`, and the type that it leads to.
struct Link {
    position: usize,
    to: String,
}

fn links(words: &[String], of: Option<&Arc<RecordType>>) -> Vec<Link> {
    let referred = |field: &str| {
        of?.fields.iter().find(|known| known.name == field).and_then(|known| match &known.kind {
            FieldKind::Ref(Reference { record, .. }) => Some(record.clone()),
            _ => None,
        })
    };
    let link = |(position, word): (usize, &String)| {
        let field = word.strip_prefix("reader(")?.strip_suffix(')')?.trim();
        Some(Link { position, to: referred(field)? })
    };
    words.iter().enumerate().filter_map(link).collect()
}

/// Every list of words, where it stands.
fn lists<'a>(shape: &'a AccessShape, at: At<'a>) -> Vec<(At<'a>, &'a [String])> {
    let AccessShape { read, create, update, delete, merge, fields, break_glass: _ } = shape;
    let mut lists: Vec<(At, &[String])> = vec![
        (at.key("read"), read),
        (at.key("create"), create),
        (at.key("update"), update),
        (at.key("delete"), delete),
    ];
    lists.extend(merge.iter().map(|words| (at.key("merge"), words.as_slice())));
    for (name, field) in fields {
        let at = at.key("fields").key(name);
        lists.extend(field.read.iter().map(|words| (at.key("read"), words.as_slice())));
        lists.extend(field.update.iter().map(|words| (at.key("update"), words.as_slice())));
    }
    lists
}

/// What is wrong with a chain that goes on by this link. A circle is told where it closes at its own beginning: each of
/// its types tells it once, and what only leads into it says nothing.
fn wrong<'a>(link: &'a Link, through: &'a BTreeMap<&str, Vec<Link>>, path: &mut Vec<&'a str>) -> Option<String> {
    let told = |path: &[&str]| format!("{} → {}", path.join(" → "), link.to);
    if path.first() == Some(&link.to.as_str()) {
        return Some(format!("who may read what leads in a circle: {}", told(path)));
    }
    if path.contains(&link.to.as_str()) {
        return None;
    }
    if path.len() == READ_THROUGH_MOST {
        let sentence = "who may read what goes through more than";
        return Some(format!("{sentence} {READ_THROUGH_MOST} types: {}", told(path)));
    }
    path.push(&link.to);
    let found = through.get(link.to.as_str()).into_iter().flatten().find_map(|link| wrong(link, through, path));
    path.pop();
    found
}
