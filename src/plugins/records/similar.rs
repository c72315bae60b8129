//! Records that are alike: those that share rare pieces with a value. What is common, such as 科技 in the names of companies,
//! is neither read nor counted, so the cost is bounded whatever the data are.

use super::entries;
use crate::model::ids::RecordId;
use crate::model::json::Json;
use crate::model::record_type::RecordType;
use crate::plugins::desk::Desk;
use crate::store::StoreError;
use crate::store::records;
use std::collections::BTreeMap;

/// A piece that more records have says nothing of any of them.
const COMMON: i64 = 500;
/// Entries that one look reads at most, those of the rarest pieces.
const READ: i64 = 3_000;
/// A record is alike that shares at least one part in so many of what could be shared, by weight …
const OF_ALL: i64 = 3;
/// … and at least so many of four parts of what the most alike one shares.
const QUARTERS_OF_BEST: i64 = 3;

/// What is alike.
#[derive(Debug, Default)]
pub struct Alike {
    /// The records and how much each shares, the most alike first.
    pub records: Vec<(RecordId, i64)>,
    /// Whether there may be more: more than `most` are alike, or what is shared was too common to be read.
    pub cut: bool,
}

/// The records that are alike in a field, at most `most`.
pub fn alike(
    desk: &mut Desk,
    record_type: &RecordType,
    field: &str,
    value: &Json,
    most: usize,
) -> Result<Alike, StoreError> {
    let pieces = entries::pieces(value);
    let pieces: Vec<&str> = pieces.iter().map(String::as_str).collect();
    if pieces.is_empty() {
        return Ok(Alike::default());
    }
    let name = entries::piece_name(field);
    let counts = records::piece_counts(desk.conn, desk.business, &record_type.name, &name, &pieces, COMMON)?;
    let Chosen { weights, cut } = rarest(counts);
    let pieces: Vec<&str> = weights.keys().map(String::as_str).collect();
    let holders = match pieces.is_empty() {
        true => Vec::new(),
        false => records::piece_holders(desk.conn, desk.business, &record_type.name, &name, &pieces)?,
    };
    let mut shared: BTreeMap<RecordId, i64> = BTreeMap::new();
    for (record, piece) in holders {
        *shared.entry(record).or_default() += weights.get(&piece).copied().unwrap_or(0);
    }
    let (all, best) = (weights.values().sum::<i64>(), shared.values().max().copied().unwrap_or(0));
    let mut records: Vec<(RecordId, i64)> = shared
        .into_iter()
        .filter(|(_, weight)| weight * OF_ALL >= all && weight * 4 >= best * QUARTERS_OF_BEST)
        .collect();
    records.sort_by(|(a, more), (b, less)| less.cmp(more).then_with(|| a.cmp(b)));
    let cut = cut || records.len() > most;
    records.truncate(most);
    Ok(Alike { records, cut })
}

/// The pieces that are read, with their weights, and whether others could decide.
struct Chosen {
    weights: BTreeMap<String, i64>,
    cut: bool,
}

/// The rarest pieces, as many as may be read. A record that has none of them is not alike, unless what is left out
/// weighs enough by itself.
fn rarest(mut counts: Vec<(String, i64)>) -> Chosen {
    counts.retain(|(_, count)| *count > 0);
    counts.sort_by(|(a, more), (b, less)| more.cmp(less).then_with(|| a.cmp(b)));
    let some = !counts.is_empty();
    let (mut weights, mut read, mut left_out) = (BTreeMap::new(), 0, 0);
    for (piece, count) in counts.into_iter().filter(|(_, count)| *count <= COMMON) {
        if read + count > READ {
            left_out += weight(count);
            continue;
        }
        read += count;
        weights.insert(piece, weight(count));
    }
    let all = weights.values().sum::<i64>() + left_out;
    Chosen { cut: some && left_out * OF_ALL >= all, weights }
}

/// How much a shared piece says: one more for every time that it is half as common.
fn weight(count: i64) -> i64 {
    i64::from((COMMON / count.max(1)).max(1).ilog2()) + 1
}
