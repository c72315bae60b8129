//! Diagrams of processes and of instances, as SVG or as Mermaid.

use super::answer::ApiResult;
use super::language;
use super::problem::Problem;
use super::requires::By;
use super::search::parameter;
use super::state::App;
use crate::diagram::{self, Format};
use crate::model::ids::InstanceId;
use crate::model::refusal::Refusal;
use crate::model::text::Language;
use actix_web::http::header;
use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse};

/// Query parameters of a diagram.
pub(super) const PARAMETERS: &[(&str, &str)] = &[
    ("format", "`svg` or `mermaid`; svg when not said"),
    ("lang", "`en` or `zh`; as `Accept-Language` says when not said"),
];

/// What a picture may do where it is opened by itself: bring its styles along, and nothing else.
const HARMLESS: &str = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox";

pub(super) async fn of_definition(by: By, key: Path<String>, request: HttpRequest, app: App) -> ApiResult {
    let (format, language) = asked(&request)?;
    let library = app.runtime.definitions_of(&by.0, &key).await?;
    let process = library.definitions.processes.get(&*key).ok_or_else(|| Refusal::not_found("process", &*key))?;
    Ok(drawn(diagram::write(process, None, format, language), format, language))
}

pub(super) async fn of_instance(by: By, id: Path<InstanceId>, request: HttpRequest, app: App) -> ApiResult {
    let (format, language) = asked(&request)?;
    let (process, trail) = app.runtime.trail(&by.0, &id).await?;
    Ok(drawn(diagram::write(&process, Some(&trail), format, language), format, language))
}

fn asked(request: &HttpRequest) -> Result<(Format, Language), Problem> {
    let wrong = |detail, at| Problem::malformed("invalid_parameter", detail).at(at);
    let format = match parameter(request, "format")? {
        None => Format::default(),
        Some(word) => Format::parse(&word).ok_or_else(|| wrong("this takes svg or mermaid", "?format"))?,
    };
    let language = match parameter(request, "lang")? {
        None => language::of(request.headers()),
        Some(tag) => Language::parse(&tag).ok_or_else(|| wrong("this takes en or zh", "?lang"))?,
    };
    Ok((format, language))
}

fn drawn(text: String, format: Format, language: Language) -> HttpResponse {
    let mut answer = HttpResponse::Ok();
    answer.insert_header((header::CONTENT_TYPE, format.media()));
    answer.insert_header((header::CONTENT_LANGUAGE, language::tag(language)));
    answer.insert_header((header::VARY, "Accept-Language"));
    answer.insert_header((header::CONTENT_SECURITY_POLICY, HARMLESS));
    answer.body(text)
}
