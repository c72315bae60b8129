//! Sessions: issuing tokens for people and services, and telling who a token stands for.
//!
//! Verified tokens are cached by hash for at most a minute; roles are read from the directory each time.

use super::identity::keys::{self, Key};
use super::identity::tokens::{self, AUDIENCE, Claims, ISSUER};
use super::identity::{Grant, IssuedToken, Unauthenticated, passwords};
use super::request::{Change, Request};
use super::{Runtime, ids, off_the_loop};
use crate::model::actor::Actor;
use crate::model::ids::{BusinessId, UserId};
use crate::model::json::Json;
use crate::model::refusal::{Refusal, RefusalKind};
use crate::model::scope::Scope;
use crate::model::time::Timestamp;
use crate::store::keys::SigningKey;
use crate::store::{self, Connection, StoreError, clients, revocations, users};
use quick_cache::sync::Cache;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{PoisonError, RwLock};

/// Verified tokens kept at most.
const TOKENS: usize = 10_000;
/// Milliseconds that a verified token is believed without looking again.
const BELIEVED: i64 = 60_000;

/// Keys and verified tokens of this node.
pub struct Sessions {
    keys: RwLock<Vec<Key>>,
    verified: Cache<[u8; 32], (Claims, Timestamp)>,
    seconds: i64,
    /// Revocations of this node so far: who looked before one may not believe what it saw.
    revoked: AtomicU64,
}

impl Sessions {
    /// Reads the signing keys; makes the first one.
    pub fn open(conn: &mut Connection, now: Timestamp, seconds: i64) -> Result<Sessions, StoreError> {
        if store::keys::list(conn)?.is_empty() {
            let private_key = keys::generate().map_err(unreadable)?;
            let key = SigningKey {
                id: ids::new(),
                algorithm: "EdDSA".into(),
                private_key,
                created_at: now,
                retired_at: None,
            };
            store::keys::insert(conn, &key)?;
        }
        let keys = read_keys(conn)?;
        Ok(Sessions { keys: RwLock::new(keys), verified: Cache::new(TOKENS), seconds, revoked: AtomicU64::new(0) })
    }

    /// A token was revoked here: what was verified is looked at again.
    pub fn forget(&self, jti: &str) {
        self.revoked.fetch_add(1, Ordering::SeqCst);
        self.verified.retain(|_, (claims, _)| claims.jti != jti);
    }

    fn key(&self, id: &str) -> Option<Key> {
        self.keys.read().unwrap_or_else(PoisonError::into_inner).iter().find(|key| key.id == id).cloned()
    }

    fn newest(&self) -> Option<Key> {
        self.keys.read().unwrap_or_else(PoisonError::into_inner).first().cloned()
    }
}

fn read_keys(conn: &mut Connection) -> Result<Vec<Key>, StoreError> {
    store::keys::list(conn)?.iter().map(|key| keys::read(&key.id, &key.private_key).map_err(unreadable)).collect()
}

fn unreadable(reason: String) -> StoreError {
    StoreError::Unreadable { what: "a signing key".into(), reason }
}

impl Runtime {
    /// The public signing keys (RFC 7517).
    pub async fn jwks(&self) -> Result<Json, Refusal> {
        Ok(keys::jwks(&self.0.sessions.keys.read().unwrap_or_else(PoisonError::into_inner)))
    }

    /// Issues a token for a person or a service.
    pub async fn issue_token(&self, grant: Grant) -> Result<IssuedToken, Unauthenticated> {
        let (claims, allowed) = match grant {
            Grant::Password { business, user, password, scopes } => {
                let (business, user) = (BusinessId(business), UserId(user));
                let (of, login) = (business.clone(), user.clone());
                let found = self.read(move |conn, _| {
                    let active = users::find(conn, &of, &login)?.is_some_and(|user| user.active);
                    let hash = if active { users::password_hash(conn, &of, &login)? } else { None };
                    Ok(hash)
                });
                let hash = found.await.map_err(failed)?;
                let fits = off_the_loop(move || passwords::verify(&password, hash.as_deref())).await.map_err(failed)?;
                if !fits {
                    return Err(Unauthenticated::because("business, login or password is wrong"));
                }
                let all = Scope::all().iter().map(|scope| scope.name().to_owned()).collect();
                (self.claims(&business, &user.0, false), narrowed(all, scopes)?)
            }
            Grant::ClientCredentials { business, client, secret, scopes } => {
                let business = BusinessId(business);
                let (of, id) = (business.clone(), client.clone());
                let found = self.read(move |conn, _| Ok(clients::find(conn, &of, &id)?)).await.map_err(failed)?;
                let hash = found.as_ref().map(|client| client.secret_hash.clone());
                let fits = off_the_loop(move || passwords::verify(&secret, hash.as_deref())).await.map_err(failed)?;
                let found = found.filter(|_| fits);
                let found = found.ok_or_else(|| Unauthenticated::because("business, client or secret is wrong"))?;
                (self.claims(&business, &client, true), narrowed(found.scopes, scopes)?)
            }
        };
        self.sign(claims, allowed)
    }

    /// Issues a token without asking for a password: for the command line of the machine itself.
    /// `scopes` narrows what it allows; none: everything.
    pub fn issue_for(
        &self,
        business: &BusinessId,
        user: &UserId,
        scopes: Option<Vec<String>>,
    ) -> Result<IssuedToken, Unauthenticated> {
        let all = Scope::all().iter().map(|scope| scope.name().to_owned()).collect();
        self.sign(self.claims(business, user.as_str(), false), narrowed(all, scopes)?)
    }

    /// Who a bearer token stands for.
    pub async fn authenticate(&self, token: &str) -> Result<Actor, Unauthenticated> {
        let claims = self.verified(token).await?;
        let (business, subject) = (BusinessId(claims.business.clone()), claims.sub.clone());
        let is_client = claims.client;
        let roles = self.read(move |conn, _| {
            if is_client {
                return Ok(clients::find(conn, &business, &subject)?.map(|client| client.roles));
            }
            let user = users::find(conn, &business, &UserId(subject))?.filter(|user| user.active);
            Ok(user.map(|user| user.roles))
        });
        let roles = roles.await.map_err(failed)?;
        let roles =
            roles.ok_or_else(|| Unauthenticated::because("the account of this token is not active any more"))?;
        Ok(Actor {
            business: BusinessId(claims.business),
            user: UserId(claims.sub),
            roles: roles.into_iter().collect(),
            scopes: claims.scope.split_whitespace().map(str::to_owned).collect(),
        })
    }

    /// Ends a token of the actor. One of somebody else, or what is no token at all, is left alone without a word
    /// (RFC 7009): the answer must not tell whose tokens there are.
    pub async fn revoke(&self, actor: &Actor, token: &str) -> Result<(), Refusal> {
        let claims = match self.verified(token).await {
            Ok(claims) => claims,
            Err(refused) if refused.later => return Err(Refusal::new(RefusalKind::Busy, "database", refused.reason)),
            Err(_) => return Ok(()),
        };
        if claims.business != actor.business.as_str() || claims.sub != actor.user.as_str() {
            return Ok(());
        }
        let expires_at = (claims.exp + tokens::LEEWAY) * 1_000;
        let change = Change::RevokeToken { jti: claims.jti, expires_at };
        self.execute(Request { actor: actor.clone(), change, idempotency: None, if_match: None }).await.map(drop)
    }

    async fn verified(&self, token: &str) -> Result<Claims, Unauthenticated> {
        let sessions = &self.0.sessions;
        let now = self.now();
        let hash: [u8; 32] = Sha256::digest(token.as_bytes()).into();
        if let Some((claims, until)) = sessions.verified.get(&hash)
            && now < until
        {
            return Ok(claims);
        }
        let id = tokens::key_id(token)?;
        let key = match sessions.key(&id) {
            Some(key) => key,
            None => self.key_of_another_node(&id).await?,
        };
        let claims = tokens::verify(token, &key, now)?;
        let jti = claims.jti.clone();
        let revoked = sessions.revoked.load(Ordering::SeqCst);
        if self.read(move |conn, _| Ok(revocations::is_revoked(conn, &jti)?)).await.map_err(failed)? {
            return Err(Unauthenticated::because("the token was revoked"));
        }
        let until = Timestamp((now.0 + BELIEVED).min(claims.exp.saturating_mul(1_000)));
        sessions.verified.insert(hash, (claims.clone(), until));
        if sessions.revoked.load(Ordering::SeqCst) != revoked {
            sessions.verified.remove(&hash);
        }
        Ok(claims)
    }

    /// A key that another node made since we read them.
    async fn key_of_another_node(&self, id: &str) -> Result<Key, Unauthenticated> {
        let fresh = self.read(|conn, _| Ok(read_keys(conn)?)).await.map_err(failed)?;
        *self.0.sessions.keys.write().unwrap_or_else(PoisonError::into_inner) = fresh;
        self.0.sessions.key(id).ok_or_else(|| Unauthenticated::because("the token names a key that we do not have"))
    }

    fn claims(&self, business: &BusinessId, subject: &str, client: bool) -> Claims {
        let seconds = self.now().0 / 1_000;
        Claims {
            iss: ISSUER.into(),
            aud: AUDIENCE.into(),
            sub: subject.to_owned(),
            business: business.0.clone(),
            scope: String::new(),
            client,
            iat: seconds,
            nbf: seconds,
            exp: seconds + self.0.sessions.seconds,
            jti: ids::new(),
        }
    }

    fn sign(&self, claims: Claims, scopes: Vec<String>) -> Result<IssuedToken, Unauthenticated> {
        let key = self.0.sessions.newest().ok_or_else(|| Unauthenticated::because("there is no signing key"))?;
        let claims = Claims { scope: scopes.join(" "), ..claims };
        let token = tokens::sign(&key, &claims)?;
        Ok(IssuedToken { token, expires_in: self.0.sessions.seconds, scopes })
    }
}

/// The asked scopes, when all of them are allowed; without a wish, all that are.
fn narrowed(allowed: Vec<String>, asked: Option<Vec<String>>) -> Result<Vec<String>, Unauthenticated> {
    let Some(asked) = asked.filter(|asked| !asked.is_empty()) else { return Ok(allowed) };
    let known: BTreeSet<&String> = allowed.iter().collect();
    match asked.iter().find(|scope| !known.contains(scope)) {
        Some(scope) => Err(Unauthenticated::because(format!("the scope \"{scope}\" cannot be given"))),
        None => Ok(asked),
    }
}

/// A database that does not answer must not look like a wrong password or a token that ended.
fn failed(refusal: Refusal) -> Unauthenticated {
    Unauthenticated::later(refusal.detail)
}
