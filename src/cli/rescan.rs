//! `kamflow rescan`: looks at every record of a type for those that are there twice.

use super::act_as::ActAs;
use super::block_on;
use super::progress::Bar;
use crate::model::matching;
use crate::server::config::Config;
use crate::server::say::say;
use crate::server::{Failed, open};
use clap::Args;

/// Looks at every record of a type.
#[derive(Args)]
pub struct Rescan {
    /// The record type
    record_type: String,
    #[command(flatten)]
    act_as: ActAs,
}

impl Rescan {
    pub(super) fn run(self, config: &Config) -> Result<(), Failed> {
        let runtime = open(config)?;
        let mut bar = None;
        let done = block_on(async {
            let actor = self.act_as.actor(&runtime).await?;
            let mut tell = |rescan: &matching::Rescan, all| {
                let bar = bar.get_or_insert_with(|| Bar::new(u64::try_from(all).ok()));
                bar.show_looked(rescan.looked, rescan.suspected);
            };
            Ok(runtime.rescan(&actor, &self.record_type, &mut tell).await?)
        });
        bar.iter().for_each(Bar::clear);
        let done = done?;
        say(format_args!(
            "looked at {}, suspected {} new pairs, {} were known",
            done.looked, done.suspected, done.known
        ));
        Ok(())
    }
}
