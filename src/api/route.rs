//! One row of the route table: what is served where, who may come in, what goes in and what comes out. The router and
//! the OpenAPI document are both made from it.

use super::requires;
use super::scim;
use super::sent::Nothing;
use super::shape::Shape;
use super::view::page::{ListOf, PageOf};
use crate::model::scope::Scope;
use crate::runtime::transfer::Format;
use actix_web::dev::Handler;
use actix_web::http::Method;
use actix_web::middleware::from_fn;
use actix_web::{FromRequest, Responder};
use utoipa::ToSchema;

/// Who may come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// Everybody, without a token.
    Open,
    /// Whoever has a token.
    Token,
    /// Whoever has a token with this scope.
    Scope(Scope),
}

/// Query parameters whose names the table cannot know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Free {
    /// What their names begin with.
    pub prefix: &'static str,
    /// What they are called together.
    pub name: &'static str,
    /// What they are.
    pub about: &'static str,
}

const VARIABLES: Free = Free {
    prefix: "variables.",
    name: "variables",
    about: "`variables.<name>=<value>` for each search variable of the process; only together with `process`",
};
const OF_TASKS: Free = Free {
    prefix: "",
    name: "fields",
    about: "`priority`, `due`, `createdAt` and `endedAt` with an operator, `due[lt]=<instant>`; `variables.<name>` of the search \
            variables and `subject.<field>` of the record, both only together with `process`; `$text=<words>` of the title; \
            `$total=false` saves the counting. Operators are those of the search, without `$`",
};
const FIELDS: Free = Free {
    prefix: "",
    name: "fields",
    about: "`<field>=<value>` for each field of the record type, several times for any of the values; `owner=me` too. With \
            an operator `<field>[gte]=<value>`; operators are those of the search, without `$`. `$text=<words>`",
};

const CONSTANTS: Free = Free {
    prefix: "set.",
    name: "set",
    about: "`set.<field>=<value>` gives every row this value; `{line}`, `{file}` and `{hash}` stand for the row's own",
};

/// A row of the table.
pub struct Route {
    /// The method.
    pub method: Method,
    /// The path, `/api/v1/user-tasks/{id}`.
    pub path: String,
    /// Names the operation in generated clients.
    pub operation: &'static str,
    /// What it does, in one line.
    pub summary: &'static str,
    /// The area it is documented under.
    pub area: &'static str,
    /// Who may come in.
    pub door: Door,
    /// The role that is needed besides.
    pub role: Option<&'static str>,
    /// Query parameters it knows.
    pub query: &'static [&'static str],
    /// Query parameters that are texts, and what they do.
    pub texts: &'static [(&'static str, &'static str)],
    /// Those of them that may be given several times.
    pub many: &'static [&'static str],
    /// Query parameters whose names somebody else decides.
    pub free: Option<Free>,
    /// Whether it is a list, with `limit` and `cursor`.
    pub list: bool,
    /// What its `sort` can be; none: it has an order of its own.
    pub sorts: &'static [&'static str],
    /// Whether its `sort` can be any field.
    pub sorts_by_any: bool,
    /// Whether it heeds `Idempotency-Key`.
    pub idempotent: bool,
    /// Whether it answers with an `ETag`.
    pub tagged: bool,
    /// Whether it heeds `If-Match`.
    pub versioned: bool,
    /// Whether what it is asked for may have become another thing, which `Location` names.
    pub moves: bool,
    /// Whether its body may be a form as well.
    pub form: bool,
    /// Whether it takes or gives a file, as CSV or as JSON lines.
    pub file: bool,
    /// Whether its body may have the size of a deployment.
    pub large: bool,
    /// Whether its body is a file, read part by part.
    pub upload: bool,
    pub(super) takes: Option<Shape>,
    pub(super) gives: Shape,
    pub(super) status: u16,
    pub(super) other_status: Option<u16>,
    make: Box<dyn Fn(Method) -> actix_web::Route + Send + Sync>,
}

/// Rows of `/api/v1`, behind a scope.
pub(super) fn row<F, Args>(
    method: Method,
    path: &str,
    operation: &'static str,
    scope: Scope,
    handler: F,
    summary: &'static str,
) -> Route
where
    F: Handler<Args> + Send + Sync,
    Args: FromRequest + 'static,
    F::Output: Responder + 'static,
{
    let idempotent = [Method::POST, Method::PUT, Method::PATCH, Method::DELETE].contains(&method);
    Route {
        method,
        path: format!("/api/v1{path}"),
        operation,
        summary,
        area: "",
        door: Door::Scope(scope),
        role: None,
        query: &[],
        texts: &[],
        many: &[],
        free: None,
        list: false,
        sorts: &[],
        sorts_by_any: false,
        idempotent,
        tagged: false,
        versioned: false,
        moves: false,
        form: false,
        file: false,
        large: false,
        upload: false,
        takes: None,
        gives: Shape::none(),
        status: 200,
        other_status: None,
        make: Box::new(move |method| actix_web::web::method(method).to(handler.clone())),
    }
}

impl Route {
    /// Takes this body.
    pub(super) fn takes<T: ToSchema>(self) -> Route {
        Route { takes: Some(Shape::of::<T>("application/json")), ..self }
    }

    /// Takes `{}` or no body at all.
    pub(super) fn takes_nothing(self) -> Route {
        self.takes_perhaps::<Nothing>()
    }

    /// Takes this body, `{}` or no body at all.
    pub(super) fn takes_perhaps<T: ToSchema>(self) -> Route {
        let shape = Shape { required: false, ..Shape::of::<T>("application/json") };
        Route { takes: Some(shape), ..self }
    }

    /// Takes the bytes of any file.
    pub(super) fn takes_bytes(self) -> Route {
        Route { takes: Some(Shape { media: "*/*", ..Shape::none() }), upload: true, ..self }
    }

    /// Answers with this.
    pub(super) fn gives<T: ToSchema>(self, status: u16) -> Route {
        Route { gives: Shape::of::<T>("application/json"), status, ..self }
    }

    /// Answers with nothing but its status.
    pub(super) fn gives_nothing(self) -> Route {
        Route { gives: Shape::none(), status: 204, ..self }
    }

    /// Stands under `/scim/v2`, and takes and gives the media type of SCIM.
    pub(super) fn in_scim(self) -> Route {
        let path = self.path.replacen("/api/v1", "/scim/v2", 1);
        let takes = self.takes.map(|shape| Shape { media: scim::MEDIA, ..shape });
        Route { path, takes, gives: Shape { media: scim::MEDIA, ..self.gives }, ..self }
    }

    /// Takes a file: CSV, or JSON lines.
    pub(super) fn takes_file(self) -> Route {
        Route { takes: Some(Shape { media: Format::Csv.media(), ..Shape::none() }), file: true, ..self }
    }

    /// Answers with lines, each of them one of these.
    pub(super) fn gives_lines<T: ToSchema>(self) -> Route {
        Route { gives: Shape::of::<T>(Format::JsonLines.media()), ..self }
    }

    /// Answers with a file: CSV, or JSON lines.
    pub(super) fn gives_file(self) -> Route {
        Route { gives: Shape { media: Format::Csv.media(), ..Shape::none() }, file: true, ..self }
    }

    /// Has query parameters that begin like this.
    pub(super) fn sets(self) -> Route {
        Route { free: Some(CONSTANTS), ..self }
    }

    /// Answers with a page of these.
    pub(super) fn gives_page<T: ToSchema>(self) -> Route {
        Route { gives: Shape::of_many::<PageOf<T>, T>("PageOf"), ..self }
    }

    /// Answers with all of these.
    pub(super) fn gives_list<T: ToSchema>(self) -> Route {
        Route { gives: Shape::of_many::<ListOf<T>, T>("ListOf"), ..self }
    }

    /// Can answer with the same under another status.
    pub(super) fn or(self, status: u16) -> Route {
        Route { other_status: Some(status), ..self }
    }

    /// Answers with text of this media type.
    pub(super) fn gives_text(self, media: &'static str) -> Route {
        Route { gives: Shape { media, ..Shape::none() }, ..self }
    }

    /// Knows these query parameters.
    pub(super) fn asks(self, query: &'static [&'static str]) -> Route {
        Route { query, ..self }
    }

    /// Knows these query parameters, each with what it does.
    pub(super) fn knows(self, texts: &'static [(&'static str, &'static str)]) -> Route {
        Route { texts, ..self }
    }

    /// Is a list that can be narrowed by these query parameters.
    pub(super) fn lists(self, query: &'static [&'static str]) -> Route {
        Route { query, list: true, ..self }
    }

    /// Those of its parameters that may be given several times: any of the values.
    pub(super) fn many(self, many: &'static [&'static str]) -> Route {
        Route { many, ..self }
    }

    /// Can be ordered like this.
    pub(super) fn sorts(self, sorts: &'static [&'static str]) -> Route {
        Route { sorts, ..self }
    }

    /// Can be ordered by any field.
    pub(super) fn sorts_by_any(self) -> Route {
        Route { sorts_by_any: true, ..self }
    }

    /// Can be narrowed by the search variables of a process.
    pub(super) fn by_variables(self) -> Route {
        Route { free: Some(VARIABLES), ..self }
    }

    /// Can be narrowed by what tasks have, and by what they are about.
    pub(super) fn by_tasks(self) -> Route {
        Route { free: Some(OF_TASKS), ..self }
    }

    /// Can be narrowed by the fields of a record type.
    pub(super) fn by_fields(self) -> Route {
        Route { free: Some(FIELDS), ..self }
    }

    /// Changes nothing although it is a POST.
    pub(super) fn harmless(self) -> Route {
        Route { idempotent: false, ..self }
    }

    /// Answers with an `ETag`.
    pub(super) fn tagged(self) -> Route {
        Route { tagged: true, ..self }
    }

    /// Heeds `If-Match`, and answers with an `ETag`.
    pub(super) fn versioned(self) -> Route {
        Route { versioned: true, tagged: true, ..self }
    }

    /// Answers 308 for what became another thing.
    pub(super) fn moves(self) -> Route {
        Route { moves: true, ..self }
    }

    /// Heeds `If-Match`; what it is about is gone afterwards and has no version.
    pub(super) fn guarded(self) -> Route {
        Route { versioned: true, ..self }
    }

    /// Takes its body as a form as well.
    pub(super) fn or_form(self) -> Route {
        Route { form: true, ..self }
    }

    /// Takes a body of the size of a deployment.
    pub(super) fn large(self) -> Route {
        Route { large: true, ..self }
    }

    /// Is documented under this area.
    pub(super) fn in_area(self, area: &'static str) -> Route {
        Route { area, ..self }
    }

    /// Needs this role besides the scope.
    pub(super) fn role(self, role: &'static str) -> Route {
        Route { role: Some(role), ..self }
    }

    /// Needs no scope.
    pub(super) fn door(self, door: Door) -> Route {
        Route { door, ..self }
    }

    /// Stands outside of `/api/v1`.
    pub(super) fn at(self, path: &str) -> Route {
        Route { path: path.to_owned(), ..self }
    }

    /// For the router: the handler behind its door. GET serves HEAD too.
    pub(super) fn serve(&'static self, method: Method) -> actix_web::Route {
        (self.make)(method).wrap(from_fn(move |request, next| requires::admit(self, request, next)))
    }
}
