//! What an approval says of the record that its process is about: `subject.amount` in `of`, and how long it stays as it
//! was approved.

use super::reapproval;
use super::shape::approval::{Approval as Shape, OnChange};
use super::spot::At;
use crate::model::approval::{Approval, OfSubject, Route, SUBJECT};
use crate::model::expression::Expression;
use crate::model::finding::Finding;
use crate::model::ids::NodeId;
use crate::model::nearest::hint;
use crate::model::process::{NodeKind, Process};
use std::collections::BTreeSet;

/// The fields that are approved; none where nothing of a record is.
pub fn of_subject(node: &Shape, at: At, findings: &mut Vec<Finding>) -> Option<OfSubject> {
    let fields: BTreeSet<String> = node.of.iter().flat_map(|source| fields(&source.0)).collect();
    if fields.is_empty() {
        for key in ["onChange", "until"].into_iter().filter(|key| at.keys().contains(key)) {
            let sentence = format!(
                "\"{key}\" is about fields of the record, and none is approved; name one in \"of\", such as subject.amount"
            );
            findings.push(Finding::error(at.key(key).key_place(), sentence));
        }
        return None;
    }
    Some(OfSubject {
        fields,
        until: node.until.as_deref().map(NodeId::from),
        reapprove: node.on_change == Some(OnChange::Reapprove),
    })
}

/// The fields of the record that an expression names: `subject.amount`.
fn fields(source: &str) -> Vec<String> {
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
    let mut found = Vec::new();
    for (start, _) in source.match_indices(SUBJECT) {
        let alone = !source[..start].ends_with(|letter: char| is_part(letter) || letter == '.');
        let rest =
            source[start + SUBJECT.len()..].strip_prefix('.').or(source[start + SUBJECT.len()..].strip_prefix("?."));
        let Some(rest) = rest.filter(|_| alone) else { continue };
        let end = rest.find(|letter| !is_part(letter)).unwrap_or(rest.len());
        if end > 0 {
            found.push(rest[..end].to_owned());
        }
    }
    found
}

/// What can be said once the whole process is known: it says which record it is about, every field that decides who is
/// asked is approved, and the node that ends it is there.
pub fn check(process: &Process, findings: &mut Vec<Finding>) {
    for node in &process.nodes {
        let NodeKind::Approval(approval) = &node.kind else { continue };
        let approved = approval.subject.as_ref();
        if approved.is_some() && (process.subject.is_none() || process.subject_id.is_none()) {
            let sentence = format!(
                "\"{}\" approves fields of the record that the process is about; say which one with \"subject\" and \
                 \"subjectId\"",
                node.id
            );
            findings.push(Finding::error(node.at.clone(), sentence));
        }
        for expression in who_is_asked(approval) {
            for field in fields(&expression.source) {
                if !approved.is_some_and(|of| of.fields.contains(&field)) {
                    let sentence = format!(
                        "\"subject.{field}\" decides who is asked and is not approved; add it to \"of\" of \"{}\"",
                        node.id
                    );
                    findings.push(Finding::error(expression.at.clone(), sentence));
                }
            }
        }
        let until = approved.and_then(|of| of.until.as_ref());
        if let Some(until) = until.filter(|until| process.node(until).is_none()) {
            let known = process.nodes.iter().map(|node| node.id.as_str());
            let sentence = format!(
                "\"{}\" holds what is approved until \"{until}\", and there is no such node{}",
                node.id,
                hint(until.as_str(), known)
            );
            findings.push(Finding::error(node.at.clone(), sentence));
        }
        if approved.is_some_and(|of| of.reapprove) {
            reapproval::check(process, node, until, findings);
        }
    }
}

fn who_is_asked(approval: &Approval) -> Vec<&Expression> {
    match &approval.route {
        Route::Function(call) => call.input.values().collect(),
        Route::Levels(levels) => {
            let all = levels.iter().flat_map(|level| {
                [Some(&level.approvers), level.condition.as_ref(), level.authority.as_ref(), level.weight.as_ref()]
            });
            all.flatten().collect()
        }
    }
}
