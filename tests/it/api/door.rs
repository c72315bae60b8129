//! Who may come in, and what every answer carries.

use super::desk::Desk;
use crate::support::app::{BUSINESS, CHINESE, JSON};
use kamflow::api::{Door, routes};
use kamflow::model::scope::Scope;

fn filled(path: &str) -> String {
    let steps = path.split('/').map(|step| if step.starts_with('{') { "x1" } else { step });
    steps.collect::<Vec<_>>().join("/")
}

#[test]
fn a_stranger_is_told_how_to_come_in_at_every_route_that_has_a_door() {
    let app = Desk::start();
    let closed = routes().iter().filter(|row| row.door != Door::Open);
    for row in closed {
        let answer = app.send(row.method.as_str(), &filled(&row.path), &[JSON], "");
        answer.refused(&row.path, 401, "unauthenticated");
        assert_eq!(answer.header("www-authenticate"), "Bearer realm=\"kamflow\"", "{}", row.path);
    }
}

#[test]
fn a_token_without_the_scope_of_the_route_is_turned_away_everywhere() {
    let app = Desk::start();
    for row in routes() {
        let Door::Scope(scope) = row.door else { continue };
        let others: Vec<&str> =
            Scope::all().map(Scope::name).into_iter().filter(|name| *name != scope.name()).collect();
        let token = format!("Bearer {}", app.app.token(BUSINESS, "alice", Some(&others)));
        let answer = app.send(row.method.as_str(), &filled(&row.path), &[("Authorization", token.as_str())], "");
        let problem = answer.refused(&row.path, 403, "scope_missing");
        assert!(problem["detail"].as_str().unwrap().contains(scope.name()), "{problem}");
        assert!(answer.header("www-authenticate").contains(&format!("scope=\"{scope}\"")));
    }
}

#[test]
fn a_role_is_needed_beside_the_scope() {
    let app = Desk::start();
    let bearer = app.bearer("bob", &["sales_rep"]);
    let bob = ("Authorization", bearer.as_str());
    let problem = app.send("GET", "/api/v1/deployments", &[bob], "").problem(403, "role_missing");
    assert_eq!(problem["detail"], "this needs the role \"process_admin\", which bob does not have");
    let problem = app.send("PUT", "/api/v1/users/eve", &[bob, CHINESE], "").problem(403, "role_missing");
    assert_eq!(problem["detail"], "需要角色“admin”，bob 没有该角色");
    let me = app.send("GET", "/api/v1/users/me", &[bob], "").json();
    assert_eq!((me["id"].as_str(), me["business"].as_str()), (Some("bob"), Some(BUSINESS)));
}

#[test]
fn what_is_no_bearer_token_is_refused() {
    let app = Desk::start();
    for (value, error) in
        [("Basic YTpi", "invalid_request"), ("Bearer", "invalid_request"), ("Bearer x", "invalid_token")]
    {
        let answer = app.send("GET", "/api/v1/users/me", &[("Authorization", value)], "");
        answer.problem(401, "unauthenticated");
        assert_eq!(answer.header("www-authenticate"), format!("Bearer realm=\"kamflow\", error=\"{error}\""));
    }
    let lower = app.alice().1.replace("Bearer", "bearer");
    assert_eq!(app.send("GET", "/api/v1/users/me", &[("Authorization", &lower)], "").status, 200);
}

#[test]
fn every_answer_carries_the_headers_of_caution() {
    let app = Desk::start();
    for path in ["/health/live", "/api/v1/user-tasks/t1", "/nowhere", "/openapi.json", "/metrics"] {
        let answer = app.get(path);
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        assert_eq!(answer.header("content-security-policy"), "default-src 'none'; frame-ancestors 'none'");
        assert_eq!(answer.header("access-control-allow-origin"), "", "{path}");
    }
}

#[test]
fn the_page_of_the_documentation_loads_what_it_names_under_its_own_policy() {
    let app = Desk::start();
    let led = app.send("GET", "/docs", &[], "");
    assert_eq!((led.status, led.header("location")), (308, "/docs/"));
    let docs = app.send("GET", "/docs/", &[], "");
    assert_eq!(docs.status, 200);
    assert!(docs.header("content-security-policy").contains("script-src 'self'"));
    assert!(!docs.text.contains("<script>"), "a script in the page itself is forbidden by our own policy");
    let named = |attribute: &str| -> Vec<String> {
        let parts = docs.text.split(attribute).skip(1);
        parts.map(|part| part.split('"').next().unwrap().trim_start_matches("./").to_owned()).collect()
    };
    let files = [named("src=\""), named("href=\"")].concat();
    assert!(files.len() >= 4, "{files:?}");
    for file in files {
        assert!(!file.contains("//"), "{file} is on another server, which the policy forbids");
        let answer = app.send("GET", &format!("/docs/{file}"), &[], "");
        assert_eq!((answer.status, answer.text.is_empty()), (200, false), "{file}");
        let media = match file.rsplit('.').next().unwrap() {
            "js" => "javascript",
            "css" => "text/css",
            _ => "image/",
        };
        assert!(answer.header("content-type").contains(media), "{file}: {}", answer.header("content-type"));
    }
    let starter = app.send("GET", "/docs/swagger-initializer.js", &[], "");
    assert!(starter.text.contains("/openapi.json"), "{}", starter.text);
}

#[test]
fn browsers_of_other_origins_get_no_leave() {
    let app = Desk::start();
    let asks = [("Origin", "https://elsewhere.example"), ("Access-Control-Request-Method", "POST")];
    for answer in [
        app.send("OPTIONS", "/api/v1/user-tasks/search", &asks, ""),
        app.send("GET", "/api/v1/users/me", &[app.alice(), asks[0]], ""),
    ] {
        assert!(answer.headers.keys().all(|name| !name.as_str().starts_with("access-control")), "{answer:?}");
    }
}

#[test]
fn the_trace_of_the_caller_is_kept_and_a_broken_one_is_replaced() {
    let app = Desk::start();
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    let sent = format!("00-{trace}-00f067aa0ba902b7-01");
    assert_eq!(app.send("GET", "/health/live", &[("traceparent", &sent)], "").header("trace-id"), trace);
    for broken in [format!("00-{}-00f067aa0ba902b7-01", "0".repeat(32)), "00-xyz-1-2".into(), sent.to_uppercase()] {
        let answer = app.send("GET", "/health/live", &[("traceparent", &broken)], "");
        assert_eq!(answer.header("trace-id").len(), 32);
        assert_ne!(answer.header("trace-id"), trace, "{broken}");
    }
}

#[test]
fn paths_and_methods_that_are_not_there() {
    let app = Desk::start();
    app.get("/api/v1/nothing").problem(404, "no_such_route");
    app.get("/api/v1/user-tasks/").problem(404, "no_such_route");
    let answer = app.send("DELETE", "/api/v1/user-tasks/t1", &[app.alice()], "");
    answer.problem(405, "method_not_allowed");
    assert_eq!(answer.header("allow"), "GET, PATCH, HEAD, OPTIONS");
    let options = app.send("OPTIONS", "/api/v1/records/customer", &[], "");
    assert_eq!((options.status, options.header("allow")), (204, "POST, GET, HEAD, OPTIONS"));
    let head = app.send("HEAD", "/api/v1/users/me", &[app.alice()], "");
    assert_eq!((head.status, head.header("content-type"), head.text.as_str()), (200, "application/json", ""));
}

#[test]
fn an_id_that_cannot_be_one_is_the_id_of_nothing() {
    let app = Desk::start();
    for id in ["%00", "a%0Ab", "%7F", "%FF%FE", &"x".repeat(500)] {
        app.get(&format!("/api/v1/user-tasks/{id}")).problem(404, "not_found");
    }
}

#[test]
fn health_metrics_and_keys_need_no_token() {
    let app = Desk::start();
    for path in ["/health/live", "/health/ready", "/.well-known/jwks.json", "/openapi.json", "/metrics"] {
        assert_eq!(app.send("GET", path, &[], "").status, 200, "{path}");
    }
    assert!(app.get("/metrics").header("content-type").starts_with("text/plain"));
}
