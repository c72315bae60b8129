//! Rights that give nobody anything. They refuse no revision: a role can get its first user tomorrow.

use super::records::referred;
use crate::model::definitions::Definitions;
use crate::model::finding::Finding;
use crate::model::record_access::{Access, Relation};
use crate::model::record_type::RecordType;
use std::collections::BTreeSet;

/// Types that nobody may read, and relations that lead to them.
pub fn of_types(definitions: &Definitions) -> Vec<Finding> {
    let by_rule = |relation: &Relation| !matches!(relation, Relation::LetIn(_));
    let unread = |name: &str| definitions.records.get(name).is_some_and(|found| !found.access.read.iter().any(by_rule));
    let mut findings = Vec::new();
    for declared in definitions.records.values() {
        if unread(&declared.name) {
            let sentence = format!("nobody may read {}; say who with \"access: {{read: […]}}\"", declared.name);
            findings.push(Finding::warning(declared.at.clone(), sentence));
        }
        let through: BTreeSet<(&str, &str)> = relations(&declared.access)
            .filter_map(|relation| match relation {
                Relation::Reader(field) => Some((field.as_str(), referred(declared, field)?)),
                _ => None,
            })
            .collect();
        for (field, to) in through.into_iter().filter(|(_, to)| unread(to)) {
            let sentence = format!("nobody may read {to}, so \"reader({field})\" gives nobody anything");
            findings.push(Finding::warning(declared.at.clone(), sentence));
        }
    }
    findings
}

/// Roles that records give rights to and that nobody has.
pub fn of_roles(definitions: &Definitions, held: &BTreeSet<String>) -> Vec<Finding> {
    let unheld = |declared: &RecordType| {
        let roles: BTreeSet<&String> = relations(&declared.access)
            .filter_map(|relation| if let Relation::Role(role) = relation { Some(role) } else { None })
            .filter(|role| !held.contains(*role))
            .collect();
        let finding = |role: &String| {
            let sentence = format!("{} gives rights to the role \"{role}\", which nobody has", declared.name);
            Finding::warning(declared.at.clone(), sentence)
        };
        roles.into_iter().map(finding).collect::<Vec<_>>()
    };
    definitions.records.values().flat_map(|declared| unheld(declared)).collect()
}

fn relations(access: &Access) -> impl Iterator<Item = &Relation> {
    let Access { read, create, update, delete, merge, fields, limits: _, break_glass: _ } = access;
    let fields = fields.values().flat_map(|right| right.read.iter().chain(&right.update)).flatten();
    [read, create, update, delete].into_iter().chain(merge).flatten().chain(fields)
}
