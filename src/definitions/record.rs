//! A record file to a record type.

use super::expression::{arguments, expression};
use super::field::fields;
use super::known::{Known, known as check};
use super::load::Loaded;
use super::record_access::access;
use super::record_attachments::attachments;
use super::record_match::matching;
use super::record_merge::merge;
use super::record_rules::{checks, immutable, number, sums};
use super::shape::record::{ColumnsShape, RecordShape};
use super::spot::At;
use super::{field_limits, names};
use crate::model::field::{Field, FieldKind};
use crate::model::finding::Finding;
use crate::model::nearest::hint;
use crate::model::record_type::{Column, Derive, RecordType, Unique};
use std::collections::BTreeMap;

/// The record type that a file declares.
pub fn convert(name: &str, file: &Loaded<RecordShape>, known: &Known, findings: &mut Vec<Finding>) -> RecordType {
    let (shape, at) = (&file.shape, file.at());
    names::key("record type", &shape.record, name, at.key("record"), findings);
    let mut fields = fields(&shape.fields, at.key("fields"), known, findings);
    attachments(&mut fields, at, findings);
    let mut rules = Rules { shape, fields: &fields, known, findings };
    let derive = rules.derive(at.key("derive"));
    rules.keys(at.key("keys"));
    rules.similar(at.key("similar"));
    let looked_at = shape.matching.as_ref();
    let matching = looked_at.and_then(|shape| matching(shape, at.key("match"), known, rules.findings));
    let unique = rules.unique(at.key("unique"));
    rules.indexes(at.key("indexes"));
    let columns = rules.columns(at.key("columns"));
    let mut access = access(&shape.access, at.key("access"), &fields, &columns, known, findings);
    access.limits = field_limits::limits(&access.fields, &derive);
    let impersonal = |name: &str| shape.fields.get(name).is_some_and(|field| field.personal == Some(false));
    field_limits::personal(&mut fields, &derive, impersonal);
    let declared = RecordType {
        name: shape.record.clone(),
        title: shape.title.clone(),
        derive,
        keys: shape.keys.clone(),
        similar: shape.similar.clone(),
        matching,
        unique,
        indexes: shape.indexes.clone(),
        access,
        columns,
        checks: checks(&shape.check, at.key("check")),
        sums: sums(&shape.sum, at.key("sum"), &fields, findings),
        number: shape.number.as_ref().and_then(|text| number(text, at.key("number"), &fields, findings)),
        append_only: shape.append_only,
        immutable: shape.immutable.as_ref().map(|shape| immutable(shape, at.key("immutable"), &fields, findings)),
        merge: merge(&shape.merge, at.key("merge"), &fields, &shape.derive, findings),
        history: shape.history.unwrap_or(true),
        stamp: String::new(),
        at: at.key("record").place(),
        fields,
    };
    field_limits::told_by_rules(&declared, at, findings);
    declared
}

struct Rules<'a> {
    shape: &'a RecordShape,
    fields: &'a [Field],
    known: &'a Known,
    findings: &'a mut Vec<Finding>,
}

impl<'a> Rules<'a> {
    /// The field of this name, or a finding. A field whose own declaration is faulty is passed over.
    fn field(&mut self, name: &str, at: At) -> Option<&'a Field> {
        let declared = self.shape.fields.keys().map(String::as_str);
        check("field", name, declared, "", at, self.findings);
        self.fields.iter().find(|field| field.name == name)
    }

    fn derive(&mut self, at: At) -> Vec<Derive> {
        let mut list = Vec::new();
        for name in at.keys() {
            let Some(shape) = self.shape.derive.get(name) else { continue };
            let at = at.key(name);
            if !self.shape.fields.contains_key(name) {
                let hint = hint(name, self.shape.fields.keys().map(String::as_str));
                self.findings.push(Finding::error(at.key_place(), format!("there is no field \"{name}\"{hint}")));
            } else if self.fields.iter().any(|field| field.name == name && field.required) {
                let sentence =
                    format!("\"{name}\" is computed, so nobody can be required to give it; take \"required\" away");
                self.findings.push(Finding::error(at.key_place(), sentence));
            }
            if let Some(function) = self.known.function(&shape.function, &shape.input, at, "function", self.findings) {
                list.push(Derive {
                    field: name.to_owned(),
                    function,
                    input: arguments(&shape.input, at.key("in")),
                    value: expression(&shape.value, at.key("value")),
                });
            }
        }
        list
    }

    fn keys(&mut self, at: At) {
        for (position, name) in self.shape.keys.iter().enumerate() {
            let at = at.item(position);
            if let Some(field) = self.field(name, at) {
                let kind = if let FieldKind::List(of) = &field.kind { of } else { &field.kind };
                if !comparable(kind) {
                    let sentence = format!("\"{name}\" cannot be a key: its values cannot be compared");
                    self.findings.push(Finding::error(at.place(), sentence));
                }
            }
        }
    }

    fn similar(&mut self, at: At) {
        for (position, name) in self.shape.similar.iter().enumerate() {
            let at = at.item(position);
            if let Some(field) = self.field(name, at) {
                let kind = if let FieldKind::List(of) = &field.kind { of } else { &field.kind };
                if !matches!(kind, FieldKind::String { .. } | FieldKind::Text) {
                    let sentence = format!("\"{name}\" has no pieces: only a text or a list of texts has");
                    self.findings.push(Finding::error(at.place(), sentence));
                }
            }
        }
    }

    fn unique(&mut self, at: At) -> Vec<Unique> {
        let mut list = Vec::new();
        for (position, rule) in self.shape.unique.iter().enumerate() {
            let at = at.item(position);
            for (position, name) in rule.fields.iter().enumerate() {
                self.comparable(name, "unique", at.key("fields").item(position));
            }
            list.push(Unique {
                fields: rule.fields.clone(),
                condition: rule.condition.as_ref().map(|source| expression(source, at.key("where"))),
            });
        }
        list
    }

    fn indexes(&mut self, at: At) {
        for (number, index) in self.shape.indexes.iter().enumerate() {
            if index.is_empty() {
                self.findings.push(Finding::error(at.item(number).place(), "an index names at least one field"));
            }
            for (position, name) in index.iter().enumerate() {
                self.comparable(name, "filtered on", at.item(number).item(position));
            }
        }
    }

    fn comparable(&mut self, name: &str, what: &str, at: At) {
        if let Some(field) = self.field(name, at)
            && !comparable(&field.kind)
        {
            let sentence = format!("\"{name}\" cannot be {what}: its values cannot be compared");
            self.findings.push(Finding::error(at.place(), sentence));
        }
    }

    fn columns(&mut self, at: At) -> BTreeMap<Column, String> {
        let ColumnsShape { owner, status, stage, amount, parent, due, name } = &self.shape.columns;
        let mut columns = BTreeMap::new();
        let meanings = [
            (Column::Owner, "owner", owner, "a field of type user"),
            (Column::Status, "status", status, "a field of type enum or string"),
            (Column::Stage, "stage", stage, "a field of type stage, enum or string"),
            (Column::Amount, "amount", amount, "a field of type money"),
            (Column::Parent, "parent", parent, "a field of type ref"),
            (Column::Due, "due", due, "a field of type date or datetime"),
            (Column::Name, "name", name, "a field of type string"),
        ];
        for (column, key, name, what) in meanings {
            let Some(name) = name else { continue };
            let at = at.key(key);
            if let Some(field) = self.field(name, at) {
                let fits = match column {
                    Column::Owner => matches!(field.kind, FieldKind::User),
                    Column::Amount => matches!(field.kind, FieldKind::Money),
                    Column::Status => matches!(field.kind, FieldKind::Enum(_) | FieldKind::String { .. }),
                    Column::Stage => {
                        matches!(field.kind, FieldKind::Stage(_) | FieldKind::Enum(_) | FieldKind::String { .. })
                    }
                    Column::Parent => matches!(field.kind, FieldKind::Ref(_)),
                    Column::Due => matches!(field.kind, FieldKind::Date | FieldKind::Datetime),
                    Column::Name => matches!(field.kind, FieldKind::String { .. }),
                };
                if !fits {
                    let sentence = format!("the column \"{key}\" needs {what}; \"{name}\" is another");
                    self.findings.push(Finding::error(at.place(), sentence));
                }
            }
            if column == Column::Stage {
                self.stage_outcomes(name, at);
            }
            columns.insert(column, name.clone());
        }
        columns
    }

    /// What the outcomes of its stages require, a record must have.
    fn stage_outcomes(&mut self, name: &str, at: At) {
        let field = self.fields.iter().find(|field| field.name == name);
        let Some(FieldKind::Stage(list)) = field.map(|field| &field.kind) else { return };
        for outcome in list.stages.iter().flat_map(|stage| &stage.outcomes) {
            let Some(required) = outcome.require.as_ref().filter(|name| !self.shape.fields.contains_key(*name)) else {
                continue;
            };
            let hint = hint(required, self.shape.fields.keys().map(String::as_str));
            let sentence = format!(
                "the outcome \"{}\" of \"{}\" requires the field \"{required}\", which is not here{hint}",
                outcome.name, list.name
            );
            self.findings.push(Finding::error(at.place(), sentence));
        }
    }
}

/// Whether two values of a kind can be compared as a whole.
fn comparable(kind: &FieldKind) -> bool {
    match kind {
        FieldKind::Text | FieldKind::File(_) | FieldKind::List(_) | FieldKind::Map(_) | FieldKind::Json => false,
        FieldKind::String { .. }
        | FieldKind::Int
        | FieldKind::Decimal
        | FieldKind::Money
        | FieldKind::Percent
        | FieldKind::Bool
        | FieldKind::Date
        | FieldKind::Datetime
        | FieldKind::Enum(_)
        | FieldKind::Stage(_)
        | FieldKind::User
        | FieldKind::OrgUnit
        | FieldKind::Ref(_) => true,
    }
}
