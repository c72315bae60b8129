//! Which account of an outside issuer may be which user.

use crate::model::ids::UserId;
use crate::model::refusal::Refusal;
use crate::store::standing::{Link, Standing};

/// Whether a user is to be linked to an account at its first sign-in; false: that was done. Who has a password here, or
/// another account there, is somebody else of the same name until an administrator says otherwise: names at a provider
/// can be chosen by whoever signs up.
pub fn to_link(present: Option<&Standing>, id: &UserId, link: &Link, create: bool) -> Result<bool, Refusal> {
    let other = |sentence: String| Err(Refusal::conflict("other_account", sentence));
    match present {
        None if create => Ok(true),
        None => Err(Refusal::not_found("user", id)),
        Some(present) => match &present.link {
            Some(linked) if linked == link => Ok(false),
            Some(_) => other(format!("user {id} is another account of an outside issuer")),
            None if present.password_hash.is_some() => {
                other(format!("user {id} signs in here with a password, not with an outside issuer"))
            }
            None => Ok(true),
        },
    }
}
