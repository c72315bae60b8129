//! The keys that tell a true token, and forgeries that take more than one step.

use super::craft::{encoded, private_key, public_of, signed};
use super::{ME, bearer, opened};
use crate::support::app::{BUSINESS, TestApp};
use crate::support::on_both;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Verifier, VerifyingKey};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use kamflow::runtime::identity::keys;
use kamflow::store::keys as kept_keys;
use serde_json::json;

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
            verifies_until: None,
        };
        kept_keys::insert(&mut database.connect(), &key).unwrap();
        let (_, claims) = opened(&first.token(BUSINESS, "alice", None));
        let token = signed(&json!({"alg": "EdDSA", "kid": "another"}), &claims, &key.private_key);
        bearer(&first, &token).get(ME).ok(200);
    });
}

#[test]
fn other_forgeries_are_refused_as_well() {
    on_both(|database| {
        let app = TestApp::start(database);
        let token = app.token(BUSINESS, "alice", None);
        let key = private_key(database);
        let (header, claims) = opened(&token);
        let public = public_of(&key);
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
            let jwk = json!({"kty": "OKP", "crv": "Ed25519", "x": public_of(&own)});
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
