//! The signing keys of the built-in issuer: Ed25519, kept in the database, shown to others only as a JWKS (RFC 7517).

use super::cipher::Cipher;
use crate::model::json::Json;
use crate::model::time::Timestamp;
use crate::store::keys::SigningKey as Kept;
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
    /// Signs.
    pub signing: EncodingKey,
    /// Verifies.
    pub verifying: DecodingKey,
    /// The public part, base64url.
    pub public: String,
    /// Whether it still signs: the newest that does is the one.
    pub signs: bool,
    /// Until when it verifies; none: no end is set.
    pub until: Option<Timestamp>,
}

impl Key {
    /// Whether tokens that it signed are accepted at this time.
    pub fn verifies(&self, now: Timestamp) -> bool {
        self.until.is_none_or(|until| now < until)
    }
}

/// A new private key: PKCS#8 in base64, as it is kept without a cipher.
pub fn generate() -> Result<String, String> {
    let mut seed = [0_u8; 32];
    getrandom::fill(&mut seed).map_err(|error| format!("the system gave no random bytes: {error}"))?;
    let key = SigningKey::from_bytes(&seed).to_pkcs8_der().map_err(|error| error.to_string())?;
    Ok(STANDARD.encode(key.as_bytes()))
}

/// A new key as it is kept, enciphered where there is a cipher.
pub fn fresh(id: String, cipher: Option<&Cipher>, now: Timestamp) -> Result<Kept, String> {
    let private_key = generate()?;
    let private_key = cipher.map_or(Ok(private_key.clone()), |cipher| cipher.seal(&id, &private_key))?;
    Ok(Kept { id, algorithm: "EdDSA".into(), private_key, created_at: now, retired_at: None, verifies_until: None })
}

/// Reads a kept key.
pub fn read(kept: &Kept, cipher: Option<&Cipher>) -> Result<Key, String> {
    let broken = |error: &dyn std::fmt::Display| format!("signing key {} cannot be read: {error}", kept.id);
    let private_key = Cipher::open(cipher, &kept.id, &kept.private_key).map_err(|error| broken(&error))?;
    let der = STANDARD.decode(private_key).map_err(|error| broken(&error))?;
    let pair = SigningKey::from_pkcs8_der(&der).map_err(|error| broken(&error))?;
    let public = URL_SAFE_NO_PAD.encode(pair.verifying_key().as_bytes());
    let verifying = DecodingKey::from_ed_components(&public).map_err(|error| broken(&error))?;
    Ok(Key {
        id: kept.id.clone(),
        signing: EncodingKey::from_ed_der(&der),
        verifying,
        public,
        signs: kept.retired_at.is_none(),
        until: kept.verifies_until,
    })
}

/// The public keys as a JWKS.
pub fn jwks<'k>(keys: impl Iterator<Item = &'k Key>) -> Json {
    let keys: Vec<Json> = keys
        .map(
            |key| json!({"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": key.id, "x": key.public}),
        )
        .collect();
    json!({ "keys": keys })
}
