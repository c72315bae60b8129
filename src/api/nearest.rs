//! Unknown names: what they could have meant.

use crate::model::nearest::hint;

/// `the field "stat" is not known here; did you mean "state"?`, or the list when nothing is near.
pub(super) fn unknown(what: &str, name: &str, known: &[&str]) -> String {
    format!("{what} \"{name}\" is not known here{}", hint(name, known.iter().copied()))
}
