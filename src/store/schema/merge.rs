//! The journal of merges.

use super::row;

row!(
    /// A merge.
    MergeRow, record_merges = "record_merges", (business, id), {
        business: String,
        id: String,
        record_type: String,
        winner: String,
        loser: String,
        merged_at: i64,
        merged_by: String,
        reason: String,
        instance: Option<String>,
        choices: String,
        repointed: i64,
        undone_at: Option<i64>,
        undone_by: Option<String>,
        undone_reason: Option<String>,
    }
);

row!(
    /// A record that a merge wrote.
    MergeRecordRow, record_merge_rows = "record_merge_rows", (business, merge, record_type, record), {
        business: String,
        merge: String,
        record_type: String,
        record: String,
        part: String,
        version: i64,
        before: Option<String>,
        changes: String,
    }
);
