//! Values that rows of a dry run would hold alone: its batches are taken back, so the database does not know them when a
//! later row comes with the same. Kept as short hashes with the line they came from.

use crate::model::refusal::Refusal;
use sha2::{Digest, Sha256};
use std::collections::HashMap;

/// Values kept at most; a table of this size takes about 75 MB.
const MOST: usize = 3_600_000;

/// What earlier rows would hold, and their lines.
#[derive(Debug, Default)]
pub struct Seen(HashMap<[u8; 12], u32>);

impl Seen {
    /// The line of a row that would hold this value.
    pub fn line(&self, value: &str) -> Option<i64> {
        self.0.get(&hash(value)).map(|line| i64::from(*line))
    }

    /// Keeps a value of this line; the first line stays.
    pub fn keep(&mut self, value: &str, line: i64) -> Result<(), Refusal> {
        if self.0.len() >= MOST {
            let sentence = format!("a dry run remembers at most {MOST} unique values; split the file");
            return Err(Refusal::invalid("too_many_values", sentence));
        }
        self.0.entry(hash(value)).or_insert(u32::try_from(line).unwrap_or(u32::MAX));
        Ok(())
    }
}

/// 96 bits: two of some million values fall together once in 10 000 000 000 000 000 dry runs.
fn hash(value: &str) -> [u8; 12] {
    let digest = Sha256::digest(value.as_bytes());
    std::array::from_fn(|at| digest[at])
}
