//! What a request sends: its body as a type and, for a change, the terms it is sent on. Both come from the same bytes,
//! because an idempotency key counts only for the body it came with.

use super::problem::Problem;
use super::requires::row;
use super::state::App;
use super::{body, etag, idempotency, json, scim};
use crate::runtime::request::IdempotencyKey;
use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpRequest};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::future::Future;
use std::pin::Pin;
use utoipa::ToSchema;

/// On which terms a change is sent.
#[derive(Debug, Default)]
pub(super) struct Terms {
    /// Answers a repetition with the first answer.
    pub idempotency: Option<IdempotencyKey>,
    /// The version that the caller saw.
    pub if_match: Option<i64>,
}

/// A body and the terms it was sent on: for changes.
pub(super) struct Sent<T> {
    pub value: T,
    pub terms: Terms,
}

/// A body alone: for searches and checks.
pub(super) struct Body<T>(pub T);

/// The body of a verb that needs nothing, `{}` or no body at all; and the answer of one that tells nothing.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Nothing {}

type Extracting<T> = Pin<Box<dyn Future<Output = Result<T, Problem>>>>;

impl<T: DeserializeOwned + 'static> FromRequest for Sent<T> {
    type Error = Problem;
    type Future = Extracting<Sent<T>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let bytes = json_bytes(&request, payload).await?;
            let idempotency = idempotency::key(&request, &bytes)?;
            let terms = Terms { idempotency, if_match: etag::if_match(request.headers())? };
            Ok(Sent { value: json::read(&bytes)?, terms })
        })
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for Body<T> {
    type Error = Problem;
    type Future = Extracting<Body<T>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move { json::read(&json_bytes(&request, payload).await?).map(Body) })
    }
}

async fn json_bytes(request: &HttpRequest, payload: Payload) -> Result<Bytes, Problem> {
    let limits = request.app_data::<App>().map(|app| app.limits.clone()).unwrap_or_default();
    let deployment = row(request).is_some_and(|row| row.large);
    let most = if deployment { limits.deployment_body } else { limits.body };
    let bytes = body::read(request, payload, most).await?;
    if !bytes.is_empty() && !is_json(request) {
        return Err(body::unsupported("send the body as Content-Type: application/json"));
    }
    Ok(bytes)
}

/// `application/json` and what else is JSON, also with `; charset=utf-8`.
pub(super) fn is_json(request: &HttpRequest) -> bool {
    media_type(request).is_some_and(|media| {
        ["application/json", "application/merge-patch+json", scim::MEDIA].contains(&media.as_str())
    })
}

/// The media type of the body, without parameters.
pub(super) fn media_type(request: &HttpRequest) -> Option<String> {
    let value = request.headers().get(header::CONTENT_TYPE)?.to_str().ok()?;
    value.split(';').next().map(|media| media.trim().to_ascii_lowercase())
}
