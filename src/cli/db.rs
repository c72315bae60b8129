//! `kamflow db`: looking after the database.

use crate::server::Failed;
use crate::server::config::Config;
use crate::server::say::say;
use crate::store::{connect, databases};
use clap::{Args, Subcommand};

/// Looks after the database.
#[derive(Args)]
pub struct Db {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Give the disk back what deleted rows took; commands wait meanwhile on SQLite
    Compact,
}

impl Db {
    pub(super) fn run(&self, config: &Config) -> Result<(), Failed> {
        let Command::Compact = self.command;
        let mut conn = connect(&config.database).map_err(Failed::because)?;
        let before = databases::bytes(&mut conn).map_err(Failed::because)?;
        databases::compact(&mut conn).map_err(Failed::because)?;
        let after = databases::bytes(&mut conn).map_err(Failed::because)?;
        say(format_args!("{} was {before} bytes and is {after} bytes", config.database));
        Ok(())
    }
}
