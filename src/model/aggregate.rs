//! Summing up records: what is grouped and measured, and what comes of it.

use super::filter::Filter;
use super::json::{Json, JsonMap};
use super::time::Timestamp;
use serde::Deserialize;
use std::str::FromStr;

/// Groups of one summary at most.
pub const GROUPS_MOST: usize = 1_000;

/// What is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Aggregate {
    /// By which values records are taken together; none: all of them.
    pub group: Vec<Grouping>,
    /// What is measured of each group, by the name that it gets.
    pub measures: Vec<(String, Measure)>,
    /// Of records for which all of these hold.
    pub filter: Vec<Filter>,
    /// By which groups or measures the rows are ordered, and whether descending; ties by the groups.
    pub sort: Vec<(String, bool)>,
    /// Rows at most, 1 to [`GROUPS_MOST`].
    pub limit: usize,
    /// The instant whose values count; none: the present ones.
    pub as_of: Option<AsOf>,
}

/// A point in the past.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AsOf {
    /// This instant.
    Instant(Timestamp),
    /// The end of this day.
    Day(jiff::civil::Date),
}

/// A value that records are grouped by: `"stage"` or `{"field": "expected_close", "by": "month"}`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Json")]
pub struct Grouping {
    /// The field.
    pub field: String,
    /// The part of the calendar that counts; none: the value as it is.
    pub by: Option<Calendar>,
}

/// A part of the calendar; of an instant, by UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Calendar {
    /// `2026-03-31`
    Day,
    /// `2026-03`
    Month,
    /// `2026-Q1`
    Quarter,
    /// `2026`
    Year,
}

/// What is measured: `"count"` or `{"sum": "amount"}`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Json")]
pub enum Measure {
    /// How many records.
    Count,
    /// The sum of a number or an amount.
    Sum(String),
    /// The sum by the number of values, rounded half to even: money to its minor units, else to six digits.
    Average(String),
    /// The least value.
    Min(String),
    /// The greatest value.
    Max(String),
}

/// One group.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// What its records share, by field; null for those without a value.
    pub group: JsonMap,
    /// The currency of its amounts, when amounts are measured; null for records without one.
    pub currency: Option<Json>,
    /// What was measured, by name; null where no record has a value.
    pub measures: JsonMap,
}

impl AsOf {
    /// The instant, with the days of this time zone (an IANA name).
    pub fn instant(self, zone: &str) -> Timestamp {
        match self {
            AsOf::Instant(at) => at,
            AsOf::Day(day) => {
                let zone = jiff::tz::TimeZone::get(zone).unwrap_or(jiff::tz::TimeZone::UTC);
                let next = day.tomorrow().and_then(|next| next.to_zoned(zone));
                next.map_or(Timestamp(i64::MAX - 1), |next| Timestamp(next.timestamp().as_millisecond() - 1))
            }
        }
    }
}

impl FromStr for AsOf {
    type Err = String;

    fn from_str(text: &str) -> Result<AsOf, String> {
        let instant = || Timestamp::parse(text).map(AsOf::Instant);
        let day = || text.parse().ok().filter(|_| text.len() == 10).map(AsOf::Day);
        day().or_else(instant).ok_or_else(|| {
            format!("\"{text}\" is no day such as 2026-03-31 and no instant such as 2026-03-31T16:00:00Z")
        })
    }
}

impl Measure {
    /// The field that is measured.
    pub fn field(&self) -> Option<&str> {
        match self {
            Measure::Count => None,
            Measure::Sum(field) | Measure::Average(field) | Measure::Min(field) | Measure::Max(field) => Some(field),
        }
    }

    /// The same of the field that this one is called.
    pub fn renamed(self, name: impl Fn(&str) -> String) -> Measure {
        match self {
            Measure::Count => Measure::Count,
            Measure::Sum(field) => Measure::Sum(name(&field)),
            Measure::Average(field) => Measure::Average(name(&field)),
            Measure::Min(field) => Measure::Min(name(&field)),
            Measure::Max(field) => Measure::Max(name(&field)),
        }
    }
}

impl TryFrom<Json> for Measure {
    type Error = String;

    fn try_from(value: Json) -> Result<Measure, String> {
        let wrong = || "a measure is \"count\", or {\"sum\": \"FIELD\"} with sum, average, min or max".to_owned();
        if value.as_str() == Some("count") {
            return Ok(Measure::Count);
        }
        let mut entries = value.as_object().into_iter().flatten();
        let (Some((what, Json::String(field))), None) = (entries.next(), entries.next()) else { return Err(wrong()) };
        let field = field.clone();
        Ok(match what.as_str() {
            "sum" => Measure::Sum(field),
            "average" => Measure::Average(field),
            "min" => Measure::Min(field),
            "max" => Measure::Max(field),
            _ => return Err(wrong()),
        })
    }
}

impl TryFrom<Json> for Grouping {
    type Error = String;

    fn try_from(value: Json) -> Result<Grouping, String> {
        let wrong =
            || "a group is a field, or {\"field\": \"FIELD\", \"by\": \"month\"} with day, month, quarter or year";
        if let Json::String(field) = value {
            return Ok(Grouping { field, by: None });
        }
        let object = value.as_object().filter(|object| object.len() == 2).ok_or_else(wrong)?;
        let field = object.get("field").and_then(Json::as_str).ok_or_else(wrong)?;
        let by = object.get("by").cloned().ok_or_else(wrong)?;
        let by = serde_json::from_value(by).map_err(|_| wrong())?;
        Ok(Grouping { field: field.to_owned(), by: Some(by) })
    }
}
