//! `kamflow check`: every problem of the folders at once, each as `file:line:column: sentence`.

use crate::model::finding::Finding;
use crate::model::ids::BusinessId;
use crate::runtime::library;
use crate::server::config::Config;
use crate::server::say::say;
use crate::server::{Failed, folders};
use clap::Args;
use std::process::ExitCode;

/// Checks the folders as this business sees them.
#[derive(Args)]
pub struct Check {
    /// The business whose overlay is applied
    #[arg(long, default_value = "main")]
    business: String,
}

impl Check {
    pub(super) fn run(&self, config: &Config) -> Result<ExitCode, Failed> {
        let files = folders::read(config)?;
        let findings = library::check(&files, &BusinessId::from(self.business.as_str())).findings;
        for finding in &findings {
            say(finding);
        }
        let errors = findings.iter().filter(|finding| finding.is_error()).count();
        let warnings = findings.iter().filter(|finding: &&Finding| !finding.is_error()).count();
        say(format_args!("{} files checked: {errors} problems, {warnings} warnings", files.len()));
        Ok(if errors == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}
