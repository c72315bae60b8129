//! The door of every route: who asks (a bearer token), whether the token allows it at all (the scope of the route) and
//! whether the person has the role that the route needs. A handler without a caller cannot be reached: the row decides.

use super::error::unauthenticated;
use super::idempotency;
use super::limits::Limits;
use super::nearest;
use super::problem::Problem;
use super::route::{Door, Route};
use super::scim::{self, basic};
use super::search;
use super::state::{ApiState, App};
use crate::model::actor::Actor;
use crate::model::scope::Scope;
use crate::runtime::access;
use actix_web::body::BoxBody;
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::{StatusCode, header};
use actix_web::middleware::Next;
use actix_web::{Error, FromRequest, HttpMessage, HttpRequest, ResponseError};
use std::future::{Ready, ready};
use std::time::Duration;

/// Bytes of an id in a path at most.
const LONGEST_ID: usize = 400;

/// The caller, after the door let it in.
#[derive(Debug, Clone)]
pub(super) struct By(pub Actor);

impl FromRequest for By {
    type Error = Problem;
    type Future = Ready<Result<By, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let by = request.extensions().get::<By>().cloned();
        ready(by.ok_or_else(|| unauthenticated("this needs a token", None)))
    }
}

/// The row of the table that a request came in by.
pub(super) fn row(request: &HttpRequest) -> Option<&'static Route> {
    request.extensions().get::<&'static Route>().copied()
}

/// Lets a request in, or answers it with the problem. The time that a request may take runs from here, because before
/// it is routed a request cannot be shared, and an answer needs it.
pub(super) async fn admit(
    row: &'static Route,
    request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let kept = request.request().clone();
    let limits = request.app_data::<App>().map_or_else(Limits::default, |app| app.limits.clone());
    let most = if row.upload { limits.upload_timeout } else { limits.timeout };
    let answer = async {
        match check(row, &request).await {
            Ok(()) => {
                request.extensions_mut().insert(row);
                let answer = next.call(request).await?;
                Ok(if row.list || row.free.is_some() { search::as_parameters(answer) } else { answer })
            }
            Err(problem) => Ok(request.into_response(problem.error_response())),
        }
    };
    match tokio::time::timeout(most, answer).await {
        Ok(answer) => answer,
        Err(_) => Ok(ServiceResponse::new(kept.clone(), timed_out(row, &kept, most).error_response())),
    }
}

/// What a change did before the time was over is not known; only an idempotency key makes it safe to send it again.
fn timed_out(row: &Route, request: &HttpRequest, most: Duration) -> Problem {
    let keyed = request.headers().contains_key(&idempotency::HEADER);
    let (code, advice) = match row.idempotent && !keyed {
        true => ("timed_out_change", "whether it was carried out is not known; look before you send it again"),
        false => ("timed_out", "send it again"),
    };
    let detail = format!("the request took longer than {} seconds; {advice}", most.as_secs());
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, code, detail).with_header(header::RETRY_AFTER, "1")
}

async fn check(row: &'static Route, request: &ServiceRequest) -> Result<(), Problem> {
    if row.door != Door::Open {
        let app = request.app_data::<App>().ok_or_else(|| super::error::internal("the API has no state"))?;
        let by_secret = row.path.starts_with(scim::PATHS) && basic::is_basic(request.request());
        let actor = match by_secret {
            true => basic::authenticate(app, request.request()).await?,
            false => authenticate(app, request).await?,
        };
        app.rates.take(&app.limits, &actor)?;
        if let Door::Scope(scope) = row.door
            && !actor.scopes.contains(scope.name())
        {
            return Err(missing_scope(scope));
        }
        if let Some(role) = row.role {
            access::require(&actor, role)?;
        }
        request.extensions_mut().insert(By(actor));
    }
    ids(request)?;
    query(row, request.query_string())
}

async fn authenticate(app: &ApiState, request: &ServiceRequest) -> Result<Actor, Problem> {
    let mut values = request.headers().get_all(header::AUTHORIZATION);
    let Some(value) = values.next() else {
        return Err(unauthenticated(
            "this needs a token: send Authorization: Bearer with a token of /api/v1/auth/token",
            None,
        ));
    };
    let bearer = value.to_str().ok().and_then(|value| value.split_once(' '));
    match bearer {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") && values.next().is_none() => {
            Ok(app.runtime.authenticate(token.trim()).await?)
        }
        _ => Err(unauthenticated("the Authorization header must be Bearer with one token", Some("invalid_request"))),
    }
}

fn missing_scope(scope: Scope) -> Problem {
    let challenge = format!("Bearer realm=\"kamflow\", error=\"insufficient_scope\", scope=\"{scope}\"");
    let detail = format!("this needs the scope \"{scope}\", which the token does not have");
    Problem::new(StatusCode::FORBIDDEN, "scope_missing", detail).with_header(header::WWW_AUTHENTICATE, challenge)
}

/// An id with control characters, or of an absurd length, is the id of nothing.
fn ids(request: &ServiceRequest) -> Result<(), Problem> {
    let path = request.path();
    let control = path.contains("%0") || path.contains("%1") || path.to_ascii_lowercase().contains("%7f");
    match request.match_info().iter().find(|(_, value)| value.len() > LONGEST_ID) {
        None if !control => Ok(()),
        _ => Err(no_such_id()),
    }
}

/// 404 for a path whose ids cannot be ids.
pub(super) fn no_such_id() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "not_found", "the id in the path cannot be the id of anything")
}

fn query(row: &Route, query: &str) -> Result<(), Problem> {
    let standing: &[&str] = if row.list { &["limit", "cursor"] } else { &[] };
    let sort: &[&str] = if row.sorts.is_empty() { &[] } else { &["sort"] };
    let texts = row.texts.iter().map(|(name, _)| *name);
    let known: Vec<&str> = row.query.iter().chain(standing).chain(sort).copied().chain(texts).collect();
    let free = |name: &str| {
        let rest = row.free.and_then(|free| name.strip_prefix(free.prefix));
        rest.is_some_and(|rest| !rest.is_empty())
    };
    let names = query.split('&').filter(|pair| !pair.is_empty()).filter_map(|pair| pair.split('=').next());
    for name in names {
        if !known.contains(&name) && !free(name) {
            let detail = nearest::unknown("the query parameter", name, &known);
            return Err(Problem::malformed("unknown_parameter", detail).at(format!("?{name}")));
        }
    }
    Ok(())
}
