//! The eight slots of an instance or a task: the variables of its process's `search` list as text that can be compared.

use crate::model::json::{Json, JsonMap};

/// The values of the search variables, in the order of the process's list.
pub type Slots = [Option<String>; 8];

/// A filter on a slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlotFilter {
    /// Which slot, from 0: the place of the variable in the process's list.
    pub slot: usize,
    /// The value it must have, as [`text`] gives it.
    pub value: String,
}

/// The slots for these variables, in the order of `names`; those past the eighth are not kept.
pub fn of(names: &[String], values: &JsonMap) -> Slots {
    let mut slots = Slots::default();
    for (slot, name) in slots.iter_mut().zip(names) {
        *slot = values.get(name).and_then(text);
    }
    slots
}

/// A value as canonical text: a text is itself, numbers and the rest are compact JSON; null is no value.
pub fn text(value: &Json) -> Option<String> {
    match value {
        Json::Null => None,
        Json::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

/// The column of a slot; none past the eighth.
pub(super) fn column(slot: usize) -> Option<&'static str> {
    ["s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8"].get(slot).copied()
}
