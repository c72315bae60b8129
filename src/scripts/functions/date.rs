//! Dates: ISO 8601 text in, ISO 8601 text out. Nothing here knows what day it is.

use super::{Given, HostFunction, put};
use jiff::civil::Date;
use jiff::{Span, Timestamp};

pub(super) const TABLE: &[HostFunction] = &[
    HostFunction {
        name: "days_between",
        signature: "days_between(a, b) -> whole number",
        text: "Days from date a to date b; negative when b is earlier.",
        add: |module| put(module, "days_between", days_between),
    },
    HostFunction {
        name: "date_add_days",
        signature: "date_add_days(date, days) -> date",
        text: "The date so many days later; negative days go back.",
        add: |module| put(module, "date_add_days", date_add_days),
    },
    HostFunction {
        name: "date_of",
        signature: "date_of(instant, zone) -> date",
        text: "The calendar date of an RFC 3339 instant in an IANA time zone, `date_of(now, \"Asia/Shanghai\")`.",
        add: |module| put(module, "date_of", date_of),
    },
];

fn days_between(a: &str, b: &str) -> Given<i64> {
    let (a, b) = (date(a)?, date(b)?);
    let span = a.until(b).map_err(|error| format!("the days between {a} and {b} cannot be counted: {error}"))?;
    Ok(i64::from(span.get_days()))
}

fn date_add_days(text: &str, days: i64) -> Given<String> {
    let start = date(text)?;
    let span = Span::new().try_days(days).and_then(|span| start.checked_add(span));
    Ok(span.map_err(|_| format!("{text} and {days} days is outside the calendar"))?.to_string())
}

fn date_of(instant: &str, zone: &str) -> Given<String> {
    let at: Timestamp =
        instant.parse().map_err(|_| format!("\"{instant}\" is not an instant such as 2026-01-31T08:00:00Z"))?;
    let there = at.in_tz(zone).map_err(|_| format!("\"{zone}\" is not an IANA time zone such as Asia/Shanghai"))?;
    Ok(there.date().to_string())
}

fn date(text: &str) -> Result<Date, String> {
    let exact = text.len() == 10;
    text.parse().ok().filter(|_| exact).ok_or_else(|| format!("\"{text}\" is not a date such as 2026-01-31"))
}
