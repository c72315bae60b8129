//! Sessions: issuing tokens for people and services, and telling who a token stands for.
//!
//! `keyring` — our signing keys on this node · `issue` — tokens out · `verify` — tokens in · `holder` — who a token stands
//! for, by the directory · `believed` — who it stood for a moment ago · `password` — one's own password · `revoke` — one's own
//! token.

mod believed;
mod holder;
mod issue;
mod keyring;
mod password;
mod revoke;
mod verify;

use super::identity::cipher::Cipher;
use super::identity::issuer::Issuer;
use super::identity::provider::Provider;
use crate::model::refusal::{Refusal, RefusalKind};
use crate::model::time::Timestamp;
use crate::runtime::identity::Unauthenticated;
use crate::store::{Connection, StoreError};
pub use believed::People;
use keyring::Keyring;
use verify::Verified;

/// Keys, outside issuers and verified tokens of this node.
pub struct Sessions {
    keyring: Keyring,
    providers: Vec<Provider>,
    verified: Verified,
    seconds: i64,
}

impl Sessions {
    /// Reads the signing keys; makes the first one.
    pub fn open(
        conn: &mut Connection,
        now: Timestamp,
        seconds: i64,
        issuers: Vec<Issuer>,
        cipher: Option<Cipher>,
    ) -> Result<Sessions, StoreError> {
        Ok(Sessions {
            keyring: Keyring::open(conn, now, cipher)?,
            providers: issuers.into_iter().map(Provider::new).collect(),
            verified: Verified::default(),
            seconds,
        })
    }

    /// What enciphers signing keys at rest.
    pub fn cipher(&self) -> Option<&Cipher> {
        self.keyring.cipher()
    }

    /// A token was revoked here: what was verified of it is looked at again.
    pub fn forget(&self, id: &str) {
        self.verified.forget(id);
    }

    /// The signing keys changed here: they are read again, and every token is looked at again.
    pub fn forget_keys(&self) {
        self.keyring.forget();
        self.verified.forget_all();
    }
}

/// A database that does not answer must not look like a wrong password or a token that ended; what it cannot even be
/// asked (a login with U+0000) is wrong for good.
fn failed(refusal: Refusal) -> Unauthenticated {
    match refusal.kind {
        RefusalKind::Busy | RefusalKind::Internal => Unauthenticated::later(refusal.detail),
        _ => Unauthenticated::because(refusal.detail),
    }
}
