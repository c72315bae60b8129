//! Traps in JSON text that a lenient reader lets pass: keys given twice (of which readers keep different ones), nesting
//! that exhausts a stack, and U+0000, which PostgreSQL cannot store. Text that is not JSON at all is left to the reader.

use super::json::step;
use std::collections::HashSet;

/// Levels of nesting at most.
const DEEPEST: usize = 64;
/// The key under which serde_json carries a number inside; as a key of a body it would smuggle text in as a number.
const INSIDE: &str = "$serde_json::private::Number";

/// A trap, and where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trap {
    /// A stable word: `duplicate_key`, `reserved_key`, `too_deep`, `nul_character`.
    pub code: &'static str,
    /// A sentence that a person can act on.
    pub detail: String,
    /// JSON pointer (RFC 6901); none for the whole text.
    pub pointer: Option<String>,
}

/// An object or an array that is open.
enum Open {
    Object { seen: HashSet<String>, key: Option<String> },
    Array { index: usize },
}

/// Refuses the traps, with the pointer of the first.
pub fn check(text: &str) -> Result<(), Trap> {
    let mut open: Vec<Open> = Vec::new();
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let token = match character {
            '"' => string(rest),
            _ => &rest[..character.len_utf8()],
        };
        match character {
            '{' => open.push(Open::Object { seen: HashSet::new(), key: None }),
            '[' => open.push(Open::Array { index: 0 }),
            '}' | ']' => drop(open.pop()),
            ',' => next(&mut open),
            '"' => text_or_key(&mut open, token)?,
            _ => {}
        }
        if open.len() > DEEPEST {
            let detail = format!("the body is nested deeper than {DEEPEST} levels");
            return Err(Trap { code: "too_deep", detail, pointer: None });
        }
        rest = &rest[token.len()..];
    }
    Ok(())
}

/// The string that the text begins with, quotes included; all of the text when it does not end.
fn string(text: &str) -> &str {
    let mut escaped = false;
    let end = text[1..].find(|character| {
        let ends = character == '"' && !escaped;
        escaped = character == '\\' && !escaped;
        ends
    });
    end.map_or(text, |end| &text[..end + 2])
}

fn next(open: &mut [Open]) {
    match open.last_mut() {
        Some(Open::Object { key, .. }) => *key = None,
        Some(Open::Array { index }) => *index += 1,
        None => {}
    }
}

fn text_or_key(open: &mut [Open], token: &str) -> Result<(), Trap> {
    // What is not a string here is refused by the reader with line and column.
    let Ok(text) = serde_json::from_str::<String>(token) else { return Ok(()) };
    let nul = text.contains('\0');
    if let Some(Open::Object { seen, key }) = open.last_mut()
        && key.is_none()
    {
        let fresh = seen.insert(text.clone());
        *key = Some(text.clone());
        if text == INSIDE {
            let detail = format!("the key \"{INSIDE}\" cannot be used");
            return Err(Trap { code: "reserved_key", detail, pointer: None });
        }
        if !fresh {
            let detail = format!("the key \"{text}\" is given twice in one object");
            return Err(Trap { code: "duplicate_key", detail, pointer: Some(pointer(open)) });
        }
    }
    if nul {
        let detail = "a text holds the character U+0000, which cannot be stored; remove it".to_owned();
        return Err(Trap { code: "nul_character", detail, pointer: Some(pointer(open)) });
    }
    Ok(())
}

fn pointer(open: &[Open]) -> String {
    let steps = open.iter().map(|level| match level {
        Open::Object { key, .. } => step(key.as_deref().unwrap_or_default()),
        Open::Array { index } => step(&index.to_string()),
    });
    steps.collect()
}
