//! `kamflow migrate`: brings the database up to date. `serve` does the same at its start.

use crate::server::Failed;
use crate::server::config::Config;
use crate::server::say::say;
use crate::store::{connect, migrate};

pub(super) fn run(config: &Config) -> Result<(), Failed> {
    let mut conn = connect(&config.database).map_err(Failed::because)?;
    let ran = migrate(&mut conn).map_err(Failed::because)?;
    if ran.is_empty() {
        say("the database is up to date");
    }
    for migration in ran {
        say(format_args!("ran migration {migration}"));
    }
    Ok(())
}
