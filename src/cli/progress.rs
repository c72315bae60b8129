//! A line on a terminal that says how far an import has come. What is no terminal is told nothing.

use crate::model::import::Counts;
use std::io::{IsTerminal, Write, stderr};
use std::time::Instant;

/// The line.
pub struct Bar {
    begun: Instant,
    size: Option<u64>,
    is_shown: bool,
}

impl Bar {
    /// For a file of this size; none: the size is not known.
    pub fn new(size: Option<u64>) -> Bar {
        Bar { begun: Instant::now(), size: size.filter(|size| *size > 0), is_shown: stderr().is_terminal() }
    }

    /// Shows where it stands.
    pub fn show(&self, line: i64, counts: Counts, bytes: u64) {
        if !self.is_shown {
            return;
        }
        let done = self.size.map(|size| format!("{:>3} %  ", bytes.min(size) * 100 / size)).unwrap_or_default();
        let milliseconds = self.begun.elapsed().as_millis().max(1);
        let rate = u128::try_from(counts.rows()).unwrap_or(0) * 1_000 / milliseconds;
        // A terminal that went away is no reason to stop.
        let _ = write!(stderr(), "\r\x1b[2K{done}line {line}  {rate} rows/s  refused {}", counts.refused);
    }

    /// Makes room for another line.
    pub fn clear(&self) {
        if self.is_shown {
            let _ = write!(stderr(), "\r\x1b[2K");
        }
    }
}
