//! Signing keys: rotated, retired, kept enciphered, and known to every node.

use super::{ME, bearer, opened};
use crate::support::TestDatabase;
use crate::support::app::{BUSINESS, MONDAY, TestApp};
use crate::support::on_both;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use kamflow::api::Limits;
use kamflow::model::json::Json;
use kamflow::model::time::Timestamp;
use kamflow::runtime::clock::Clock;
use kamflow::runtime::{Options, Runtime};
use kamflow::store::keys as kept;
use serde_json::json;
use std::collections::BTreeSet;

const KEYS: &str = "/api/v1/signing-keys";

fn rotate(app: &TestApp) -> String {
    app.by("alice").post(&format!("{KEYS}/rotate"), json!({})).ok(201)["id"].as_str().unwrap().to_owned()
}

fn signer(token: &str) -> String {
    opened(token).0["kid"].as_str().unwrap().to_owned()
}

/// The ids of the JWKS.
fn published(app: &TestApp) -> BTreeSet<String> {
    let set = app.send("GET", "/.well-known/jwks.json", &[], "").ok(200);
    set["keys"].as_array().unwrap().iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_new_key_signs_and_the_old_one_verifies_until_its_tokens_have_expired() {
    on_both(|database| {
        let app = TestApp::start(database);
        let node = TestApp::open(database, Limits::default());
        let old = app.token(BUSINESS, "alice", None);
        let new = rotate(&app);
        assert_ne!(signer(&old), new);
        let token = app.token(BUSINESS, "alice", None);
        assert_eq!(signer(&token), new);
        for node in [&app, &node] {
            for token in [&old, &token] {
                bearer(node, token).get(ME).ok(200);
            }
        }
        assert_eq!(published(&app), BTreeSet::from([signer(&old), new.clone()]));
        // The other node signs with it as well, a second later at most.
        node.advance("PT1S");
        assert_eq!(signer(&node.token(BUSINESS, "alice", None)), new);
        assert_eq!(published(&node), published(&app));
        let listed = app.by("alice").get(KEYS).ok(200);
        let states: Vec<(&Json, bool)> = listed["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|key| (&key["signs"], key["verifiesUntil"].is_string()))
            .collect();
        assert_eq!(states, [(&json!(true), false), (&json!(false), true)]);
        assert!(!listed.to_string().contains("rivate"), "{listed}");
        // No token of it can be left a day later: it goes from the JWKS, and from the database.
        app.advance("PT24H11M");
        assert_eq!(published(&app), BTreeSet::from([new.clone()]));
        bearer(&app, &old).get(ME).problem(401, "unauthenticated");
        app.wait(app.runtime.tidy()).unwrap();
        assert_eq!(kept::list(&mut database.connect()).unwrap().len(), 1);
        // A restart makes no new one.
        let again = TestApp::open_at(database, Limits::default(), app.clock.now());
        assert_eq!(published(&again), BTreeSet::from([new]));
    });
}

#[test]
fn a_key_that_leaked_is_retired_at_once_and_elsewhere_within_a_minute() {
    on_both(|database| {
        let app = TestApp::start(database);
        let node = TestApp::open(database, Limits::default());
        let stolen = app.token(BUSINESS, "alice", None);
        let retire = |id: &str| app.by("alice").post(&format!("{KEYS}/{id}/retire"), json!({}));
        retire(&signer(&stolen)).problem(409, "key_signs");
        for node in [&app, &node] {
            bearer(node, &stolen).get(ME).ok(200);
        }
        let new = rotate(&app);
        retire(&signer(&stolen)).ok(200);
        retire(&signer(&stolen)).problem(404, "not_found");
        bearer(&app, &stolen).get(ME).problem(401, "unauthenticated");
        assert_eq!(published(&app), BTreeSet::from([new]));
        // The other node has believed it a moment ago; in a minute it looks again, whatever the token.
        node.advance("PT59S");
        let other = bearer(&node, &stolen).get(ME).status;
        assert!([200, 401].contains(&other));
        node.advance("PT1S");
        bearer(&node, &stolen).get(ME).problem(401, "unauthenticated");
        app.by("alice").get(ME).ok(200);
    });
}

#[test]
fn keys_that_nobody_has_are_looked_for_once_a_second() {
    on_both(|database| {
        let app = TestApp::start(database);
        let node = TestApp::open(database, Limits::default());
        let (header, claims) = opened(&app.token(BUSINESS, "alice", None));
        let key = super::craft::private_key(database);
        let mut strange = header.clone();
        strange["kid"] = json!("nobody-has-this");
        let strange = super::craft::signed(&strange, &claims, &key);
        bearer(&node, &strange).get(ME).problem(401, "unauthenticated");
        // Within the same second a new key is not looked for either; a second later it is found.
        rotate(&app);
        let token = app.token(BUSINESS, "alice", None);
        bearer(&node, &token).get(ME).problem(401, "unauthenticated");
        node.advance("PT1S");
        bearer(&node, &token).get(ME).ok(200);
    });
}

fn enciphered(database: &TestDatabase, key: Option<&str>) -> Result<Runtime, String> {
    let options = Options {
        database: database.parsed_url(),
        clock: std::sync::Arc::new(kamflow::runtime::clock::ManualClock::at(Timestamp::parse(MONDAY).unwrap())),
        readers: 1,
        writers: 1,
        queue: 10,
        token_seconds: 60,
        issuers: Vec::new(),
        group_roles: Default::default(),
        key_encryption: key.map(Into::into),
    };
    Runtime::open(options).map_err(|error| error.to_string())
}

#[test]
fn keys_rest_enciphered_when_there_is_a_key_for_it() {
    on_both(|database| {
        let (key, other) = (STANDARD.encode([7; 32]), STANDARD.encode([8; 32]));
        drop(enciphered(database, Some(&key)).unwrap());
        let rows = kept::list(&mut database.connect()).unwrap();
        assert!(rows[0].private_key.starts_with("chacha20-poly1305:"), "{}", rows[0].private_key.len());
        drop(enciphered(database, Some(&key)).unwrap());
        for (wrong, told) in [
            (None, "KAMFLOW_KEY_ENCRYPTION_KEY"),
            (Some(other.as_str()), "another KAMFLOW_KEY_ENCRYPTION_KEY"),
            (Some("short"), "32 bytes in base64"),
        ] {
            let refused = enciphered(database, wrong).err().unwrap();
            assert!(refused.contains(told), "{refused}");
        }
        // A row that was put in the place of another one does not fit its id.
        let moved = kept::SigningKey { id: "moved".into(), ..rows[0].clone() };
        kept::insert(&mut database.connect(), &moved).unwrap();
        assert!(enciphered(database, Some(&key)).is_err());
        kept::delete(&mut database.connect(), "moved").unwrap();
        // It works as any other, and keys in the clear from before stay good.
        let app = TestApp::open_as(database, Limits::default(), Timestamp::parse(MONDAY).unwrap(), |options| {
            options.key_encryption = Some(key.as_str().into());
        });
        let business = kamflow::model::text::Text::same("Main");
        app.wait(kamflow::server::first_run::create_business(&app.runtime, &BUSINESS.into(), business)).unwrap();
        app.user("alice", &["admin", "operator"]);
        let token = app.token(BUSINESS, "alice", None);
        rotate(&app);
        bearer(&app, &token).get(ME).ok(200);
        app.by("alice").get(ME).ok(200);
    });
}
