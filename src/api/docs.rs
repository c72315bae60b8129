//! The page for people who read the API: Swagger UI under `/docs/`, from files inside the binary.

use actix_web::{HttpResponse, Resource, web};
use utoipa_swagger_ui::{Config, SwaggerUi};

/// The page and its files.
pub(super) fn swagger() -> SwaggerUi {
    SwaggerUi::new("/docs/{_:.*}").config(Config::new(["/openapi.json"]).persist_authorization(false))
}

/// `/docs` leads to `/docs/`, so that the page finds its files.
pub(super) fn redirect() -> Resource {
    web::resource("/docs").route(
        web::get().to(|| async { HttpResponse::PermanentRedirect().insert_header(("Location", "/docs/")).finish() }),
    )
}
