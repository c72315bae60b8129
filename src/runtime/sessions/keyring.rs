//! The signing keys that this node knows: read again when they get old, when a token names one that is not among them,
//! and when one was changed here.

use super::failed;
use crate::model::json::Json;
use crate::model::refusal::Refusal;
use crate::model::time::Timestamp;
use crate::runtime::identity::Unauthenticated;
use crate::runtime::identity::cipher::Cipher;
use crate::runtime::identity::keys::{self, Key};
use crate::runtime::{Runtime, ids};
use crate::store::keys::SigningKey;
use crate::store::{self, Connection, StoreError};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

/// Milliseconds that keys are used to verify without reading them again: so long can a key that another node took away
/// still count here.
pub const VERIFYING: i64 = 60_000;
/// The same for signing and for the JWKS; and how long an unknown key is not looked for again.
const SIGNING: i64 = 1_000;

/// The keys of this node.
pub struct Keyring {
    known: RwLock<Known>,
    /// When a key that is not known was last looked for.
    looked: Mutex<Option<Timestamp>>,
    cipher: Option<Arc<Cipher>>,
}

/// Keys, the newest first, and when they were read; none: they are to be read again.
#[derive(Clone)]
pub struct Known {
    /// The keys.
    pub keys: Arc<Vec<Key>>,
    /// When.
    pub at: Option<Timestamp>,
}

impl Keyring {
    /// Reads the keys; makes one when none signs.
    pub fn open(conn: &mut Connection, now: Timestamp, cipher: Option<Cipher>) -> Result<Keyring, StoreError> {
        let cipher = cipher.map(Arc::new);
        let mut keys = read_keys(conn, cipher.as_deref())?;
        if !keys.iter().any(|key| key.signs) {
            let key = keys::fresh(ids::new(), cipher.as_deref(), now).map_err(unreadable)?;
            store::keys::insert(conn, &key)?;
            keys = read_keys(conn, cipher.as_deref())?;
        }
        let known = RwLock::new(Known { keys: Arc::new(keys), at: Some(now) });
        Ok(Keyring { known, looked: Mutex::new(None), cipher })
    }

    /// What enciphers keys at rest.
    pub fn cipher(&self) -> Option<&Cipher> {
        self.cipher.as_deref()
    }

    /// Reads the keys again before they are used the next time.
    pub fn forget(&self) {
        self.known.write().unwrap_or_else(PoisonError::into_inner).at = None;
    }

    /// Whether an unknown key may be looked for now: strangers can name as many as they like.
    fn may_look(&self, now: Timestamp) -> bool {
        let mut looked = self.looked.lock().unwrap_or_else(PoisonError::into_inner);
        let may = looked.is_none_or(|at| now.0 - at.0 >= SIGNING);
        if may {
            *looked = Some(now);
        }
        may
    }
}

impl Runtime {
    /// The public keys that verify tokens (RFC 7517).
    pub async fn jwks(&self) -> Result<Json, Refusal> {
        let now = self.now();
        let known = self.keys(SIGNING).await?;
        Ok(keys::jwks(known.keys.iter().filter(|key| key.verifies(now))))
    }

    /// The key that signs.
    pub(super) async fn signing_key(&self) -> Result<Key, Refusal> {
        let known = self.keys(SIGNING).await?;
        let key = known.keys.iter().find(|key| key.signs).cloned();
        key.ok_or_else(|| super::super::internal("there is no signing key"))
    }

    /// The key with this id, and when the keys were read.
    pub(super) async fn verifying_key(&self, id: &str) -> Result<(Key, Timestamp), Unauthenticated> {
        let now = self.now();
        let find = |known: &Known| {
            let key = known.keys.iter().find(|key| key.id == id && key.verifies(now))?;
            Some((key.clone(), known.at.unwrap_or(now)))
        };
        if let Some(found) = find(&self.keys(VERIFYING).await.map_err(failed)?) {
            return Ok(found);
        }
        let found = match self.0.sessions.keyring.may_look(now) {
            true => find(&self.keys(0).await.map_err(failed)?),
            false => None,
        };
        found.ok_or_else(|| Unauthenticated::because("the token names a key that we do not have"))
    }

    /// The keys, read again when what is known is as old as this, in milliseconds.
    async fn keys(&self, age: i64) -> Result<Known, Refusal> {
        let keyring = &self.0.sessions.keyring;
        let known = keyring.known.read().unwrap_or_else(PoisonError::into_inner).clone();
        let now = self.now();
        if known.at.is_some_and(|at| now.0 - at.0 < age) {
            return Ok(known);
        }
        let cipher = keyring.cipher.clone();
        let keys = self.read(move |conn, _| Ok(read_keys(conn, cipher.as_deref())?)).await?;
        let ids = |keys: &[Key]| keys.iter().map(|key| (key.id.clone(), key.until)).collect::<Vec<_>>();
        let changed = ids(&known.keys) != ids(&keys);
        let fresh = Known { keys: Arc::new(keys), at: Some(now) };
        *keyring.known.write().unwrap_or_else(PoisonError::into_inner) = fresh.clone();
        if changed {
            self.0.sessions.verified.forget_all();
        }
        Ok(fresh)
    }
}

fn read_keys(conn: &mut Connection, cipher: Option<&Cipher>) -> Result<Vec<Key>, StoreError> {
    store::keys::list(conn)?.iter().map(|kept: &SigningKey| keys::read(kept, cipher).map_err(unreadable)).collect()
}

fn unreadable(reason: String) -> StoreError {
    StoreError::Unreadable { what: "a signing key".into(), reason }
}
