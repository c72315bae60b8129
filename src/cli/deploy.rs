//! `kamflow deploy`: the folders become the active revision. A running server uses it from its next command on.

use super::block_on;
use crate::model::directory::Business;
use crate::model::finding::Finding;
use crate::model::ids::BusinessId;
use crate::model::impact::Progress;
use crate::model::revision::Files;
use crate::runtime::{Runtime, operator};
use crate::server::config::Config;
use crate::server::say::say;
use crate::server::{Failed, folders, open};
use clap::Args;
use std::collections::BTreeMap;
use std::time::Duration;

/// How long until a derivation that another process has in hand is looked at again.
const LOOK_AGAIN: Duration = Duration::from_millis(250);

/// Deploys for one business, or for all.
#[derive(Args)]
pub struct Deploy {
    /// Only for this business
    #[arg(long)]
    business: Option<String>,
    /// What you changed and why
    #[arg(long, default_value = "")]
    note: String,
    /// Only say what it would do, to the records that are there, too
    #[arg(long)]
    dry_run: bool,
    /// Do not wait until every record is brought to the new rules; a running server does it
    #[arg(long)]
    no_wait: bool,
}

impl Deploy {
    pub(super) fn run(&self, config: &Config) -> Result<(), Failed> {
        let files = folders::read(config)?;
        let runtime = open(config)?;
        block_on(async {
            let businesses = runtime.businesses().await?;
            let wanted = self.business.as_deref().map(BusinessId::from);
            let chosen: Vec<&Business> = businesses
                .iter()
                .filter(|business| wanted.as_ref().is_none_or(|wanted| business.id == *wanted))
                .collect();
            if chosen.is_empty() {
                return Err(Failed("there is no such business; kamflow business list shows them".into()));
            }
            for business in chosen {
                let done = match self.dry_run {
                    true => would(&runtime, &business.id, files.clone()).await,
                    false => self.deploy(&runtime, business, files.clone()).await,
                };
                done.map_err(|failed| Failed(format!("business \"{}\": {failed}", business.id)))?;
            }
            Ok(())
        })
    }

    async fn deploy(&self, runtime: &Runtime, business: &Business, files: Files) -> Result<(), Failed> {
        let revision = folders::deploy(runtime, &business.id, files, &self.note).await?;
        let number = revision.number;
        let news = if business.active_revision == Some(number) { "nothing changed;" } else { "deployed" };
        say(format_args!("business \"{}\": {news} revision {number} is active", business.id));
        if self.no_wait { Ok(()) } else { wait(runtime, &business.id, number).await }
    }
}

/// Says what a deployment would find; fails when it would be refused.
async fn would(runtime: &Runtime, business: &BusinessId, files: Files) -> Result<(), Failed> {
    let (findings, report) = runtime.validate(&operator(business.clone()), files).await?;
    for finding in &findings {
        say(finding);
    }
    for impact in &report.impacts {
        let word = if impact.is_breaking() { "" } else { "warning: " };
        say(format_args!("{word}{}", impact.told()));
    }
    if report.is_breaking() || findings.iter().any(Finding::is_error) {
        return Err(Failed("this would not be deployed".into()));
    }
    say(format_args!("business \"{business}\": this would be deployed"));
    Ok(())
}

/// Helps to bring the records to the new rules, and says how far that is.
async fn wait(runtime: &Runtime, business: &BusinessId, number: i64) -> Result<(), Failed> {
    let mut said: BTreeMap<String, i64> = BTreeMap::new();
    loop {
        let types = runtime.progress(&operator(business.clone()), number).await?;
        for one in types.iter().filter(|one| one.total > 0) {
            // A line for every tenth, and one at the end.
            let tenth = if one.finished_at.is_some() { 11 } else { (one.done + one.failed) * 10 / one.total };
            if said.insert(one.record_type.clone(), tenth) != Some(tenth) {
                say(told(one));
            }
        }
        if types.iter().all(|one| one.finished_at.is_some()) {
            let troubles = types.iter().flat_map(|one| one.troubles.iter().map(move |trouble| (one, trouble)));
            for (one, trouble) in troubles {
                say(format_args!("  {} {}: {}", one.record_type, trouble.record, trouble.sentence));
            }
            return Ok(());
        }
        if runtime.rederive_some().await? == (0, false) {
            // A running server has it in hand.
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }
}

fn told(progress: &Progress) -> String {
    let Progress { record_type, total, done, failed, .. } = progress;
    let failed = if *failed > 0 { format!(", {failed} could not be") } else { String::new() };
    format!("  {record_type}: {done} of {total} records are brought to the new rules{failed}")
}
