//! Outside issuers, as the configuration trusts them: whose tokens count, for which business, and what their claims
//! mean here. What a token may never bring along is refused when the configuration is read.

use super::jws::Algorithm;
use crate::model::ids::BusinessId;
use crate::model::scope::Scope;
use crate::model::secret::Secret;
use std::collections::BTreeMap;

/// An issuer whose tokens are accepted beside our own.
#[derive(Debug, Clone)]
pub struct Issuer {
    /// `iss` of its tokens, compared letter by letter.
    pub issuer: String,
    /// Where its keys are.
    pub keys: Keys,
    /// `aud` of its tokens: one of these must be in it.
    pub audiences: Vec<String>,
    /// How its tokens may be signed.
    pub algorithms: Vec<Algorithm>,
    /// The business that its tokens open.
    pub business: Business,
    /// The claim that is the login.
    pub user: String,
    /// The claim that is the name of a user who is created.
    pub name: String,
    /// The claims that hold its scopes; the first that is there counts.
    pub scope_claims: Vec<String>,
    /// Our scopes for each of its words; none: its words are ours.
    pub scopes: Option<BTreeMap<String, Vec<Scope>>>,
    /// Roles for values of a claim.
    pub roles: Option<RoleMap>,
    /// Whether somebody unknown becomes a user of the business.
    pub create_users: bool,
    /// Whether its keys may be fetched without TLS from elsewhere than this machine.
    pub allow_http: bool,
    /// Certificates that it is trusted by, PEM; none: those that browsers trust.
    pub authorities: Option<Vec<u8>>,
}

/// Where an issuer's keys are.
#[derive(Debug, Clone)]
pub enum Keys {
    /// In a JWKS (RFC 7517) at this address.
    Jwks(String),
    /// Where its OpenID Connect discovery document says.
    Discovery,
    /// A secret that both sides know, for HS256.
    Secret(Secret),
}

/// The business of a token.
#[derive(Debug, Clone)]
pub enum Business {
    /// Always this one.
    Fixed(BusinessId),
    /// The one that a claim names, when it is among these.
    Claim {
        /// The claim.
        claim: String,
        /// The businesses that it may name.
        allowed: Vec<BusinessId>,
    },
}

/// Roles that values of a claim give.
#[derive(Debug, Clone)]
pub struct RoleMap {
    /// The claim, a text or a list of texts; `a.b` is `b` inside of `a`.
    pub claim: String,
    /// Roles by value.
    pub roles: BTreeMap<String, Vec<String>>,
}
