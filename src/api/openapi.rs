//! The OpenAPI 3.1 document, made from the route table: what a row says is what is documented.

use super::problem::ProblemBody;
use super::route::{Door, Free, Route};
use super::routes;
use super::scim::{self, error::ErrorView};
use super::shape::Shape;
use crate::runtime::transfer::Format;
use actix_web::http::Method;
use actix_web::http::StatusCode;
use std::collections::BTreeMap;
use utoipa::openapi::path::{
    HttpMethod, Operation, OperationBuilder, Parameter, ParameterBuilder, ParameterIn, ParameterStyle, Paths,
    PathsBuilder,
};
use utoipa::openapi::request_body::{RequestBody, RequestBodyBuilder};
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Schema, Type};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{
    Components, ComponentsBuilder, Content, Header, Info, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder,
    PathItem, Ref, RefOr, Required, Response, ResponseBuilder,
};

const ABOUT: &str = "Processes, tasks and records of kamflow. Errors are problem+json (RFC 9457), in English or Chinese \
                     by Accept-Language. Changing requests heed Idempotency-Key; what has a version has an ETag and \
                     heeds If-Match.";

const AREAS: [(&str, &str); 8] = [
    ("definitions", "What is deployed: revisions, processes, plugins, scripts, settings"),
    ("running", "What runs: process instances, incidents, decisions"),
    ("people", "Who works: user tasks, users, service accounts"),
    ("organisation", "The organisation: units, positions, who stands above whom, roles, absences and substitutions"),
    ("business", "What it is about: businesses and their records"),
    ("provisioning", "Users and groups of an outside directory (SCIM 2.0, RFC 7643 and 7644)"),
    ("integration", "Workers outside: jobs of processes"),
    ("service", "Tokens, health, metrics"),
];

/// Query parameters that are text, and what they say; the others of no list are numbers.
const ASKED: [(&str, &str); 2] =
    [("asOf", "An instant (RFC 3339): the state of that time"), ("reason", "Why; the history keeps it")];

/// The document.
pub fn openapi() -> OpenApi {
    let tags = AREAS.map(|(name, about)| TagBuilder::new().name(name).description(Some(about)).build());
    OpenApiBuilder::new().info(info()).tags(Some(tags)).paths(paths()).components(Some(components())).build()
}

fn info() -> Info {
    let license = LicenseBuilder::new().name("Apache-2.0").identifier(Some("Apache-2.0")).build();
    InfoBuilder::new()
        .title("kamflow")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(ABOUT))
        .license(Some(license))
        .build()
}

fn paths() -> Paths {
    let mut items: BTreeMap<&str, PathItem> = BTreeMap::new();
    for row in routes::all() {
        let item = PathItem::new(method(&row.method), operation(row));
        match items.get_mut(row.path.as_str()) {
            Some(other) => other.merge_operations(item),
            None => drop(items.insert(&row.path, item)),
        }
    }
    items.into_iter().fold(PathsBuilder::new(), |paths, (path, item)| paths.path(path, item)).build()
}

fn method(method: &Method) -> HttpMethod {
    match *method {
        Method::POST => HttpMethod::Post,
        Method::PUT => HttpMethod::Put,
        Method::PATCH => HttpMethod::Patch,
        Method::DELETE => HttpMethod::Delete,
        _ => HttpMethod::Get,
    }
}

fn operation(row: &Route) -> Operation {
    let mut operation = OperationBuilder::new()
        .operation_id(Some(row.operation))
        .tag(row.area)
        .summary(Some(row.summary))
        .description(needs(row))
        .parameters(Some(parameters(row)))
        .response(row.status.to_string(), success(row, row.status));
    if let Some(other) = row.other_status {
        operation = operation.response(other.to_string(), success(row, other));
    }
    if let Some(takes) = &row.takes {
        operation = operation.request_body(Some(request_body(takes, row)));
    }
    for status in problems(row) {
        let name = format!("#/components/responses/{}{status}", if is_scim(row) { "ScimError" } else { "Problem" });
        operation = operation.response(status.to_string(), RefOr::Ref(Ref::new(name)));
    }
    match row.door {
        Door::Open => operation.securities(Some([SecurityRequirement::default()])),
        Door::Token => operation.security(SecurityRequirement::new::<_, [&str; 0], &str>("bearer", [])),
        Door::Scope(scope) => operation.security(SecurityRequirement::new("bearer", [scope.name()])),
    }
    .build()
}

fn needs(row: &Route) -> Option<String> {
    let scope = match row.door {
        Door::Open => return None,
        Door::Token => "Needs a token.".to_owned(),
        Door::Scope(scope) => format!("Needs the scope `{scope}`."),
    };
    Some(match row.role {
        Some(role) => format!("{scope} Needs the role `{role}`."),
        None => scope,
    })
}

fn request_body(takes: &Shape, row: &Route) -> RequestBody {
    let required = if takes.required { Required::True } else { Required::False };
    let body = RequestBodyBuilder::new().content(takes.media, content(takes)).required(Some(required));
    let other = match (row.form, row.file) {
        (true, _) => "application/x-www-form-urlencoded",
        (false, true) => Format::JsonLines.media(),
        (false, false) => return body.build(),
    };
    body.content(other, content(takes)).build()
}

fn success(row: &Route, status: u16) -> Response {
    let reason = StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason());
    let mut response = ResponseBuilder::new().description(reason.unwrap_or("OK"));
    if status != 204 {
        response = response.content(row.gives.media, content(&row.gives));
    }
    if row.file && row.takes.is_none() {
        response = response.content(Format::JsonLines.media(), content(&row.gives));
    }
    if row.idempotent {
        response = response
            .header("Idempotency-Replayed", header("`true` when this is the kept answer to an earlier request"));
    }
    if row.tagged {
        response = response.header("ETag", header("The version, for If-Match"));
    }
    response.build()
}

fn header(about: &str) -> Header {
    let mut header = Header::new(ObjectBuilder::new().schema_type(Type::String));
    header.description = Some(about.to_owned());
    header
}

fn content(shape: &Shape) -> Content {
    let text = || {
        ObjectBuilder::new().schema_type(if ["application/json", scim::MEDIA].contains(&shape.media) {
            Type::Object
        } else {
            Type::String
        })
    };
    Content::new(Some(shape.schema().unwrap_or_else(|| text().into())))
}

fn parameters(row: &Route) -> Vec<Parameter> {
    let in_path = row.path.split('/').filter_map(|step| step.strip_prefix('{')?.strip_suffix('}'));
    let mut parameters: Vec<Parameter> =
        in_path.map(|name| parameter(name, ParameterIn::Path, Required::True, Type::String, "")).collect();
    let mut add = |name, place, kind, about| parameters.push(parameter(name, place, Required::False, kind, about));
    for name in row.query {
        match row.list {
            true if row.many.contains(name) => {
                let about = "Only those with this value; several times: any of the values";
                add(name, ParameterIn::Query, Type::Array, about);
            }
            true => add(name, ParameterIn::Query, Type::String, "Only those with this value"),
            false => match ASKED.iter().find(|(known, _)| known == name) {
                Some((_, about)) => add(name, ParameterIn::Query, Type::String, about),
                None => add(name, ParameterIn::Query, Type::Integer, ""),
            },
        }
    }
    for (name, about) in row.texts {
        add(name, ParameterIn::Query, Type::String, about);
    }
    if row.list {
        add("limit", ParameterIn::Query, Type::Integer, "Items at most, 1 to 500; 50 when not said");
        add("cursor", ParameterIn::Query, Type::String, "The `next` of the page before");
    }
    parameters.extend(row.free.map(free));
    parameters.extend((!row.sorts.is_empty()).then(|| sort(row.sorts)));
    parameters.extend(row.sorts_by_any.then(|| {
        let about = "A field to order by; `-` before it means descending. By id when not said";
        parameter("sort", ParameterIn::Query, Required::False, Type::String, about)
    }));
    let mut add = |name, place, kind, about| parameters.push(parameter(name, place, Required::False, kind, about));
    if row.idempotent {
        let about = "1 to 255 visible ASCII characters; the same key with the same body is carried out once";
        add("Idempotency-Key", ParameterIn::Header, Type::String, about);
    }
    if row.versioned {
        add(
            "If-Match",
            ParameterIn::Header,
            Type::String,
            "The ETag that you saw; 412 when it is no longer the present one",
        );
    }
    parameters
}

fn parameter(name: &str, place: ParameterIn, required: Required, kind: Type, about: &str) -> Parameter {
    let schema: Schema = match kind {
        Type::Array => ArrayBuilder::new().items(ObjectBuilder::new().schema_type(Type::String)).into(),
        kind => ObjectBuilder::new().schema_type(kind).into(),
    };
    ParameterBuilder::new()
        .name(name)
        .parameter_in(place)
        .required(required)
        .description((!about.is_empty()).then_some(about))
        .schema(Some(schema))
        .build()
}

/// An object in the style `form`, exploded: each of its properties is a query parameter of its own.
fn free(free: Free) -> Parameter {
    let text = ObjectBuilder::new().schema_type(Type::String);
    let names = ObjectBuilder::new().pattern((!free.prefix.is_empty()).then(|| format!("^{}.", escaped(free.prefix))));
    let schema = ObjectBuilder::new()
        .schema_type(Type::Object)
        .property_names(Some(Schema::from(names)))
        .additional_properties(Some(Schema::from(text)));
    ParameterBuilder::new()
        .name(free.name)
        .parameter_in(ParameterIn::Query)
        .required(Required::False)
        .description(Some(free.about))
        .style(Some(ParameterStyle::Form))
        .explode(Some(true))
        .schema(Some(schema))
        .build()
}

fn escaped(prefix: &str) -> String {
    prefix.replace('.', "[.]")
}

fn sort(sorts: &[&str]) -> Parameter {
    let schema = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(sorts.iter().copied()));
    ParameterBuilder::new()
        .name("sort")
        .parameter_in(ParameterIn::Query)
        .required(Required::False)
        .description(Some("The order; `-` before a field means descending. The first one when not said"))
        .schema(Some(schema))
        .build()
}

/// The problems that a route can answer with.
fn problems(row: &Route) -> Vec<u16> {
    let reads_body = row.takes.is_some();
    let rules = [
        (308, row.moves),
        (400, is_scim(row) || reads_body || row.list || row.file || !row.query.is_empty()),
        (401, row.door != Door::Open || row.operation == "issueToken"),
        (403, matches!(row.door, Door::Scope(_))),
        (404, row.path.contains('{')),
        (409, row.idempotent),
        (412, row.versioned),
        (413, reads_body),
        (415, reads_body),
        (422, !is_scim(row) && (reads_body || row.list || row.file || row.query.contains(&"asOf"))),
        (429, row.operation == "issueToken"),
        (500, is_scim(row) || row.path.starts_with("/api")),
        (503, is_scim(row) || row.path.starts_with("/api") || row.operation == "getReady"),
    ];
    rules.into_iter().filter(|(_, can)| *can).map(|(status, _)| status).collect()
}

/// Whether a row has the errors of SCIM.
fn is_scim(row: &Route) -> bool {
    row.path.starts_with(scim::PATHS)
}

fn components() -> Components {
    let error = Shape::of::<ErrorView>(scim::MEDIA);
    let problem = Shape::of::<ProblemBody<'static>>("application/problem+json");
    let shapes = routes::all().iter().flat_map(|row| row.takes.iter().chain([&row.gives])).chain([&problem, &error]);
    let named: BTreeMap<_, _> = shapes.flat_map(Shape::named).collect();
    let components = ComponentsBuilder::new().schemas_from_iter(named).security_scheme("bearer", bearer());
    let statuses = [308, 400, 401, 403, 404, 409, 412, 413, 415, 422, 429, 500, 503];
    statuses
        .into_iter()
        .fold(components, |components, status| {
            let components = components.response(format!("Problem{status}"), refused(status, &problem));
            match [308, 422].contains(&status) {
                true => components,
                false => components.response(format!("ScimError{status}"), refused(status, &error)),
            }
        })
        .build()
}

fn refused(status: u16, problem: &Shape) -> Response {
    let reason = StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason()).unwrap_or("Problem");
    let response = ResponseBuilder::new().description(reason).content(problem.media, content(problem));
    match status {
        308 => response.header("Location", header("What it became")).build(),
        401 => response.header("WWW-Authenticate", header("How to authenticate")).build(),
        429 | 503 => response.header("Retry-After", header("Seconds to wait")).build(),
        _ => response.build(),
    }
}

fn bearer() -> SecurityScheme {
    let about = "A token of /api/v1/auth/token, sent as Authorization: Bearer";
    let http = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").description(Some(about)).build();
    SecurityScheme::Http(http)
}
