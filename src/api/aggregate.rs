//! Summing up business records: groups, measures, a filter.

use super::answer::{ApiResult, shown};
use super::problem::Problem;
use super::requires::By;
use super::search::{order, read_filter};
use super::sent::Body;
use super::state::App;
use super::view::summary::summaries;
use crate::model::aggregate::{Aggregate, AsOf, GROUPS_MOST, Grouping, Measure};
use crate::model::json::JsonMap;
use actix_web::http::StatusCode;
use actix_web::web::Path;
use serde::Deserialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A summary that is asked for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[schema(as = Aggregate, example = json!({
    "group": ["stage", {"field": "expected_close", "by": "month"}],
    "measures": {"n": "count", "total": {"sum": "amount"}, "mean": {"average": "amount"}},
    "filter": {"status": "open"}, "sort": ["-total"], "limit": 100, "asOf": "2026-03-31"
}))]
pub(super) struct AggregateRecords {
    /// Fields, or `{"field": …, "by": …}` for the `day`, `month`, `quarter` or `year` of a date; of an instant, by UTC.
    /// Without any, all records are one group.
    #[serde(default)]
    #[schema(value_type = Vec<Value>, max_items = 5)]
    group: Vec<Grouping>,
    /// Names to measures: `"count"`, or `{"sum": FIELD}`, `{"average": FIELD}`, `{"min": FIELD}`, `{"max": FIELD}`. When
    /// amounts of money are measured, every row is of one currency.
    #[schema(value_type = Object)]
    measures: BTreeMap<String, Measure>,
    /// Which records: the filter of a search.
    #[serde(default)]
    #[schema(value_type = Object)]
    filter: JsonMap,
    /// Groups or measures to order by; `-` before one for descending. By the groups when not said.
    #[serde(default)]
    sort: Vec<String>,
    /// Rows at most, 1 to 1000; 1000 when not said.
    #[schema(value_type = Option<i64>, minimum = 1, maximum = 1000)]
    limit: Option<usize>,
    /// The columns as they were at this instant, or at the end of this day in the time zone of the business. Who sees
    /// which record is decided as of now.
    as_of: Option<String>,
}

pub(super) async fn aggregate(by: By, record_type: Path<String>, body: Body<AggregateRecords>, app: App) -> ApiResult {
    let asked = read(body.0)?;
    shown(summaries(app.runtime.record_summaries(&by.0, &record_type, asked).await?))
}

fn read(body: AggregateRecords) -> Result<Aggregate, Problem> {
    let sort = body.sort.iter().enumerate().map(|(position, sort)| order(sort, &format!("/sort/{position}")));
    let limit = body.limit.unwrap_or(GROUPS_MOST);
    if !(1..=GROUPS_MOST).contains(&limit) {
        let sentence = format!("a summary has 1 to {GROUPS_MOST} rows");
        return Err(Problem::malformed("invalid_limit", sentence).at("/limit"));
    }
    let as_of = body.as_of.map(|text| {
        let wrong = |sentence| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "wrong_as_of", sentence).at("/asOf");
        text.parse::<AsOf>().map_err(wrong)
    });
    Ok(Aggregate {
        sort: sort.collect::<Result<_, _>>()?,
        as_of: as_of.transpose()?,
        filter: read_filter(body.filter)?,
        group: body.group,
        measures: body.measures.into_iter().collect(),
        limit,
    })
}
