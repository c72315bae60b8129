//! Tokens in: whether one is ours or of an issuer that is trusted, and holds. What was verified is believed for at most
//! a minute without looking again, since verifying costs far more than a look-up.

use super::believed::Believed;
use super::failed;
use super::keyring::VERIFYING;
use crate::model::time::Timestamp;
use crate::runtime::Runtime;
use crate::runtime::identity::Unauthenticated;
use crate::runtime::identity::jws;
use crate::runtime::identity::outside::{self, Outside};
use crate::runtime::identity::tokens::{self, Claims, ISSUER, forged};
use crate::store::revocations;
use quick_cache::sync::Cache;
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Verified tokens kept at most.
const TOKENS: usize = 10_000;
/// Milliseconds that a verified token is believed without looking again.
const BELIEVED: i64 = 60_000;

/// A token that holds.
#[derive(Debug)]
pub struct Token {
    /// What it is revoked by: `jti` of ours, the hash of an outside one.
    pub id: String,
    /// What it says.
    pub says: Says,
    /// Who it stood for a moment ago.
    pub believed: Believed,
}

/// What a token says.
#[derive(Debug)]
pub enum Says {
    /// One of ours.
    Own(Claims),
    /// One of an outside issuer.
    Outside(Outside),
}

impl Token {
    fn new(id: String, says: Says) -> Token {
        Token { id, says, believed: Believed::default() }
    }

    /// The business and the login or client that it is for, and when it expires in seconds.
    pub fn whose(&self) -> (&str, &str, i64) {
        match &self.says {
            Says::Own(claims) => (&claims.business, &claims.sub, claims.exp),
            Says::Outside(outside) => (outside.business.as_str(), outside.user.as_str(), outside.expires),
        }
    }
}

/// The tokens that were verified on this node, by hash.
pub struct Verified {
    tokens: Cache<[u8; 32], (Arc<Token>, Timestamp)>,
    /// Changes of keys and revocations so far: who looked before one may not keep what it saw.
    changes: AtomicU64,
}

impl Default for Verified {
    fn default() -> Self {
        Verified { tokens: Cache::new(TOKENS), changes: AtomicU64::new(0) }
    }
}

impl Verified {
    /// Looks at this token again.
    pub fn forget(&self, id: &str) {
        self.changes.fetch_add(1, Ordering::SeqCst);
        self.tokens.retain(|_, (token, _)| token.id != id);
    }

    /// Looks at every token again.
    pub fn forget_all(&self) {
        self.changes.fetch_add(1, Ordering::SeqCst);
        self.tokens.clear();
    }

    fn keep(&self, hash: [u8; 32], token: Arc<Token>, until: Timestamp, changes: u64) {
        self.tokens.insert(hash, (token, until));
        if self.changes.load(Ordering::SeqCst) != changes {
            self.tokens.remove(&hash);
        }
    }
}

impl Runtime {
    /// A token, verified now or a moment ago.
    pub(super) async fn verified(&self, token: &str) -> Result<Arc<Token>, Unauthenticated> {
        let verified = &self.0.sessions.verified;
        let now = self.now();
        let hash: [u8; 32] = Sha256::digest(token.as_bytes()).into();
        if let Some((token, until)) = verified.tokens.get(&hash)
            && now < until
        {
            return Ok(token);
        }
        let changes = verified.changes.load(Ordering::SeqCst);
        let (token, seen) = self.look(token, &hash, now).await?;
        let id = token.id.clone();
        if self.read(move |conn, _| Ok(revocations::is_revoked(conn, &id)?)).await.map_err(failed)? {
            return Err(Unauthenticated::because("the token was revoked"));
        }
        let token = Arc::new(token);
        let expires = token.whose().2.saturating_mul(1_000);
        let until = Timestamp((now.0 + BELIEVED).min(seen.0 + VERIFYING).min(expires));
        verified.keep(hash, token.clone(), until, changes);
        Ok(token)
    }

    /// Whose token it is decides what it must be like: the issuer is only a claim, but no key of another one fits it.
    /// Also gives when the keys were read that it was looked at with.
    async fn look(&self, token: &str, hash: &[u8], now: Timestamp) -> Result<(Token, Timestamp), Unauthenticated> {
        let envelope = jws::open(token)?;
        let issuer = envelope.text("iss").ok_or_else(forged)?;
        if issuer == ISSUER {
            let id = envelope.key_id.as_deref();
            let id = id.ok_or_else(|| Unauthenticated::because("the token names no key"))?;
            let (key, seen) = self.verifying_key(id).await?;
            let claims = tokens::verify(&envelope, &key, now)?;
            return Ok((Token::new(claims.jti.clone(), Says::Own(claims)), seen));
        }
        let provider = self.0.sessions.providers.iter().find(|provider| provider.issuer.issuer == issuer);
        let provider = provider.ok_or_else(forged)?;
        provider.check(&envelope, now).await?;
        let says = Says::Outside(outside::read(&provider.issuer, &envelope, now)?);
        Ok((Token::new(hex(hash), says), now))
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold("sha256:".to_owned(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}"); // writing to a String cannot fail
        hex
    })
}
