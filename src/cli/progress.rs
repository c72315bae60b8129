//! A line on a terminal that says how far long work has come. What is no terminal is told nothing.

use crate::model::import::Counts;
use std::fmt;
use std::io::{IsTerminal, Write, stderr};
use std::time::Instant;

/// The line.
pub struct Bar {
    begun: Instant,
    size: Option<u64>,
    is_shown: bool,
}

impl Bar {
    /// For a file of so many bytes, or so many records; none: the size is not known.
    pub fn new(size: Option<u64>) -> Bar {
        Bar { begun: Instant::now(), size: size.filter(|size| *size > 0), is_shown: stderr().is_terminal() }
    }

    /// Shows where an import stands.
    pub fn show(&self, line: i64, counts: Counts, bytes: u64) {
        let rate = self.a_second(counts.rows());
        self.line(bytes, format_args!("line {line}  {rate} rows/s  refused {}", counts.refused));
    }

    /// Shows where a look at records stands.
    pub fn show_looked(&self, looked: i64, suspected: i64) {
        let rate = self.a_second(looked);
        let line = format_args!("looked at {looked}  {rate} records/s  suspected {suspected}");
        self.line(looked.unsigned_abs(), line);
    }

    fn a_second(&self, done: i64) -> u128 {
        u128::from(done.unsigned_abs()) * 1_000 / self.begun.elapsed().as_millis().max(1)
    }

    fn line(&self, done: u64, line: fmt::Arguments) {
        if !self.is_shown {
            return;
        }
        let part = self.size.map(|size| format!("{:>3} %  ", done.min(size) * 100 / size)).unwrap_or_default();
        // A terminal that went away is no reason to stop.
        let _ = write!(stderr(), "\r\x1b[2K{part}{line}");
    }

    /// Makes room for another line.
    pub fn clear(&self) {
        if self.is_shown {
            let _ = write!(stderr(), "\r\x1b[2K");
        }
    }
}
