//! What a revision does to the records that are there: found before it is stored, and how far it has come.

use super::deployment::severity;
use crate::model::impact::{Impact, Progress, Trouble};
use crate::model::time::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// One thing that a changed record type would break, or would do, to records.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Impact, example = json!({
    "type": "customer", "field": "uscc", "code": "required", "severity": "error", "rows": 2,
    "sentence": "it is required now and has no default: give it one, or fill it in these records first",
    "sample": ["0199c1f0-7c1e-7d7a-9d5e-0d6f1f6f2a11", "0199c1f0-7c1e-7d7a-9d5e-0d6f1f6f2a12"], "groups": []
}))]
pub(in crate::api) struct ImpactView {
    /// The record type.
    r#type: String,
    /// The field; none for a rule over several.
    field: Option<String>,
    /// A stable word: `required`, `does_not_fit`, `not_there`, `check_failed`, `sum`, `not_unique`, `acyclic`, `derive_failed`,
    /// `type_removed`, `name_still_used`; as a warning `field_removed`, `column_changed`, `was_unknown`.
    code: String,
    /// An `error` refuses the revision, a `warning` does not.
    severity: &'static str,
    /// What it is and how to mend it.
    sentence: String,
    /// How many records it concerns.
    rows: i64,
    /// The first of them, at most 20.
    sample: Vec<String>,
    /// For records that break a rule together: those of each group, at most 20 groups of as many.
    groups: Vec<Vec<String>>,
}

/// Shows an impact.
pub(in crate::api) fn impact(impact: Impact) -> ImpactView {
    ImpactView {
        r#type: impact.record_type,
        field: impact.field,
        code: impact.code,
        severity: severity(impact.severity),
        sentence: impact.sentence,
        rows: impact.rows,
        sample: impact.sample.into_iter().map(|id| id.0).collect(),
        groups: impact.groups.into_iter().map(|group| group.into_iter().map(|id| id.0).collect()).collect(),
    }
}

/// How far the records of a business are brought to the rules of a revision.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = DeploymentProgress)]
pub(in crate::api) struct ProgressView {
    /// The revision.
    number: i64,
    /// Whether every record has been looked at.
    finished: bool,
    /// The record types whose rules the revision changed; none once another revision changed them.
    types: Vec<TypeProgressView>,
}

/// How far the records of one type are.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = TypeProgress)]
struct TypeProgressView {
    /// The record type.
    r#type: String,
    /// Records that were to be brought there.
    total: i64,
    /// Those that are.
    done: i64,
    /// Those that could not be, wholly.
    failed: i64,
    /// When it began.
    started_at: String,
    /// When every record had been looked at.
    finished_at: Option<String>,
    /// What could not be done and was not mended since, at most 100.
    troubles: Vec<TroubleView>,
}

/// Why a record could not be brought to the rules of a revision wholly.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Trouble)]
struct TroubleView {
    /// The record.
    record: String,
    /// A stable word: `not_unique`, `derive_failed`.
    code: String,
    /// The field, or the fields of the rule; empty when it is none of them.
    field: String,
    /// What is wrong and how to mend it.
    sentence: String,
    /// When it was found.
    at: String,
}

/// Shows how far a revision is.
pub(in crate::api) fn progress(number: i64, types: Vec<Progress>) -> ProgressView {
    ProgressView {
        number,
        finished: types.iter().all(|one| one.finished_at.is_some()),
        types: types.into_iter().map(of_type).collect(),
    }
}

fn of_type(progress: Progress) -> TypeProgressView {
    TypeProgressView {
        r#type: progress.record_type,
        total: progress.total,
        done: progress.done,
        failed: progress.failed,
        started_at: progress.started_at.rfc3339(),
        finished_at: progress.finished_at.map(Timestamp::rfc3339),
        troubles: progress.troubles.into_iter().map(trouble).collect(),
    }
}

fn trouble(trouble: Trouble) -> TroubleView {
    TroubleView {
        record: trouble.record.0,
        code: trouble.code,
        field: trouble.field,
        sentence: trouble.sentence,
        at: trouble.at.rfc3339(),
    }
}
