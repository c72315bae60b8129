//! `kamflow pull`: the deployed files are written back to the folders.

use super::block_on;
use crate::definitions::folder;
use crate::model::ids::BusinessId;
use crate::runtime::operator;
use crate::server::config::Config;
use crate::server::say::say;
use crate::server::{Failed, open};
use clap::Args;

/// Writes the active revision of a business into the project folder.
#[derive(Args)]
pub struct Pull {
    /// The business
    #[arg(long, default_value = "main")]
    business: String,
}

impl Pull {
    pub(super) fn run(&self, config: &Config) -> Result<(), Failed> {
        let runtime = open(config)?;
        let library = block_on(async {
            let actor = operator(BusinessId::from(self.business.as_str()));
            Ok(runtime.definitions(&actor).await?)
        })?;
        folder::write(&config.folder, &library.files).map_err(Failed::because)?;
        let (files, number) = (library.files.len(), library.number);
        say(format_args!("{files} files of revision {number} written to {}", config.folder.display()));
        Ok(())
    }
}
