//! Approvals with their votes.

use super::row;

row!(
    /// An approval; its votes stand in the document.
    ApprovalRow, approvals = "approvals", (business, id), {
        business: String,
        id: String,
        root: String,
        instance: String,
        process: String,
        node: String,
        submitter: String,
        state: String,
        document: String,
        opened_at: i64,
        ended_at: Option<i64>,
    }
);
