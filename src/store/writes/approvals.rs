//! Approvals as rows, and the records that they are about.

use super::{Inside, Released, Until};
use crate::model::approval::APPROVED;
use crate::model::ids::{NodeId, ScopeId, token_name};
use crate::model::voting::Voting;
use crate::store::approvals::{CANCELLED, OPEN, VOID};
use crate::store::error::StoreError;
use crate::store::json;
use crate::store::schema::approval::{ApprovalRow, BindingRow};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// The last state of each approval in the batch.
pub(super) fn rows<'a>(all: impl Iterator<Item = &'a Inside<Voting>>) -> Result<Vec<ApprovalRow>, StoreError> {
    let rows = last(all).map(|Inside { business, root, item: voting }| {
        let state = match &voting.ended {
            None => OPEN,
            Some(ended) if ended.voided_at.is_some() => VOID,
            Some(ended) => ended.outcome.as_deref().unwrap_or(CANCELLED),
        };
        Ok(ApprovalRow {
            business: business.0.clone(),
            id: token_name(root, voting.token),
            root: root.0.clone(),
            instance: voting.instance.0.clone(),
            process: voting.process.clone(),
            node: voting.node.to_string(),
            submitter: voting.submitter.0.clone(),
            state: state.to_owned(),
            document: json::text(voting)?,
            opened_at: voting.opened_at.0,
            ended_at: voting.ended.as_ref().map(|ended| ended.at.0),
        })
    });
    rows.collect()
}

/// Each approval once, as it is after the batch.
fn last<'a>(all: impl Iterator<Item = &'a Inside<Voting>>) -> impl Iterator<Item = &'a Inside<Voting>> {
    let last: BTreeMap<_, _> = all.map(|one| ((&one.business, &one.root, one.item.token), one)).collect();
    last.into_values()
}

/// The approvals that are about records, by business and id.
pub(super) fn about_records<'a>(all: impl Iterator<Item = &'a Inside<Voting>>) -> Vec<(&'a str, String)> {
    let about = last(all).filter(|one| one.item.subject.is_some());
    about.map(|one| (one.business.as_str(), token_name(&one.root, one.item.token))).collect()
}

/// A level as bindings name it; empty where none is named.
fn activation(level: Option<ScopeId>) -> String {
    level.map(|level| level.to_string()).unwrap_or_default()
}

/// Business, instance, node and level of what is released: of this level, and of none, as rows of earlier versions say.
pub(super) fn over<'a>(released: &[&'a Inside<Released>]) -> Vec<[Cow<'a, str>; 4]> {
    let keys = released.iter().flat_map(|one| {
        let key = |until: &'a Until, level: Option<ScopeId>| {
            let [business, instance] = [one.business.as_str(), one.item.instance.as_str()];
            [business.into(), instance.into(), until.node.as_str().into(), activation(level).into()]
        };
        let until = one.item.until.as_ref();
        until.into_iter().flat_map(move |until| [key(until, until.within), key(until, None)])
    });
    keys.collect::<BTreeSet<_>>().into_iter().collect()
}

/// The records that approvals are about, as the process names them and as what they became. What was approved is held; what
/// ended otherwise, or counts no more, is not bound.
pub(super) fn bindings<'a>(all: impl Iterator<Item = &'a Inside<Voting>>) -> Result<Vec<BindingRow>, StoreError> {
    let mut rows = Vec::new();
    for Inside { business, root, item: voting } in last(all) {
        let Some(subject) = &voting.subject else { continue };
        let held = match &voting.ended {
            None => false,
            Some(ended) if ended.outcome.as_deref() == Some(APPROVED) && ended.voided_at.is_none() => true,
            Some(_) => continue,
        };
        let fields: Vec<&String> = subject.fields.keys().collect();
        let row = |record: &str| -> Result<BindingRow, StoreError> {
            Ok(BindingRow {
                business: business.0.clone(),
                record_type: subject.record_type.clone(),
                record: record.to_owned(),
                approval: token_name(root, voting.token),
                root: root.0.clone(),
                instance: voting.instance.0.clone(),
                until: subject.until.as_ref().map_or("", NodeId::as_str).to_owned(),
                fields: json::text(&fields)?,
                held: i64::from(held),
                reapprove: i64::from(subject.reapprove),
                activation: activation(subject.within),
            })
        };
        rows.push(row(subject.id.as_str())?);
        if subject.present != subject.id {
            rows.push(row(subject.present.as_str())?);
        }
    }
    Ok(rows)
}
