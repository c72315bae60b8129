//! Changing one's own password: only who knows the present one may, and all tokens are void afterwards.

use crate::model::actor::Actor;
use crate::model::refusal::{FieldError, Refusal};
use crate::model::secret::Secret;
use crate::runtime::identity::passwords;
use crate::runtime::request::{Change, Request};
use crate::runtime::{Runtime, access, off_the_loop};
use crate::store::standing;

impl Runtime {
    /// Sets a new password for the actor.
    pub async fn change_password(&self, actor: &Actor, current: Secret, new: Secret) -> Result<(), Refusal> {
        access::in_person(actor)?;
        let (business, user) = (actor.business.clone(), actor.user.clone());
        let found = self.read(move |conn, _| Ok(standing::find(conn, &business, &user)?)).await?;
        let seen = found.and_then(|found| found.password_hash).ok_or_else(|| {
            let sentence =
                format!("{} does not sign in with a password here; an administrator can set one", actor.user);
            Refusal::conflict("no_password", sentence)
        })?;
        let hash = seen.clone();
        if !off_the_loop(move || passwords::verify(current.reveal(), Some(&hash))).await? {
            let sentence = "the present password is not this one".to_owned();
            let error =
                FieldError { pointer: "/current".into(), code: "wrong_password".into(), detail: sentence.clone() };
            return Err(Refusal::invalid("wrong_password", sentence).with_errors(vec![error]));
        }
        let change = Change::ChangePassword { seen: seen.into(), new };
        self.execute(Request { actor: actor.clone(), change, idempotency: None, if_match: None }).await.map(drop)
    }
}
