//! What a merge of two records does beside choosing values: the words of `merge:`.

use super::known::known as check;
use super::shape::record::{DeriveShape, MergeShape};
use super::spot::At;
use crate::model::field::{Field, FieldKind};
use crate::model::finding::Finding;
use crate::model::record_type::{ATTACHMENTS, MergeRule};
use std::collections::BTreeMap;

/// The rule of `merge:`.
pub fn merge(
    shape: &MergeShape,
    at: At,
    fields: &[Field],
    derived: &BTreeMap<String, DeriveShape>,
    findings: &mut Vec<Finding>,
) -> MergeRule {
    let mut words = Words { fields, derived, findings };
    for (position, name) in shape.unite.iter().enumerate() {
        words.list(name, at.key("unite").item(position));
    }
    for (from, to) in &shape.into {
        words.pair(from, to, at.key("into").key(from));
    }
    let mut unite = shape.unite.clone();
    if !unite.iter().any(|name| name == ATTACHMENTS) {
        unite.push(ATTACHMENTS.to_owned());
    }
    MergeRule { unite, into: shape.into.clone() }
}

struct Words<'a> {
    fields: &'a [Field],
    derived: &'a BTreeMap<String, DeriveShape>,
    findings: &'a mut Vec<Finding>,
}

impl<'a> Words<'a> {
    fn pair(&mut self, from: &str, to: &str, at: At) {
        let from = self.field(from, at);
        if let (Some(from), Some(of)) = (from, self.list(to, at))
            && !alike(&from.kind, of)
        {
            let sentence = format!("\"{to}\" cannot take what \"{}\" holds: its items are of another type", from.name);
            self.findings.push(Finding::error(at.place(), sentence));
        }
    }

    /// What the items of a list are.
    fn list(&mut self, name: &str, at: At) -> Option<&'a FieldKind> {
        let field = self.field(name, at)?;
        if let FieldKind::List(of) = &field.kind {
            return Some(of);
        }
        self.findings.push(Finding::error(at.place(), format!("\"{name}\" is no list, so it cannot hold more values")));
        None
    }

    fn field(&mut self, name: &str, at: At) -> Option<&'a Field> {
        check("field", name, self.fields.iter().map(|field| field.name.as_str()), "", at, self.findings);
        if self.derived.contains_key(name) {
            let sentence = format!("\"{name}\" is computed on every write, so a merge cannot set it");
            self.findings.push(Finding::error(at.place(), sentence));
            return None;
        }
        self.fields.iter().find(|field| field.name == name)
    }
}

/// Whether values of one kind can stand in a list of the other.
fn alike(one: &FieldKind, other: &FieldKind) -> bool {
    let text = |kind: &FieldKind| matches!(kind, FieldKind::String { .. } | FieldKind::Text);
    one == other || (text(one) && text(other))
}
