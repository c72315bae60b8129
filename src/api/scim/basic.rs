//! HTTP Basic for directories that can hold a name and a secret but cannot ask for tokens: `BUSINESS/CLIENT` and the
//! secret of the service account. It is exchanged for a token of that client, the same as `/auth/token` gives, so
//! whatever ends a token ends it; and kept, because checking a secret is slow by design.

use crate::api::address;
use crate::api::auth;
use crate::api::error::unauthenticated;
use crate::api::problem::Problem;
use crate::api::state::ApiState;
use crate::model::actor::Actor;
use crate::runtime::identity::{Grant, NotIssued, Unauthenticated};
use actix_web::HttpRequest;
use actix_web::http::header;
use quick_cache::sync::Cache;
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// Secrets that are remembered at most, each as a hash.
const MOST: usize = 1_000;

/// Bytes of business and client at most.
const LONGEST: usize = 512;

/// Tokens by the hash of the header that they were given for.
#[derive(Clone)]
pub(in crate::api) struct Exchanged(Arc<Cache<[u8; 32], String>>);

impl Default for Exchanged {
    fn default() -> Exchanged {
        Exchanged(Arc::new(Cache::new(MOST)))
    }
}

/// Whether a request shows a secret instead of a token.
pub(in crate::api) fn is_basic(request: &HttpRequest) -> bool {
    let value = request.headers().get(header::AUTHORIZATION).map(|value| value.as_bytes());
    value.and_then(|value| value.get(..6)).is_some_and(|scheme| scheme.eq_ignore_ascii_case(b"basic "))
}

/// Who shows it.
pub(in crate::api) async fn authenticate(app: &ApiState, request: &HttpRequest) -> Result<Actor, Problem> {
    let value = request.headers().get(header::AUTHORIZATION).map_or(&[][..], |value| value.as_bytes());
    let hash: [u8; 32] = Sha256::digest(value).into();
    if let Some(token) = app.exchanged.0.get(&hash) {
        match app.runtime.authenticate(&token).await {
            Ok(actor) => return Ok(actor),
            Err(Unauthenticated { later: Some(code), reason }) => {
                return Err(Unauthenticated { later: Some(code), reason }.into());
            }
            // It expired, or was ended: the secret decides anew.
            Err(Unauthenticated { later: None, .. }) => drop(app.exchanged.0.remove(&hash)),
        }
    }
    let wrong = || unauthenticated("HTTP Basic takes BUSINESS/CLIENT and the secret of the service account", None);
    let (id, secret) = auth::basic(request).map_err(|_| wrong())?.ok_or_else(wrong)?;
    let (business, client) = id.split_once('/').filter(|_| id.len() <= LONGEST).ok_or_else(wrong)?;
    let name = format!("{business}\nclient\n{client}");
    let attempt = app.attempts.take(&address::of(request, &app.limits.trusted_proxies), &name)?;
    let (business, client) = (business.to_owned(), client.to_owned());
    let secret = secret.into();
    let grant = Grant::ClientCredentials { business, client, secret, scopes: None, act_as: None };
    let token = match app.runtime.issue_token(grant).await {
        Ok(issued) => issued.token,
        Err(NotIssued::Later(reason)) => {
            attempt.was_none();
            return Err(Unauthenticated::later(reason).into());
        }
        Err(refused) => return Err(unauthenticated(&refused.to_string(), Some("invalid_token"))),
    };
    attempt.succeeded();
    let actor = app.runtime.authenticate(&token).await?;
    app.exchanged.0.insert(hash, token);
    Ok(actor)
}
