//! Text: normal forms and likeness.

use super::{Given, HostFunction, fail, put};
use crate::scripts::limits::{MAX_COMPARED_CHARS, charge};
use rhai::Array;
use rust_decimal::Decimal;
use std::collections::HashMap;
use unicode_normalization::UnicodeNormalization;

pub(super) const TABLE: &[HostFunction] = &[
    HostFunction {
        name: "nfkc",
        signature: "nfkc(text) -> text",
        text: "Unicode normal form KC: full-width letters and digits become half-width.",
        add: |module| put(module, "nfkc", nfkc),
    },
    HostFunction {
        name: "strip_invisible",
        signature: "strip_invisible(text) -> text",
        text: "Without zero-width characters, byte order marks and controls; tabs and line ends become spaces.",
        add: |module| put(module, "strip_invisible", strip_invisible),
    },
    HostFunction {
        name: "unaccented",
        signature: "unaccented(text) -> text",
        text: "Latin letters without what stands on, under or through them: é is e, ß is ss, Ø is O.",
        add: |module| put(module, "unaccented", unaccented),
    },
    HostFunction {
        name: "bigrams",
        signature: "bigrams(text) -> list",
        text: "Pairs of neighbouring characters; a single character is its own pair.",
        add: |module| {
            put(module, "bigrams", |text: &str| -> Array { pairs(text).into_iter().map(Into::into).collect() })
        },
    },
    HostFunction {
        name: "similarity",
        signature: "similarity(a, b) -> decimal",
        text: "Likeness from 0 to 1, Sørensen–Dice over bigrams: twice the common pairs by all pairs, exact, rounded half to even to 4 digits.",
        add: |module| put(module, "similarity", similarity),
    },
    HostFunction {
        name: "levenshtein",
        signature: "levenshtein(a, b) -> whole number",
        text: "The least number of characters to insert, delete or replace to make one text of the other.",
        add: |module| put(module, "levenshtein", levenshtein),
    },
];

fn nfkc(text: &str) -> Given<String> {
    charge(text.len() / 100)?;
    Ok(text.nfkc().collect())
}

fn strip_invisible(text: &str) -> Given<String> {
    charge(text.len() / 100)?;
    let visible = text.chars().filter_map(|c| match c {
        '\t' | '\n' | '\r' => Some(' '),
        c if c.is_control() || is_zero_width(c) => None,
        c => Some(c),
    });
    Ok(visible.collect())
}

/// Soft hyphens, joiners, marks of direction, fillers, variation selectors, tags: what a reader does not see.
fn is_zero_width(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180e}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

fn unaccented(text: &str) -> Given<String> {
    charge(text.len() / 100)?;
    let mut plain = String::with_capacity(text.len());
    for c in text.nfd().filter(|c| !matches!(c, '\u{300}'..='\u{36f}')) {
        match c {
            'ß' => plain.push_str("ss"),
            'ẞ' => plain.push_str("SS"),
            'æ' => plain.push_str("ae"),
            'Æ' => plain.push_str("AE"),
            'œ' => plain.push_str("oe"),
            'Œ' => plain.push_str("OE"),
            'ø' => plain.push('o'),
            'Ø' => plain.push('O'),
            'ł' => plain.push('l'),
            'Ł' => plain.push('L'),
            'đ' => plain.push('d'),
            'Đ' => plain.push('D'),
            'ı' => plain.push('i'),
            other => plain.push(other),
        }
    }
    // what is no Latin letter goes back together, such as the syllables of Korean
    Ok(plain.nfc().collect())
}

fn pairs(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    match chars.len() {
        0 => Vec::new(),
        1 => vec![text.to_owned()],
        _ => chars.windows(2).map(|pair| pair.iter().collect()).collect(),
    }
}

fn similarity(a: &str, b: &str) -> Given<Decimal> {
    charge(compared(a, b)? / 10)?;
    if a == b {
        return Ok(Decimal::ONE);
    }
    let (a, b) = (pairs(a), pairs(b));
    let all = a.len() + b.len();
    let mut left: HashMap<String, usize> = HashMap::new();
    for pair in a {
        *left.entry(pair).or_default() += 1;
    }
    let common =
        b.into_iter().filter(|pair| left.get_mut(pair).is_some_and(|n| n.checked_sub(1).map(|m| *n = m).is_some()));
    let common = common.count();
    Ok((Decimal::from(2 * common) / Decimal::from(all)).round_dp(4))
}

fn levenshtein(a: &str, b: &str) -> Given<i64> {
    compared(a, b)?;
    charge(a.chars().count() * b.chars().count() / 100)?;
    Ok(strsim::levenshtein(a, b) as i64)
}

/// The characters of both texts; too many are refused.
fn compared(a: &str, b: &str) -> Given<usize> {
    let (a, b) = (a.chars().count(), b.chars().count());
    if a.max(b) > MAX_COMPARED_CHARS {
        return fail(format!("texts of more than {MAX_COMPARED_CHARS} characters are not compared"));
    }
    Ok(a + b)
}
