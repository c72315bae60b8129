//! Access beyond the rules.

use super::row;

row!(
    /// A request for access beyond the rules.
    BreakGlassRow, break_glass = "break_glass", (business, id), {
        business: String,
        id: String,
        user_id: String,
        kind: String,
        about: String,
        target: String,
        right_to: String,
        reason: String,
        state: String,
        asked_at: i64,
        decided_at: Option<i64>,
        decided_by: Option<String>,
        ends_at: i64,
    }
);
