//! Break-glass: access beyond the rules, for a reason and a time, and never alone.

use super::answer::{self, ApiResult, changed, created, expect, shown};
use super::requires::By;
use super::search::Wanted;
use super::sent::{Nothing, Sent};
use super::state::App;
use super::view::break_glass::break_glass;
use super::view::page::page;
use crate::model::break_glass::Right;
use crate::model::ids::{InstanceId, RecordId};
use crate::runtime::request::{Asked, Change};
use actix_web::web::Path;
use serde::Deserialize;
use utoipa::ToSchema;

/// A request for access beyond the rules.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "target": {"record": {"type": "customer", "id": "0199c1f0-7c1e-7d7a-9d5e-0d6f1f6f2a11"}},
    "right": "update", "reason": "the owner left and nobody stands above"
}))]
pub(super) struct AskBreakGlass {
    /// To what.
    target: TargetBody,
    /// To do what.
    right: RightBody,
    /// Why, in 10 to 2000 characters; those who watch read it.
    reason: String,
}

/// What access is asked for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = AskedTarget)]
enum TargetBody {
    /// A record.
    Record(RecordBody),
    /// The id of a process instance: with its tasks, history and decisions.
    ProcessInstance(String),
}

/// A record, by type and id.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AskedRecord)]
struct RecordBody {
    /// Its type.
    r#type: String,
    /// Its id.
    id: String,
}

/// What may be done.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = AskedRight)]
enum RightBody {
    /// See it.
    Read,
    /// See and change it.
    Update,
}

pub(super) async fn ask(by: By, sent: Sent<AskBreakGlass>, app: App) -> ApiResult {
    let AskBreakGlass { target, right, reason } = sent.value;
    let target = match target {
        TargetBody::Record(record) => Asked::Record { record_type: record.r#type, id: RecordId(record.id) },
        TargetBody::ProcessInstance(id) => Asked::Instance(InstanceId(id)),
    };
    let right = match right {
        RightBody::Read => Right::Read,
        RightBody::Update => Right::Update,
    };
    let answer = app.execute(&by, sent.terms, Change::AskBreakGlass { target, right, reason }).await?;
    let (glass, answered) = expect(answer, answer::break_glass)?;
    created(answered, None, None, break_glass(glass))
}

pub(super) async fn approve(by: By, id: Path<String>, sent: Sent<Nothing>, app: App) -> ApiResult {
    act(by, Change::DecideBreakGlass { id: id.into_inner(), agree: true }, sent, app).await
}

pub(super) async fn decline(by: By, id: Path<String>, sent: Sent<Nothing>, app: App) -> ApiResult {
    act(by, Change::DecideBreakGlass { id: id.into_inner(), agree: false }, sent, app).await
}

pub(super) async fn end(by: By, id: Path<String>, sent: Sent<Nothing>, app: App) -> ApiResult {
    act(by, Change::EndBreakGlass(id.into_inner()), sent, app).await
}

pub(super) async fn list(by: By, wanted: Wanted, app: App) -> ApiResult {
    shown(page(app.runtime.break_glass_requests(&by.0, wanted.0).await?, break_glass))
}

async fn act(by: By, change: Change, sent: Sent<Nothing>, app: App) -> ApiResult {
    let answer = app.execute(&by, sent.terms, change).await?;
    let (glass, answered) = expect(answer, answer::break_glass)?;
    changed(answered, None, break_glass(glass))
}
