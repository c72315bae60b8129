//! Times by the calendar, as cron writes them: minute, hour, day of the month, month, day of the week, in a time zone.
//!
//! What an expression means is croner's: Vixie cron, with `L`, `W`, `#` and `+`. Where clocks are put forward, a time that
//! does not exist is that of the first instant after the gap; where they are put back, a time that exists twice is the
//! first of the two. With `*`, `/`, `-` or `,` in minute or hour, what does not exist is left out, and what exists twice
//! is met twice.

use super::time::Timestamp;
use croner::parser::{CronParser, Seconds, Year};
use jiff::tz::TimeZone;
use std::fmt;

/// A cron expression, read once and kept as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cron {
    text: String,
    zone: Option<String>,
    pattern: croner::Cron,
}

/// Why a cron expression cannot be used, as a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CronError {
    /// The expression itself.
    Expression(String),
    /// Its time zone.
    Zone(String),
}

/// The fields in their order, with the words that each may have besides numbers.
const FIELDS: [(&str, &[&str]); 5] = [
    ("minute, 0 to 59", &[]),
    ("hour, 0 to 23", &[]),
    ("day of the month, 1 to 31", &["L", "W"]),
    (
        "month, 1 to 12 or JAN to DEC",
        &["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"],
    ),
    ("day of the week, 0 to 7 or SUN to SAT", &["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT", "L"]),
];

/// The instant from which an expression is tried whether it ever fires.
const TRIED_FROM: Timestamp = Timestamp(946_684_800_000);

impl Cron {
    /// Reads an expression of five fields, and the IANA name of its time zone; without one it is that of the business.
    pub fn parse(text: &str, zone: Option<&str>) -> Result<Cron, CronError> {
        let pattern = pattern(text).map_err(CronError::Expression)?;
        if let Some(name) = zone {
            known(name).map_err(CronError::Zone)?;
        }
        let cron = Cron { text: text.to_owned(), zone: zone.map(str::to_owned), pattern };
        match cron.next(TRIED_FROM, "UTC") {
            Some(_) => Ok(cron),
            None => Err(CronError::Expression(format!("\"{text}\" never fires: there is no such day"))),
        }
    }

    /// The first time after this instant; `business_zone` is where the business is. None when there is none before the
    /// year 5000.
    pub fn next(&self, after: Timestamp, business_zone: &str) -> Option<Timestamp> {
        let zone = TimeZone::get(self.zone.as_deref().unwrap_or(business_zone)).unwrap_or(TimeZone::UTC);
        let from = jiff::Timestamp::from_millisecond(after.0).ok()?.to_zoned(zone);
        let next = self.pattern.find_next_occurrence(&from, false).ok()?;
        Some(Timestamp(next.timestamp().as_millisecond()))
    }
}

impl fmt::Display for Cron {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)?;
        self.zone.as_ref().map_or(Ok(()), |zone| write!(f, " {zone}"))
    }
}

fn pattern(text: &str) -> Result<croner::Cron, String> {
    let fields: Vec<&str> = text.split_whitespace().collect();
    if fields.len() != FIELDS.len() {
        let found = fields.len();
        return Err(format!(
            "\"{text}\" has {found} fields; cron has five, minute, hour, day of the month, month and day of the week: \
             0 9 * * 1-5"
        ));
    }
    for (position, (field, (what, words))) in fields.iter().zip(FIELDS).enumerate() {
        let mut alone = ["*"; FIELDS.len()];
        alone[position] = field;
        if !spelled(field, words) || read(&alone.join(" ")).is_err() {
            return Err(format!("\"{field}\" in \"{text}\" is no {what}"));
        }
    }
    read(text).map_err(|error| format!("\"{text}\" is no cron expression: {error}"))
}

/// Whether a field has only signs of cron and its own words; no other way to write what these can say.
fn spelled(field: &str, words: &[&str]) -> bool {
    let signs = field.chars().all(|sign| sign.is_ascii_alphanumeric() || "*,-/#+".contains(sign));
    let mut found = field.split(|sign: char| !sign.is_ascii_alphabetic()).filter(|word| !word.is_empty());
    signs && found.all(|word| words.iter().any(|known| known.eq_ignore_ascii_case(word)))
}

fn read(text: &str) -> Result<croner::Cron, croner::errors::CronError> {
    CronParser::builder().seconds(Seconds::Disallowed).year(Year::Disallowed).build().parse(text)
}

/// A time zone is called as the IANA calls it.
fn known(name: &str) -> Result<(), String> {
    let found = TimeZone::get(name).ok();
    match found.as_ref().and_then(TimeZone::iana_name) {
        Some(known) if known == name => Ok(()),
        Some(known) => Err(format!("\"{name}\" is written {known}")),
        None => Err(format!("\"{name}\" is not an IANA time zone such as Asia/Shanghai")),
    }
}
