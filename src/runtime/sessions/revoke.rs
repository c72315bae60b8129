//! Ending one's own token.

use crate::model::actor::Actor;
use crate::model::refusal::{Refusal, RefusalKind};
use crate::runtime::Runtime;
use crate::runtime::identity::jws::LEEWAY;
use crate::runtime::request::{Change, Request};

impl Runtime {
    /// Ends a token of the actor. One of somebody else, or what is no token at all, is left alone without a word
    /// (RFC 7009): the answer must not tell whose tokens there are.
    pub async fn revoke(&self, actor: &Actor, token: &str) -> Result<(), Refusal> {
        let token = match self.verified(token).await {
            Ok(token) => token,
            Err(refused) => match refused.later {
                Some(code) => return Err(Refusal::new(RefusalKind::Busy, code, refused.reason)),
                None => return Ok(()),
            },
        };
        let (business, subject, expires) = token.whose();
        if business != actor.business.as_str() || subject != actor.user.as_str() {
            return Ok(());
        }
        let change = Change::RevokeToken {
            jti: token.id.clone(),
            expires_at: expires.saturating_add(LEEWAY).saturating_mul(1_000),
        };
        self.execute(Request { actor: actor.clone(), change, idempotency: None, if_match: None }).await.map(drop)
    }
}
