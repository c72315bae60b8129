//! `kamflow user`: the people of a business.

use super::block_on;
use crate::model::directory;
use crate::model::ids::{BusinessId, UserId};
use crate::model::json::JsonMap;
use crate::model::page::{PAGE_MOST, Search};
use crate::model::refusal::RefusalKind;
use crate::model::secret::Secret;
use crate::model::time::Timestamp;
use crate::runtime::operator;
use crate::runtime::request::{Change, Request};
use crate::server::config::Config;
use crate::server::say::say;
use crate::server::{Failed, open};
use clap::{Args, Subcommand};

/// Adds and lists users.
#[derive(Args)]
pub struct User {
    /// The business
    #[arg(long, global = true, default_value = "main")]
    business: String,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Add a user, or change name, roles and password of one
    Add {
        /// Login
        login: String,
        /// Name
        #[arg(long)]
        name: String,
        /// Role; may be given several times
        #[arg(long)]
        role: Vec<String>,
        /// Password; without one the user cannot sign in with a password
        #[arg(long, env = "KAMFLOW_PASSWORD", hide_env_values = true)]
        password: Option<Secret>,
    },
    /// List users
    List,
}

impl User {
    pub(super) fn run(self, config: &Config) -> Result<(), Failed> {
        let runtime = open(config)?;
        let actor = operator(BusinessId::from(self.business.as_str()));
        block_on(async {
            runtime.business(&actor).await?;
            match self.command {
                Command::Add { login, name, role, password } => {
                    let id = UserId::from(login.as_str());
                    let attributes = match runtime.user(&actor, &id).await {
                        Ok(present) => present.attributes,
                        Err(refusal) if refusal.kind == RefusalKind::NotFound => JsonMap::new(),
                        Err(refusal) => return Err(refusal.into()),
                    };
                    let user = directory::User {
                        id,
                        name,
                        active: true,
                        roles: role,
                        attributes,
                        created_at: Timestamp::default(),
                        version: 0,
                    };
                    let change = Change::PutUser { user, password };
                    runtime.execute(Request { actor, change, idempotency: None, if_match: None }).await?;
                    say(format_args!("user \"{login}\" of business \"{}\" is there", self.business));
                }
                Command::List => {
                    let mut search = Search { limit: PAGE_MOST, ..Search::default() };
                    loop {
                        let page = runtime.users(&actor, search.clone()).await?;
                        for user in page.items {
                            say(format_args!("{}\t{}\t{}", user.id, user.name, user.roles.join(",")));
                        }
                        if page.next.is_none() {
                            break;
                        }
                        search.cursor = page.next;
                    }
                }
            }
            Ok(())
        })
    }
}
