//! Approvals as rows.

use super::Inside;
use crate::model::ids::token_name;
use crate::model::voting::Voting;
use crate::store::approvals::{CANCELLED, OPEN};
use crate::store::error::StoreError;
use crate::store::json;
use crate::store::schema::approval::ApprovalRow;
use std::collections::BTreeMap;

/// The last state of each approval in the batch.
pub(super) fn rows<'a>(all: impl Iterator<Item = &'a Inside<Voting>>) -> Result<Vec<ApprovalRow>, StoreError> {
    let last: BTreeMap<_, _> = all.map(|one| ((&one.business, &one.root, one.item.token), one)).collect();
    let rows = last.into_values().map(|Inside { business, root, item: voting }| {
        let state = match &voting.ended {
            None => OPEN,
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
