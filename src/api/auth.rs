//! Tokens: a login or a secret in, a bearer token out (RFC 6749); how a token ends (RFC 7009); and the public keys that
//! verify them (RFC 7517).

use super::answer::{ApiResult, shown};
use super::problem::Problem;
use super::requires::By;
use super::search::pairs;
use super::sent::{Nothing, is_json, media_type};
use super::state::App;
use super::{address, body, json};
use crate::model::json::{Json, JsonMap};
use crate::runtime::identity::{Grant, NotIssued, Unauthenticated};
use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Bytes of a name or secret in a request for a token at most: names are kept to count attempts, secrets are hashed.
const LONGEST: usize = 1024;

/// A request for a token, as JSON or as a form.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"grant_type": "password", "business": "acme", "username": "alice", "password": "…"}))]
pub(super) struct TokenRequest {
    /// `password` for people, `client_credentials` for programs.
    #[serde(default)]
    grant_type: String,
    /// The business whose data the token opens.
    #[serde(default)]
    business: String,
    /// The login, with `password`.
    username: Option<String>,
    /// The password, with `password`.
    password: Option<String>,
    /// The service account, with `client_credentials`; HTTP Basic does as well. `acme/crm` says the business too.
    client_id: Option<String>,
    /// Its secret, with `client_credentials`; HTTP Basic does as well.
    client_secret: Option<String>,
    /// Scopes, separated by spaces; all that there are when not said.
    scope: Option<String>,
    /// The login of the person that the service account wants to act as, with `client_credentials`.
    act_as: Option<String>,
}

/// A token.
#[derive(Serialize, ToSchema)]
#[schema(as = Token)]
pub(super) struct TokenView {
    /// Send it as `Authorization: Bearer …`.
    access_token: String,
    /// `Bearer`.
    token_type: &'static str,
    /// Seconds until it expires.
    expires_in: i64,
    /// What it allows, separated by spaces.
    scope: String,
}

pub(super) async fn token(request: HttpRequest, payload: web::Payload, app: App) -> ApiResult {
    let bytes = body::read(&request, payload.into_inner(), app.limits.body).await?;
    let sent = read(&request, &bytes)?;
    let (grant, name) = grant(sent)?;
    let attempt = app.attempts.take(&address::of(&request, &app.limits.trusted_proxies), &name)?;
    let client = matches!(grant, Grant::ClientCredentials { .. });
    let issued = app.runtime.issue_token(grant).await;
    match &issued {
        Err(NotIssued::Wrong(_)) => {}
        Err(NotIssued::Later(_)) => attempt.was_none(),
        // Whoever is refused for a scope or a person has shown the right secret.
        Ok(_) | Err(NotIssued::Scope(_) | NotIssued::ActAs(_)) => attempt.succeeded(),
    }
    let issued = issued.map_err(|refused| refuse(refused, client))?;
    let scope = issued.scopes.join(" ");
    let view = TokenView { access_token: issued.token, token_type: "Bearer", expires_in: issued.expires_in, scope };
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::PRAGMA, "no-cache"))
        .json(view))
}

/// A token that is to end, as JSON or as a form.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RevokeRequest {
    /// The token.
    token: String,
    /// What kind of token it is; there is one kind only.
    #[serde(rename = "token_type_hint")]
    _hint: Option<String>,
}

pub(super) async fn revoke(by: By, request: HttpRequest, payload: web::Payload, app: App) -> ApiResult {
    let bytes = body::read(&request, payload.into_inner(), app.limits.body).await?;
    let sent: RevokeRequest = body_of(&request, &bytes, &["token", "token_type_hint"])?;
    app.runtime.revoke(&by.0, &sent.token).await?;
    shown(Nothing {})
}

pub(super) async fn jwks(app: App) -> ApiResult {
    shown(app.runtime.jwks().await?)
}

fn read(request: &HttpRequest, body: &[u8]) -> Result<TokenRequest, Problem> {
    let known = ["grant_type", "business", "username", "password", "client_id", "client_secret", "scope", "act_as"];
    let mut sent: TokenRequest = body_of(request, body, &known)?;
    if let Some((id, secret)) = basic(request)? {
        if sent.client_secret.is_some() {
            return Err(invalid("a client shows its secret once: in the Authorization header or in the body"));
        }
        (sent.client_id, sent.client_secret) = (Some(id), Some(secret));
    }
    Ok(sent)
}

/// A form or JSON.
fn body_of<T: DeserializeOwned>(request: &HttpRequest, body: &[u8], known: &[&str]) -> Result<T, Problem> {
    match media_type(request).as_deref() {
        Some("application/x-www-form-urlencoded") => form(body, known),
        _ if is_json(request) => json::read(body).map_err(oauth),
        _ => Err(body::unsupported("send a form (application/x-www-form-urlencoded) or application/json")),
    }
}

/// A form; what RFC 6749 does not know is ignored, what is sent twice is refused.
fn form<T: DeserializeOwned>(body: &[u8], known: &[&str]) -> Result<T, Problem> {
    let text = std::str::from_utf8(body).map_err(|_| invalid("the form is not UTF-8"))?;
    let mut fields = JsonMap::new();
    for (name, value) in pairs(text).map_err(|_| invalid("the form cannot be read"))? {
        if known.contains(&name.as_str()) && fields.insert(name.clone(), Json::String(value)).is_some() {
            return Err(invalid(format!("\"{name}\" is given twice")));
        }
    }
    json::fit(Json::Object(fields)).map_err(oauth)
}

/// The client of `Authorization: Basic`, each half form-encoded as RFC 6749 wants it.
pub(super) fn basic(request: &HttpRequest) -> Result<Option<(String, String)>, Problem> {
    let Some(value) = request.headers().get(header::AUTHORIZATION) else { return Ok(None) };
    let wrong = || invalid("the Authorization header must be Basic with client id and secret");
    let (scheme, encoded) = value.to_str().ok().and_then(|value| value.split_once(' ')).ok_or_else(wrong)?;
    if scheme.eq_ignore_ascii_case("bearer") {
        // An old token that a program sends with every request; it wants a new one.
        return Ok(None);
    }
    let decoded = STANDARD.decode(encoded.trim()).ok().filter(|_| scheme.eq_ignore_ascii_case("basic"));
    let text = decoded.and_then(|bytes| String::from_utf8(bytes).ok()).ok_or_else(wrong)?;
    let (id, secret) = text.split_once(':').ok_or_else(wrong)?;
    let halves = pairs(&format!("id={id}&secret={secret}")).map_err(|_| wrong())?;
    match halves.as_slice() {
        [(_, id), (_, secret)] => Ok(Some((id.clone(), secret.clone()))),
        _ => Err(wrong()),
    }
}

/// The grant, and the name that attempts are counted for.
fn grant(sent: TokenRequest) -> Result<(Grant, String), Problem> {
    let given = |name: &str, value: Option<String>| {
        let value = value.filter(|value| !value.is_empty()).ok_or_else(|| format!("this grant needs \"{name}\""));
        let value = value.and_then(|value| match value.len() {
            0..=LONGEST => Ok(value),
            _ => Err(format!("\"{name}\" has more than {LONGEST} bytes")),
        });
        value.map_err(invalid)
    };
    let scopes = sent.scope.map(|scope| scope.split_whitespace().map(str::to_owned).collect());
    // A business has no slash in its id, and neither has a client.
    let (business, client_id) = match sent.client_id.as_deref().and_then(|id| id.split_once('/')) {
        Some((business, client)) if sent.business.is_empty() => (business.to_owned(), Some(client.to_owned())),
        _ => (sent.business, sent.client_id),
    };
    let business = given("business", Some(business))?;
    if sent.act_as.is_some() && sent.grant_type == "password" {
        return Err(invalid("\"act_as\" goes with client_credentials only"));
    }
    match sent.grant_type.as_str() {
        "password" => {
            let (user, password) = (given("username", sent.username)?, given("password", sent.password)?);
            let (name, password) = (format!("{business}\nuser\n{user}"), password.into());
            Ok((Grant::Password { business, user, password, scopes }, name))
        }
        "client_credentials" => {
            let client = given("client_id", client_id)?;
            let secret = given("client_secret", sent.client_secret)?;
            let (name, secret) = (format!("{business}\nclient\n{client}"), secret.into());
            let act_as = sent.act_as.map(|login| given("act_as", Some(login))).transpose()?;
            Ok((Grant::ClientCredentials { business, client, secret, scopes, act_as }, name))
        }
        "" => Err(invalid("\"grant_type\" is missing; it is password or client_credentials")),
        other => {
            let detail = format!("the grant \"{other}\" is not served; served are password and client_credentials");
            Err(oauth(Problem::malformed("unsupported_grant_type", detail)))
        }
    }
}

/// RFC 6749 5.2.
fn refuse(refused: NotIssued, client: bool) -> Problem {
    let detail = refused.to_string();
    let code = match refused {
        NotIssued::Later(reason) => return Unauthenticated::later(reason).into(),
        NotIssued::Scope(_) => "invalid_scope",
        NotIssued::ActAs(_) => "unauthorized_client",
        NotIssued::Wrong(_) if client => "invalid_client",
        NotIssued::Wrong(_) => "invalid_grant",
    };
    if code != "invalid_client" {
        return oauth(Problem::malformed(code, detail));
    }
    // 401 needs a challenge; Basic is the one that a client can meet here.
    oauth(Problem::new(StatusCode::UNAUTHORIZED, code, detail))
        .with_header(header::WWW_AUTHENTICATE, "Basic realm=\"kamflow\", charset=\"UTF-8\"")
}

fn invalid(detail: impl Into<String>) -> Problem {
    oauth(Problem::malformed("invalid_request", detail))
}

fn oauth(problem: Problem) -> Problem {
    Problem { oauth: true, ..problem }
}
