//! Optimistic locking of what people of the organisation change: the version that the caller saw is the present one.

use crate::model::refusal::{Refusal, RefusalKind};
use serde::Serialize;

/// Refuses a change of what somebody else changed since the caller saw it. What is not there is at version 0.
pub(super) fn unchanged(
    seen: Option<i64>,
    what: &str,
    id: &str,
    version: i64,
    present: Option<&impl Serialize>,
) -> Result<(), Refusal> {
    if seen.is_none_or(|seen| seen == version) {
        return Ok(());
    }
    let sentence = format!("{what} {id} is at version {version}");
    let shown = present.and_then(|present| serde_json::to_value(present).ok());
    let refusal = Refusal::new(RefusalKind::Stale, &format!("stale_{what}"), sentence);
    Err(Refusal { present: shown, ..refusal })
}
