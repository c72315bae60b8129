//! Time: instants in UTC milliseconds, and ISO 8601 durations as people write them in YAML.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// An instant: milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, Default)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// RFC 3339 text in UTC, as the API shows it: `2026-01-31T08:00:00Z`.
    pub fn rfc3339(self) -> String {
        jiff::Timestamp::from_millisecond(self.0).map(|t| t.to_string()).unwrap_or_else(|_| self.0.to_string())
    }

    /// So many days of 24 hours later.
    pub fn plus_days(self, days: i64) -> Timestamp {
        Timestamp(self.0.saturating_add(days.saturating_mul(86_400_000)))
    }

    /// Reads RFC 3339 text.
    pub fn parse(text: &str) -> Option<Timestamp> {
        text.parse::<jiff::Timestamp>().ok().map(|t| Timestamp(t.as_millisecond()))
    }

    /// Reads RFC 3339 text, or a date such as `2026-07-01`: the first instant of that day in an IANA time zone.
    pub fn parse_in(text: &str, time_zone: &str) -> Option<Timestamp> {
        let day = || {
            let zone = jiff::tz::TimeZone::get(time_zone).ok()?;
            let start = text.parse::<jiff::civil::Date>().ok()?.to_zoned(zone).ok()?;
            Some(Timestamp(start.timestamp().as_millisecond()))
        };
        Timestamp::parse(text).or_else(day)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.rfc3339())
    }
}

/// An ISO 8601 duration such as `P1D`, `PT2H30M` or `P3M`; parsed once, kept as it was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Duration {
    text: String,
    span: SpanFields,
}

/// The calendar fields of a duration; compared by field, so `P1D` and `PT24H` differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct SpanFields(jiff::SpanFieldwise);

impl Duration {
    /// The instant this long after `from`, by the calendar of UTC: `P1M` after January 31st is February 28th or 29th.
    pub fn after(&self, from: Timestamp) -> Timestamp {
        jiff::Timestamp::from_millisecond(from.0)
            .ok()
            .and_then(|start| start.to_zoned(jiff::tz::TimeZone::UTC).checked_add(self.span.0.0).ok())
            .map(|end| Timestamp(end.timestamp().as_millisecond()))
            .unwrap_or(Timestamp(i64::MAX))
    }

    /// The instant this long before `until`, by the calendar of UTC.
    pub fn before(&self, until: Timestamp) -> Timestamp {
        jiff::Timestamp::from_millisecond(until.0)
            .ok()
            .and_then(|end| end.to_zoned(jiff::tz::TimeZone::UTC).checked_sub(self.span.0.0).ok())
            .map(|start| Timestamp(start.timestamp().as_millisecond()))
            .unwrap_or(Timestamp(i64::MIN))
    }

    /// Whether it is no time at all.
    pub fn is_zero(&self) -> bool {
        self.span.0.0.is_zero()
    }
}

impl Duration {
    /// How many milliseconds it is long when it begins at this instant.
    pub fn milliseconds(&self, from: Timestamp) -> i64 {
        self.after(from).0.saturating_sub(from.0)
    }
}

impl FromStr for Duration {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let span =
            text.parse::<jiff::Span>().ok().filter(|span| !span.is_negative() && text.starts_with('P')).ok_or_else(
                || format!("\"{text}\" is not an ISO 8601 duration; write P1D for a day, PT2H for two hours"),
            )?;
        Ok(Duration { text: text.to_owned(), span: SpanFields(span.fieldwise()) })
    }
}

impl TryFrom<String> for Duration {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Duration> for String {
    fn from(duration: Duration) -> String {
        duration.text
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
