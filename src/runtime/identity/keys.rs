//! The signing keys of the built-in issuer: Ed25519, kept in the database, shown to others only as a JWKS (RFC 7517).

use crate::model::json::Json;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::{DecodePrivateKey, EncodePrivateKey};
use jsonwebtoken::{DecodingKey, EncodingKey};
use serde_json::json;

/// A key pair that signs and verifies tokens.
#[derive(Clone)]
pub struct Key {
    /// Its id, `kid`.
    pub id: String,
    /// Signs; only the newest key does.
    pub signing: EncodingKey,
    /// Verifies.
    pub verifying: DecodingKey,
    /// The public part, base64url.
    pub public: String,
}

/// A new private key: PKCS#8 in base64, as it is kept.
pub fn generate() -> Result<String, String> {
    let mut seed = [0_u8; 32];
    getrandom::fill(&mut seed).map_err(|error| format!("the system gave no random bytes: {error}"))?;
    let key = SigningKey::from_bytes(&seed).to_pkcs8_der().map_err(|error| error.to_string())?;
    Ok(STANDARD.encode(key.as_bytes()))
}

/// Reads a kept key.
pub fn read(id: &str, private_key: &str) -> Result<Key, String> {
    let broken = |error: &dyn std::fmt::Display| format!("signing key {id} cannot be read: {error}");
    let der = STANDARD.decode(private_key).map_err(|error| broken(&error))?;
    let pair = SigningKey::from_pkcs8_der(&der).map_err(|error| broken(&error))?;
    let public = URL_SAFE_NO_PAD.encode(pair.verifying_key().as_bytes());
    let verifying = DecodingKey::from_ed_components(&public).map_err(|error| broken(&error))?;
    Ok(Key { id: id.to_owned(), signing: EncodingKey::from_ed_der(&der), verifying, public })
}

/// The public keys as a JWKS.
pub fn jwks(keys: &[Key]) -> Json {
    let keys: Vec<Json> = keys
        .iter()
        .map(
            |key| json!({"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": key.id, "x": key.public}),
        )
        .collect();
    json!({ "keys": keys })
}
