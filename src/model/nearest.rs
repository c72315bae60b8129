//! "Did you mean": the valid name that a mistyped one most likely meant; the same words on every floor.

/// Among more names than this nobody looks for the nearest: every unknown name would be compared with every valid one.
const MOST: usize = 300;

/// The end of a sentence about an unknown name: the nearest valid one, or all of them when they are few.
pub fn hint<'a>(name: &str, valid: impl IntoIterator<Item = &'a str>) -> String {
    let mut valid: Vec<&str> = valid.into_iter().take(MOST + 1).collect();
    if valid.len() > MOST {
        return String::new();
    }
    valid.sort_unstable();
    valid.dedup();
    if let Some(near) = nearest(name, valid.iter().copied()) {
        return format!("; did you mean \"{near}\"?");
    }
    match valid.len() {
        0 => String::new(),
        1..=16 => format!("; valid here: {}", valid.join(", ")),
        _ => String::new(),
    }
}

/// The valid name that differs from this one by the fewest strokes; none when all are too far.
pub fn nearest<'a>(name: &str, valid: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let typed = name.to_lowercase();
    let most = (typed.chars().count() / 3).max(1);
    valid
        .into_iter()
        .filter(|word| word.chars().count().abs_diff(typed.chars().count()) <= most)
        .map(|word| (strsim::damerau_levenshtein(&typed, &word.to_lowercase()), word))
        .filter(|(strokes, word)| *strokes <= most && *word != name)
        .min()
        .map(|(_, word)| word)
}
