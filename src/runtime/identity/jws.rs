//! A signed token taken apart (RFC 7515, RFC 7519), with the care that RFC 8725 asks for. What it says is only a claim
//! until [`Envelope::is_signed_by`] was true; which key and which algorithm count, the issuer decides, never the token.

use super::tokens::Unauthenticated;
use crate::model::json::{Json, JsonMap};
use crate::model::time::Timestamp;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{DecodingKey, crypto};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use std::fmt;

/// Bytes of a token at most.
const MOST: usize = 8_192;
/// Seconds that a clock elsewhere may differ from ours.
pub const LEEWAY: i64 = 30;
/// The kinds of token that open the API (RFC 8725 3.11): not a logout token, not a security event.
const TYPES: [&str; 4] = ["jwt", "at+jwt", "application/jwt", "application/at+jwt"];

/// How a token is signed. What is not here is not accepted, `none` first of all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// Ed25519 (RFC 8037).
    EdDsa,
    /// ECDSA over P-256 (RFC 7518 3.4).
    Es256,
    /// RSA with PKCS #1 1.5 (RFC 7518 3.3).
    Rs256,
    /// HMAC with a secret that both sides know (RFC 7518 3.2).
    Hs256,
}

impl Algorithm {
    /// The algorithm with this name, which is case-sensitive.
    pub fn parse(name: &str) -> Option<Algorithm> {
        use Algorithm::*;
        [EdDsa, Es256, Rs256, Hs256].into_iter().find(|algorithm| algorithm.name() == name)
    }

    /// The name in `alg`.
    pub fn name(self) -> &'static str {
        match self {
            Algorithm::EdDsa => "EdDSA",
            Algorithm::Es256 => "ES256",
            Algorithm::Rs256 => "RS256",
            Algorithm::Hs256 => "HS256",
        }
    }

    fn of_library(self) -> jsonwebtoken::Algorithm {
        match self {
            Algorithm::EdDsa => jsonwebtoken::Algorithm::EdDSA,
            Algorithm::Es256 => jsonwebtoken::Algorithm::ES256,
            Algorithm::Rs256 => jsonwebtoken::Algorithm::RS256,
            Algorithm::Hs256 => jsonwebtoken::Algorithm::HS256,
        }
    }
}

/// A token taken apart, its signature not looked at yet.
pub struct Envelope<'t> {
    /// How it says that it is signed.
    pub algorithm: Algorithm,
    /// The key that it names.
    pub key_id: Option<String>,
    /// What it says.
    pub claims: JsonMap,
    signed: &'t str,
    signature: &'t str,
}

/// Takes a token apart. `jku`, `jwk`, `x5u` and `x5c` are left alone: a token cannot bring its own key.
pub fn open(token: &str) -> Result<Envelope<'_>, Unauthenticated> {
    if token.len() > MOST {
        return Err(Unauthenticated::because(format!("the token is longer than {MOST} bytes")));
    }
    let unreadable = || Unauthenticated::because("the token cannot be read");
    let (signed, signature) = token.rsplit_once('.').ok_or_else(unreadable)?;
    let (header, claims) = signed.split_once('.').ok_or_else(unreadable)?;
    let (header, claims) = part(header).zip(part(claims)).ok_or_else(unreadable)?;
    if header.contains_key("crit") {
        // RFC 7515 4.1.11: what is critical and not understood must be refused, and we understand none.
        return Err(Unauthenticated::because("the token has critical headers that are not known here"));
    }
    let text = |name: &str| match header.get(name) {
        None => Ok(None),
        Some(Json::String(text)) => Ok(Some(text.as_str())),
        Some(_) => Err(unreadable()),
    };
    if text("typ")?.is_some_and(|kind| !TYPES.contains(&kind.to_ascii_lowercase().as_str())) {
        return Err(Unauthenticated::because("this kind of token does not open the API"));
    }
    let algorithm = text("alg")?.and_then(Algorithm::parse);
    let algorithm = algorithm
        .ok_or_else(|| Unauthenticated::because("the token is signed with an algorithm that is not accepted"))?;
    let key_id = text("kid")?.map(str::to_owned);
    Ok(Envelope { algorithm, key_id, claims, signed, signature })
}

impl Envelope<'_> {
    /// Whether this key signed it. The caller has checked that the algorithm is one of the key's.
    pub fn is_signed_by(&self, key: &DecodingKey) -> bool {
        let algorithm = self.algorithm.of_library();
        crypto::verify(self.signature, self.signed.as_bytes(), key, algorithm).unwrap_or(false)
    }

    /// A claim that is text.
    pub fn text(&self, claim: &str) -> Option<&str> {
        self.claims.get(claim).and_then(Json::as_str)
    }

    /// Whether it is valid at this time; gives when it was issued and when it expires, in seconds.
    pub fn times(&self, now: Timestamp) -> Result<(i64, i64), Unauthenticated> {
        let seconds = |claim: &str| match self.claims.get(claim) {
            None => Ok(None),
            Some(Json::Number(number)) if number.is_i64() => Ok(number.as_i64()),
            Some(_) => Err(Unauthenticated::because(format!("the claim \"{claim}\" is not a whole number of seconds"))),
        };
        let needed = |claim: &str| {
            seconds(claim)?.ok_or_else(|| Unauthenticated::because(format!("the token has no claim \"{claim}\"")))
        };
        let (issued, expires) = (needed("iat")?, needed("exp")?);
        let now = now.0 / 1_000;
        if expires.saturating_add(LEEWAY) <= now {
            return Err(Unauthenticated::because("the token has expired"));
        }
        let begins = seconds("nbf")?.map_or(issued, |begins| begins.max(issued));
        if begins.saturating_sub(LEEWAY) > now {
            return Err(Unauthenticated::because("the token is not valid yet"));
        }
        Ok((issued, expires))
    }
}

fn part(encoded: &str) -> Option<JsonMap> {
    let bytes = URL_SAFE_NO_PAD.decode(encoded).ok()?;
    serde_json::from_slice::<Unique>(&bytes).ok().map(|unique| unique.0)
}

/// An object whose names are unique (RFC 7519 4): readers that keep the first and readers that keep the last would
/// understand another token each.
struct Unique(JsonMap);

impl<'de> Deserialize<'de> for Unique {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Unique, D::Error> {
        struct Names;
        impl<'de> Visitor<'de> for Names {
            type Value = Unique;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Unique, A::Error> {
                let mut map = JsonMap::new();
                while let Some((name, value)) = entries.next_entry::<String, Json>()? {
                    if map.insert(name, value).is_some() {
                        return Err(A::Error::custom("a name is given twice"));
                    }
                }
                Ok(Unique(map))
            }
        }
        deserializer.deserialize_map(Names)
    }
}
