//! How the keys of an outside issuer are fetched: seldom, again when they change, and not at all from where they should
//! not come from.

use super::outside::trusting;
use super::provider::{Provider, ProviderKey, ec, ed};
use super::{ME, bearer};
use crate::support::sqlite;
use kamflow::model::time::Timestamp;
use kamflow::runtime::identity::issuer::{Issuer, Keys};
use serde_json::json;

#[test]
fn a_new_key_is_fetched_and_strangers_cannot_make_us_ask() {
    let database = sqlite();
    let (old, new) = (ed().named("old"), ed().named("new"));
    let provider = Provider::start(&[&old]);
    let app = trusting(&database, vec![provider.issuer()]);
    let token = |key: &ProviderKey| provider.token(key, "eve", app.runtime.now());
    bearer(&app, &token(&old)).get(ME).ok(200);
    provider.has(&[&new]);
    // Keys that nobody has are asked for once, however many there are.
    for id in 0..20 {
        bearer(&app, &token(&old.named(&id.to_string()))).get(ME).problem(401, "unauthenticated");
    }
    assert_eq!(provider.asked(), 1, "it was asked just now");
    bearer(&app, &token(&new)).get(ME).problem(401, "unauthenticated");
    app.advance("PT30S");
    for id in 0..20 {
        bearer(&app, &token(&old.named(&id.to_string()))).get(ME).problem(401, "unauthenticated");
    }
    assert_eq!(provider.asked(), 2);
    bearer(&app, &token(&new)).get(ME).ok(200);
    let withdrawn = bearer(&app, &token(&old)).get(ME).problem(401, "unauthenticated");
    assert!(withdrawn["detail"].as_str().unwrap().contains("does not have"), "{withdrawn}");
}

#[test]
fn keys_are_kept_as_long_as_the_issuer_says_and_longer_when_it_is_away() {
    let database = sqlite();
    let key = ec();
    let provider = Provider::start(&[&key]);
    provider.answers("HTTP/1.1 200 OK\r\nCache-Control: public, max-age=300\r\n", None);
    let app = trusting(&database, vec![provider.issuer()]);
    let comes_in = || bearer(&app, &provider.token(&key, "eve", app.runtime.now())).get(ME).status;
    assert_eq!((comes_in(), provider.asked()), (200, 1));
    app.advance("PT4M");
    assert_eq!((comes_in(), provider.asked()), (200, 1));
    app.advance("PT2M");
    assert_eq!((comes_in(), provider.asked()), (200, 2), "looked at again");
    for broken in ["HTTP/1.1 500 Oops\r\n", "HTTP/1.1 404 Gone\r\n", "nonsense"] {
        provider.answers(broken, None);
        app.advance("PT1H");
        assert_eq!(comes_in(), 200, "{broken}: what is known stays good");
    }
    for body in ["", "no JSON", "{}", "[]", "{\"keys\": []}", "{\"keys\": {}}"] {
        provider.answers("HTTP/1.1 200 OK\r\n", Some(body));
        app.advance("PT1H");
        assert_eq!(comes_in(), 200, "{body}: what is known stays good");
    }
}

#[test]
fn an_issuer_that_was_never_reached_makes_us_say_later() {
    let database = sqlite();
    let key = ec();
    let provider = Provider::start(&[&key]);
    let elsewhere = Provider::start(&[&key]);
    let huge = format!("{{\"keys\": [], \"x\": \"{}\"}}", "x".repeat(600 * 1_024));
    let redirect = format!("HTTP/1.1 302 Found\r\nLocation: {}/jwks\r\n", elsewhere.url);
    let stranger = json!({"issuer": elsewhere.url, "jwks_uri": format!("{}/jwks", elsewhere.url)}).to_string();
    let plain = json!({"issuer": provider.url, "jwks_uri": "http://keys.example/jwks"}).to_string();
    provider.answers("HTTP/1.1 503 Busy\r\n", None);
    let app = trusting(&database, vec![provider.issuer()]);
    let ask = || bearer(&app, &provider.token(&key, "eve", app.runtime.now())).get(ME);
    for (head, body) in [
        ("HTTP/1.1 503 Busy\r\n", None),
        (redirect.as_str(), None),
        ("HTTP/1.1 200 OK\r\n", Some(huge.as_str())),
        // Speaks for another issuer; and leads to where nothing protects the keys.
        ("HTTP/1.1 200 OK\r\n", Some(stranger.as_str())),
        ("HTTP/1.1 200 OK\r\n", Some(plain.as_str())),
    ] {
        provider.answers(head, body);
        app.advance("PT30S");
        let answer = ask();
        assert_eq!(answer.status, 503, "{head}: {}", answer.text);
        assert!(!answer.header("retry-after").is_empty());
    }
    assert_eq!(elsewhere.asked(), 0, "no redirect was followed");
    provider.recovers();
    assert_eq!(ask().status, 503, "not asked again so soon");
    app.advance("PT30S");
    ask().ok(200);
}

#[test]
fn many_at_once_ask_once() {
    let database = sqlite();
    let key = ed();
    let provider = Provider::start(&[&key]);
    let address = format!("{}/jwks", provider.url);
    let app = trusting(&database, vec![Issuer { keys: Keys::Jwks(address), ..provider.issuer() }]);
    let now: Timestamp = app.runtime.now();
    std::thread::scope(|scope| {
        for login in 0..16 {
            let (app, provider, key) = (&app, &provider, &key);
            scope.spawn(move || {
                bearer(app, &provider.token(key, &format!("user-{login}"), now)).get(ME).ok(200);
            });
        }
        // And the same person, for the first time, many times at once.
        for _ in 0..8 {
            let (app, provider, key) = (&app, &provider, &key);
            scope.spawn(move || bearer(app, &provider.token(key, "eve", now)).get(ME).ok(200));
        }
    });
    assert_eq!(provider.asked(), 1);
    assert_eq!(app.by("alice").get("/api/v1/users").ok(200)["total"], 18);
}
