//! Searches: `{filter, sort, page}` in a body, or the common cases as query parameters of a list.

use super::problem::Problem;
use crate::model::filter::{self, Condition, Filter, Operator};
use crate::model::json::{Json, JsonMap};
use crate::model::page::{self, PAGE_DEFAULT, PAGE_MOST, Search};
use crate::model::refusal::FieldError;
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
    /// Field to value, or to an object of `$eq`, `$neq`, `$in`, `$nin`, `$gt`, `$gte`, `$lt`, `$lte`, `$like` (a prefix,
    /// `Huaxin%`), `$exists`, `$under`. Beside fields, `$or` takes a list of filters of which one must hold, and `$text`
    /// words that must occur. The fields are those of the list; one that does not know an operator says so with 422.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub filter: JsonMap,
    /// At most one field to order by; `-` before it for descending.
    #[serde(default)]
    pub sort: Vec<String>,
    /// Which page.
    #[serde(default)]
    pub page: PageBody,
}

/// Which page of a search.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SearchPage)]
pub(super) struct PageBody {
    /// Items at most, 1 to 500; 50 when not said.
    #[schema(value_type = Option<i64>, minimum = 1, maximum = 500, default = 50)]
    limit: Option<u64>,
    /// The `next` of the page before.
    cursor: Option<String>,
    /// Whether all that match are counted; false saves the time where nobody looks. Of lists of tasks only.
    #[serde(default = "counted")]
    #[schema(default = true)]
    total: bool,
}

impl Default for PageBody {
    fn default() -> PageBody {
        PageBody { limit: None, cursor: None, total: true }
    }
}

fn counted() -> bool {
    true
}

impl SearchBody {
    /// Reads conditions, order and page.
    pub(super) fn read(self) -> Result<Search, Problem> {
        let filter = read_filter(self.filter)?;
        if self.sort.len() > 1 {
            return Err(Problem::malformed("invalid_sort", "a list is ordered by one field at most").at("/sort/1"));
        }
        let sort = self.sort.first().map(|sort| order(sort, "/sort/0")).transpose()?;
        let limit = limit(self.page.limit, "/page/limit")?;
        let PageBody { cursor, total, .. } = self.page;
        Ok(Search { filter, sort, cursor, limit, uncounted: !total, saved: None })
    }
}

/// Reads a filter of a body.
pub(super) fn read_filter(filter: JsonMap) -> Result<Vec<Filter>, Problem> {
    read_filter_at(filter, "/filter")
}

/// Reads a filter that stands at this pointer of a body.
pub(super) fn read_filter_at(filter: JsonMap, at: &str) -> Result<Vec<Filter>, Problem> {
    filter::parse(filter, at).map_err(malformed)
}

fn malformed(error: FieldError) -> Problem {
    Problem::malformed(&error.code, error.detail).at(error.pointer)
}

/// Reads an order such as `-due`.
pub(super) fn order(sort: &str, pointer: &str) -> Result<(String, bool), Problem> {
    page::order(sort)
        .ok_or_else(|| Problem::malformed("invalid_sort", "sort takes the name of a field, such as -due").at(pointer))
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
            "$total" => match value.as_str() {
                "false" => search.uncounted = true,
                "true" => search.uncounted = false,
                _ => return Err(Problem::malformed("invalid_parameter", "$total is true or false").at("?$total")),
            },
            _ => narrow(&mut search.filter, &name, value)?,
        }
    }
    Ok(search)
}

/// `field=value`, or `field[gte]=value` with any operator. A parameter given several times means any of its values; with
/// an operator that takes no list, all of its conditions.
pub(super) fn narrow(filter: &mut Vec<Filter>, name: &str, value: String) -> Result<(), Problem> {
    let at = format!("?{name}");
    if name == "$text" {
        filter.push(Filter::Text { words: value, at });
        return Ok(());
    }
    let (field, operator) = match name.strip_suffix(']').and_then(|name| name.split_once('[')) {
        Some((field, operator)) => {
            let known = Operator::named(operator);
            (field, known.ok_or_else(|| malformed(filter::unknown(&format!("${operator}"), at.clone())))?)
        }
        None => (name, Operator::Eq),
    };
    let before = filter.iter_mut().find_map(|part| match part {
        Filter::Where(condition) if condition.at == at => Some(condition),
        _ => None,
    });
    match (operator, before) {
        (Operator::Eq, Some(condition)) if condition.operator == Operator::Eq => {
            let first = condition.value.take();
            (condition.operator, condition.value) = (Operator::In, Json::Array(vec![first, Json::String(value)]));
        }
        (Operator::Eq | Operator::In | Operator::Nin, Some(condition)) => {
            condition.value.as_array_mut().into_iter().for_each(|values| values.push(Json::String(value.clone())));
            filter::fits(condition).map_err(malformed)?;
        }
        (operator, _) => {
            let value = match operator {
                Operator::In | Operator::Nin => Json::Array(vec![Json::String(value)]),
                Operator::Exists => value.parse::<bool>().map_or(Json::String(value), Json::Bool),
                _ => Json::String(value),
            };
            let condition = Condition { field: field.to_owned(), operator, value, at };
            filter::fits(&condition).map_err(malformed)?;
            filter.push(Filter::Where(condition));
        }
    }
    if filter.len() > filter::CONDITIONS_MOST {
        let sentence = format!("a filter has at most {} conditions", filter::CONDITIONS_MOST);
        return Err(Problem::malformed("filter_too_large", sentence).at(format!("?{name}")));
    }
    Ok(())
}
