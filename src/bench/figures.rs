//! What is measured, as a line of JSON and as a row of a table.

use super::drive::Driven;
use super::usage::Usage;
use crate::server::say::say;
use serde::Serialize;

/// The figures of one measurement. What is not known, or makes no sense for the workload, is left out.
#[derive(Debug, Default, Serialize)]
pub struct Figures {
    /// The workload.
    pub workload: String,
    /// The request, where each has figures of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<String>,
    /// Who sent, where several did, one after the other.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// `sqlite` or `postgres`; `-` where no database was.
    pub store: &'static str,
    /// How much stood in the database before.
    pub size: u64,
    /// Clients that sent at once.
    pub clients: usize,
    /// Requests answered a second.
    pub per_second: f64,
    /// Half of the requests took at most so long, in milliseconds.
    pub p50_ms: f64,
    /// 99 % took at most so long.
    pub p99_ms: f64,
    /// 99.9 % took at most so long.
    pub p999_ms: f64,
    /// Requests that were told to come again.
    pub put_off: u64,
    /// Resident memory of the server at the end, in megabytes (1,000,000 bytes).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rss_mb: Option<f64>,
    /// Processor time of the server a request, in microseconds; that of a database server is not in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cpu_us_per_op: Option<f64>,
    /// How often the database's log was forced to disk, a request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fsyncs_per_op: Option<f64>,
    /// Bytes that tables and indexes grew by, for each time that a client went through all steps.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bytes_per_round: Option<f64>,
    /// Seconds from starting the server until it listened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_s: Option<f64>,
    /// An authenticated request that asks nothing of the database: half of them took at most so long, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub empty_p50_ms: Option<f64>,
    /// The same rows by prepared statements and nothing else: commands a second.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit_per_second: Option<f64>,
    /// The same on PostgreSQL, in batches by as many connections as the server writes with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit_batched_per_second: Option<f64>,
    /// Half of those transactions took at most so long, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit_p50_ms: Option<f64>,
    /// What part of the limit was reached.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ratio_to_limit: Option<f64>,
}

/// The limit by itself: the rows of a workload's commands, written by prepared statements and nothing else.
#[derive(Debug, Default, Serialize)]
pub struct Limit {
    /// The workload whose rows these are.
    pub workload: String,
    /// `sqlite` or `postgres`.
    pub store: &'static str,
    /// How much stood in the database before.
    pub size: u64,
    /// Says that nothing of kamflow was measured here.
    pub limit: bool,
    /// Commands in one transaction.
    pub commands_per_transaction: usize,
    /// Connections that wrote at once.
    pub connections: usize,
    /// Commands a second.
    pub per_second: f64,
    /// Half of the commands were committed within so long, in milliseconds.
    pub p50_ms: f64,
    /// 99 % were.
    pub p99_ms: f64,
    /// 99.9 % were.
    pub p999_ms: f64,
    /// How often the database's log was forced to disk, a command.
    pub fsyncs_per_op: f64,
    /// Bytes that tables and indexes grew by, for each time that all steps were written.
    pub bytes_per_round: f64,
}

/// The heads of the table, with the widths of its columns.
const HEADS: [(&str, usize); 13] = [
    ("workload", 10),
    ("store", 8),
    ("size", 9),
    ("clients", 7),
    ("req/s", 8),
    ("p50 ms", 8),
    ("p99 ms", 8),
    ("p99.9", 8),
    ("RSS MB", 7),
    ("CPU µs", 7),
    ("fsyncs", 7),
    ("limit/s", 8),
    ("ratio", 6),
];

impl Figures {
    /// Puts in what clients have measured.
    pub fn take(&mut self, driven: &Driven) {
        self.per_second = rounded(driven.per_second());
        [self.p50_ms, self.p99_ms, self.p999_ms] = quantiles(driven);
        self.put_off = driven.put_off;
    }

    /// Puts in what the server has used between two looks, for so many requests.
    pub fn use_of(&mut self, before: Usage, then: Usage, requests: usize) {
        let requests = requests.max(1) as f64;
        self.rss_mb = then.resident.map(|bytes| rounded(bytes as f64 / 1e6));
        let processor = then.processor.zip(before.processor);
        self.cpu_us_per_op = processor.map(|(then, before)| rounded((then - before) as f64 / requests));
    }

    /// Says it: one line of JSON, or one row.
    pub fn say(&self, as_json: bool) {
        let known = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), shown);
        let cells = [
            [self.step.as_ref().or(Some(&self.workload)), self.user.as_ref()]
                .into_iter()
                .flatten()
                .map(String::as_str)
                .collect::<Vec<_>>()
                .join(" "),
            self.store.to_owned(),
            self.size.to_string(),
            self.clients.to_string(),
            shown(self.per_second),
            shown(self.p50_ms),
            shown(self.p99_ms),
            shown(self.p999_ms),
            known(self.rss_mb),
            known(self.cpu_us_per_op),
            known(self.fsyncs_per_op),
            known(self.limit_per_second),
            known(self.ratio_to_limit),
        ];
        say_line(self, &cells, as_json);
    }
}

impl Limit {
    /// Puts in what the transactions have measured.
    pub fn take(&mut self, driven: &Driven) {
        self.limit = true;
        self.per_second = rounded(driven.per_second());
        [self.p50_ms, self.p99_ms, self.p999_ms] = quantiles(driven);
    }

    /// Says it: one line of JSON, or one row, whose clients are connections.
    pub fn say(&self, as_json: bool) {
        let cells = [
            format!("limit ×{}", self.commands_per_transaction),
            self.store.to_owned(),
            self.size.to_string(),
            self.connections.to_string(),
            shown(self.per_second),
            shown(self.p50_ms),
            shown(self.p99_ms),
            shown(self.p999_ms),
            "-".to_owned(),
            "-".to_owned(),
            shown(self.fsyncs_per_op),
            "-".to_owned(),
            "-".to_owned(),
        ];
        say_line(self, &cells, as_json);
    }
}

fn say_line(line: &impl Serialize, cells: &[String], as_json: bool) {
    if as_json {
        say(serde_json::to_string(line).unwrap_or_default());
    } else {
        say(row(cells.iter().map(String::as_str)));
    }
}

/// What half, 99 % and 99.9 % of the requests took at most, in milliseconds.
fn quantiles(driven: &Driven) -> [f64; 3] {
    [0.5, 0.99, 0.999].map(|part| rounded(driven.quantile(part).map_or(0.0, |took| f64::from(took) / 1_000.0)))
}

/// Says the heads of the table.
pub fn say_heads() {
    say(row(HEADS.iter().map(|(head, _)| *head)));
}

fn row<'a>(cells: impl Iterator<Item = &'a str>) -> String {
    let cells = cells.zip(HEADS).enumerate().map(|(at, (cell, (_, width)))| match at {
        0 | 1 => format!("{cell:<width$}"),
        _ => format!("{cell:>width$}"),
    });
    cells.collect::<Vec<_>>().join("  ")
}

fn shown(value: f64) -> String {
    match value {
        100.0.. => format!("{value:.0}"),
        0.1.. => format!("{value:.2}"),
        0.0 => "0".to_owned(),
        _ => format!("{value:.4}"),
    }
}

/// With three places: what is behind them is noise.
pub fn rounded(value: f64) -> f64 {
    (value * 1_000.0).round() / 1_000.0
}
