//! In whose name a command of the machine reads and writes records: somebody with every role of the pack, or one user.

use crate::model::actor::Actor;
use crate::model::ids::{BusinessId, UserId};
use crate::runtime::{Runtime, operator};
use crate::server::Failed;
use clap::Args;

/// The business, and who.
#[derive(Args)]
pub struct ActAs {
    /// The business
    #[arg(long, default_value = "main")]
    business: String,
    /// Act as this user, with what this user may see and do; with every role of the pack when not said
    #[arg(long, value_name = "LOGIN")]
    user: Option<String>,
}

impl ActAs {
    /// The business.
    pub(super) fn business(&self) -> &str {
        &self.business
    }

    /// Who it is.
    pub(super) async fn actor(&self, runtime: &Runtime) -> Result<Actor, Failed> {
        let operator = operator(BusinessId::from(self.business.as_str()));
        runtime.business(&operator).await?;
        let Some(login) = &self.user else {
            let library = runtime.definitions(&operator).await?;
            return Ok(Actor { roles: library.definitions.pack.roles.keys().cloned().collect(), ..operator });
        };
        let user = runtime.user(&operator, &UserId::from(login.as_str())).await?;
        if !user.active {
            return Err(Failed(format!("user {login} is not active; nothing is done in this name")));
        }
        Ok(Actor { user: user.id, roles: user.roles.into_iter().collect(), ..operator })
    }
}
