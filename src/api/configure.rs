//! Puts the table onto the wire: every row behind its door, and around all of them what is true of every request.

use super::requires::no_such_id;
use super::state::ApiState;
use super::{docs, guard, observe, problem::Problem, render, routes, scim};
use actix_web::http::{Method, StatusCode, header};
use actix_web::middleware::from_fn;
use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, Resource};

/// Adds everything that the API serves, to an actix application of its own.
pub fn configure(config: &mut ServiceConfig, state: ApiState) {
    let limits = state.limits.clone();
    let mut scope = web::scope("")
        .app_data(Data::new(state))
        .app_data(web::PathConfig::default().error_handler(|_, _| no_such_id().into()));
    for (collection, paths) in collections() {
        let all = paths.into_iter().map(|path| resource(collection, path));
        let within = all.fold(web::scope(collection), actix_web::Scope::service);
        scope = scope.service(within.default_service(web::to(nowhere)));
    }
    let scope = scim::not_served().fold(scope, actix_web::Scope::service);
    let scope = scope.service(docs::redirect()).service(docs::swagger()).default_service(web::to(nowhere));
    // The outermost is written last.
    config.service(
        scope
            .wrap(from_fn(move |request, next| guard::guard(limits.clone(), request, next)))
            .wrap(from_fn(render::render))
            .wrap(from_fn(observe::observe)),
    );
}

/// The paths of the table, once each, in its order, under what they begin with: `/api/v1/user-tasks`. A request is compared
/// with these texts first, so that it meets the patterns of one collection instead of all.
fn collections() -> Vec<(&'static str, Vec<&'static str>)> {
    let mut all: Vec<(&str, Vec<&str>)> = Vec::new();
    for row in routes::all() {
        let path = row.path.as_str();
        let collection = collection(path);
        let at = all.iter().position(|(known, _)| *known == collection).unwrap_or_else(|| {
            all.push((collection, Vec::new()));
            all.len() - 1
        });
        if !all[at].1.contains(&path) {
            all[at].1.push(path);
        }
    }
    all
}

/// The first three steps of a path, or all of it.
fn collection(path: &str) -> &str {
    path.match_indices('/').nth(3).map_or(path, |(end, _)| &path[..end])
}

/// A path with its methods, within its collection.
fn resource(collection: &str, path: &'static str) -> Resource {
    let mut resource = web::resource(&path[collection.len()..]);
    for row in routes::all().iter().filter(|row| row.path == path) {
        resource = resource.route(row.serve(row.method.clone()));
        if row.method == Method::GET {
            resource = resource.route(row.serve(Method::HEAD));
        }
    }
    resource.default_service(web::to(move |request| other_method(request, path)))
}

/// OPTIONS tells the methods of the path; any other one is not allowed.
async fn other_method(request: HttpRequest, path: &'static str) -> Result<HttpResponse, Problem> {
    let allow = allowed(path);
    if request.method() == Method::OPTIONS {
        return Ok(HttpResponse::NoContent().insert_header((header::ALLOW, allow)).finish());
    }
    let detail = format!("{} is not possible here; possible are {allow}", request.method());
    let problem = Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", detail);
    Err(problem.with_header(header::ALLOW, allow))
}

fn allowed(path: &str) -> String {
    let rows = routes::all().iter().filter(|row| row.path == path);
    let mut methods: Vec<&str> = rows.map(|row| row.method.as_str()).collect();
    if methods.contains(&"GET") {
        methods.push("HEAD");
    }
    methods.push("OPTIONS");
    methods.join(", ")
}

async fn nowhere(request: HttpRequest) -> Result<HttpResponse, Problem> {
    let detail = format!("nothing is served at {}; /openapi.json lists what is", request.path());
    Err(Problem::new(StatusCode::NOT_FOUND, "no_such_route", detail))
}
