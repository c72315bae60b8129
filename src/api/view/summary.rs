//! Rows of a summary over records.

use crate::model::aggregate::Summary;
use crate::model::json::{Json, JsonMap};
use serde::Serialize;
use utoipa::ToSchema;

/// What records come to, one row a group.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Summaries, example = json!({"rows": [
    {"group": {"stage": "s01"}, "currency": "CNY", "measures": {"n": 2, "total": {"amount": "300.00", "currency": "CNY"}}}
]}))]
pub(in crate::api) struct SummariesView {
    /// The rows.
    rows: Vec<SummaryView>,
}

/// One group.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Summary)]
pub(in crate::api) struct SummaryView {
    /// What its records share, by field; null for those without a value.
    #[schema(value_type = Object)]
    group: JsonMap,
    /// The currency of its amounts, when amounts are measured; null for the records without an amount.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    currency: Option<Json>,
    /// What was measured, by name; null where no record has a value.
    #[schema(value_type = Object)]
    measures: JsonMap,
}

/// Shows a summary.
pub(in crate::api) fn summaries(rows: Vec<Summary>) -> SummariesView {
    let row = |Summary { group, currency, measures }| SummaryView { group, currency, measures };
    SummariesView { rows: rows.into_iter().map(row).collect() }
}
