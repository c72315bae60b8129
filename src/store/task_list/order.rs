//! The orders of a task list, and places in them.

use super::super::page::Cursor;
use super::super::schema::running::TaskRow;

/// An order: by a value, then by id in the same direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TaskOrder {
    /// By what.
    pub by: Key,
    /// The greatest first.
    pub descending: bool,
}

/// The place of what is never due when the latest comes first.
pub(super) const NEVER: i64 = -i64::MAX;

/// What tasks are ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Key {
    /// When they are due; what is never due comes last, whatever the direction.
    #[default]
    Due,
    /// When they were created.
    Created,
    /// How urgent they are.
    Priority,
}

/// A place in an order.
pub(super) type Place = Cursor;

impl TaskOrder {
    pub(super) fn direction(self) -> &'static str {
        if self.descending { " DESC" } else { "" }
    }

    /// The value of a row `t` as SQL.
    pub(super) fn key(self) -> &'static str {
        match self.by {
            Key::Due if self.descending => "COALESCE(t.due, -9223372036854775807)",
            Key::Due => "COALESCE(t.due, 9223372036854775807)",
            Key::Created => "t.created_at",
            Key::Priority => "t.priority",
        }
    }

    pub(super) fn place(self, row: &TaskRow) -> Place {
        let key = match self.by {
            Key::Due => row.due.unwrap_or(if self.descending { NEVER } else { i64::MAX }),
            Key::Created => row.created_at,
            Key::Priority => row.priority,
        };
        Place { key, id: row.id.clone() }
    }

    pub(super) fn arrange(self, places: &mut [Place]) {
        places.sort_by(|one, other| {
            let order = (one.key, &one.id).cmp(&(other.key, &other.id));
            if self.descending { order.reverse() } else { order }
        });
    }
}
