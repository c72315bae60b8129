//! Approvals with their votes, and the records that they are about.

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

row!(
    /// A record that an approval is about; that it was touched is written apart.
    BindingRow, approval_bindings = "approval_bindings", (business, record_type, record, approval), {
        business: String,
        record_type: String,
        record: String,
        approval: String,
        root: String,
        instance: String,
        until: String,
        fields: String,
        held: i64,
        reapprove: i64,
        activation: String,
    }
);
