//! Cells that a spreadsheet would take for a formula, and cells that would not come back: an apostrophe before them,
//! taken away again when they are read. One does exactly undo the other, whatever the text is.

use std::borrow::Cow;

/// A cell that says: no value, and no default either.
pub const NONE: &str = "\\N";

/// What a formula begins with (OWASP, CSV injection), in half and in full width.
const FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// The text as a cell.
pub fn protected(text: &str) -> Cow<'_, str> {
    if in_need(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// The text of a cell that has a value.
pub fn unprotected(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|text| in_need(text)).unwrap_or(cell)
}

/// Apostrophes at the beginning do not count, so that text with some of its own stays different from text without.
fn in_need(text: &str) -> bool {
    let text = text.trim_start_matches('\'');
    text.is_empty() || text == NONE || (text.starts_with(FORMULA) && !is_number(text))
}

/// `-12.50` is a number to a spreadsheet, and harmless; `+86 10 …` is a telephone.
fn is_number(text: &str) -> bool {
    let Some(digits) = text.strip_prefix('-') else { return false };
    let (whole, rest) = digits.split_once('.').map_or((digits, "0"), |(whole, rest)| (whole, rest));
    [whole, rest].iter().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}
