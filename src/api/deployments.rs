//! Deployments: files in, a revision out; and which revision is active.

use super::answer::{self, ApiResult, changed, created, expect, shown};
use super::problem::Problem;
use super::requires::By;
use super::sent::{Body, Nothing, Sent};
use super::state::App;
use super::view::deployment::{revision, validation};
use super::view::impact::progress as shown_progress;
use super::view::page::list as all;
use crate::model::refusal::{FieldError, Refusal};
use crate::model::revision::Files;
use crate::runtime::request::Change;
use actix_web::web::Path;
use serde::Deserialize;
use utoipa::ToSchema;

/// The files of a revision.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "files": [{"path": "workflows/sales/pack.yaml", "content": "pack: sales\ntitle: {en: Sales, zh: 销售}\nversion: 1.0.0\n"}],
    "note": "first pack"
}))]
pub(super) struct Deploy {
    /// All files of all packs and plugins.
    files: Vec<FileBody>,
    /// What their author says of them.
    #[serde(default)]
    note: String,
}

/// The files to check.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Validate {
    /// All files of all packs and plugins.
    files: Vec<FileBody>,
}

/// One file.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = File)]
struct FileBody {
    /// Its path, `workflows/…` or `plugins/…`.
    path: String,
    /// What it says.
    content: String,
}

pub(super) async fn create(by: By, sent: Sent<Deploy>, app: App) -> ApiResult {
    let change = Change::Deploy { files: read(sent.value.files)?, note: sent.value.note };
    let (new, answered) = expect(app.execute(&by, sent.terms, change).await?, answer::revision)?;
    created(answered, Some(format!("/api/v1/deployments/{}", new.number)), None, revision(new, true))
}

pub(super) async fn validate(by: By, body: Body<Validate>, app: App) -> ApiResult {
    shown(validation(app.runtime.validate(&by.0, read(body.0.files)?).await?))
}

pub(super) async fn list(by: By, app: App) -> ApiResult {
    let deployments = app.runtime.deployments(&by.0).await?;
    shown(all(deployments.into_iter().map(|(found, active)| revision(found, active))))
}

pub(super) async fn get(by: By, number: Path<String>, app: App) -> ApiResult {
    let wanted = parse(&number)?;
    let deployments = app.runtime.deployments(&by.0).await?;
    let found = deployments.into_iter().find(|(found, _)| found.number == wanted);
    let (found, active) = found.ok_or_else(|| Refusal::not_found("deployment", wanted))?;
    shown(revision(found, active))
}

pub(super) async fn activate(by: By, number: Path<String>, sent: Sent<Nothing>, app: App) -> ApiResult {
    let change = Change::Activate { number: parse(&number)? };
    let (new, answered) = expect(app.execute(&by, sent.terms, change).await?, answer::revision)?;
    changed(answered, None, revision(new, true))
}

pub(super) async fn progress(by: By, number: Path<String>, app: App) -> ApiResult {
    let number = parse(&number)?;
    shown(shown_progress(number, app.runtime.progress(&by.0, number).await?))
}

fn parse(number: &str) -> Result<i64, Refusal> {
    number.parse().map_err(|_| Refusal::not_found("deployment", number))
}

/// Paths are taken only as they are meant: below one of the two folders, without detours, each once.
fn read(files: Vec<FileBody>) -> Result<Files, Problem> {
    let mut read = Files::new();
    let mut errors = Vec::new();
    for (index, FileBody { path, content }) in files.into_iter().enumerate() {
        let refused = match wrong(&path) {
            Some(reason) => Some(reason),
            None if read.contains_key(&path) => Some("the path is given twice"),
            None => None,
        };
        match refused {
            Some(reason) => errors.push(FieldError {
                pointer: format!("/files/{index}/path"),
                code: "invalid_path".to_owned(),
                detail: reason.to_owned(),
            }),
            None => drop(read.insert(path, content.into_bytes())),
        }
    }
    if errors.is_empty() {
        return Ok(read);
    }
    Err(Refusal::invalid("invalid_path", "some files have a path that cannot be deployed; see errors")
        .with_errors(errors)
        .into())
}

fn wrong(path: &str) -> Option<&'static str> {
    let steps: Vec<&str> = path.split('/').collect();
    if !matches!(steps.first(), Some(&("workflows" | "plugins"))) || steps.len() < 3 {
        return Some("a path begins with workflows/ or plugins/ and names a file in a folder there");
    }
    if steps.iter().any(|step| matches!(*step, "" | "." | "..")) || path.contains(['\\', ':']) {
        return Some("a path has no empty steps, no . or .., no backslash and no colon");
    }
    (path.chars().any(char::is_control) || path.len() > 400)
        .then_some("a path has at most 400 bytes and no control characters")
}
