//! Searches: `{filter, sort, page}` in a body, or the common cases as query parameters of a list.

use super::json::step;
use super::problem::Problem;
use crate::model::json::{Json, JsonMap};
use crate::model::page::{Condition, Operator, PAGE_DEFAULT, PAGE_MOST, Search};
use actix_web::body::BoxBody;
use actix_web::dev::{Payload, ServiceResponse};
use actix_web::error::QueryPayloadError;
use actix_web::http::StatusCode;
use actix_web::{FromRequest, HttpRequest, web};
use serde::Deserialize;
use std::future::{Ready, ready};
use utoipa::ToSchema;

/// A search. All conditions must hold.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Search, example = json!({
    "filter": {"state": {"$in": ["created", "claimed"]}, "assignee": "alice"}, "sort": ["-due"], "page": {"limit": 50}
}))]
pub(super) struct SearchBody {
    /// Field to value, or to one of `$eq`, `$in`, `$gte`, `$lte`, `$like` with a value (`$like`: a prefix, `Huaxin%`).
    /// The fields are those of the list; one that does not know an operator says so with 422.
    #[serde(default)]
    #[schema(value_type = Object)]
    filter: JsonMap,
    /// At most one field to order by; `-` before it for descending.
    #[serde(default)]
    sort: Vec<String>,
    /// Which page.
    #[serde(default)]
    page: PageBody,
}

/// Which page of a search.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SearchPage)]
struct PageBody {
    /// Items at most, 1 to 500; 50 when not said.
    #[schema(value_type = Option<i64>, minimum = 1, maximum = 500, default = 50)]
    limit: Option<u64>,
    /// The `next` of the page before.
    cursor: Option<String>,
}

impl SearchBody {
    /// Reads conditions, order and page.
    pub(super) fn read(self) -> Result<Search, Problem> {
        let conditions = self.filter.into_iter().map(|(field, value)| conditions(field, value));
        let filter = conditions.collect::<Result<Vec<_>, _>>()?.concat();
        if self.sort.len() > 1 {
            return Err(Problem::malformed("invalid_sort", "a list is ordered by one field at most").at("/sort/1"));
        }
        let sort = self.sort.first().map(|sort| order(sort, "/sort/0")).transpose()?;
        let limit = limit(self.page.limit, "/page/limit")?;
        Ok(Search { filter, sort, cursor: self.page.cursor, limit })
    }
}

/// `{"$gte": 1, "$lte": 5}` is two conditions; anything that is no object of operators is compared as it is.
fn conditions(field: String, value: Json) -> Result<Vec<Condition>, Problem> {
    let operators = match value {
        Json::Object(map) if map.keys().any(|key| key.starts_with('$')) => map,
        value => return Ok(vec![Condition { field, operator: Operator::Eq, value }]),
    };
    let condition = |(name, value): (String, Json)| {
        let pointer = format!("/filter{}{}", step(&field), step(&name));
        let known = OPERATORS.iter().find(|(known, _)| *known == name);
        let Some((_, operator)) = known else {
            let list = OPERATORS.map(|(name, _)| name).join(", ");
            let detail = format!("the operator \"{name}\" is not known; known are {list}");
            return Err(Problem::malformed("unknown_operator", detail).at(pointer));
        };
        if *operator == Operator::In && !value.is_array() {
            return Err(Problem::malformed("invalid_operand", "$in takes a list").at(pointer));
        }
        if *operator == Operator::Like && !value.is_string() {
            return Err(Problem::malformed("invalid_operand", "$like takes a text such as \"Huaxin%\"").at(pointer));
        }
        Ok(Condition { field: field.clone(), operator: *operator, value })
    };
    operators.into_iter().map(condition).collect()
}

const OPERATORS: [(&str, Operator); 5] = [
    ("$eq", Operator::Eq),
    ("$in", Operator::In),
    ("$gte", Operator::Gte),
    ("$lte", Operator::Lte),
    ("$like", Operator::Like),
];

fn order(sort: &str, pointer: &str) -> Result<(String, bool), Problem> {
    let (field, descending) = match sort.strip_prefix('-') {
        Some(field) => (field, true),
        None => (sort, false),
    };
    if field.is_empty() {
        return Err(Problem::malformed("invalid_sort", "sort takes the name of a field, such as -due").at(pointer));
    }
    Ok((field.to_owned(), descending))
}

fn limit(asked: Option<u64>, pointer: &str) -> Result<usize, Problem> {
    let limit = asked.map_or(PAGE_DEFAULT, |limit| usize::try_from(limit).unwrap_or(usize::MAX));
    if (1..=PAGE_MOST).contains(&limit) {
        return Ok(limit);
    }
    let detail = format!("a page has 1 to {PAGE_MOST} items");
    Err(Problem::malformed("invalid_limit", detail).at(pointer))
}

/// The search that the query of a list asks for: `?state=created&state=claimed&sort=-due&limit=20`. A parameter given
/// several times means any of its values. The row of the route says which parameters there are; `requires` keeps to it.
pub(super) struct Wanted(pub Search);

impl FromRequest for Wanted {
    type Error = Problem;
    type Future = Ready<Result<Wanted, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(parameters(request).and_then(wanted).map(Wanted))
    }
}

/// The query of a request, decoded.
pub(super) fn parameters(request: &HttpRequest) -> Result<Vec<(String, String)>, Problem> {
    let read = pairs(request.query_string()).map_err(|_| {
        Problem::malformed("invalid_parameter", "the query cannot be read; write ?name=value&name=value")
    })?;
    match read.iter().find(|(name, value)| name.contains('\0') || value.contains('\0')) {
        Some((name, _)) => {
            let detail = "a text holds the character U+0000, which cannot be stored; remove it";
            let problem = Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "nul_character", detail);
            Err(problem.at(format!("?{name}")))
        }
        None => Ok(read),
    }
}

/// The one value of a query parameter; none when it is not given.
pub(super) fn parameter(request: &HttpRequest, name: &str) -> Result<Option<String>, Problem> {
    let mut given = parameters(request)?.into_iter().filter(|(known, _)| known == name).map(|(_, value)| value);
    let value = given.next();
    if given.next().is_some() {
        let detail = format!("\"{name}\" is given twice");
        return Err(Problem::malformed("invalid_parameter", detail).at(format!("?{name}")));
    }
    Ok(value)
}

/// The floors below know searches, and point into their body; who sent a query is told of its parameters.
pub(super) fn as_parameters(mut answer: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
    if let Some(problem) = answer.response_mut().extensions_mut().get_mut::<Problem>() {
        for error in &mut problem.errors {
            error.pointer = match error.pointer.as_str() {
                "/sort/0" => "?sort".to_owned(),
                "/page/cursor" => "?cursor".to_owned(),
                other => match other.strip_prefix("/filter/") {
                    Some(field) => format!("?{}", field.replace("~1", "/").replace("~0", "~")),
                    None => other.to_owned(),
                },
            };
        }
    }
    answer
}

/// Pairs in the encoding of queries and forms.
pub(super) fn pairs(text: &str) -> Result<Vec<(String, String)>, QueryPayloadError> {
    web::Query::<Vec<(String, String)>>::from_query(text).map(web::Query::into_inner)
}

fn wanted(given: Vec<(String, String)>) -> Result<Search, Problem> {
    let mut search = Search { limit: PAGE_DEFAULT, ..Search::default() };
    for (name, value) in given {
        match name.as_str() {
            "sort" => search.sort = Some(order(&value, "?sort")?),
            "limit" => search.limit = limit(Some(value.parse().unwrap_or(0)), "?limit")?,
            "cursor" => search.cursor = Some(value),
            _ => narrow(&mut search.filter, name, value),
        }
    }
    Ok(search)
}

fn narrow(filter: &mut Vec<Condition>, field: String, value: String) {
    let value = Json::String(value);
    match filter.iter_mut().find(|condition| condition.field == field) {
        Some(condition) => {
            if let Json::Array(values) = &mut condition.value {
                values.push(value);
            } else {
                let first = condition.value.take();
                (condition.operator, condition.value) = (Operator::In, Json::Array(vec![first, value]));
            }
        }
        None => filter.push(Condition { field, operator: Operator::Eq, value }),
    }
}
