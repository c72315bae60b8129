//! The words of a text, as text search knows them: normal form KC, lower case. Words are runs of letters and digits;
//! Chinese, Japanese and Korean have no spaces between words, so there every character and every pair of neighbours is
//! one.

use std::collections::BTreeSet;
use unicode_normalization::UnicodeNormalization;

/// Words of one field that are kept, the first of them.
pub const MOST: usize = 500;
/// Characters of a word that are kept.
const LONGEST: usize = 64;

/// The words that a text is found by.
pub fn kept(text: &str) -> BTreeSet<String> {
    let mut kept = BTreeSet::new();
    for run in runs(text) {
        let words = match run {
            Run::Word(word) => vec![word],
            Run::Signs(signs) => {
                let pairs = signs.windows(2).map(|pair| pair.iter().collect());
                signs.iter().map(char::to_string).chain(pairs).collect()
            }
        };
        for word in words {
            if kept.len() < MOST {
                kept.insert(word);
            }
        }
    }
    kept
}

/// The words that must occur for a text to be found by these: of a longer run of signs its pairs.
pub fn wanted(text: &str) -> BTreeSet<String> {
    let of = |run| match run {
        Run::Word(word) => vec![word],
        Run::Signs(signs) if signs.len() == 1 => vec![signs[0].to_string()],
        Run::Signs(signs) => signs.windows(2).map(|pair| pair.iter().collect()).collect(),
    };
    runs(text).into_iter().flat_map(of).collect()
}

/// The pieces that a text shares with one that is like it: pairs of neighbouring signs; of words themselves and every
/// three neighbouring letters, with their ends marked.
pub fn pieces(text: &str) -> BTreeSet<String> {
    let of = |run| match run {
        Run::Signs(signs) if signs.len() == 1 => vec![signs[0].to_string()],
        Run::Signs(signs) => signs.windows(2).map(|pair| pair.iter().collect()).collect(),
        Run::Word(word) => {
            let letters: Vec<char> = format!("^{word}$").chars().collect();
            letters.windows(3).map(|three| three.iter().collect()).chain([word]).collect()
        }
    };
    runs(text).into_iter().flat_map(of).collect()
}

enum Run {
    Word(String),
    Signs(Vec<char>),
}

fn runs(text: &str) -> Vec<Run> {
    let normal: String = text.nfkc().collect::<String>().to_lowercase();
    let mut runs: Vec<Run> = Vec::new();
    let mut goes_on = false;
    for sign in normal.chars() {
        let (is_sign, is_letter) = (stands_alone(sign), sign.is_alphanumeric());
        match runs.last_mut().filter(|_| goes_on) {
            Some(Run::Signs(signs)) if is_sign => signs.push(sign),
            Some(Run::Word(word)) if is_letter && !is_sign => grow(word, sign),
            _ if is_sign => runs.push(Run::Signs(vec![sign])),
            _ if is_letter => runs.push(Run::Word(sign.to_string())),
            _ => {}
        }
        goes_on = is_sign || is_letter;
    }
    runs
}

/// Han, kana and hangul.
fn stands_alone(sign: char) -> bool {
    matches!(sign,
        '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7AF}'
        | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}' | '々' | '〇')
}

/// Makes a word longer; one that is too long is cut, not begun anew.
fn grow(word: &mut String, sign: char) {
    if word.chars().count() < LONGEST {
        word.push(sign);
    }
}
