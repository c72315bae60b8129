//! The `issuers:` of `kamflow.yaml`: outside issuers as a person writes them, checked and made into what the runtime
//! trusts.

use super::Failed;
use crate::model::ids::BusinessId;
use crate::model::scope::Scope;
use crate::model::secret::Secret;
use crate::runtime::access::NEVER_LENT;
use crate::runtime::identity::issuer::{Business, Issuer, Keys, RoleMap};
use crate::runtime::identity::jws::Algorithm;
use crate::runtime::identity::{provider, tokens};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Bytes of a secret at least (RFC 7518 3.2).
const SECRET: usize = 32;

/// An issuer as it is written.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IssuerSettings {
    issuer: String,
    jwks_uri: Option<String>,
    secret: Option<Secret>,
    audiences: Vec<String>,
    algorithms: Option<Vec<String>>,
    business: BusinessSettings,
    #[serde(default)]
    claims: ClaimSettings,
    scopes: Option<BTreeMap<String, Vec<String>>>,
    roles: Option<RoleSettings>,
    #[serde(default)]
    create_users: bool,
    #[serde(default)]
    allow_http: bool,
    ca_file: Option<PathBuf>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
enum BusinessSettings {
    Fixed(String),
    Claim { claim: String, allowed: Vec<String> },
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct ClaimSettings {
    user: Option<String>,
    name: Option<String>,
    scopes: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct RoleSettings {
    claim: String,
    map: BTreeMap<String, Vec<String>>,
}

/// The issuers, all checked. Files that they name are beside the configuration.
pub fn read(written: Vec<IssuerSettings>, folder: &Path) -> Result<Vec<Issuer>, Failed> {
    let mut issuers: Vec<Issuer> = Vec::new();
    for settings in written {
        let name = settings.issuer.clone();
        let issuer = one(settings, folder).map_err(|reason| Failed(format!("issuer \"{name}\": {reason}")))?;
        if issuers.iter().any(|other| other.issuer == name) {
            return Err(Failed(format!("issuer \"{name}\" is given twice")));
        }
        issuers.push(issuer);
    }
    Ok(issuers)
}

fn one(settings: IssuerSettings, folder: &Path) -> Result<Issuer, String> {
    if settings.issuer.is_empty() || settings.issuer == tokens::ISSUER {
        return Err(format!("an outside issuer has a name of its own, not \"{}\"", settings.issuer));
    }
    if settings.audiences.iter().all(String::is_empty) {
        return Err("audiences names at least one: a token for another service must not open this one".to_owned());
    }
    let algorithms = algorithms(&settings)?;
    let keys = match (settings.jwks_uri, settings.secret) {
        (Some(_), Some(_)) => return Err("it has either jwks_uri or secret, not both".to_owned()),
        (Some(address), None) => Keys::Jwks(address),
        (None, Some(secret)) => Keys::Secret(secret),
        (None, None) => Keys::Discovery,
    };
    let authorities = settings.ca_file.map(|file| {
        let file = folder.join(file);
        std::fs::read(&file).map_err(|error| format!("{}: {error}", file.display()))
    });
    let claims = settings.claims;
    let issuer = Issuer {
        issuer: settings.issuer,
        keys,
        audiences: settings.audiences,
        algorithms,
        business: business(settings.business)?,
        user: claims.user.unwrap_or_else(|| "sub".to_owned()),
        name: claims.name.unwrap_or_else(|| "name".to_owned()),
        scope_claims: claims.scopes.map_or_else(|| vec!["scope".to_owned(), "scp".to_owned()], |claim| vec![claim]),
        scopes: settings.scopes.map(scopes).transpose()?,
        roles: settings.roles.map(roles).transpose()?,
        create_users: settings.create_users,
        allow_http: settings.allow_http,
        authorities: authorities.transpose()?,
    };
    provider::reachable(&issuer)?;
    Ok(issuer)
}

/// A secret goes with HS256 and nothing else, public keys with everything else: no key of the one can ever be taken for
/// one of the other.
fn algorithms(settings: &IssuerSettings) -> Result<Vec<Algorithm>, String> {
    let usual: &[&str] = if settings.secret.is_some() { &["HS256"] } else { &["EdDSA", "ES256", "RS256"] };
    let named = settings.algorithms.clone().unwrap_or_else(|| usual.iter().map(|name| (*name).to_owned()).collect());
    let read = |name: &String| {
        Algorithm::parse(name).ok_or_else(|| format!("\"{name}\" is not one of EdDSA, ES256, RS256 and HS256"))
    };
    let algorithms: Vec<Algorithm> = named.iter().map(read).collect::<Result<_, _>>()?;
    let symmetric = algorithms.iter().filter(|algorithm| **algorithm == Algorithm::Hs256).count();
    match &settings.secret {
        _ if algorithms.is_empty() => Err("algorithms is empty".to_owned()),
        Some(_) if symmetric < algorithms.len() => Err("with a secret, the only algorithm is HS256".to_owned()),
        Some(secret) if secret.reveal().len() < SECRET => {
            Err(format!("a secret for HS256 has at least {SECRET} bytes; make one with: openssl rand -base64 48"))
        }
        None if symmetric > 0 => Err("HS256 needs a secret that this issuer and kamflow share".to_owned()),
        _ => Ok(algorithms),
    }
}

fn business(settings: BusinessSettings) -> Result<Business, String> {
    match settings {
        BusinessSettings::Fixed(business) if !business.is_empty() => Ok(Business::Fixed(BusinessId(business))),
        BusinessSettings::Claim { claim, allowed } if !allowed.is_empty() => {
            Ok(Business::Claim { claim, allowed: allowed.into_iter().map(BusinessId).collect() })
        }
        _ => Err("business names one, or {claim: …, allowed: […]} with at least one".to_owned()),
    }
}

fn scopes(written: BTreeMap<String, Vec<String>>) -> Result<BTreeMap<String, Vec<Scope>>, String> {
    let read = |name: String| Scope::parse(&name).ok_or_else(|| format!("\"{name}\" is not a scope of kamflow"));
    let entry = |(word, names): (String, Vec<String>)| {
        Ok((word, names.into_iter().map(read).collect::<Result<Vec<Scope>, String>>()?))
    };
    written.into_iter().map(entry).collect()
}

fn roles(settings: RoleSettings) -> Result<RoleMap, String> {
    match settings.map.values().flatten().find(|role| NEVER_LENT.contains(&role.as_str())) {
        Some(role) => Err(format!("the role \"{role}\" is given in the directory, never by a claim")),
        None => Ok(RoleMap { claim: settings.claim, roles: settings.map }),
    }
}
