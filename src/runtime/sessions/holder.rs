//! Who a token stands for, by the directory.

use super::failed;
use super::verify::Says;
use crate::model::actor::{Actor, StandsIn};
use crate::model::ids::{BusinessId, UserId};
use crate::model::time::Timestamp;
use crate::plugins::Stop;
use crate::runtime::identity::Unauthenticated;
use crate::runtime::identity::outside::Outside;
use crate::runtime::identity::tokens::Claims;
use crate::runtime::request::{Change, Request};
use crate::runtime::{Runtime, access};
use crate::store::standing::Standing;
use crate::store::{Connection, clients, standing};
use std::collections::BTreeSet;

impl Runtime {
    /// Who a bearer token stands for.
    pub async fn authenticate(&self, token: &str) -> Result<Actor, Unauthenticated> {
        let token = self.verified(token).await?;
        let (now, changes) = (self.now(), self.0.shared.people.changes());
        if let Some(actor) = token.believed.actor(now, changes) {
            return Ok(actor);
        }
        let actor = match &token.says {
            Says::Own(claims) => self.own(claims.clone()).await,
            Says::Outside(outside) => self.outside(outside).await,
        }?;
        token.believed.keep(&actor, now, changes);
        Ok(actor)
    }

    async fn own(&self, claims: Claims) -> Result<Actor, Unauthenticated> {
        let actor = Actor {
            scopes: claims.scope.split_whitespace().map(str::to_owned).collect(),
            through: claims.act.as_ref().map(|acting| acting.sub.clone()),
            ..Actor::of(BusinessId(claims.business.clone()), UserId(claims.sub.clone()))
        };
        let business = actor.business.clone();
        let read = self.read(move |conn, shared| {
            let Known { roles, stands_in } = match known(conn, &business, &claims, shared.clock.now())? {
                Ok(known) => known,
                Err(refused) => return Ok(Err(refused)),
            };
            Ok(Ok(Actor { roles, stands_in, ..actor }))
        });
        read.await.map_err(failed)?
    }

    async fn outside(&self, outside: &Outside) -> Result<Actor, Unauthenticated> {
        let mut found = self.standing(outside).await?;
        // Refused here, before it can keep a writer busy; a first sign-in is decided again where it is written.
        if access::to_link(found.as_ref(), &outside.user, &outside.link, outside.create).map_err(failed)? {
            self.link(outside).await?;
            found = self.standing(outside).await?;
        }
        let found = found.filter(|found| found.link.as_ref() == Some(&outside.link)).ok_or_else(inactive)?;
        if !found.active {
            return Err(inactive());
        }
        // A token of the very second is in doubt, and void.
        if outside.issued.saturating_mul(1_000) <= found.tokens_since.0 {
            return Err(voided());
        }
        let (business, user) = (outside.business.clone(), outside.user.clone());
        let stands_in =
            self.read(move |conn, shared| Ok(access::stands_in(conn, &business, &user, shared.clock.now())?));
        Ok(Actor {
            stands_in: stands_in.await.map_err(failed)?,
            roles: found.roles.into_iter().collect(),
            mapped: outside.mapped.clone(),
            scopes: outside.scopes.clone(),
            ..Actor::of(outside.business.clone(), outside.user.clone())
        })
    }

    async fn standing(&self, outside: &Outside) -> Result<Option<Standing>, Unauthenticated> {
        let (business, user) = (outside.business.clone(), outside.user.clone());
        self.read(move |conn, _| Ok(standing::find(conn, &business, &user)?)).await.map_err(failed)
    }

    async fn link(&self, outside: &Outside) -> Result<(), Unauthenticated> {
        let actor = Actor::engine(outside.business.clone());
        let Outside { user, name, link, create, .. } = outside.clone();
        let change = Change::LinkUser { user, name, link, create };
        let linked = self.execute(Request { actor, change, idempotency: None, if_match: None }).await;
        linked.map(drop).map_err(failed)
    }
}

/// What the directory says of somebody now.
struct Known {
    roles: BTreeSet<String>,
    stands_in: Vec<StandsIn>,
}

/// What the directory says of whoever a token of ours stands for; the sentence, when it stands for nobody any more.
fn known(
    conn: &mut Connection,
    business: &BusinessId,
    claims: &Claims,
    now: Timestamp,
) -> Result<Result<Known, Unauthenticated>, Stop> {
    if claims.client {
        let Some(found) = clients::find(conn, business, &claims.sub)? else { return Ok(Err(inactive())) };
        let current = found.tokens_since.0 == claims.since;
        let (roles, stands_in) = (found.client.roles.into_iter().collect(), Vec::new());
        return Ok(if current { Ok(Known { roles, stands_in }) } else { Err(voided()) });
    }
    let user = UserId(claims.sub.clone());
    let Some(found) = standing::find(conn, business, &user)?.filter(|user| user.active) else {
        return Ok(Err(inactive()));
    };
    if found.tokens_since.0 != claims.since {
        return Ok(Err(voided()));
    }
    let stands_in = access::stands_in(conn, business, &user, now)?;
    let Some(acting) = &claims.act else {
        return Ok(Ok(Known { roles: found.roles.into_iter().collect(), stands_in }));
    };
    let Some(account) = clients::find(conn, business, &acting.sub)? else { return Ok(Err(inactive())) };
    if account.tokens_since.0 != acting.since || !access::may_act_as(&account.client, &user, &found.roles) {
        return Ok(Err(voided()));
    }
    let lent = |one: StandsIn| StandsIn { roles: access::lent(one.roles.into_iter().collect()), ..one };
    Ok(Ok(Known { roles: access::lent(found.roles), stands_in: stands_in.into_iter().map(lent).collect() }))
}

fn inactive() -> Unauthenticated {
    Unauthenticated::because("the account of this token is not active any more")
}

fn voided() -> Unauthenticated {
    Unauthenticated::because("the token is void: a password, a secret or a right was changed since; get a new one")
}
