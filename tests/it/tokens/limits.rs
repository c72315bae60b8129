//! How often somebody may try, and how much somebody may ask for.

use super::{ME, PASSWORD, bearer, put_user};
use crate::support::app::{Answer, BUSINESS, CHINESE, JSON, TestApp};
use crate::support::{TestDatabase, sqlite};
use kamflow::api::{Limits, Rate};
use serde_json::json;
use std::time::Duration;

const HOUR: Duration = Duration::from_secs(3_600);

/// A kamflow behind a proxy on this machine, with bob, who has a password.
fn behind_a_proxy(database: &TestDatabase, limits: Limits) -> TestApp {
    drop(TestApp::start(database));
    let app = TestApp::open(database, Limits { attempt_every: HOUR, ..limits });
    put_user(&app, "bob", true, &["desk"], Some(PASSWORD));
    app
}

fn trusting_proxies(limits: Limits) -> Limits {
    Limits { trusted_proxies: vec!["127.0.0.1".parse().unwrap(), "10.0.0.0/8".parse().unwrap()], ..limits }
}

/// A login of bob that came by these hops.
fn login(app: &TestApp, hops: &str, password: &str) -> Answer {
    let body = json!({"grant_type": "password", "business": BUSINESS, "username": "bob", "password": password});
    app.send("POST", "/api/v1/auth/token", &[JSON, ("X-Forwarded-For", hops)], &body.to_string())
}

#[test]
fn the_address_is_what_a_trusted_proxy_says_and_nothing_else() {
    let database = sqlite();
    let limits = Limits { attempts_per_user: 2, ..Limits::default() };
    let app = behind_a_proxy(&database, trusting_proxies(limits.clone()));
    let fails = |hops: &str| login(&app, hops, "wrong").status;
    // Two failures from one address; what its client writes before it changes nothing.
    assert_eq!(fails("203.0.113.7"), 400);
    assert_eq!(fails("198.51.100.1, 203.0.113.7, 10.1.2.3"), 400);
    assert_eq!(fails("198.51.100.2, nonsense, 203.0.113.7"), 429);
    assert_eq!(fails("::ffff:203.0.113.7"), 429, "the same address in other words");
    assert_eq!(fails("203.0.113.8"), 400);
    // Everybody has a whole network of IPv6; who jumps about in it is the same one.
    for (last, status) in [(1, 400), (2, 400), (3, 429)] {
        assert_eq!(fails(&format!("2001:db8:1:2::{last}")), status);
    }
    assert_eq!(fails("2001:db8:1:3::1"), 400);

    // Without trust the header is nothing but words of the caller.
    let database = sqlite();
    let app = behind_a_proxy(&database, limits);
    assert_eq!(login(&app, "203.0.113.1", "wrong").status, 400);
    assert_eq!(login(&app, "203.0.113.2", "wrong").status, 400);
    assert_eq!(login(&app, "203.0.113.3", "wrong").status, 429);
}

#[test]
fn somebody_is_not_locked_out_by_those_who_guess_from_elsewhere() {
    let database = sqlite();
    let app = behind_a_proxy(&database, trusting_proxies(Limits { attempts_per_login: 3, ..Limits::default() }));
    login(&app, "203.0.113.1", PASSWORD).ok(200);
    // Guesses from many addresses: the first of each counts for the address alone, the others for the login as well.
    for address in 1..=5 {
        assert_eq!(login(&app, &format!("198.51.100.{address}"), "wrong").status, 400);
    }
    for address in 1..=3 {
        assert_eq!(login(&app, &format!("198.51.100.{address}"), "wrong").status, 400);
    }
    let refused = login(&app, "198.51.100.4", "wrong");
    refused.problem(429, "rate_limited");
    assert!(refused.header("retry-after").parse::<u64>().unwrap() > 3_000);
    // Even the right password from an address that guessed must wait now; bob's own addresses need not.
    login(&app, "198.51.100.5", PASSWORD).problem(429, "rate_limited");
    for _ in 0..20 {
        login(&app, "203.0.113.1", PASSWORD).ok(200);
    }
    login(&app, "203.0.113.99", PASSWORD).ok(200);
    // One who mistypes at home is not thrown among the guessers.
    login(&app, "203.0.113.1", "wrong").problem(400, "invalid_grant");
    login(&app, "203.0.113.1", PASSWORD).ok(200);
}

#[test]
fn the_present_password_cannot_be_guessed_with_a_stolen_token() {
    let database = sqlite();
    let app = behind_a_proxy(&database, Limits { attempts_per_user: 3, ..Limits::default() });
    let bob = app.by("bob");
    let change = |current: &str| bob.post("/api/v1/auth/password", json!({"current": current, "new": "another horse"}));
    for _ in 0..3 {
        change("wrong").problem(422, "wrong_password");
    }
    change(PASSWORD).problem(429, "rate_limited");
    login(&app, "", PASSWORD).problem(429, "rate_limited");
}

#[test]
fn a_caller_who_asks_too_much_is_told_to_wait_and_nothing_is_kept() {
    let database = sqlite();
    drop(TestApp::start(&database));
    let limits = Limits { per_caller: Some(Rate { burst: 3, every: HOUR }), ..Limits::default() };
    let app = TestApp::open(&database, limits);
    app.user("bob", &["desk", "admin"]);
    app.user("ann", &["desk"]);
    let bob = app.by("bob");
    for _ in 0..3 {
        bob.get(ME).ok(200);
    }
    let key = [JSON, ("Idempotency-Key", "later"), CHINESE];
    let body = json!({"name": "Carl"}).to_string();
    let refused = bob.send("PUT", "/api/v1/users/carl", &key, &body);
    let problem = refused.problem(429, "too_many_requests");
    assert_eq!((&problem["retryable"], problem["title"].as_str()), (&json!(true), Some("请求过于频繁")));
    assert!(refused.header("retry-after").parse::<u64>().unwrap() > 3_000);
    // Not a new token, but another person: it is the caller that counts.
    app.by("bob").get(ME).problem(429, "too_many_requests");
    app.by("ann").get(ME).ok(200);
    // Nothing of it was kept: on another node the same key is carried out, for the first time.
    let node = TestApp::open(&database, Limits::default());
    let token = node.token(BUSINESS, "bob", None);
    let done = bearer(&node, &token).send("PUT", "/api/v1/users/carl", &key, &body);
    assert_eq!((done.status, done.header("idempotency-replayed")), (200, ""));
}

#[test]
fn a_business_has_a_limit_of_its_own() {
    let database = sqlite();
    drop(TestApp::start(&database));
    let limits = Limits { per_caller: None, per_business: Some(Rate { burst: 4, every: HOUR }), ..Limits::default() };
    let app = TestApp::open(&database, limits);
    for login in ["ann", "bob"] {
        app.user(login, &["desk"]);
        let caller = app.by(login);
        for _ in 0..2 {
            caller.get(ME).ok(200);
        }
    }
    app.by("alice").get(ME).problem(429, "too_many_requests");
    let business = kamflow::model::text::Text::same("Other");
    app.wait(kamflow::server::first_run::create_business(&app.runtime, &"other".into(), business)).unwrap();
    app.user_of("other", "zoe", &["desk"]);
    app.by_of("other", "zoe").get(ME).ok(200);
    assert_eq!(app.send("GET", "/health/live", &[], "").status, 200, "who needs no token is not counted");
}

#[test]
fn networks_are_read_strictly() {
    for wrong in ["", "10.0.0.0/33", "10.0.0/8", "::/129", "10.0.0.1/", "10.0.0.1/-1", "localhost", "*"] {
        assert!(wrong.parse::<kamflow::api::Network>().is_err(), "{wrong}");
    }
    let contains = |network: &str, address: &str| {
        network.parse::<kamflow::api::Network>().unwrap().contains(address.parse().unwrap())
    };
    assert!(contains("10.0.0.0/8", "10.255.0.1") && !contains("10.0.0.0/8", "11.0.0.1"));
    assert!(contains("0.0.0.0/0", "8.8.8.8") && !contains("0.0.0.0/0", "2001:db8::1"));
    assert!(contains("10.0.0.1", "::ffff:10.0.0.1") && !contains("10.0.0.1", "10.0.0.2"));
    assert!(contains("2001:db8::/32", "2001:db8:ffff::1") && !contains("2001:db8::/32", "2001:db9::1"));
}
