//! `kamflow token`: a token without a password, for whoever may read this machine's database.

use super::block_on;
use crate::model::ids::{BusinessId, UserId};
use crate::runtime::operator;
use crate::server::config::Config;
use crate::server::say::say;
use crate::server::{Failed, open};
use clap::Args;

/// Prints a bearer token.
#[derive(Args)]
pub struct Token {
    /// The user's login
    user: String,
    /// The business
    #[arg(long, default_value = "main")]
    business: String,
}

impl Token {
    pub(super) fn run(&self, config: &Config) -> Result<(), Failed> {
        let runtime = open(config)?;
        let (business, user) = (BusinessId::from(self.business.as_str()), UserId::from(self.user.as_str()));
        let actor = operator(business.clone());
        block_on(async {
            runtime.business(&actor).await?;
            let found = runtime.user(&actor, &user).await?;
            if !found.active {
                return Err(Failed(format!("user {user} is not active; no token of theirs would be accepted")));
            }
            let issued = runtime.issue_for(&business, &user, None).await.map_err(Failed::because)?;
            say(issued.token);
            Ok(())
        })
    }
}
