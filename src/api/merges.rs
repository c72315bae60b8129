//! Merging two records, undoing it, and where to find a record that was merged.

use super::answer::{self, ApiResult, changed, expect, shown};
use super::problem::Problem;
use super::requires::By;
use super::search::Wanted as Page;
use super::sent::Sent;
use super::state::App;
use super::view::merge::{ChoiceView, merge as view, merged};
use super::view::page::page;
use crate::model::ids::{MergeId, RecordId};
use crate::model::merge::{Choices, Wanted};
use crate::model::refusal::{Refusal, RefusalKind};
use crate::runtime::request::Change;
use actix_web::http::{StatusCode, header};
use actix_web::web::Path;
use serde::Deserialize;
use utoipa::ToSchema;

/// A merge of two records.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[schema(example = json!({
    "loser": "0199c1f0-7c1e-7d7a-9d5e-0d6f1f6f2a12", "loserVersion": 4,
    "fields": {"name": "loser", "region": {"value": "East"}}, "reason": "the same company under two names"
}))]
pub(super) struct MergeRecords {
    /// The record that becomes a redirect to this one.
    loser: String,
    /// The version of it that you saw; 412 when it is no longer the present one.
    loser_version: Option<i64>,
    /// What is chosen, field by field: `winner`, `loser` or `{"value": …}`. Else the winner's value, and the loser's where
    /// the winner has none.
    #[serde(default)]
    #[schema(value_type = std::collections::BTreeMap<String, ChoiceView>)]
    fields: Choices,
    /// Why.
    reason: String,
}

/// The undo of a merge.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "they are two companies after all"}))]
pub(super) struct UndoMerge {
    /// Why.
    reason: String,
}

pub(super) async fn merge(by: By, path: Path<(String, RecordId)>, sent: Sent<MergeRecords>, app: App) -> ApiResult {
    let (record_type, winner) = path.into_inner();
    let MergeRecords { loser, loser_version, fields: choices, reason } = sent.value;
    let wanted = Wanted { record_type, winner, loser: loser.into(), choices, reason };
    let answer = app.execute(&by, sent.terms, Change::MergeRecords { wanted, loser_version }).await?;
    let ((merge, record), answered) = expect(answer, answer::merged)?;
    changed(answered, Some(record.record.version), merged(merge, record))
}

pub(super) async fn undo(
    by: By,
    path: Path<(String, RecordId, MergeId)>,
    sent: Sent<UndoMerge>,
    app: App,
) -> ApiResult {
    let (record_type, id, merge) = path.into_inner();
    let change = Change::UndoMerge { record_type, id, merge, reason: sent.value.reason };
    let ((merge, record), answered) = expect(app.execute(&by, sent.terms, change).await?, answer::merged)?;
    changed(answered, Some(record.record.version), merged(merge, record))
}

pub(super) async fn list(by: By, path: Path<(String, RecordId)>, wanted: Page, app: App) -> ApiResult {
    shown(page(app.runtime.merges(&by.0, &path.0, &path.1, wanted.0).await?, view))
}

/// What is said of a record that is not there: that it is another one now, when it was merged into one that the caller
/// may read; else as it was refused.
pub(super) async fn moved(
    by: &By,
    record_type: &str,
    id: &RecordId,
    below: &str,
    app: &App,
    refusal: Refusal,
) -> Result<Problem, Problem> {
    if refusal.kind != RefusalKind::NotFound {
        return Ok(refusal.into());
    }
    // Whoever may not even know the type is told of the record what was told of it before.
    let Ok(Some(into)) = app.runtime.merged_into(&by.0, record_type, id).await else { return Ok(refusal.into()) };
    let detail = format!("{record_type} {id} was merged into {into}");
    let present = serde_json::json!({ "type": record_type, "id": id, "mergedInto": into });
    let problem = Problem::new(StatusCode::PERMANENT_REDIRECT, "record_merged", detail);
    let location = format!("/api/v1/records/{record_type}/{into}{below}");
    Ok(Problem { present: Some(Box::new(present)), ..problem }.with_header(header::LOCATION, location))
}
