//! `kamflow org`: an organisation taken over from files.

use super::block_on;
use super::org_files::{Files, read};
use crate::model::ids::BusinessId;
use crate::model::org_import::{OrgImported, Tally};
use crate::runtime::operator;
use crate::runtime::request::{Change, Outcome, Request};
use crate::server::config::Config;
use crate::server::say::{complain, say};
use crate::server::{Failed, open};
use clap::{Args, Subcommand};
use std::path::PathBuf;

/// Takes an organisation over.
#[derive(Args)]
pub struct Org {
    /// The business
    #[arg(long, global = true, default_value = "main")]
    business: String,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Take over users.csv, units.csv and positions.csv: all of it, or nothing when a row is wrong
    Import {
        /// A folder with these files, or the files themselves
        #[arg(required = true, value_name = "PATH")]
        paths: Vec<PathBuf>,
        /// Only say what would come of it
        #[arg(long)]
        dry_run: bool,
    },
}

impl Org {
    pub(super) fn run(self, config: &Config) -> Result<(), Failed> {
        let runtime = open(config)?;
        let actor = operator(BusinessId::from(self.business.as_str()));
        block_on(async {
            let business = runtime.business(&actor).await?;
            let Command::Import { paths, dry_run } = self.command;
            let Files { import, wrong } = read(&paths, &business.time_zone, dry_run)?;
            if !wrong.is_empty() {
                return Err(refused(wrong));
            }
            let change = Change::ImportOrganisation(Box::new(import));
            let answer = runtime.execute(Request { actor, change, idempotency: None, if_match: None }).await;
            let answer = answer.map_err(|refusal| match refusal.errors.is_empty() {
                true => Failed::from(refusal),
                false => refused(refusal.errors.into_iter().map(|error| (error.pointer, error.detail)).collect()),
            })?;
            if let Outcome::OrgImported(OrgImported { users, units, positions }) = answer.outcome {
                for (what, counts) in [("users", users), ("units", units), ("positions", positions)] {
                    let Tally { created, changed, same } = counts;
                    say(format_args!("{what}: {created} new, {changed} changed, {same} as they were"));
                }
            }
            say(if dry_run { "nothing was written: this was a dry run" } else { "taken over" });
            Ok(())
        })
    }
}

/// Tells every wrong place.
fn refused(wrong: Vec<(String, String)>) -> Failed {
    for (at, sentence) in &wrong {
        complain(format_args!("{at}: {sentence}"));
    }
    Failed(format!("{} places are wrong; nothing was taken over", wrong.len()))
}
