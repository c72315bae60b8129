//! The number that every new record of a type gets: text, parts of the day in the time zone of the business, and a
//! counter that begins anew whenever they change. Numbers are never given twice; that none is left out is not promised.

use crate::model::json::JsonMap;
use crate::model::record_type::{NumberPattern, NumberPiece, RecordType};
use crate::model::refusal::Refusal;
use crate::plugins::desk::{Desk, Stop};
use crate::store::{businesses, records};

/// The field that is filled.
pub const FIELD: &str = "number";

/// What stands in the place of the counter where patterns are told apart.
const COUNTER: &str = "{}";

/// Fills the numbers of new records of a type, in their order; one statement for all of them.
pub fn fill(desk: &mut Desk, record_type: &RecordType, new: &mut [JsonMap]) -> Result<(), Stop> {
    let (Some(pattern), false) = (&record_type.number, new.is_empty()) else { return Ok(()) };
    let day = today(desk, pattern)?;
    let count = i64::try_from(new.len()).unwrap_or(i64::MAX);
    let counted = render(pattern, day, |_| COUNTER.to_owned());
    let last = records::numbers_take(desk.conn, desk.business, &record_type.name, &counted, count)?;
    for (number, fields) in (last - count + 1..).zip(new) {
        let number = render(pattern, day, |digits| format!("{number:0digits$}"));
        fields.insert(FIELD.to_owned(), number.into());
    }
    Ok(())
}

/// Today, where the business is; any day when the pattern does not ask.
fn today(desk: &mut Desk, pattern: &NumberPattern) -> Result<jiff::civil::Date, Stop> {
    let of_day = |piece: &NumberPiece| matches!(piece, NumberPiece::Year | NumberPiece::Month | NumberPiece::Day);
    if !pattern.pieces.iter().any(of_day) {
        return Ok(jiff::civil::Date::default());
    }
    let business = businesses::find(desk.conn, desk.business)?;
    let business = business.ok_or_else(|| Refusal::not_found("business", desk.business))?;
    let zone = jiff::tz::TimeZone::get(&business.time_zone);
    let now = jiff::Timestamp::from_millisecond(desk.now.0);
    match (zone, now) {
        (Ok(zone), Ok(now)) => Ok(now.to_zoned(zone).date()),
        _ => {
            let sentence = format!("\"{}\" is not an IANA time zone such as Asia/Shanghai", business.time_zone);
            Err(Refusal::invalid("time_zone", sentence).into())
        }
    }
}

fn render(pattern: &NumberPattern, day: jiff::civil::Date, counter: impl Fn(usize) -> String) -> String {
    let piece = |piece: &NumberPiece| match piece {
        NumberPiece::Text(text) => text.clone(),
        NumberPiece::Year => format!("{:04}", day.year()),
        NumberPiece::Month => format!("{:02}", day.month()),
        NumberPiece::Day => format!("{:02}", day.day()),
        NumberPiece::Counter(digits) => counter(*digits),
    };
    pattern.pieces.iter().map(piece).collect()
}
