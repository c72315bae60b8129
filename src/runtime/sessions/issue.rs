//! Tokens out: for a password, for a client's secret, and for whoever may read this machine's database.

use super::failed;
use crate::model::directory::Client;
use crate::model::ids::{BusinessId, UserId};
use crate::model::refusal::Refusal;
use crate::model::scope::Scope;
use crate::model::secret::Secret;
use crate::runtime::identity::tokens::{self, AUDIENCE, Acting, Claims, ISSUER};
use crate::runtime::identity::{Grant, IssuedToken, NotIssued, Unauthenticated, passwords};
use crate::runtime::{Runtime, access, ids, off_the_loop};
use crate::store::clients::{self, Account};
use crate::store::standing;

/// Who a token is for.
struct For {
    business: BusinessId,
    subject: String,
    client: bool,
    since: i64,
    act: Option<Acting>,
}

impl Runtime {
    /// Issues a token for a person or a service.
    pub async fn issue_token(&self, grant: Grant) -> Result<IssuedToken, NotIssued> {
        match grant {
            Grant::Password { business, user, password, scopes } => {
                let (business, user) = (BusinessId(business), UserId(user));
                let since = self.password_fits(&business, &user, password).await?;
                let scopes = narrowed(&every_scope(), scopes)?;
                let whose = For { business, subject: user.0, client: false, since, act: None };
                self.sign(whose, scopes).await
            }
            Grant::ClientCredentials { business, client, secret, scopes, act_as } => {
                let business = BusinessId(business);
                let account = self.secret_fits(&business, &client, secret).await?;
                let since = account.tokens_since.0;
                let Some(login) = act_as else {
                    let scopes = narrowed(&account.client.scopes, scopes)?;
                    let whose = For { business, subject: client, client: true, since, act: None };
                    return self.sign(whose, scopes).await;
                };
                let of_person = self.acted(&business, &account.client, &login).await?;
                let scopes = shared(&account.client.scopes, scopes)?;
                let act = Some(Acting { sub: client, since });
                self.sign(For { business, subject: login, client: false, since: of_person, act }, scopes).await
            }
        }
    }

    /// Issues a token without asking for a password: for the command line of the machine itself.
    /// `scopes` narrows what it allows; none: everything.
    pub async fn issue_for(
        &self,
        business: &BusinessId,
        user: &UserId,
        scopes: Option<Vec<String>>,
    ) -> Result<IssuedToken, NotIssued> {
        let scopes = narrowed(&every_scope(), scopes)?;
        let (of, login) = (business.clone(), user.clone());
        let found = self.read(move |conn, _| Ok(standing::find(conn, &of, &login)?)).await.map_err(later)?;
        let since = found.map_or(0, |found| found.tokens_since.0);
        let whose = For { business: business.clone(), subject: user.0.clone(), client: false, since, act: None };
        self.sign(whose, scopes).await
    }

    /// Checks a password; gives since when the user's tokens are good.
    async fn password_fits(&self, business: &BusinessId, user: &UserId, password: Secret) -> Result<i64, NotIssued> {
        let (of, login) = (business.clone(), user.clone());
        let found = self.read(move |conn, _| Ok(standing::find(conn, &of, &login)?)).await.map_err(later)?;
        let found = found.filter(|found| found.active);
        let hash = found.as_ref().and_then(|found| found.password_hash.clone());
        let fits = off_the_loop(move || passwords::verify(password.reveal(), hash.as_deref())).await.map_err(later)?;
        let found = found.filter(|_| fits);
        found.map(|found| found.tokens_since.0).ok_or_else(|| wrong("business, login or password is wrong"))
    }

    /// Checks a secret, the present one and the one before while it is good.
    async fn secret_fits(&self, business: &BusinessId, client: &str, secret: Secret) -> Result<Account, NotIssued> {
        let (of, id) = (business.clone(), client.to_owned());
        let found = self.read(move |conn, _| Ok(clients::find(conn, &of, &id)?)).await.map_err(later)?;
        let hash = found.as_ref().map(|account| account.secret_hash.clone());
        let now = self.now();
        let older = found.as_ref().filter(|account| account.client.old_secret_until.is_some_and(|until| now < until));
        let older = older.and_then(|account| account.old_secret_hash.clone());
        let fits = off_the_loop(move || {
            passwords::verify(secret.reveal(), hash.as_deref())
                || older.is_some_and(|older| passwords::verify(secret.reveal(), Some(&older)))
        });
        let fits = fits.await.map_err(later)?;
        found.filter(|_| fits).ok_or_else(|| wrong("business, client or secret is wrong"))
    }

    /// Checks that a client may act as a person; gives since when the person's tokens are good. Somebody who is not there
    /// is refused in the same words.
    async fn acted(&self, business: &BusinessId, client: &Client, login: &str) -> Result<i64, NotIssued> {
        let (of, user) = (business.clone(), UserId::from(login));
        let found = self.read(move |conn, _| Ok(standing::find(conn, &of, &user)?)).await.map_err(later)?;
        let user = UserId::from(login);
        let found = found.filter(|found| found.active && access::may_act_as(client, &user, &found.roles));
        found.map(|found| found.tokens_since.0).ok_or_else(|| NotIssued::ActAs(login.to_owned()))
    }

    async fn sign(&self, whose: For, scopes: Vec<String>) -> Result<IssuedToken, NotIssued> {
        let key = self.signing_key().await.map_err(later)?;
        let For { business, subject, client, since, act } = whose;
        let (seconds, lasts) = (self.now().0 / 1_000, self.0.sessions.seconds);
        let claims = Claims {
            iss: ISSUER.into(),
            aud: AUDIENCE.into(),
            sub: subject,
            business: business.0,
            scope: scopes.join(" "),
            client,
            since,
            act,
            iat: seconds,
            nbf: seconds,
            exp: seconds + lasts,
            jti: ids::new(),
        };
        let token = tokens::sign(&key, &claims).map_err(NotIssued::Later)?;
        Ok(IssuedToken { token, expires_in: lasts, scopes })
    }
}

fn every_scope() -> Vec<String> {
    Scope::all().iter().map(|scope| scope.name().to_owned()).collect()
}

/// The asked scopes, when all of them are allowed; without a wish, all that are.
fn narrowed(allowed: &[String], asked: Option<Vec<String>>) -> Result<Vec<String>, NotIssued> {
    let Some(asked) = asked.filter(|asked| !asked.is_empty()) else { return Ok(allowed.to_vec()) };
    match asked.iter().find(|scope| !allowed.contains(scope)) {
        Some(scope) => Err(NotIssued::Scope(format!("the scope \"{scope}\" cannot be given"))),
        None => Ok(asked),
    }
}

/// What is both asked and allowed: who acts as somebody gets what both agree on (RFC 6749 3.3).
fn shared(allowed: &[String], asked: Option<Vec<String>>) -> Result<Vec<String>, NotIssued> {
    let Some(asked) = asked.filter(|asked| !asked.is_empty()) else { return Ok(allowed.to_vec()) };
    if let Some(unknown) = asked.iter().find(|scope| Scope::parse(scope).is_none()) {
        return Err(NotIssued::Scope(format!("the scope \"{unknown}\" cannot be given")));
    }
    let both: Vec<String> = asked.into_iter().filter(|scope| allowed.contains(scope)).collect();
    if both.is_empty() { Err(NotIssued::Scope("none of these scopes can be given".to_owned())) } else { Ok(both) }
}

fn wrong(sentence: &str) -> NotIssued {
    NotIssued::Wrong(sentence.to_owned())
}

fn later(refusal: Refusal) -> NotIssued {
    let Unauthenticated { reason, later } = failed(refusal);
    if later.is_some() { NotIssued::Later(reason) } else { NotIssued::Wrong(reason) }
}
