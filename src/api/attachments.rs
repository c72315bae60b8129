//! Attachments of a record: listed, added, taken off. The record's own access, rules and history hold for them.

use super::answer::{self, ApiResult, changed, created, expect, shown};
use super::requires::By;
use super::search::parameter;
use super::sent::{Nothing, Sent};
use super::state::App;
use super::view::file::file as view;
use super::view::page::list as all;
use super::view::record::record;
use crate::model::ids::{FileId, RecordId};
use crate::runtime::request::Change;
use actix_web::HttpRequest;
use actix_web::web::Path;
use serde::Deserialize;
use utoipa::ToSchema;

/// A file for a record.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"file": "0199c1f0-7c1e-7d7a-9d5e-0d6f1f6f2a13", "reason": "the signed copy"}))]
pub(super) struct AttachFile {
    /// The file: one that you uploaded, or that is on a record that you may read.
    file: String,
    /// Why.
    reason: Option<String>,
}

pub(super) async fn list(by: By, path: Path<(String, RecordId)>, app: App) -> ApiResult {
    shown(all(app.runtime.attachments(&by.0, &path.0, &path.1).await?.into_iter().map(view)))
}

pub(super) async fn attach(by: By, path: Path<(String, RecordId)>, sent: Sent<AttachFile>, app: App) -> ApiResult {
    let record = path.into_inner();
    let location = format!("/api/v1/files/{}", sent.value.file);
    let AttachFile { file, reason } = sent.value;
    let change = Change::Attach { record, file: file.into(), reason };
    let ((file, version), answered) = expect(app.execute(&by, sent.terms, change).await?, answer::attached)?;
    created(answered, Some(location), Some(version), view(file))
}

pub(super) async fn detach(
    by: By,
    path: Path<(String, RecordId, FileId)>,
    request: HttpRequest,
    sent: Sent<Nothing>,
    app: App,
) -> ApiResult {
    let (record_type, id, file) = path.into_inner();
    let change = Change::Detach { record: (record_type, id), file, reason: parameter(&request, "reason")? };
    let (new, answered) = expect(app.execute(&by, sent.terms, change).await?, answer::record)?;
    changed(answered, Some(new.record.version), record(new))
}
