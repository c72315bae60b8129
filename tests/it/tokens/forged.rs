//! Every way to forge a token that we know of, and the keys that tell a true one.

use super::{ME, bearer, opened};
use crate::support::app::{BUSINESS, TestApp};
use crate::support::{TestDatabase, on_both};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ed25519_dalek::pkcs8::DecodePrivateKey;
use ed25519_dalek::{Signer, SigningKey, Verifier, VerifyingKey};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use kamflow::model::json::Json;
use kamflow::runtime::identity::keys;
use kamflow::store::keys as kept_keys;
use serde_json::json;
use std::path::Path;

#[test]
fn the_published_keys_verify_a_token() {
    on_both(|database| {
        let app = TestApp::start(database);
        let token = app.token(BUSINESS, "alice", None);
        let (header, _) = opened(&token);
        assert_eq!((&header["alg"], &header["typ"]), (&json!("EdDSA"), &json!("JWT")));
        let set = app.send("GET", "/.well-known/jwks.json", &[], "").ok(200);
        let keys = set["keys"].as_array().unwrap();
        let key = keys.iter().find(|key| key["kid"] == header["kid"]).unwrap();
        let mut names: Vec<&str> = key.as_object().unwrap().keys().map(String::as_str).collect();
        names.sort_unstable();
        assert_eq!(names, ["alg", "crv", "kid", "kty", "use", "x"], "and nothing private");
        assert_eq!((&key["kty"], &key["crv"], &key["alg"]), (&json!("OKP"), &json!("Ed25519"), &json!("EdDSA")));
        let public = URL_SAFE_NO_PAD.decode(key["x"].as_str().unwrap()).unwrap();
        let public = VerifyingKey::from_bytes(&public.try_into().unwrap()).unwrap();
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
        public.verify(signed.as_bytes(), &ed25519_dalek::Signature::from_slice(&signature).unwrap()).unwrap();
    });
}

#[test]
fn a_key_that_another_node_made_is_found() {
    on_both(|database| {
        let first = TestApp::start(database);
        // Two nodes and a new key: the second one knows it since its start, the first does not.
        let key = kept_keys::SigningKey {
            id: "another".into(),
            algorithm: "EdDSA".into(),
            private_key: keys::generate().unwrap(),
            created_at: first.runtime.now(),
            retired_at: None,
        };
        kept_keys::insert(&mut database.connect(), &key).unwrap();
        let (_, claims) = opened(&first.token(BUSINESS, "alice", None));
        let token = signed(&json!({"alg": "EdDSA", "kid": "another"}), &claims, &key.private_key);
        bearer(&first, &token).get(ME).ok(200);
    });
}

/// What others publish as recipes, in the same words: one change each to a valid token.
fn recipes() -> Vec<(String, Json, u64)> {
    let own = json!([
        {"id": "none", "recipe": {"alg": "none", "sig": ""}},
        {"id": "None", "recipe": {"alg": "None", "sig": ""}},
        {"id": "none, signature kept", "recipe": {"alg": "none"}},
        {"id": "two parts", "recipe": {"parts": 2}},
        {"id": "one part", "recipe": {"parts": 1}},
        {"id": "unknown kid", "recipe": {"header": {"kid": "nope"}}},
        {"id": "kid that is a path", "recipe": {"header": {"kid": "../../../../dev/null"}}},
        {"id": "kid that is SQL", "recipe": {"header": {"kid": "' OR '1'='1"}}},
        {"id": "expired", "recipe": {"exp": "now-3600"}},
        {"id": "not yet", "recipe": {"nbf": "now+3600"}},
        {"id": "other issuer", "recipe": {"iss": "evil"}},
        {"id": "other audience", "recipe": {"aud": "other"}},
        {"id": "changed", "recipe": {"tamper": "roles += admin"}},
        {"id": "empty bearer", "recipe": {"header_value": "Bearer "}},
        {"id": "no bearer", "recipe": {"header_value": "Bearer"}},
        {"id": "basic", "recipe": {"header_value": "Basic YWxpY2U6YWxpY2U="}},
    ]);
    let listed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/jwt_attacks.json");
    let mut cases = own.as_array().unwrap().clone();
    if let Ok(text) = std::fs::read_to_string(listed) {
        let listed: Json = serde_json::from_str(&text).unwrap();
        cases.extend(listed["cases"].as_array().unwrap().iter().cloned());
    }
    let case = |case: Json| {
        let status = case["expect_status"].as_u64().unwrap_or(401);
        (case["id"].as_str().unwrap().to_owned(), case["recipe"].clone(), status)
    };
    cases.into_iter().map(case).collect()
}

#[test]
fn every_known_forgery_is_refused() {
    on_both(|database| {
        let app = TestApp::start(database);
        let token = app.token(BUSINESS, "alice", None);
        let key = private_key(database);
        // The same steps without a change give a token that is taken: what is refused is refused for its change.
        let honest = cooked(&app, &token, &key, &json!({}));
        app.with_authorization(&honest).get(ME).ok(200);
        for (id, recipe, status) in recipes() {
            let authorization = cooked(&app, &token, &key, &recipe);
            let refused = app.with_authorization(&authorization).get(ME);
            assert_eq!(u64::from(refused.status), status, "{id}: {}", refused.text);
            refused.problem(401, "unauthenticated");
            assert!(refused.header("www-authenticate").starts_with("Bearer"), "{id}");
        }
        // Before and after, the honest one works: nothing of a forged one is remembered.
        app.with_authorization(&honest).get(ME).ok(200);
    });
}

#[test]
fn other_forgeries_are_refused_as_well() {
    on_both(|database| {
        let app = TestApp::start(database);
        let token = app.token(BUSINESS, "alice", None);
        let key = private_key(database);
        let (header, claims) = opened(&token);
        let public = keys::read("k", &key).unwrap().public;
        let refused = |what: &str, token: &str| {
            let answer = bearer(&app, token).get(ME);
            assert_eq!(answer.status, 401, "{what}: {}", answer.text);
        };
        // The public key as the secret of an HMAC, as text and as bytes.
        for secret in [public.as_bytes().to_vec(), URL_SAFE_NO_PAD.decode(&public).unwrap()] {
            let head = Header { kid: header["kid"].as_str().map(str::to_owned), ..Header::new(Algorithm::HS256) };
            refused("HS256", &jsonwebtoken::encode(&head, &claims, &EncodingKey::from_secret(&secret)).unwrap());
        }
        let (head, rest) = token.split_once('.').unwrap();
        let (body, signature) = rest.split_once('.').unwrap();
        refused(
            "algorithm renamed",
            &format!("{}.{body}.{signature}", encoded(&json!({"alg": "HS256", "kid": header["kid"]}))),
        );
        refused("a key in the header", &{
            let own = keys::generate().unwrap();
            let jwk = json!({"kty": "OKP", "crv": "Ed25519", "x": keys::read("k", &own).unwrap().public});
            signed(&json!({"alg": "EdDSA", "kid": header["kid"], "jwk": jwk}), &claims, &own)
        });
        refused("no kid", &signed(&json!({"alg": "EdDSA"}), &claims, &key));
        refused("another key", &signed(&header, &claims, &keys::generate().unwrap()));
        refused("empty signature", &format!("{head}.{body}."));
        refused("half a signature", &format!("{head}.{body}.{}", &signature[..40]));
        refused("signature of zeros", &format!("{head}.{body}.{}", URL_SAFE_NO_PAD.encode([0; 64])));
        refused("four parts", &format!("{token}.{signature}"));
        refused("huge", &format!("{head}.{body}.{}", "A".repeat(9_000)));
        refused("no dots", &"A".repeat(500));
        refused("dots", "...");
        refused("no base64", "!.~.@");
        refused("in text of JSON", &format!("\"{token}\""));
        for missing in ["exp", "nbf", "iss", "aud", "sub", "business", "scope", "jti"] {
            let mut claims = claims.clone();
            claims.as_object_mut().unwrap().remove(missing);
            refused(missing, &signed(&header, &claims, &key));
        }
        for (name, value) in [
            ("exp", json!("never")),
            ("exp", json!(-1)),
            ("sub", json!("")),
            ("sub", json!("nobody")),
            ("business", json!("other")),
            ("business", json!("")),
            ("client", json!(true)),
        ] {
            let mut claims = claims.clone();
            claims[name] = value.clone();
            refused(&format!("{name} = {value}"), &signed(&header, &claims, &key));
        }
        // Times at the edge of what a number holds are numbers, not a crash.
        let mut claims = claims.clone();
        claims["exp"] = json!(i64::MAX);
        let far = bearer(&app, &signed(&header, &claims, &key)).get(ME);
        assert!([200, 401].contains(&far.status), "{}", far.text);
        claims["nbf"] = json!(i64::MIN);
        let far = bearer(&app, &signed(&header, &claims, &key)).get(ME);
        assert!([200, 401].contains(&far.status), "{}", far.text);
    });
}

/// The `Authorization` header of a token with one change.
fn cooked(app: &TestApp, token: &str, key: &str, recipe: &Json) -> String {
    let (mut header, mut claims) = opened(token);
    let now = app.runtime.now().0 / 1_000;
    let mut cut = None;
    let mut signature = None;
    let mut tampered = false;
    for (name, value) in recipe.as_object().unwrap() {
        match name.as_str() {
            "header_value" => return value.as_str().unwrap().to_owned(),
            "alg" => header["alg"] = value.clone(),
            "header" => header.as_object_mut().unwrap().extend(value.as_object().unwrap().clone()),
            "sig" => signature = value.as_str(),
            "parts" => cut = value.as_u64(),
            "exp" | "nbf" => {
                let offset: i64 = value.as_str().unwrap().strip_prefix("now").unwrap().parse().unwrap();
                claims[name] = json!(now + offset);
            }
            "iss" | "aud" => claims[name] = value.clone(),
            "tamper" => tampered = true,
            other => panic!("the recipe has an unknown step \"{other}\""),
        }
    }
    let token = signed(&header, &claims, key);
    let mut parts: Vec<String> = token.split('.').map(str::to_owned).collect();
    if tampered {
        claims["roles"] = json!(["admin"]);
        parts[1] = encoded(&claims);
    }
    if let Some(signature) = signature {
        parts[2] = signature.to_owned();
    }
    parts.truncate(cut.map_or(3, |cut| usize::try_from(cut).unwrap()));
    format!("Bearer {}", parts.join("."))
}

/// A token with any header and claims, signed with Ed25519.
fn signed(header: &Json, claims: &Json, private_key: &str) -> String {
    let text = format!("{}.{}", encoded(header), encoded(claims));
    let key = SigningKey::from_pkcs8_der(&STANDARD.decode(private_key).unwrap()).unwrap();
    format!("{text}.{}", URL_SAFE_NO_PAD.encode(key.sign(text.as_bytes()).to_bytes()))
}

fn encoded(json: &Json) -> String {
    URL_SAFE_NO_PAD.encode(json.to_string())
}

/// The key that signs, as the database keeps it.
fn private_key(database: &TestDatabase) -> String {
    kept_keys::list(&mut database.connect()).unwrap()[0].private_key.clone()
}
