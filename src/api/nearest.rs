//! The nearest of the known names, for "did you mean".

/// `"stat" is not known here; did you mean "state"?`, or the list when nothing is near.
pub(super) fn unknown(what: &str, name: &str, known: &[&str]) -> String {
    match nearest(name, known) {
        Some(near) => format!("{what} \"{name}\" is not known here; did you mean \"{near}\"?"),
        None if known.is_empty() => format!("{what} \"{name}\" is not known here; there is none to give"),
        None => format!("{what} \"{name}\" is not known here; known are {}", known.join(", ")),
    }
}

fn nearest<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    let near =
        known.iter().map(|known| (strsim::damerau_levenshtein(&name.to_lowercase(), &known.to_lowercase()), *known));
    near.min().filter(|(distance, known)| *distance <= 2.max(known.len() / 3)).map(|(_, known)| known)
}
