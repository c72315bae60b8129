//! A tally of what does not fit: how many records, and the first of them.

use crate::model::ids::RecordId;
use crate::model::impact::{Impact, SHOWN};
use crate::plugins::records::Misfit;
use std::collections::BTreeMap;

/// Misfits of one type, by field and code; conditions each by itself.
#[derive(Debug, Default)]
pub struct Tally(BTreeMap<(Option<String>, &'static str, String), Entry>);

#[derive(Debug)]
struct Entry {
    sentence: String,
    rows: i64,
    sample: Vec<RecordId>,
}

impl Tally {
    /// Counts a misfit of a record.
    pub fn add(&mut self, record: &RecordId, misfit: Misfit) {
        let Misfit { field, code, sentence } = misfit;
        // What is said of a value differs from record to record: the first stands for all.
        let apart = if code == "check_failed" { sentence.clone() } else { String::new() };
        let entry = self.0.entry((field, code, apart));
        let entry = entry.or_insert_with(|| Entry { sentence, rows: 0, sample: Vec::new() });
        entry.rows += 1;
        if entry.sample.len() < SHOWN {
            entry.sample.push(record.clone());
        }
    }

    /// What it comes to.
    pub fn impacts(self, record_type: &str) -> Vec<Impact> {
        let impact = |((field, code, _), entry): ((Option<String>, &'static str, String), Entry)| {
            Impact::new(record_type, field.as_deref(), code, entry.sentence).of(entry.rows, entry.sample)
        };
        self.0.into_iter().map(impact).collect()
    }
}
