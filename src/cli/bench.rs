//! `kamflow bench`: how fast this machine runs kamflow.

use crate::bench;
use crate::server::Failed;
use crate::server::config::Config;
use clap::Args;
use std::time::Duration;

/// Measures workloads against a server of this program, on a database of their own beside the one that is configured.
#[derive(Args)]
pub struct Bench {
    /// What to measure, such as w1; none: says what there is
    workloads: Vec<String>,
    /// How many clients send at once [default: as the workload says]
    #[arg(long, value_delimiter = ',', value_name = "N,…")]
    clients: Vec<usize>,
    /// How much stands in the database before, from the smallest [default: as the workload says]
    #[arg(long, value_delimiter = ',', value_name = "N,…")]
    sizes: Vec<u64>,
    /// Seconds that each measurement lasts
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=3_600))]
    seconds: u64,
    /// A line of JSON for each measurement instead of a table
    #[arg(long)]
    json: bool,
    /// Keep the databases, and go on with those of an earlier run
    #[arg(long)]
    keep: bool,
}

impl Bench {
    pub(super) fn run(self, config: &Config) -> Result<(), Failed> {
        if self.clients.iter().any(|clients| !(1..=bench::CLIENTS).contains(clients)) {
            return Err(Failed(format!("--clients takes numbers from 1 to {}", bench::CLIENTS)));
        }
        let bench = bench::Bench {
            workloads: self.workloads,
            clients: self.clients,
            sizes: self.sizes,
            lasts: Duration::from_secs(self.seconds),
            as_json: self.json,
            is_kept: self.keep,
        };
        bench.run(config)
    }
}
