//! Identity: passwords, signing keys, tokens, and who a token stands for. Roles come from the directory at the moment
//! of the request, never from the token.

pub mod keys;
pub mod passwords;
pub mod tokens;

pub use tokens::{Claims, IssuedToken, Unauthenticated};

/// How somebody asks for a token (RFC 6749).
#[derive(Clone)]
pub enum Grant {
    /// A person with a password.
    Password {
        /// The business.
        business: String,
        /// The login.
        user: String,
        /// The password.
        password: String,
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
        secret: String,
        /// Scopes asked for; none: all that the client has.
        scopes: Option<Vec<String>>,
    },
}

impl std::fmt::Debug for Grant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Grant::Password { business, user, .. } => write!(f, "Password({business}/{user}, ***)"),
            Grant::ClientCredentials { business, client, .. } => {
                write!(f, "ClientCredentials({business}/{client}, ***)")
            }
        }
    }
}
