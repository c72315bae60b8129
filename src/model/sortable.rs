//! Values as text that sorts: two values of one kind compare as their texts do, byte by byte, on both databases.
//! Equal values have equal texts. ADR 0012 says why.

use super::field::FieldKind;
use super::json::Json;
use super::money::Money;
use super::time::Timestamp;
use rust_decimal::Decimal;
use sha2::{Digest, Sha256};

/// Bytes of a text that it is sorted by. One that has more goes on with its hash: equal only to itself.
pub const ROOM: usize = 700;
/// Between the values of an index of several fields. It stands in no value.
const BETWEEN: &str = "\u{1}\u{1}";

/// The text of a value that fits its kind, as records keep it; none for a kind whose values do not compare.
pub fn text(kind: &FieldKind, value: &Json, room: usize) -> Option<String> {
    Some(match kind {
        FieldKind::String { .. }
        | FieldKind::Enum(_)
        | FieldKind::Stage(_)
        | FieldKind::User
        | FieldKind::OrgUnit
        | FieldKind::Ref(_) => words(value.as_str()?, room),
        FieldKind::Int => whole(value.as_i64()?),
        FieldKind::Decimal | FieldKind::Percent => decimal(number(value)?),
        FieldKind::Money => money(&Money::from_json(value)?.ok()?),
        FieldKind::Bool => value.as_bool()?.to_string(),
        FieldKind::Date => date(value.as_str()?.parse().ok()?),
        FieldKind::Datetime => instant(Timestamp::parse(value.as_str()?)?)?,
        FieldKind::Text | FieldKind::File(_) | FieldKind::List(_) | FieldKind::Map(_) | FieldKind::Json => return None,
    })
}

/// Texts by code point.
pub fn words(text: &str, room: usize) -> String {
    if text.len() <= room {
        return text.to_owned();
    }
    let end = text.char_indices().map(|(at, _)| at).take_while(|at| *at <= room).last().unwrap_or(0);
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().take(16).fold(format!("{}\u{1}#", &text[..end]), |hex, byte| format!("{hex}{byte:02x}"))
}

/// The currency, then the minor units.
pub fn money(money: &Money) -> String {
    format!("{}{}", money.currency, whole(money.minor))
}

/// An exact decimal from JSON.
pub fn number(value: &Json) -> Option<Decimal> {
    let Json::Number(number) = value else { return None };
    let digits = number.to_string();
    Decimal::from_str_exact(&digits).or_else(|_| Decimal::from_scientific(&digits)).ok()
}

/// One text for the values of an index of several fields, each made with [`room`].
pub fn several(texts: &[String]) -> String {
    let parts: Vec<String> = texts.iter().map(|text| part(text)).collect();
    parts.join(BETWEEN)
}

/// What the texts of an index of several fields begin with when these are its first values, and the least text behind
/// all of them.
pub fn beginning(texts: &[String]) -> (String, String) {
    let begin = several(texts);
    (format!("{begin}{BETWEEN}"), format!("{begin}\u{1}\u{2}"))
}

/// Bytes that each value of an index of this many fields is sorted by.
pub fn room(fields: usize) -> usize {
    (ROOM / fields.max(1)).max(40)
}

/// The least text behind every text that begins so; none when there is none.
pub fn behind(beginning: &str) -> Option<String> {
    let kept = beginning.trim_end_matches(char::MAX);
    let last = kept.chars().next_back()?;
    let next = (u32::from(last) + 1..=u32::from(char::MAX)).find_map(char::from_u32)?;
    Some(format!("{}{next}", &kept[..kept.len() - last.len_utf8()]))
}

/// A value inside a text of several: what separates them is made unlike it.
fn part(text: &str) -> String {
    text.replace('\u{1}', "\u{1}\u{3}")
}

/// Sixteen digits from the least number to the greatest.
fn whole(number: i64) -> String {
    format!("{:016x}", number.cast_unsigned() ^ (1 << 63))
}

/// Sign, exponent, digits: `2` before positive numbers, `1` is zero, `0` before negative ones, whose exponent and digits
/// are turned round.
pub fn decimal(number: Decimal) -> String {
    let number = number.normalize();
    if number.is_zero() {
        return "1".to_owned();
    }
    let digits = number.mantissa().unsigned_abs().to_string();
    // 0.digits times ten to this power, made positive.
    let exponent = digits.len() + 50 - number.scale() as usize;
    let digits = digits.trim_end_matches('0');
    if number.is_sign_positive() {
        return format!("2{exponent:02}{digits}");
    }
    let turned: String = digits.bytes().map(|digit| char::from(b'0' + (b'9' - digit))).collect();
    format!("0{:02}{turned}~", 99 - exponent)
}

/// `2026-01-31`; years before 0 count down behind a hyphen.
fn date(date: jiff::civil::Date) -> String {
    let year = i32::from(date.year());
    let year = if year < 0 { format!("-{:04}", 10_000 + year) } else { format!("{year:04}") };
    format!("{year}-{:02}-{:02}", date.month(), date.day())
}

/// `2026-01-31T08:00:00.000Z`, always with milliseconds.
pub fn instant(at: Timestamp) -> Option<String> {
    let at = jiff::Timestamp::from_millisecond(at.0).ok()?.to_zoned(jiff::tz::TimeZone::UTC);
    let (hour, minute, second) = (at.hour(), at.minute(), at.second());
    Some(format!("{}T{hour:02}:{minute:02}:{second:02}.{:03}Z", date(at.date()), at.millisecond()))
}
