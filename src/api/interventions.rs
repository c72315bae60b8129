//! What a person does with an instance from outside: cancel, suspend, resume, set variables, modify. Each answers with
//! the root as it is then, whose version counts for everything inside it.

use super::answer::{self, ApiResult, changed, expect};
use super::problem::Problem;
use super::requires::By;
use super::sent::{Sent, Terms};
use super::state::App;
use super::view::instance::instance;
use crate::model::ids::{InstanceId, NodeId, TokenId, root_of, token_number};
use crate::model::intervention::{Intervene, Intervention, Step};
use crate::model::json::JsonMap;
use crate::runtime::request::Change;
use actix_web::http::StatusCode;
use actix_web::web::Path;
use serde::Deserialize;
use utoipa::ToSchema;

/// Why something is done.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "entered twice; the other one goes on"}))]
pub(super) struct Reasoned {
    /// Why, in 1 to 2000 characters.
    reason: String,
}

/// A resumption.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "the price list is corrected"}))]
pub(super) struct Resume {
    /// Why, in 1 to 2000 characters.
    reason: Option<String>,
}

/// New values of variables.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"variables": {"region": "East"}, "reason": "the address was read wrongly"}))]
pub(super) struct SetVariables {
    /// The new values; variables that are not named stay as they are.
    #[schema(value_type = Object)]
    variables: JsonMap,
    /// A token of the instance: sets them in the level that it runs in, a sub-process or one round of what is repeated.
    token: Option<String>,
    /// Why, in 1 to 2000 characters.
    reason: String,
}

/// A modification.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "steps": [{"cancel": {"token": "0199c1f0-7c1e-7d7a-9d5e-0d6f1f6f2a12.5"}}, {"startBefore": {"node": "review"}}],
    "reason": "the check of the register is out of order; reviewed by hand today"
}))]
pub(super) struct Modify {
    /// What is done, in this order, all of it or nothing; 1 to 100 steps.
    steps: Vec<StepBody>,
    /// Why, in 1 to 2000 characters.
    reason: String,
}

/// One step of a modification.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[schema(as = ModificationStep)]
pub(super) enum StepBody {
    /// A new token comes to a node.
    StartBefore {
        /// The node.
        node: String,
    },
    /// A new token leaves a node as if its work were done.
    StartAfter {
        /// The node.
        node: String,
        /// One of the node's outcomes, when it offers some.
        outcome: Option<String>,
    },
    /// A token is taken away with everything inside its activity.
    Cancel {
        /// Which, by its id.
        token: String,
    },
}

pub(super) async fn cancel(by: By, id: Path<InstanceId>, sent: Sent<Reasoned>, app: App) -> ApiResult {
    intervene(by, id, Intervention::Cancel, Some(sent.value.reason), sent.terms, app).await
}

pub(super) async fn suspend(by: By, id: Path<InstanceId>, sent: Sent<Reasoned>, app: App) -> ApiResult {
    intervene(by, id, Intervention::Suspend, Some(sent.value.reason), sent.terms, app).await
}

pub(super) async fn resume(by: By, id: Path<InstanceId>, sent: Sent<Resume>, app: App) -> ApiResult {
    intervene(by, id, Intervention::Resume, sent.value.reason, sent.terms, app).await
}

pub(super) async fn set_variables(by: By, id: Path<InstanceId>, sent: Sent<SetVariables>, app: App) -> ApiResult {
    let SetVariables { variables: values, token, reason } = sent.value;
    let token = token.map(|token| number(&id, &token, "/token".to_owned())).transpose()?;
    intervene(by, id, Intervention::SetVariables { token, values }, Some(reason), sent.terms, app).await
}

pub(super) async fn modify(by: By, id: Path<InstanceId>, sent: Sent<Modify>, app: App) -> ApiResult {
    let Modify { steps, reason } = sent.value;
    let steps = steps.into_iter().enumerate().map(|(place, body)| step(&id, place, body));
    let steps = steps.collect::<Result<Vec<Step>, Problem>>()?;
    intervene(by, id, Intervention::Modify { steps }, Some(reason), sent.terms, app).await
}

async fn intervene(
    by: By,
    id: Path<InstanceId>,
    what: Intervention,
    reason: Option<String>,
    terms: Terms,
    app: App,
) -> ApiResult {
    let change = Change::Intervene(Intervene { instance: id.into_inner(), what, reason });
    let (root, answered) = expect(app.execute(&by, terms, change).await?, answer::instance)?;
    changed(answered, Some(root.version), instance(root))
}

fn step(id: &InstanceId, place: usize, body: StepBody) -> Result<Step, Problem> {
    Ok(match body {
        StepBody::StartBefore { node } => Step::StartBefore { node: NodeId::from(node) },
        StepBody::StartAfter { node, outcome } => Step::StartAfter { node: NodeId::from(node), outcome },
        StepBody::Cancel { token } => {
            Step::Cancel { token: number(id, &token, format!("/steps/{place}/cancel/token"))? }
        }
    })
}

/// The number of a token that is called like one of this instance's root.
fn number(id: &InstanceId, token: &str, pointer: String) -> Result<TokenId, Problem> {
    token_number(&root_of(id.as_str()), token).ok_or_else(|| {
        let sentence = format!("\"{token}\" is no token of instance {id}; its tokens have ids such as {id}.7");
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "wrong_token", sentence).at(pointer)
    })
}
