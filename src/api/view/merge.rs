//! A merge of two records.

use super::record::{RecordView, record};
use crate::model::json::Json;
use crate::model::merge::{Choice, Merge};
use crate::model::seen_record::SeenRecord;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A merge of two records.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Merge)]
pub(in crate::api) struct MergeView {
    /// Its id.
    id: String,
    /// The type of both records.
    r#type: String,
    /// The record that stays.
    winner: String,
    /// The record that became a redirect to it.
    loser: String,
    /// When.
    at: String,
    /// Who.
    by: String,
    /// Why.
    reason: String,
    /// The process instance that did it.
    instance: Option<String>,
    /// What was chosen, field by field.
    fields: BTreeMap<String, ChoiceView>,
    /// How many records referred to the loser and were moved to the winner.
    repointed: i64,
    /// When it was undone; null while it holds.
    undone_at: Option<String>,
    /// By whom.
    undone_by: Option<String>,
    /// Why.
    undone_reason: Option<String>,
}

/// What was chosen for a field.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
#[schema(as = MergeChoice)]
pub(in crate::api) enum ChoiceView {
    /// The value of one of the two.
    Side(SideView),
    /// Another one.
    Given(GivenView),
}

/// One of two records that are merged.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = MergeSide)]
pub(in crate::api) enum SideView {
    /// The one that stays.
    Winner,
    /// The one that becomes a redirect.
    Loser,
}

/// A value of neither.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MergeValue)]
pub(in crate::api) struct GivenView {
    /// The value; null for none.
    #[schema(value_type = Value)]
    value: Json,
}

/// What a merge or its undo gives.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Merged)]
pub(in crate::api) struct MergedView {
    /// The merge.
    merge: MergeView,
    /// The winner as it is now.
    record: RecordView,
}

/// Shows a merge.
pub(in crate::api) fn merge(merge: Merge) -> MergeView {
    let choice = |choice| match choice {
        Choice::Winner => ChoiceView::Side(SideView::Winner),
        Choice::Loser => ChoiceView::Side(SideView::Loser),
        Choice::Value(value) => ChoiceView::Given(GivenView { value }),
    };
    let undone = merge.undone;
    MergeView {
        id: merge.id.0,
        r#type: merge.record_type,
        winner: merge.winner.0,
        loser: merge.loser.0,
        at: merge.at.rfc3339(),
        by: merge.by.0,
        reason: merge.reason,
        instance: merge.instance,
        fields: merge.choices.into_iter().map(|(name, value)| (name, choice(value))).collect(),
        repointed: merge.repointed,
        undone_at: undone.as_ref().map(|undone| undone.at.rfc3339()),
        undone_by: undone.as_ref().map(|undone| undone.by.0.clone()),
        undone_reason: undone.map(|undone| undone.reason),
    }
}

/// Shows what a merge gave.
pub(in crate::api) fn merged(done: Merge, winner: SeenRecord) -> MergedView {
    MergedView { merge: merge(done), record: record(winner) }
}
