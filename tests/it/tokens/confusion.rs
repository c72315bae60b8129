//! Keys of an outside issuer used for what they are not: as secrets, with other algorithms, too small, or hidden.

use super::outside::trusting;
use super::provider::{Provider, ProviderKey, ec, ed, rsa, small_rsa};
use super::{ME, bearer};
use crate::support::app::TestApp;
use crate::support::on_both;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use kamflow::runtime::identity::issuer::{Issuer, Keys};
use kamflow::runtime::identity::jws;
use serde_json::json;

fn refused(app: &TestApp, what: &str, token: &str) {
    let answer = bearer(app, token).get(ME);
    assert_eq!(answer.status, 401, "{what}: {}", answer.text);
    answer.problem(401, "unauthenticated");
}

fn header(algorithm: Algorithm, key: &ProviderKey) -> Header {
    Header { kid: Some(key.id.clone()), ..Header::new(algorithm) }
}

#[test]
fn a_public_key_is_no_secret_and_fits_its_own_algorithm_only() {
    on_both(|database| {
        let keys = [rsa(), ec(), ed()];
        let provider = Provider::start(&keys.each_ref());
        let app = trusting(database, vec![provider.issuer()]);
        let claims = provider.claims("eve", app.runtime.now());
        for key in &keys {
            bearer(&app, &key.sign(&claims)).get(ME).ok(200);
            for public in &key.public {
                let secret = EncodingKey::from_secret(public);
                for algorithm in [Algorithm::HS256, Algorithm::HS384, Algorithm::HS512] {
                    let forged = jsonwebtoken::encode(&header(algorithm, key), &claims, &secret).unwrap();
                    refused(&app, "a public key as a secret", &forged);
                }
            }
            // Another key's id: the signature is good, and of somebody else.
            for other in keys.iter().filter(|other| other.id != key.id) {
                refused(&app, "another key's id", &key.sign_as(header(key.algorithm, other), &claims));
            }
            refused(&app, "no id", &key.sign_as(Header::new(key.algorithm), &claims));
        }
        for algorithm in [Algorithm::RS384, Algorithm::RS512, Algorithm::PS256] {
            refused(&app, "RSA in another way", &keys[0].sign_as(header(algorithm, &keys[0]), &claims));
        }
        // With jku and jwk a token brings its own key along; nobody looks.
        let own = ec();
        let brought = Header {
            jku: Some(format!("{}/jwks", provider.url)),
            jwk: Some(serde_json::from_value(own.jwk.clone()).unwrap()),
            ..header(Algorithm::ES256, &keys[1])
        };
        refused(&app, "a key in the header", &own.sign_as(brought, &claims));
    });
}

#[test]
fn only_the_algorithms_of_the_issuer_count() {
    on_both(|database| {
        let keys = [rsa(), ec()];
        let provider = Provider::start(&keys.each_ref());
        let issuer = Issuer { algorithms: vec![jws::Algorithm::Es256], ..provider.issuer() };
        let app = trusting(database, vec![issuer]);
        let claims = provider.claims("eve", app.runtime.now());
        refused(&app, "RS256 is not on the list", &keys[0].sign(&claims));
        bearer(&app, &keys[1].sign(&claims)).get(ME).ok(200);
    });
}

#[test]
fn a_shared_secret_verifies_hs256_and_nothing_else() {
    on_both(|database| {
        let key = rsa();
        let provider = Provider::start(&[&key]);
        let secret = "0123456789abcdef0123456789abcdef";
        let issuer =
            Issuer { keys: Keys::Secret(secret.into()), algorithms: vec![jws::Algorithm::Hs256], ..provider.issuer() };
        let app = trusting(database, vec![issuer]);
        let claims = provider.claims("eve", app.runtime.now());
        let sign = |secret: &str| {
            let secret = EncodingKey::from_secret(secret.as_bytes());
            jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &secret).unwrap()
        };
        bearer(&app, &sign(secret)).get(ME).ok(200);
        refused(&app, "another secret", &sign("0123456789abcdef0123456789abcdeF"));
        refused(&app, "no secret", &sign(""));
        refused(&app, "a public key", &key.sign(&claims));
        assert_eq!(provider.asked(), 0, "nobody asks for keys that are not used");
        // What a client shares is not what signs our own tokens.
        let mut ours = claims.clone();
        ours["iss"] = json!("kamflow");
        let secret = EncodingKey::from_secret(secret.as_bytes());
        refused(&app, "our issuer", &jsonwebtoken::encode(&Header::new(Algorithm::HS256), &ours, &secret).unwrap());
    });
}

#[test]
fn keys_that_are_not_for_this_are_passed_over() {
    on_both(|database| {
        let (good, small) = (ec(), small_rsa());
        let provider = Provider::start(&[&good]);
        let changed = |key: &ProviderKey, id: &str, name: &str, value: serde_json::Value| {
            let key = key.named(id);
            let mut jwk = key.jwk.clone();
            jwk[name] = value;
            (key, jwk)
        };
        let strange = [
            changed(&good, "for encryption", "use", json!("enc")),
            changed(&good, "for signing only", "key_ops", json!(["sign"])),
            changed(&good, "of another algorithm", "alg", json!("ES384")),
            changed(&good, "of another curve", "crv", json!("P-384")),
            changed(&good, "not on the curve", "x", good.jwk["y"].clone()),
            changed(&good, "of another kind", "kty", json!("oct")),
            changed(&small, "too small", "use", json!("sig")),
        ];
        let mut shown: Vec<_> = strange.iter().map(|(_, jwk)| jwk.clone()).collect();
        shown.extend([
            json!("no object"),
            json!({}),
            json!({"kty": "oct", "k": "AAAA", "kid": "secret"}),
            good.jwk.clone(),
        ]);
        provider.shows(shown);
        let app = trusting(database, vec![provider.issuer()]);
        let claims = provider.claims("eve", app.runtime.now());
        for (key, _) in &strange {
            refused(&app, &key.id, &key.sign(&claims));
        }
        bearer(&app, &good.sign(&claims)).get(ME).ok(200);
    });
}
