//! Identity: passwords, signing keys, tokens of ours and of outside issuers, and who a token stands for. Roles come from
//! the directory at the moment of the request, never from a token of ours.
//!
//! `jws` takes a token apart · `tokens`, `keys`, `cipher` are our own issuer · `issuer`, `outside`, `provider`, `jwk`,
//! `fetch` are outside issuers · `passwords` are passwords and secrets.

pub mod cipher;
mod fetch;
pub mod issuer;
mod jwk;
pub mod jws;
pub mod keys;
pub mod outside;
pub mod passwords;
pub mod provider;
pub mod tokens;

pub use tokens::{Claims, IssuedToken, Unauthenticated};

use crate::model::secret::Secret;

/// How somebody asks for a token (RFC 6749).
#[derive(Debug, Clone)]
pub enum Grant {
    /// A person with a password.
    Password {
        /// The business.
        business: String,
        /// The login.
        user: String,
        /// The password.
        password: Secret,
        /// Scopes asked for; none: all.
        scopes: Option<Vec<String>>,
    },
    /// A service with a secret.
    ClientCredentials {
        /// The business.
        business: String,
        /// The client's id.
        client: String,
        /// Its secret.
        secret: Secret,
        /// Scopes asked for; none: all that the client has.
        scopes: Option<Vec<String>>,
        /// The person that it wants to act as; none: itself.
        act_as: Option<String>,
    },
}

/// Why no token was issued.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotIssued {
    /// The password or the secret is wrong, or whose it would be is not there.
    #[error("{0}")]
    Wrong(String),
    /// A scope cannot be given.
    #[error("{0}")]
    Scope(String),
    /// The client may not act as this person.
    #[error("this client may not act as \"{0}\"")]
    ActAs(String),
    /// Nobody could look.
    #[error("{0}")]
    Later(String),
}
