//! Activities that somebody lets go on or begins: receive tasks, those of ad-hoc sub-processes, further instances of
//! what is done for each.

use super::answer::{self, ApiResult, changed, expect};
use super::requires::By;
use super::sent::{Sent, Terms};
use super::state::App;
use super::view::instance::instance;
use crate::model::ids::{InstanceId, NodeId};
use crate::model::json::Json;
use crate::runtime::request::Change;
use actix_web::web::Path;
use serde::Deserialize;
use utoipa::ToSchema;

/// A node of an instance.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"node": "goods_arrive"}))]
pub(super) struct AtNode {
    /// Its id in the process.
    node: String,
}

/// One more instance of an activity.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"item": "wang.wei"}))]
pub(super) struct FurtherInstance {
    /// The item that it is done for.
    #[serde(default)]
    #[schema(value_type = Value)]
    item: Json,
}

/// A receive task without a message goes on.
pub(super) async fn trigger(by: By, id: Path<InstanceId>, sent: Sent<AtNode>, app: App) -> ApiResult {
    let change = Change::Trigger { instance: id.into_inner(), node: NodeId::from(sent.value.node) };
    act(by, sent.terms, change, app).await
}

/// An activity of an ad-hoc sub-process begins.
pub(super) async fn begin(by: By, id: Path<InstanceId>, sent: Sent<AtNode>, app: App) -> ApiResult {
    let change = Change::BeginActivity { instance: id.into_inner(), node: NodeId::from(sent.value.node) };
    act(by, sent.terms, change, app).await
}

/// What is done for each is done for one more.
pub(super) async fn add(by: By, path: Path<(InstanceId, NodeId)>, sent: Sent<FurtherInstance>, app: App) -> ApiResult {
    let (instance, node) = path.into_inner();
    act(by, sent.terms, Change::AddInstance { instance, node, item: sent.value.item }, app).await
}

async fn act(by: By, terms: Terms, change: Change, app: App) -> ApiResult {
    let (new, answered) = expect(app.execute(&by, terms, change).await?, answer::instance)?;
    changed(answered, Some(new.version), instance(new))
}
