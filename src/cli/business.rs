//! `kamflow business`: the isolated tenants of this installation.

use super::block_on;
use crate::model::directory;
use crate::model::ids::BusinessId;
use crate::model::text::Text;
use crate::runtime::operator;
use crate::runtime::request::{Change, Request};
use crate::server::config::Config;
use crate::server::say::say;
use crate::server::{Failed, folders, open};
use clap::{Args, Subcommand};

/// Adds and lists businesses.
#[derive(Args)]
pub struct Business {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Add a business and deploy the folders for it
    Add {
        /// Id: letters, digits and hyphens
        id: String,
        /// Title in English
        #[arg(long)]
        title: String,
        /// Title in Chinese; the English one when not said
        #[arg(long)]
        title_zh: Option<String>,
        /// ISO 4217 code of its currency
        #[arg(long, default_value = "CNY")]
        currency: String,
        /// IANA time zone of its business days
        #[arg(long, default_value = "Asia/Shanghai")]
        time_zone: String,
    },
    /// List businesses
    List,
}

impl Business {
    pub(super) fn run(self, config: &Config) -> Result<(), Failed> {
        let runtime = open(config)?;
        block_on(async {
            match self.command {
                Command::Add { id, title, title_zh, currency, time_zone } => {
                    let files = folders::read(config)?;
                    let business = BusinessId::from(id.as_str());
                    let new = directory::Business {
                        id: business.clone(),
                        title: Text { zh: title_zh.unwrap_or_else(|| title.clone()), en: title },
                        currency,
                        time_zone,
                        active_revision: None,
                        created_at: runtime.now(),
                    };
                    let (actor, change) = (operator(business.clone()), Change::CreateBusiness(new));
                    runtime.execute(Request { actor, change, idempotency: None, if_match: None }).await?;
                    let deployed = folders::deploy(&runtime, &business, files, "new business").await;
                    let revision = deployed.map_err(|failed| {
                        let mend = format!("mend it and run kamflow deploy --business {business}");
                        Failed(format!("business \"{business}\" is there without definitions: {failed}\n{mend}"))
                    })?;
                    say(format_args!("business \"{business}\" is there; revision {} is active", revision.number));
                }
                Command::List => {
                    for business in runtime.businesses().await? {
                        let revision = business.active_revision.map_or("none".into(), |number| number.to_string());
                        say(format_args!(
                            "{}\t{}\t{}\trevision {revision}",
                            business.id, business.title.en, business.title.zh
                        ));
                    }
                }
            }
            Ok(())
        })
    }
}
