//! Names that the language keeps for itself, and what a name of a variable is made of. The other names are for
//! `definitions`.

/// Names that mean something in every expression, or to every flow.
pub const RESERVED: [&str; 7] = ["result", "input", "now", "actor", "business", "subject", "end"];

/// Why something cannot be the name of a variable; none when it can.
pub fn wrong_variable(name: &str) -> Option<String> {
    if RESERVED.contains(&name) {
        return Some(format!("\"{name}\" is a reserved name; call the variable something else"));
    }
    let fits = plain(name, "_") && !name.starts_with(|c: char| c.is_ascii_digit());
    (!fits).then(|| format!("\"{name}\" is no name for a variable; use letters, digits and underscores"))
}

/// Whether a name has 1 to 100 letters, digits and the others, all ASCII.
pub fn plain(name: &str, others: &str) -> bool {
    !name.is_empty() && name.len() <= 100 && name.chars().all(|c| c.is_ascii_alphanumeric() || others.contains(c))
}
