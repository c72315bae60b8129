//! What a process uses of the machine, as Linux tells it. Elsewhere nothing is known.

use std::fs;

/// Ticks in which Linux counts processor time for programs, a second.
const TICKS: u64 = 100;

/// What a process has used.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Usage {
    /// Resident memory, in bytes.
    pub resident: Option<u64>,
    /// Processor time, its own and the kernel's for it, in microseconds.
    pub processor: Option<u64>,
}

impl Usage {
    /// Of the process with this id.
    pub fn of(id: u32) -> Usage {
        let status = fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
        let stat = fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
        Usage { resident: resident(&status), processor: processor(&stat) }
    }
}

/// `VmRSS:     52348 kB`.
fn resident(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.split_whitespace().next()?.parse::<u64>().ok().map(|kib| kib * 1024)
}

/// The fields `utime` and `stime`; the name of the program, in parentheses, may hold anything.
fn processor(stat: &str) -> Option<u64> {
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = fields.get(11)?.parse::<u64>().ok()? + fields.get(12)?.parse::<u64>().ok()?;
    Some(ticks * 1_000_000 / TICKS)
}
