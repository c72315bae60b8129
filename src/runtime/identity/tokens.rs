//! Tokens: JWTs signed with EdDSA. What is accepted is pinned (RFC 8725): algorithm, issuer, audience, times, key.

use super::keys::Key;
use crate::model::time::Timestamp;
use jsonwebtoken::{Algorithm, Header, Validation};
use serde::{Deserialize, Serialize};

/// `iss` of our tokens.
pub const ISSUER: &str = "kamflow";
/// `aud` of our tokens.
pub const AUDIENCE: &str = "kamflow-api";
/// Seconds that a clock elsewhere may differ from ours.
pub const LEEWAY: i64 = 30;
/// Bytes of a token at most.
const MOST: usize = 8_192;

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
    /// Issued at, seconds.
    pub iat: i64,
    /// Not before, seconds.
    pub nbf: i64,
    /// Expires at, seconds.
    pub exp: i64,
    /// Its id, by which it can be revoked.
    pub jti: String,
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

/// Why a token or a login is not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct Unauthenticated {
    /// A sentence that tells nothing to a stranger.
    pub reason: String,
    /// Nobody looked, because the database did not answer: the same may be accepted later.
    pub later: bool,
}

impl Unauthenticated {
    /// With this sentence.
    pub fn because(reason: impl Into<String>) -> Unauthenticated {
        Unauthenticated { reason: reason.into(), later: false }
    }

    /// Nobody could look.
    pub fn later(reason: impl Into<String>) -> Unauthenticated {
        Unauthenticated { reason: reason.into(), later: true }
    }
}

/// Signs claims.
pub fn sign(key: &Key, claims: &Claims) -> Result<String, Unauthenticated> {
    let header = Header { kid: Some(key.id.clone()), ..Header::new(Algorithm::EdDSA) };
    jsonwebtoken::encode(&header, claims, &key.signing)
        .map_err(|error| Unauthenticated::because(format!("the token could not be signed: {error}")))
}

/// The key id that a token names.
pub fn key_id(token: &str) -> Result<String, Unauthenticated> {
    if token.len() > MOST {
        return Err(Unauthenticated::because(format!("the token is longer than {MOST} bytes")));
    }
    let header =
        jsonwebtoken::decode_header(token).map_err(|_| Unauthenticated::because("the token cannot be read"))?;
    if header.alg != Algorithm::EdDSA {
        return Err(Unauthenticated::because("the token is not signed with EdDSA"));
    }
    header.kid.ok_or_else(|| Unauthenticated::because("the token names no key"))
}

/// Verifies a token against a key, at this time.
pub fn verify(token: &str, key: &Key, now: Timestamp) -> Result<Claims, Unauthenticated> {
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.set_issuer(&[ISSUER]);
    validation.set_audience(&[AUDIENCE]);
    validation.set_required_spec_claims(&["exp", "nbf", "iss", "aud", "sub"]);
    // Times are checked below against the engine's clock, which tests can move.
    validation.validate_exp = false;
    validation.validate_nbf = false;
    let claims = jsonwebtoken::decode::<Claims>(token, &key.verifying, &validation)
        .map_err(|_| Unauthenticated::because("the token is forged, or made for somebody else"))?
        .claims;
    let seconds = now.0 / 1_000;
    if claims.exp.saturating_add(LEEWAY) <= seconds {
        return Err(Unauthenticated::because("the token has expired"));
    }
    if claims.nbf.saturating_sub(LEEWAY) > seconds {
        return Err(Unauthenticated::because("the token is not valid yet"));
    }
    Ok(claims)
}
