//! Searching: conditions, order and page in; items, cursor and count out.

use super::json::Json;
use serde::{Deserialize, Serialize};

/// Rows of a page when the caller names no number.
pub const PAGE_DEFAULT: usize = 50;
/// Rows of a page at most.
pub const PAGE_MOST: usize = 500;
/// Counts are exact up to here.
pub const COUNT_MOST: i64 = 10_000;

/// A search over a list.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Search {
    /// All of these must hold.
    pub filter: Vec<Condition>,
    /// Field to order by and whether descending; none: the list's own order.
    pub sort: Option<(String, bool)>,
    /// Where the last page ended.
    pub cursor: Option<String>,
    /// Rows at most, 1 to [`PAGE_MOST`].
    pub limit: usize,
}

/// One condition of a filter: `{"state": {"$in": ["created", "claimed"]}}`.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    /// The field.
    pub field: String,
    /// How it is compared.
    pub operator: Operator,
    /// With what.
    pub value: Json,
}

/// Comparisons of a filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// `$eq`
    Eq,
    /// `$in`
    In,
    /// `$gte`
    Gte,
    /// `$lte`
    Lte,
    /// `$like`: a prefix, `Huaxin%`
    Like,
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Gives the next page; none: this is the last one.
    pub next: Option<String>,
    /// How many rows match in all, at most [`COUNT_MOST`] + 1, which means more.
    pub total: i64,
}
