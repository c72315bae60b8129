//! What may not change stops a merge: ledgers, and records that their type closed.

use crate::model::json::JsonMap;
use crate::model::merge::changed;
use crate::model::record::Record;
use crate::model::record_type::RecordType;
use crate::model::refusal::Refusal;
use crate::plugins::desk::Desk;
use crate::plugins::records::closed;

/// How a record stands to a change.
pub enum Standing {
    /// It may change as it likes.
    Open,
    /// It is closed, but for what is about to change.
    Excepted,
    /// It is closed to the change of this field.
    Closed(Option<String>),
}

/// Whether a record may get these fields.
pub fn standing(desk: &Desk, declared: &RecordType, present: &Record, after: &JsonMap) -> Result<Standing, Refusal> {
    if declared.append_only {
        return Ok(Standing::Closed(changed(&present.fields, after).into_keys().next()));
    }
    if !closed::is_closed(declared, desk.scripts, present)? {
        return Ok(Standing::Open);
    }
    Ok(match closed::refuse_changes(declared, present, after) {
        Ok(()) => Standing::Excepted,
        Err(refusal) => {
            let first = refusal.errors.first();
            Standing::Closed(first.map(|error| error.pointer.trim_start_matches("/fields/").to_owned()))
        }
    })
}
