//! Approvals: what is to be agreed to, votes, and the way back for who asked for it.

use super::answer::{self, ApiResult, changed, expect, shown};
use super::requires::By;
use super::search::{SearchBody, Wanted};
use super::sent::{Body, Sent, Terms};
use super::state::App;
use super::user_tasks::act;
use super::view::approval::approval;
use super::view::page::page;
use crate::model::ids::{NodeId, TaskId, UserId};
use crate::model::page::Search;
use crate::model::voting::{Choice, Decide};
use crate::runtime::request::{Change, TaskRequest};
use actix_web::web::Path;
use serde::Deserialize;
use utoipa::ToSchema;

/// A vote.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "decision": "approve", "digest": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "reason": "as agreed"
}))]
pub(super) struct DecideTask {
    /// `approve`, `reject`, `return` or `abstain`.
    #[schema(value_type = String)]
    decision: Choice,
    /// The digest of what you saw: that of the approval. When it is another one now, nothing is decided (409).
    digest: String,
    /// Why.
    reason: Option<String>,
    /// Where a `return` goes back to, when the process names several nodes.
    to: Option<String>,
}

/// A withdrawal.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "the customer asked for another price"}))]
pub(super) struct WithdrawApproval {
    /// Why.
    reason: Option<String>,
}

/// One more approver.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"user": "huang.wei", "reason": "she knows the plant"}))]
pub(super) struct AddApprover {
    /// Whom: a login.
    user: String,
    /// Why.
    reason: String,
}

pub(super) async fn list(by: By, wanted: Wanted, app: App) -> ApiResult {
    found(by, wanted.0, app).await
}

pub(super) async fn search(by: By, body: Body<SearchBody>, app: App) -> ApiResult {
    found(by, body.0.read()?, app).await
}

async fn found(by: By, search: Search, app: App) -> ApiResult {
    shown(page(app.runtime.approvals(&by.0, search).await?, |seen| approval(&by.0.user, seen)))
}

pub(super) async fn get(by: By, id: Path<String>, app: App) -> ApiResult {
    shown(approval(&by.0.user, app.runtime.approval(&by.0, &id).await?))
}

pub(super) async fn decide(by: By, id: Path<TaskId>, sent: Sent<DecideTask>, app: App) -> ApiResult {
    let DecideTask { decision, digest, reason, to } = sent.value;
    let decide = Decide { choice: decision, to: to.map(|to| NodeId::from(to.as_str())), reason, digest };
    act(by, sent.terms, Change::Task(id.into_inner(), TaskRequest::Decide(decide)), app).await
}

pub(super) async fn withdraw(by: By, id: Path<String>, sent: Sent<WithdrawApproval>, app: App) -> ApiResult {
    let change = Change::WithdrawApproval(id.clone(), sent.value.reason);
    with(by, &id, sent.terms, change, app).await
}

pub(super) async fn add(by: By, id: Path<String>, sent: Sent<AddApprover>, app: App) -> ApiResult {
    let AddApprover { user, reason } = sent.value;
    let change = Change::AddApprover(id.clone(), UserId(user), reason);
    with(by, &id, sent.terms, change, app).await
}

/// Does something with an approval, and shows it.
async fn with(by: By, id: &str, terms: Terms, change: Change, app: App) -> ApiResult {
    let (_, answered) = expect(app.execute(&by, terms, change).await?, answer::instance)?;
    changed(answered, None, approval(&by.0.user, app.runtime.approval(&by.0, id).await?))
}
