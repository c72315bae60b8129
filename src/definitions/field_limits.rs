//! Which fields of a type not every reader of a record may read: rights of fields, and what is computed from them.

use super::spot::At;
use crate::model::expression::Expression;
use crate::model::field::Field;
use crate::model::finding::Finding;
use crate::model::record_access::{FieldAccess, Limit, Relation};
use crate::model::record_type::{Derive, RecordType};
use std::collections::{BTreeMap, BTreeSet};

/// The limits of a type, each list of relations once. A computed field without a right of its own is limited by every
/// field that it is computed from; a right of its own is its author's word that it tells no more than that.
pub fn limits(rights: &BTreeMap<String, FieldAccess>, derive: &[Derive]) -> Vec<Limit> {
    let own: BTreeSet<&str> = read(rights).map(|(name, _)| name).collect();
    let mut limits: Vec<Limit> = Vec::new();
    for (name, relations) in read(rights) {
        let told = told(name, derive, &own);
        match limits.iter_mut().find(|limit| limit.read == *relations) {
            Some(limit) => limit.fields.extend(told),
            None => limits.push(Limit { read: relations.clone(), fields: told }),
        }
    }
    limits
}

/// Marks what is computed from personal fields as personal, too, unless its author said that it is not.
pub fn personal(fields: &mut [Field], derive: &[Derive], said: impl Fn(&str) -> bool) {
    let personal: Vec<String> =
        fields.iter().filter(|field| holds_personal(field)).map(|field| field.name.clone()).collect();
    let own: BTreeSet<&str> = derive.iter().map(|rule| rule.field.as_str()).filter(|name| said(name)).collect();
    let told: BTreeSet<String> = personal.iter().flat_map(|name| told(name, derive, &own)).collect();
    for field in fields.iter_mut().filter(|field| told.contains(&field.name) && !personal.contains(&field.name)) {
        field.personal = true;
    }
}

/// Warns of rules over limited fields: what a rule refuses, it tells to everybody who writes or looks.
pub fn told_by_rules(declared: &RecordType, at: At, findings: &mut Vec<Finding>) {
    let limited: BTreeSet<&String> = declared.access.limits.iter().flat_map(|limit| &limit.fields).collect();
    let mut warn = |named: &mut dyn Iterator<Item = &str>, at: At, what: &str| {
        let named: BTreeSet<&str> = named.filter(|name| limited.iter().any(|field| field == name)).collect();
        for name in named {
            let sentence = format!("not everybody reads \"{name}\", but this rule tells everybody {what}");
            findings.push(Finding::warning(at.place(), sentence));
        }
    };
    for (position, rule) in declared.unique.iter().enumerate() {
        let mut named = rule.fields.iter().map(String::as_str).chain(rule.condition.iter().flat_map(words));
        warn(&mut named, at.key("unique").item(position), "who writes a record whether a value is taken");
    }
    for (position, rule) in declared.checks.iter().enumerate() {
        warn(&mut words(&rule.condition), at.key("check").item(position), "who changes a record whether it is met");
    }
    if let Some(rule) = &declared.immutable {
        warn(&mut words(&rule.when), at.key("immutable"), "who sees a record whether it is closed");
    }
}

fn words(expression: &Expression) -> impl Iterator<Item = &str> {
    expression.source.split(|c: char| !(c.is_alphanumeric() || c == '_'))
}

fn holds_personal(field: &Field) -> bool {
    field.personal || field.kind.inner().iter().any(holds_personal)
}

fn read(rights: &BTreeMap<String, FieldAccess>) -> impl Iterator<Item = (&str, &Vec<Relation>)> {
    rights.iter().filter_map(|(name, right)| Some((name.as_str(), right.read.as_ref()?)))
}

/// A field and all that is computed from it, over any number of steps, except what has a right of its own.
fn told(name: &str, derive: &[Derive], own: &BTreeSet<&str>) -> BTreeSet<String> {
    let mut told = BTreeSet::from([name.to_owned()]);
    loop {
        let more: Vec<&Derive> = derive
            .iter()
            .filter(|rule| !told.contains(&rule.field) && !own.contains(rule.field.as_str()) && reads(rule, &told))
            .collect();
        if more.is_empty() {
            return told;
        }
        told.extend(more.into_iter().map(|rule| rule.field.clone()));
    }
}

/// Whether a rule may read one of these fields: whether a word of its expressions is its name. A word in a text counts,
/// too, for texts can hold expressions; rather a field too many than one too few.
fn reads(rule: &Derive, fields: &BTreeSet<String>) -> bool {
    rule.input.values().chain([&rule.value]).flat_map(words).any(|word| fields.contains(word))
}
