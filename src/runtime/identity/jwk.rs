//! The keys of a JWKS (RFC 7517) that can verify tokens here; the others are passed over.

use super::jws::Algorithm;
use crate::model::json::Json;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::DecodingKey;

/// Bits of an RSA key at least (RFC 7518 3.3).
const RSA_BITS: usize = 2_048;
/// Keys of a set at most.
const MOST: usize = 100;

/// A public key of an outside issuer.
#[derive(Clone, PartialEq)]
pub struct PublicKey {
    /// Its `kid`.
    pub id: String,
    /// The one algorithm that it verifies (RFC 8725 3.1).
    pub algorithm: Algorithm,
    /// What it is, to notice a change.
    material: Vec<String>,
}

impl PublicKey {
    /// The key as the library takes it.
    pub fn verifying(&self) -> Option<DecodingKey> {
        match (self.algorithm, self.material.as_slice()) {
            (Algorithm::EdDsa, [x]) => DecodingKey::from_ed_components(x).ok(),
            (Algorithm::Es256, [x, y]) => DecodingKey::from_ec_components(x, y).ok(),
            (Algorithm::Rs256, [n, e]) => DecodingKey::from_rsa_components(n, e).ok(),
            _ => None,
        }
    }
}

/// The keys of a set. One that is no public key of ours to use, by kind, use, size or algorithm, is passed over; so is a
/// secret, which has no place in a public document.
pub fn keys(set: &Json) -> Result<Vec<PublicKey>, String> {
    let keys = set.get("keys").and_then(Json::as_array).ok_or("it is no JWKS: it has no list \"keys\"")?;
    Ok(keys.iter().take(MOST).filter_map(key).collect())
}

fn key(jwk: &Json) -> Option<PublicKey> {
    let text = |name: &str| jwk.get(name).and_then(Json::as_str);
    let bytes = |name: &str| text(name).and_then(|value| URL_SAFE_NO_PAD.decode(value).ok());
    let (algorithm, parts): (Algorithm, &[&str]) = match (text("kty")?, text("crv")) {
        ("OKP", Some("Ed25519")) if bytes("x")?.len() == 32 => (Algorithm::EdDsa, &["x"]),
        ("EC", Some("P-256")) if bytes("x")?.len() == 32 && bytes("y")?.len() == 32 => (Algorithm::Es256, &["x", "y"]),
        ("RSA", None) if bits(&bytes("n")?) >= RSA_BITS && !bytes("e")?.is_empty() => (Algorithm::Rs256, &["n", "e"]),
        _ => return None,
    };
    let other_use = jwk.get("use").is_some_and(|purpose| purpose != "sig");
    let other_algorithm = jwk.get("alg").is_some_and(|named| named != algorithm.name());
    let verifies = |operations: &Json| operations.as_array().is_some_and(|all| all.iter().any(|one| one == "verify"));
    if other_use || other_algorithm || !jwk.get("key_ops").is_none_or(verifies) {
        return None;
    }
    let material = parts.iter().filter_map(|part| text(part).map(str::to_owned)).collect();
    let key = PublicKey { id: text("kid")?.to_owned(), algorithm, material };
    key.verifying().is_some().then_some(key)
}

fn bits(number: &[u8]) -> usize {
    let leading = number.iter().take_while(|byte| **byte == 0).count();
    (number.len() - leading) * 8 - number.get(leading).map_or(0, |byte| byte.leading_zeros() as usize)
}
