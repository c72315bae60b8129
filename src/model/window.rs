//! A time from an instant on until before another one.

use super::time::Timestamp;
use serde::{Deserialize, Serialize};

/// From `from` on, until before `to`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Window {
    /// Holds from this instant on; [`Window::ALWAYS`] begins with "always did".
    pub from: Timestamp,
    /// Holds until before this instant; [`Window::ALWAYS`] ends with "for good".
    pub to: Timestamp,
}

impl Window {
    /// All the time. Its bounds stand for "always did" and "for good"; no instant that people write comes near them.
    pub const ALWAYS: Window = Window { from: Timestamp(i64::MIN), to: Timestamp(i64::MAX) };

    /// From an instant on, until before another; none: no bound on that side.
    pub fn between(from: Option<Timestamp>, to: Option<Timestamp>) -> Window {
        Window { from: from.unwrap_or(Window::ALWAYS.from), to: to.unwrap_or(Window::ALWAYS.to) }
    }

    /// When it begins; none: it always did.
    pub fn begins(self) -> Option<Timestamp> {
        Some(self.from).filter(|from| *from != Window::ALWAYS.from)
    }

    /// When it ends; none: never.
    pub fn ends(self) -> Option<Timestamp> {
        Some(self.to).filter(|to| *to != Window::ALWAYS.to)
    }

    /// Whether no instant is in it.
    pub fn is_empty(self) -> bool {
        self.to <= self.from
    }

    /// Whether an instant is in it.
    pub fn contains(self, at: Timestamp) -> bool {
        self.from <= at && at < self.to
    }

    /// What it has in common with another one.
    pub fn overlap(self, other: Window) -> Option<Window> {
        let both = Window { from: self.from.max(other.from), to: self.to.min(other.to) };
        (!both.is_empty()).then_some(both)
    }

    /// What is left of it before and after another one.
    pub fn without(self, other: Window) -> [Option<Window>; 2] {
        let before = Window { from: Window::ALWAYS.from, to: other.from };
        let after = Window { from: other.to, to: Window::ALWAYS.to };
        [self.overlap(before), self.overlap(after)]
    }
}
