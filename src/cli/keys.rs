//! `kamflow keys`: the keys that sign tokens. All nodes on the database see the change by themselves.

use super::block_on;
use crate::model::ids::BusinessId;
use crate::runtime::request::{Change, Outcome, Request};
use crate::runtime::{Runtime, operator};
use crate::server::config::Config;
use crate::server::say::say;
use crate::server::{Failed, open};
use clap::{Args, Subcommand};

/// Changes and lists signing keys.
#[derive(Args)]
pub struct Keys {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Sign with a new key; the one before verifies until its tokens have expired
    Rotate,
    /// List the keys that sign or verify
    List,
    /// Verify nothing more with a key, at once: for one that leaked. Its tokens are void
    Retire {
        /// The key's id, as list shows it
        id: String,
    },
}

impl Keys {
    pub(super) fn run(self, config: &Config) -> Result<(), Failed> {
        let runtime = open(config)?;
        block_on(async {
            match self.command {
                Command::Rotate => {
                    if let Outcome::SigningKey(key) = change(&runtime, Change::RotateKey).await? {
                        say(format_args!("signing key {} signs from now on", key.id));
                    }
                }
                Command::List => {
                    for key in runtime.signing_keys(&operator(BusinessId::from(""))).await? {
                        let until = key.verifies_until.map_or("a rotation".to_owned(), |until| until.rfc3339());
                        let does = if key.signs { "signs" } else { "verifies" };
                        let (id, algorithm, made) = (key.id, key.algorithm, key.created_at.rfc3339());
                        say(format_args!("{id}\t{algorithm}\tmade {made}\t{does} until {until}"));
                    }
                }
                Command::Retire { id } => {
                    change(&runtime, Change::RetireKey(id.clone())).await?;
                    say(format_args!("signing key {id} verifies nothing more; other nodes hear of it within a minute"));
                }
            }
            Ok(())
        })
    }
}

async fn change(runtime: &Runtime, change: Change) -> Result<Outcome, Failed> {
    let actor = operator(BusinessId::from(""));
    let request = Request { actor, change, idempotency: None, if_match: None };
    Ok(runtime.execute(request).await?.outcome)
}
