//! How much room text takes, and how it is broken into lines. Fonts differ from machine to machine, so this is a
//! careful guess: a Chinese sign takes the whole of its square, a Latin letter about half of it.

/// How wide a text is at this font size, in pixels.
pub(super) fn width(text: &str, size: i32) -> i32 {
    let thousandths: i32 = text.chars().map(advance).sum();
    (thousandths * size + 999) / 1000
}

/// How wide a sign is, in thousandths of the font size.
fn advance(sign: char) -> i32 {
    match sign {
        'i' | 'j' | 'l' | 'I' | '|' | '.' | ',' | ':' | ';' | '\'' | '!' => 300,
        'f' | 'r' | 't' | '(' | ')' | '[' | ']' | '{' | '}' | '-' | '"' | '/' | ' ' => 380,
        'm' | 'w' | 'M' | 'W' | '@' | '%' | '…' => 900,
        'A'..='Z' | '&' | '=' | '<' | '>' | '+' | '#' => 680,
        _ if is_wide(sign) => 1000,
        _ => 570,
    }
}

/// Whether a sign is a square of its own: Chinese, its punctuation, and what is as wide.
fn is_wide(sign: char) -> bool {
    matches!(u32::from(sign), 0x1100..=0x115F | 0x2E80..=0xA4CF | 0xAC00..=0xD7A3 | 0xF900..=0xFAFF
        | 0xFE30..=0xFE4F | 0xFF00..=0xFF60 | 0xFFE0..=0xFFE6 | 0x1F000..=0x1FAFF | 0x20000..=0x3FFFD)
}

/// The lines of a text, none wider than `most` pixels; what does not fit into `lines` of them ends with an ellipsis.
pub(super) fn wrap(text: &str, size: i32, most: i32, lines: usize) -> Vec<String> {
    let mut wrapped = vec![String::new()];
    for piece in pieces(text) {
        let line = wrapped.last().map_or("", String::as_str);
        if !line.is_empty() && width(&format!("{line}{}", piece.trim_end()), size) > most {
            wrapped.push(String::new());
        }
        for sign in piece.chars() {
            let full = wrapped
                .last()
                .is_some_and(|line| !line.is_empty() && width(line, size) + width(&sign.to_string(), size) > most);
            if full && sign != ' ' {
                wrapped.push(String::new());
            }
            if let Some(line) = wrapped.last_mut() {
                line.push(sign);
            }
        }
    }
    let mut wrapped: Vec<String> =
        wrapped.into_iter().map(|line| line.trim().to_owned()).filter(|l| !l.is_empty()).collect();
    if wrapped.len() > lines {
        wrapped.truncate(lines);
        if let Some(last) = wrapped.last_mut() {
            while width(&format!("{last}…"), size) > most && last.pop().is_some() {}
            *last = format!("{}…", last.trim_end());
        }
    }
    wrapped
}

/// Where a text may be broken: after spaces and joining signs, and beside every Chinese sign that is no punctuation.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let mut before = None;
    for sign in text.chars().map(|sign| if sign.is_whitespace() || sign.is_control() { ' ' } else { sign }) {
        let closes = "，。、；：？！）》」』”,.;:?!)]}".contains(sign);
        let breaks = match before {
            None => true,
            Some(' ') => sign != ' ',
            Some('-' | '_' | '/') => sign.is_alphanumeric(),
            Some(before) => {
                !closes && sign != ' ' && !"（《「『“(".contains(before) && (is_wide(sign) || is_wide(before))
            }
        };
        match pieces.last_mut() {
            Some(piece) if !breaks => piece.push(sign),
            _ => pieces.push(sign.to_string()),
        }
        before = Some(sign);
    }
    pieces
}
