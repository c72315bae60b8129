//! `kamflow deploy`: the folders become the active revision. A running server uses it from its next command on.

use super::block_on;
use crate::model::ids::BusinessId;
use crate::server::config::Config;
use crate::server::say::say;
use crate::server::{Failed, folders, open};
use clap::Args;

/// Deploys for one business, or for all.
#[derive(Args)]
pub struct Deploy {
    /// Only for this business
    #[arg(long)]
    business: Option<String>,
    /// What you changed and why
    #[arg(long, default_value = "")]
    note: String,
}

impl Deploy {
    pub(super) fn run(&self, config: &Config) -> Result<(), Failed> {
        let files = folders::read(config)?;
        let runtime = open(config)?;
        block_on(async {
            let businesses = runtime.businesses().await?;
            let wanted = self.business.as_deref().map(BusinessId::from);
            let chosen =
                businesses.iter().filter(|business| wanted.as_ref().is_none_or(|wanted| business.id == *wanted));
            let mut deployed = 0;
            for business in chosen {
                let done = folders::deploy(&runtime, &business.id, files.clone(), &self.note).await;
                let revision = done.map_err(|failed| Failed(format!("business \"{}\": {failed}", business.id)))?;
                let news =
                    if business.active_revision == Some(revision.number) { "nothing changed;" } else { "deployed" };
                say(format_args!("business \"{}\": {news} revision {} is active", business.id, revision.number));
                deployed += 1;
            }
            if deployed == 0 {
                return Err(Failed("there is no such business; kamflow business list shows them".into()));
            }
            Ok(())
        })
    }
}
