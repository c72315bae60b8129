//! `kamflow test`: the test cases that plugins bring along.

use crate::model::ids::BusinessId;
use crate::runtime::{library, tests};
use crate::server::config::Config;
use crate::server::say::say;
use crate::server::{Failed, folders};
use clap::Args;
use std::process::ExitCode;

/// Runs the tests as this business sees the plugins.
#[derive(Args)]
pub struct Test {
    /// The business whose overlay is applied
    #[arg(long, default_value = "main")]
    business: String,
    /// Only tests of this plugin
    plugin: Option<String>,
}

impl Test {
    pub(super) fn run(&self, config: &Config) -> Result<ExitCode, Failed> {
        let checked = library::check(&folders::read(config)?, &BusinessId::from(self.business.as_str()));
        let Some(library) = checked.library else {
            for finding in checked.findings.iter().filter(|finding| finding.is_error()) {
                say(finding);
            }
            return Err(Failed("the definitions have problems; nothing was tested".into()));
        };
        let reports = tests::run(&library);
        let reports: Vec<_> = reports
            .iter()
            .filter(|report| self.plugin.as_ref().is_none_or(|plugin| *plugin == report.plugin))
            .collect();
        if reports.is_empty() {
            return Err(Failed("there are no such tests".into()));
        }
        for report in &reports {
            if let Some(failure) = &report.failure {
                say(format_args!("{}: {} / {}: {failure}", report.at, report.plugin, report.name));
            }
        }
        let failed = reports.iter().filter(|report| report.failure.is_some()).count();
        say(format_args!("{} passed, {failed} failed", reports.len() - failed));
        Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}
