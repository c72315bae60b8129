//! Our own tokens: JWTs signed with EdDSA. What is accepted is pinned (RFC 8725): algorithm, issuer, audience, times, key.

use super::jws::{Algorithm, Envelope};
use super::keys::Key;
use crate::model::json::Json;
use crate::model::time::Timestamp;
use jsonwebtoken::Header;
use serde::{Deserialize, Serialize};

/// `iss` of our tokens.
pub const ISSUER: &str = "kamflow";
/// `aud` of our tokens.
pub const AUDIENCE: &str = "kamflow-api";

/// What a token says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// Issuer.
    pub iss: String,
    /// Audience.
    pub aud: String,
    /// Login of the user, or id of the client.
    pub sub: String,
    /// The one business whose data it opens.
    pub business: String,
    /// Scopes, separated by spaces.
    pub scope: String,
    /// Whether `sub` is a service account.
    #[serde(default)]
    pub client: bool,
    /// `tokens_since` of `sub` when it was issued: another one now, and the token is void.
    #[serde(default)]
    pub since: i64,
    /// Who acts as `sub` (RFC 8693 4.1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub act: Option<Acting>,
    /// Issued at, seconds.
    pub iat: i64,
    /// Not before, seconds.
    pub nbf: i64,
    /// Expires at, seconds.
    pub exp: i64,
    /// Its id, by which it can be revoked.
    pub jti: String,
}

/// The service account that acts as somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acting {
    /// Its id.
    pub sub: String,
    /// `tokens_since` of the service account when the token was issued.
    #[serde(default)]
    pub since: i64,
}

/// A new token.
#[derive(Clone)]
pub struct IssuedToken {
    /// The token itself.
    pub token: String,
    /// Seconds until it expires.
    pub expires_in: i64,
    /// What it allows.
    pub scopes: Vec<String>,
}

impl std::fmt::Debug for IssuedToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "IssuedToken(***, {} s, {:?})", self.expires_in, self.scopes)
    }
}

/// Why a token is not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct Unauthenticated {
    /// A sentence that tells nothing to a stranger.
    pub reason: String,
    /// Nobody looked, because the database or an outside issuer did not answer (the code says which): the same may be
    /// accepted later.
    pub later: Option<&'static str>,
}

impl Unauthenticated {
    /// With this sentence.
    pub fn because(reason: impl Into<String>) -> Unauthenticated {
        Unauthenticated { reason: reason.into(), later: None }
    }

    /// Nobody could look, since the database did not answer.
    pub fn later(reason: impl Into<String>) -> Unauthenticated {
        Unauthenticated { reason: reason.into(), later: Some("database") }
    }

    /// Nobody could look, since the token's issuer did not answer.
    pub fn unreachable(reason: impl Into<String>) -> Unauthenticated {
        Unauthenticated { reason: reason.into(), later: Some("issuer_unreachable") }
    }
}

/// A signature that does not hold, or claims that are not for us: a stranger is not told which.
pub fn forged() -> Unauthenticated {
    Unauthenticated::because("the token is forged, or made for somebody else")
}

/// Signs claims.
pub fn sign(key: &Key, claims: &Claims) -> Result<String, String> {
    let header = Header { kid: Some(key.id.clone()), ..Header::new(jsonwebtoken::Algorithm::EdDSA) };
    jsonwebtoken::encode(&header, claims, &key.signing)
        .map_err(|error| format!("the token could not be signed: {error}"))
}

/// Verifies a token against a key, at this time.
pub fn verify(envelope: &Envelope<'_>, key: &Key, now: Timestamp) -> Result<Claims, Unauthenticated> {
    if envelope.algorithm != Algorithm::EdDsa || !envelope.is_signed_by(&key.verifying) {
        return Err(forged());
    }
    let claims: Claims = serde_json::from_value(Json::Object(envelope.claims.clone())).map_err(|_| forged())?;
    if claims.iss != ISSUER || claims.aud != AUDIENCE {
        return Err(forged());
    }
    envelope.times(now)?;
    Ok(claims)
}
