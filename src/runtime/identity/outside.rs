//! What the claims of an outside issuer mean here: business, login, scopes, and the roles that the configuration maps.

use super::issuer::{Business, Issuer, RoleMap};
use super::jws::Envelope;
use super::tokens::{Unauthenticated, forged};
use crate::model::ids::{BusinessId, UserId};
use crate::model::json::Json;
use crate::model::scope::Scope;
use crate::model::time::Timestamp;
use crate::store::standing::Link;
use std::collections::BTreeSet;

/// Somebody that an outside issuer vouches for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outside {
    /// The business.
    pub business: BusinessId,
    /// The login.
    pub user: UserId,
    /// The name, for a user who is created.
    pub name: String,
    /// The account at the issuer.
    pub link: Link,
    /// Our scopes.
    pub scopes: BTreeSet<String>,
    /// Roles of the mapping.
    pub mapped: BTreeSet<String>,
    /// Whether somebody unknown becomes a user.
    pub create: bool,
    /// When the token was issued, seconds.
    pub issued: i64,
    /// When it expires, seconds.
    pub expires: i64,
}

/// Reads the claims of a token whose signature holds.
pub fn read(issuer: &Issuer, envelope: &Envelope<'_>, now: Timestamp) -> Result<Outside, Unauthenticated> {
    let audience = envelope.claims.get("aud").map(texts).unwrap_or_default();
    if !issuer.audiences.iter().any(|ours| audience.contains(ours)) {
        return Err(forged());
    }
    let (issued, expires) = envelope.times(now)?;
    let subject = envelope.text("sub").filter(|subject| !subject.is_empty());
    let subject = subject.ok_or_else(|| Unauthenticated::because("the token has no claim \"sub\""))?;
    let user = login(issuer, envelope)?;
    Ok(Outside {
        business: business(issuer, envelope)?,
        name: envelope.text(&issuer.name).unwrap_or(user).chars().filter(|c| !c.is_control()).take(200).collect(),
        user: user.into(),
        link: Link { issuer: issuer.issuer.clone(), subject: subject.to_owned() },
        scopes: scopes(issuer, envelope),
        mapped: issuer.roles.as_ref().map(|map| roles(map, envelope)).unwrap_or_default(),
        create: issuer.create_users,
        issued,
        expires,
    })
}

/// An address that the issuer has not verified could be anybody's.
fn login<'e>(issuer: &Issuer, envelope: &'e Envelope<'_>) -> Result<&'e str, Unauthenticated> {
    let claim = &issuer.user;
    let login = envelope.text(claim).filter(|login| !login.is_empty());
    let login = login.ok_or_else(|| Unauthenticated::because(format!("the token has no claim \"{claim}\"")))?;
    if claim == "email" && envelope.claims.get("email_verified") != Some(&Json::Bool(true)) {
        return Err(Unauthenticated::because("the issuer has not verified the email address of this token"));
    }
    Ok(login)
}

fn business(issuer: &Issuer, envelope: &Envelope<'_>) -> Result<BusinessId, Unauthenticated> {
    match &issuer.business {
        Business::Fixed(business) => Ok(business.clone()),
        Business::Claim { claim, allowed } => {
            let named = envelope.text(claim);
            let found = allowed.iter().find(|business| Some(business.as_str()) == named);
            found.cloned().ok_or_else(|| Unauthenticated::because("the token is for a business that it may not open"))
        }
    }
}

/// Words that mean nothing here (`openid`, `profile`) are passed over.
fn scopes(issuer: &Issuer, envelope: &Envelope<'_>) -> BTreeSet<String> {
    let words = issuer.scope_claims.iter().find_map(|claim| envelope.claims.get(claim)).map(texts).unwrap_or_default();
    let words = words.iter().flat_map(|text| text.split_whitespace());
    let ours = words.flat_map(|word| match &issuer.scopes {
        Some(map) => map.get(word).cloned().unwrap_or_default(),
        None => Scope::parse(word).into_iter().collect(),
    });
    ours.map(|scope| scope.name().to_owned()).collect()
}

fn roles(map: &RoleMap, envelope: &Envelope<'_>) -> BTreeSet<String> {
    let nested = || {
        let mut steps = map.claim.split('.');
        let first = envelope.claims.get(steps.next()?)?;
        steps.try_fold(first, |value, step| value.get(step))
    };
    let values = envelope.claims.get(&map.claim).or_else(nested).map(texts).unwrap_or_default();
    values.iter().filter_map(|value| map.roles.get(value)).flatten().cloned().collect()
}

/// A text, or the texts of a list; a list with anything else in it has none.
fn texts(value: &Json) -> Vec<String> {
    match value {
        Json::String(text) => vec![text.clone()],
        Json::Array(items) => {
            items.iter().map(|item| item.as_str().map(str::to_owned)).collect::<Option<_>>().unwrap_or_default()
        }
        _ => Vec::new(),
    }
}
