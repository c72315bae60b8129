//! Messages and signals from outside: who waits for them gets them, what they begin begins.

use super::answer::{self, ApiResult, expect};
use super::idempotency;
use super::problem::Problem;
use super::requires::By;
use super::sent::{Sent, Terms};
use super::state::App;
use super::view::message::{message, signal};
use crate::model::delivery::{NewMessage, NewSignal, Received};
use crate::model::json::JsonMap;
use crate::model::time::Duration;
use crate::runtime::exchange::Exchange;
use crate::runtime::request::{Change, IdempotencyKey};
use actix_web::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Characters of a name at most.
const NAME_MOST: usize = 200;
/// Characters of a key at most: an index entry has room for no more.
const KEY_MOST: usize = 500;
/// Characters of the id of a message at most.
const ID_MOST: usize = 255;
/// The route under which the ids of messages are remembered.
const ROUTE: &str = "POST /messages";

/// A message.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "name": "payment received", "key": "order-118", "variables": {"amount": 200}, "id": "bank-2026-7781", "ttl": "PT1H"
}))]
pub(super) struct SendMessage {
    /// What it is called in the process that waits for it.
    name: String,
    /// Who it is for: the value that `correlate` gives there, or the business key of the instance.
    #[serde(default)]
    key: Option<String>,
    /// What it brings: `result` in the `out` of the event; what the `input` of a process that it begins declares.
    #[serde(default)]
    #[schema(value_type = Object)]
    variables: JsonMap,
    /// What the sender calls it: sent twice, it arrives once.
    #[serde(default)]
    id: Option<String>,
    /// How long it is kept when nobody waits for it, as an ISO 8601 duration; without it, it is refused then.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "PT1H")]
    ttl: Option<Duration>,
}

/// A signal.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "price list changed", "variables": {"list": "2026-03"}}))]
pub(super) struct SendSignal {
    /// What it is called in the processes that wait for it.
    name: String,
    /// What it brings, as with a message.
    #[serde(default)]
    #[schema(value_type = Object)]
    variables: JsonMap,
}

/// 200 when it has a receiver, 202 when it is kept.
pub(super) async fn send(by: By, sent: Sent<SendMessage>, app: App) -> ApiResult {
    let Sent { value, terms } = sent;
    text(&value.name, NAME_MOST, "/name")?;
    value.key.as_deref().map_or(Ok(()), |key| text(key, KEY_MOST, "/key"))?;
    let terms = Terms { idempotency: remembered(&value, terms.idempotency)?, ..terms };
    let SendMessage { name, key, variables, ttl, .. } = value;
    let new = NewMessage { name, key, payload: variables, ttl };
    let change = Change::Exchange(Box::new(Exchange::Message(new)));
    let (received, answered) = expect(app.execute(&by, terms, change).await?, answer::message)?;
    let status = if matches!(received, Received::Kept { .. }) { StatusCode::ACCEPTED } else { StatusCode::OK };
    Ok(answered.begin(status, None).json(message(received)))
}

/// 202: it is on its way to those who wait for it now.
pub(super) async fn broadcast(by: By, sent: Sent<SendSignal>, app: App) -> ApiResult {
    let SendSignal { name, variables } = sent.value;
    text(&name, NAME_MOST, "/name")?;
    let change = Change::Exchange(Box::new(Exchange::Signal(NewSignal { name, payload: variables })));
    let (told, answered) = expect(app.execute(&by, sent.terms, change).await?, answer::signal)?;
    Ok(answered.begin(StatusCode::ACCEPTED, None).json(signal(told)))
}

/// The id of a message is its idempotency key; another one beside it would leave open which of them counts.
fn remembered(message: &SendMessage, given: Option<IdempotencyKey>) -> Result<Option<IdempotencyKey>, Problem> {
    let Some(id) = &message.id else { return Ok(given) };
    text(id, ID_MOST, "/id")?;
    if given.is_some_and(|given| given.key != *id) {
        let detail = "Idempotency-Key and the id of the message differ; send one of them";
        return Err(Problem::malformed("invalid_idempotency_key", detail).at("/id"));
    }
    let content = serde_json::to_vec(message).unwrap_or_default();
    Ok(Some(IdempotencyKey { route: ROUTE.into(), key: id.clone(), body_hash: idempotency::hash(&content) }))
}

fn text(text: &str, most: usize, pointer: &str) -> Result<(), Problem> {
    if (1..=most).contains(&text.chars().count()) {
        return Ok(());
    }
    let detail = format!("this takes a text of 1 to {most} characters");
    Err(Problem::malformed("invalid_body", detail).at(pointer))
}
