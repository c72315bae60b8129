//! Exporting over HTTP: every record that the caller may see, as a stream that is made only as fast as it is read.

use super::answer::ApiResult;
use super::imports::truth;
use super::pieces::Pieces;
use super::problem::Problem;
use super::requires::By;
use super::search::{narrow, parameters};
use super::state::App;
use crate::runtime::transfer::{Cells, Format, Outward};
use actix_web::http::header;
use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse};

/// Query parameters of an export.
pub(super) const PARAMETERS: &[(&str, &str)] = &[
    ("format", "`csv` or `jsonl`; csv when not said"),
    ("fields", "Only these fields, in this order: `name,owner,_id`; several times: all of them"),
    ("raw", "`true`: cells as they are, without an apostrophe before what a spreadsheet would take for a formula"),
    ("bom", "`true`: begin with a byte order mark, by which spreadsheets know UTF-8"),
];

pub(super) async fn records(by: By, name: Path<String>, request: HttpRequest, app: App) -> ApiResult {
    let asked = asked(name.into_inner(), &request)?;
    let media = match asked.format {
        Format::Csv => "text/csv; charset=utf-8",
        Format::JsonLines => Format::JsonLines.media(),
    };
    let end = if asked.format == Format::Csv { "csv" } else { "jsonl" };
    let file = format!("attachment; filename=\"{}.{end}\"", asked.record_type);
    let export = app.runtime.export(&by.0, asked).await?;
    let mut answer = HttpResponse::Ok();
    answer.insert_header((header::CONTENT_TYPE, media)).insert_header((header::CONTENT_DISPOSITION, file));
    Ok(answer.body(Pieces::of_export(export)))
}

fn asked(record_type: String, request: &HttpRequest) -> Result<Outward, Problem> {
    let mut asked = Outward {
        record_type,
        format: Format::Csv,
        fields: None,
        filter: Vec::new(),
        cells: Cells::Protected,
        bom: false,
    };
    for (name, value) in parameters(request)? {
        match name.as_str() {
            "format" => {
                let problem = || Problem::malformed("invalid_parameter", "this takes csv or jsonl").at("?format");
                asked.format = Format::parse(&value).ok_or_else(problem)?;
            }
            "fields" => {
                asked.fields.get_or_insert_default().extend(value.split(',').map(|name| name.trim().to_owned()))
            }
            "raw" => asked.cells = if truth(&name, &value)? { Cells::Raw } else { Cells::Protected },
            "bom" => asked.bom = truth(&name, &value)?,
            _ => narrow(&mut asked.filter, &name, value)?,
        }
    }
    Ok(asked)
}
