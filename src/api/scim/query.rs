//! What a request asks for in its query: a filter, a part of the list, and which attributes (RFC 7644 3.4.2, 3.9).

use super::projection::Projection;
use crate::api::problem::Problem;
use crate::api::search::parameters;
use crate::model::page::{PAGE_DEFAULT, PAGE_MOST};
use crate::model::refusal::Refusal;
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use std::future::{Ready, ready};

/// The parameters of what shows one user or group.
pub(in crate::api) const SHOWN: &[(&str, &str)] = &[
    ("attributes", "Nothing but these attributes, separated by commas; `id` and `schemas` are always there"),
    ("excludedAttributes", "All but these attributes"),
];

/// The parameters of a list.
pub(in crate::api) const LISTED: &[(&str, &str)] = &[
    ("filter", "`userName eq \"li.na\"`; operators eq, ne, co, sw, ew and pr, joined by and, or, not and parentheses"),
    ("startIndex", "The first one to show, counted from 1"),
    ("count", "How many to show at most, 0 to 500; 50 when not said"),
    ("sortBy", "Not heeded: the order is that of the ids"),
    ("sortOrder", "Not heeded"),
    SHOWN[0],
    SHOWN[1],
];

/// What is asked for.
#[derive(Debug, Clone)]
pub(in crate::api) struct Asked {
    /// Which users or groups; none: all.
    pub filter: Option<String>,
    /// The first one, counted from 1.
    pub start: i64,
    /// How many at most.
    pub count: i64,
    /// Which attributes.
    pub projection: Projection,
}

impl FromRequest for Asked {
    type Error = Problem;
    type Future = Ready<Result<Asked, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(parameters(request).and_then(read))
    }
}

fn read(given: Vec<(String, String)>) -> Result<Asked, Problem> {
    let one = |name: &str| given.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    let number = |name: &str| one(name).map(|text| whole(name, text)).transpose();
    let default = i64::try_from(PAGE_DEFAULT).unwrap_or(50);
    let most = i64::try_from(PAGE_MOST).unwrap_or(500);
    Ok(Asked {
        filter: one("filter").map(str::to_owned),
        start: number("startIndex")?.unwrap_or(1).max(1),
        count: number("count")?.unwrap_or(default).clamp(0, most),
        projection: Projection::new(one("attributes"), one("excludedAttributes")),
    })
}

fn whole(name: &str, text: &str) -> Result<i64, Problem> {
    text.parse().map_err(|_| Refusal::invalid("scim_value", format!("\"{name}\" takes a whole number")).into())
}
