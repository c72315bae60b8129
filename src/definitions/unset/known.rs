//! The variables that are set for certain: some, or all where nobody can know better.

use std::collections::BTreeSet;

/// Variables that are set for certain.
#[derive(Debug, Clone, PartialEq)]
pub enum Known {
    /// Whatever is asked for: no way leads here, or what it sets cannot be known.
    All,
    /// These.
    These(BTreeSet<String>),
}

impl Known {
    /// None.
    pub fn none() -> Known {
        Known::These(BTreeSet::new())
    }

    /// Whether a variable is set.
    pub fn has(&self, name: &str) -> bool {
        match self {
            Known::All => true,
            Known::These(names) => names.contains(name),
        }
    }

    /// What is set by both of two ways.
    pub fn both(self, other: Known) -> Known {
        match (self, other) {
            (Known::All, known) | (known, Known::All) => known,
            (Known::These(some), Known::These(others)) => {
                Known::These(some.into_iter().filter(|name| others.contains(name)).collect())
            }
        }
    }

    /// What is set when one came after the other.
    pub fn and(self, other: Known) -> Known {
        match (self, other) {
            (Known::These(mut some), Known::These(others)) => {
                some.extend(others);
                Known::These(some)
            }
            _ => Known::All,
        }
    }
}
