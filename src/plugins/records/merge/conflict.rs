//! Records that stand in the way of a merge or of its undo, each with the field and who changed it.

use crate::model::ids::{RecordId, UserId};
use crate::model::json::Json;
use crate::model::record::Record;
use crate::model::refusal::Refusal;
use crate::model::time::Timestamp;
use crate::plugins::desk::Stop;
use serde_json::json;

/// Records named at most; the sentence has the number of all.
const NAMED: usize = 100;

/// One that stands in the way.
#[derive(Debug, Clone, PartialEq)]
pub struct Conflict {
    /// Its type.
    pub record_type: String,
    /// Its id.
    pub record: RecordId,
    /// The field that it is about; none for the record as a whole.
    pub field: Option<String>,
    /// Who changed it last.
    pub by: Option<UserId>,
    /// When.
    pub at: Option<Timestamp>,
}

impl Conflict {
    /// A conflict about a field of a record as it is now.
    pub fn of(record: &Record, field: Option<String>) -> Conflict {
        Conflict {
            record_type: record.record_type.clone(),
            record: record.id.clone(),
            field,
            by: Some(record.updated_by.clone()),
            at: Some(record.updated_at),
        }
    }
}

/// A refusal that names them: `present` is `{conflicts: [{type, id, field, by, at}]}`.
pub fn refusal(code: &str, sentence: String, conflicts: &[Conflict]) -> Refusal {
    let named = conflicts.iter().take(NAMED).map(|conflict| {
        json!({
            "type": conflict.record_type,
            "id": conflict.record,
            "field": conflict.field,
            "by": conflict.by,
            "at": conflict.at.map(Timestamp::rfc3339),
        })
    });
    Refusal::conflict(code, sentence).with_present(json!({ "conflicts": named.collect::<Vec<_>>() }))
}

/// The same for a node of a process, whose failure is one sentence: with the records in it.
pub fn told(stop: Stop) -> Stop {
    let Stop::Refused(refusal) = stop else { return stop };
    let conflicts = refusal.present.as_ref().and_then(|present| present["conflicts"].as_array());
    let named: Vec<String> = conflicts.into_iter().flatten().map(name).collect();
    match named.is_empty() {
        true => refusal.into(),
        false => Refusal { detail: format!("{}: {}", refusal.detail, named.join(", ")), ..refusal }.into(),
    }
}

fn name(conflict: &Json) -> String {
    let text = |key: &str| conflict[key].as_str().unwrap_or_default().to_owned();
    format!("{} {} {}", text("type"), text("id"), text("field")).trim_end().to_owned()
}
