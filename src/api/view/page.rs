//! A page of a list.

use crate::model::json::Json;
use crate::model::page::{COUNT_MOST, NOT_COUNTED, Page};
use serde::Serialize;
use utoipa::ToSchema;

/// A page of a list.
#[derive(Serialize, ToSchema)]
pub(in crate::api) struct PageOf<T: ToSchema> {
    /// The items.
    items: Vec<T>,
    /// The cursor of the next page; null on the last one.
    next: Option<String>,
    /// How many match in all: a number up to 10000, `"10000+"` beyond; null when it was not counted.
    #[schema(schema_with = counted)]
    total: Json,
}

/// The total of a page, or null.
fn counted() -> utoipa::openapi::schema::Schema {
    use utoipa::openapi::schema::{ObjectBuilder, OneOfBuilder, Ref, Type};
    let about = "How many match in all: a number up to 10000, `\"10000+\"` beyond; null when it was not counted.";
    let total = OneOfBuilder::new().item(Ref::from_schema_name("Total"));
    total.item(ObjectBuilder::new().schema_type(Type::Null)).description(Some(about)).build().into()
}

/// How many match: exact up to 10000, then `"10000+"`.
#[derive(ToSchema)]
#[schema(as = Total)]
#[expect(dead_code, reason = "only its schema is used; the value is written as plain JSON")]
#[serde(untagged)]
pub(in crate::api) enum TotalView {
    /// Exact.
    Exact(i64),
    /// `10000+`.
    More(String),
}

/// A page with each item shown.
pub(in crate::api) fn page<M, T: ToSchema>(page: Page<M>, view: impl FnMut(M) -> T) -> PageOf<T> {
    let total = total(page.total);
    PageOf { items: page.items.into_iter().map(view).collect(), next: page.next, total }
}

/// A total as JSON.
pub(in crate::api) fn total(total: i64) -> Json {
    match total {
        NOT_COUNTED => Json::Null,
        total if total > COUNT_MOST => Json::from(format!("{COUNT_MOST}+")),
        total => Json::from(total),
    }
}

/// A whole list that needs no pages.
#[derive(Serialize, ToSchema)]
pub(in crate::api) struct ListOf<T: ToSchema> {
    /// The items.
    items: Vec<T>,
}

/// A list of everything.
pub(in crate::api) fn list<T: ToSchema>(items: impl IntoIterator<Item = T>) -> ListOf<T> {
    ListOf { items: items.into_iter().collect() }
}
