//! Searching: conditions, order and page in; items, cursor and count out.

use super::filter::Filter;
use serde::{Deserialize, Serialize};

/// Rows of a page when the caller names no number.
pub const PAGE_DEFAULT: usize = 50;
/// Rows of a page at most.
pub const PAGE_MOST: usize = 500;
/// Counts are exact up to here.
pub const COUNT_MOST: i64 = 10_000;

/// In place of a total: it was not counted.
pub const NOT_COUNTED: i64 = -1;

/// A search over a list.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Search {
    /// All of these must hold.
    pub filter: Vec<Filter>,
    /// Field to order by and whether descending; none: the list's own order.
    pub sort: Option<(String, bool)>,
    /// Where the last page ended.
    pub cursor: Option<String>,
    /// Rows at most, 1 to [`PAGE_MOST`].
    pub limit: usize,
    /// Whether how many there are in all is not asked for.
    pub uncounted: bool,
    /// A saved filter, by id: its conditions hold as well, and its order when none is said.
    pub saved: Option<String>,
}

/// The field that an order such as `-due` names, and whether it is descending; none when it names no field.
pub fn order(text: &str) -> Option<(String, bool)> {
    let (field, descending) = match text.strip_prefix('-') {
        Some(field) => (field, true),
        None => (text, false),
    };
    (!field.is_empty()).then(|| (field.to_owned(), descending))
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Gives the next page; none: this is the last one.
    pub next: Option<String>,
    /// How many rows match in all, at most [`COUNT_MOST`] + 1, which means more; or [`NOT_COUNTED`].
    pub total: i64,
}
