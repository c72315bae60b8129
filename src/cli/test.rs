//! `kamflow test`: the test cases that plugins bring along, and the scenarios of the pack.

use crate::model::ids::{BusinessId, NodeId};
use crate::model::process::Process;
use crate::runtime::scenarios::{self, Performance};
use crate::runtime::{library, tests};
use crate::server::config::Config;
use crate::server::say::say;
use crate::server::{Failed, folders};
use clap::Args;
use std::collections::BTreeSet;
use std::process::ExitCode;

/// Runs tests and scenarios as this business sees them.
#[derive(Args)]
pub struct Test {
    /// The business whose overlay is applied
    #[arg(long, default_value = "main")]
    business: String,
    /// Say which nodes of the processes no scenario comes by
    #[arg(long)]
    coverage: bool,
    /// Only tests of this plugin, or this scenario
    only: Option<String>,
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
        let chosen = |name: &str| self.only.as_deref().is_none_or(|only| only == name);
        let Performance { played, reached } = scenarios::run(&library, chosen).map_err(Failed)?;
        let played = played.into_iter().map(|played| (played.at, played.scenario, played.name, played.failure));
        let tested = tests::run(&library).into_iter().filter(|report| chosen(&report.plugin));
        let tested = tested.map(|report| (report.at, report.plugin, report.name, report.failure));
        let all: Vec<_> = tested.chain(played).collect();
        if all.is_empty() {
            return Err(Failed("there are no such tests".into()));
        }
        for (at, of, name, failure) in &all {
            if let Some(failure) = failure {
                say(format_args!("{at}: {of} / {name}: {failure}"));
            }
        }
        let failed = all.iter().filter(|(.., failure)| failure.is_some()).count();
        say(format_args!("{} passed, {failed} failed", all.len() - failed));
        if self.coverage {
            library.definitions.processes.values().for_each(|process| cover(process, &reached));
        }
        Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

/// How many nodes of a process scenarios come by, and which ones they do not.
fn cover(process: &Process, reached: &BTreeSet<(String, NodeId)>) {
    let is_reached = |id: &NodeId| reached.contains(&(process.key.clone(), id.clone()));
    let missed: Vec<&str> =
        process.nodes.iter().map(|node| &node.id).filter(|id| !is_reached(id)).map(NodeId::as_str).collect();
    let (all, by) = (process.nodes.len(), process.nodes.len() - missed.len());
    let not = if missed.is_empty() { String::new() } else { format!("; not by {}", missed.join(", ")) };
    say(format_args!("{}: by {by} of {all} nodes{not}", process.key));
}
