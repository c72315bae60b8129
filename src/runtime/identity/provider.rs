//! The keys of an outside issuer: fetched when they are needed, kept as long as it allows, asked for again when a token
//! names one that is not known, and kept while it does not answer.

use super::fetch::{self, Fetched};
use super::issuer::{Issuer, Keys};
use super::jwk::{self, PublicKey};
use super::jws::{Algorithm, Envelope};
use super::tokens::{Unauthenticated, forged};
use crate::model::json::Json;
use crate::model::time::Timestamp;
use jsonwebtoken::DecodingKey;
use std::sync::{Arc, PoisonError, RwLock};
use tokio::sync::Mutex;

/// Milliseconds between two questions to an issuer at least, whatever tokens come.
const LEAST_BETWEEN: i64 = 30_000;
/// Seconds that keys are kept: when the issuer does not say, at least and at most.
const KEPT: (i64, i64, i64) = (600, 60, 3_600);

/// An outside issuer with what is known of its keys.
pub struct Provider {
    /// As it is configured.
    pub issuer: Arc<Issuer>,
    known: RwLock<Known>,
    /// When it was last asked; held while it is.
    asked: Mutex<Option<Timestamp>>,
}

#[derive(Default)]
struct Known {
    keys: Option<Arc<Vec<PublicKey>>>,
    until: Timestamp,
}

impl Provider {
    /// Nothing is known yet.
    pub fn new(issuer: Issuer) -> Provider {
        Provider { issuer: Arc::new(issuer), known: RwLock::default(), asked: Mutex::new(None) }
    }

    /// Whether the issuer signed this token, in a way that it is allowed to.
    pub async fn check(&self, envelope: &Envelope<'_>, now: Timestamp) -> Result<(), Unauthenticated> {
        if !self.issuer.algorithms.contains(&envelope.algorithm) {
            let reason = "the token is signed with an algorithm that is not accepted of its issuer";
            return Err(Unauthenticated::because(reason));
        }
        let key = match &self.issuer.keys {
            Keys::Secret(secret) if envelope.algorithm == Algorithm::Hs256 => {
                Some(DecodingKey::from_secret(secret.reveal().as_bytes()))
            }
            Keys::Secret(_) => None,
            Keys::Jwks(_) | Keys::Discovery => {
                let id = envelope.key_id.as_deref();
                let id = id.ok_or_else(|| Unauthenticated::because("the token names no key"))?;
                let key = self.key(id, now).await?;
                if key.algorithm == envelope.algorithm { key.verifying() } else { None }
            }
        };
        if key.is_some_and(|key| envelope.is_signed_by(&key)) { Ok(()) } else { Err(forged()) }
    }

    async fn key(&self, id: &str, now: Timestamp) -> Result<PublicKey, Unauthenticated> {
        let (known, fresh) = self.find(id, now);
        if let (Some(key), true) = (&known, fresh) {
            return Ok(key.clone());
        }
        // Who knows the key already does not wait for somebody else's question.
        let mut asked = match (known, self.asked.try_lock()) {
            (_, Ok(asked)) => asked,
            (Some(key), Err(_)) => return Ok(key),
            (None, Err(_)) => self.asked.lock().await,
        };
        let (known, fresh) = self.find(id, now);
        let soon = asked.is_some_and(|at| now.0 - at.0 < LEAST_BETWEEN);
        if !(soon || known.is_some() && fresh) {
            *asked = Some(now);
            self.ask(now).await;
        }
        let is_known = self.known.read().unwrap_or_else(PoisonError::into_inner).keys.is_some();
        match self.find(id, now).0 {
            Some(key) => Ok(key),
            None if is_known => Err(Unauthenticated::because("the token names a key that its issuer does not have")),
            None => {
                Err(Unauthenticated::unreachable("the keys of the token's issuer cannot be fetched; try again later"))
            }
        }
    }

    /// The key, and whether what is known is still to be believed without asking.
    fn find(&self, id: &str, now: Timestamp) -> (Option<PublicKey>, bool) {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        (known.keys.iter().flat_map(|keys| keys.iter()).find(|key| key.id == id).cloned(), now < known.until)
    }

    /// Asks the issuer; what was known stays when it gives no answer.
    async fn ask(&self, now: Timestamp) {
        let issuer = self.issuer.clone();
        let fetched = tokio::task::spawn_blocking(move || keys(&issuer)).await;
        match fetched.unwrap_or_else(|_| Err("the question was not finished".to_owned())) {
            Ok((keys, max_age)) => {
                let (usual, least, most) = KEPT;
                let kept = max_age.unwrap_or(usual).clamp(least, most);
                let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
                *known = Known { keys: Some(Arc::new(keys)), until: Timestamp(now.0 + kept * 1_000) };
            }
            Err(reason) => {
                let issuer = self.issuer.issuer.as_str();
                tracing::warn!(issuer, reason, "the keys of an outside issuer could not be fetched");
            }
        }
    }
}

/// Refuses an issuer whose keys could not be fetched as it is configured.
pub fn reachable(issuer: &Issuer) -> Result<(), String> {
    match &issuer.keys {
        Keys::Jwks(address) => fetch::allowed(issuer, address)?,
        Keys::Discovery => fetch::allowed(issuer, &issuer.issuer)?,
        Keys::Secret(_) => {}
    }
    issuer.authorities.as_deref().map_or(Ok(()), |pem| fetch::certificates(pem).map(drop))
}

fn keys(issuer: &Issuer) -> Result<(Vec<PublicKey>, Option<i64>), String> {
    let address = match &issuer.keys {
        Keys::Jwks(address) => address.clone(),
        Keys::Discovery => discovered(issuer)?,
        Keys::Secret(_) => return Ok((Vec::new(), None)),
    };
    let Fetched { json, max_age } = fetch::fetch(issuer, &address)?;
    let keys = jwk::keys(&json).map_err(|reason| format!("{address}: {reason}"))?;
    if keys.is_empty() {
        return Err(format!("{address} has no key that can be used here"));
    }
    Ok((keys, max_age))
}

/// Where the discovery document says that the keys are (OpenID Connect Discovery 4).
fn discovered(issuer: &Issuer) -> Result<String, String> {
    let address = format!("{}/.well-known/openid-configuration", issuer.issuer.trim_end_matches('/'));
    let document = fetch::fetch(issuer, &address)?.json;
    let text = |name: &str| document.get(name).and_then(Json::as_str);
    if text("issuer") != Some(issuer.issuer.as_str()) {
        return Err(format!("{address} speaks for another issuer"));
    }
    text("jwks_uri").map(str::to_owned).ok_or_else(|| format!("{address} names no jwks_uri"))
}
