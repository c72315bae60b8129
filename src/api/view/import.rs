//! The lines that an import answers with, one JSON object each with one key that says what it is.

use super::super::catalogue::say;
use crate::model::import::{Counts, LedTo};
use crate::model::json::Json;
use crate::model::refusal::Refusal;
use crate::model::text::Language;
use crate::runtime::transfer::{Stopped, Summary};
use actix_web::web::Bytes;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

/// A line, or the refusal of the whole request before there is any.
pub(in crate::api) enum Line {
    Text(Bytes),
    Refused(Box<Refusal>),
}

/// One line of the answer to an import; it has exactly one of these keys. The last line is `summary` or `stopped`; an
/// answer without either broke off.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "refused": {"line": 17, "code": "invalid_record", "detail": "this is not a valid opportunity",
        "errors": [{"pointer": "/fields/name", "code": "required", "detail": "\"name\" is required"}]}
}))]
#[allow(dead_code, reason = "the shape of what is written below, for the document")]
pub(in crate::api) struct ImportLine {
    /// The columns fit: `computed` are those that are not read, because rules compute them.
    #[schema(value_type = Option<Object>)]
    begun: Option<Json>,
    /// A row that was refused: its line in the file, code, detail and errors; the first 10,000 of them.
    #[schema(value_type = Option<Object>)]
    refused: Option<Json>,
    /// How far it has come: line, created, updated, unchanged, refused.
    #[schema(value_type = Option<Object>)]
    moved: Option<Json>,
    /// What came of it: line, created, updated, unchanged, refused, trial, replayed, resumedAfter, and in ledTo where
    /// started processes have come to.
    #[schema(value_type = Option<Object>)]
    summary: Option<Json>,
    /// Why it stopped before its end, and how far it came; sent again under the same Idempotency-Key it goes on there.
    #[schema(value_type = Option<Object>)]
    stopped: Option<Json>,
}

/// The columns fit.
pub(in crate::api) fn begun(computed: &[String]) -> Line {
    line("begun", json!({ "computed": computed }))
}

/// A refused row.
pub(in crate::api) fn refused(at: i64, why: &Refusal, language: Language) -> Line {
    line("refused", with(json!({ "line": at }), told(why, language)))
}

/// A batch is done.
pub(in crate::api) fn moved(at: i64, counts: Counts) -> Line {
    line("moved", counted(at, counts))
}

/// The end.
pub(in crate::api) fn summary(done: &Summary) -> Line {
    let led_to: Vec<Json> = done
        .led_to
        .iter()
        .map(|(what, rows)| {
            let what = match what {
                LedTo::Decided { function, output, value } => {
                    json!({"decided": {"function": function, "output": output, "value": value}})
                }
                LedTo::WaitsAt(node) => json!({ "waitsAt": node }),
                LedTo::EndsAt(node) => json!({ "endsAt": node }),
                LedTo::FailsAt(node) => json!({ "failsAt": node }),
            };
            with(what, json!({ "rows": rows }))
        })
        .collect();
    let more = json!({
        "trial": done.trial, "replayed": done.replayed, "resumedAfter": done.resumed_after, "ledTo": led_to
    });
    line("summary", with(counted(done.line, done.counts), more))
}

/// An end before the end.
pub(in crate::api) fn stopped(stopped: &Stopped, language: Language) -> Line {
    let counted = counted(stopped.summary.line, stopped.summary.counts);
    line("stopped", with(counted, told(&stopped.why, language)))
}

fn told(why: &Refusal, language: Language) -> Json {
    let errors: Vec<Json> = why
        .errors
        .iter()
        .map(|e| json!({"pointer": e.pointer, "code": e.code, "detail": say(&e.detail, language)}))
        .collect();
    json!({"code": why.code, "detail": say(&why.detail, language), "errors": errors})
}

fn counted(line: i64, counts: Counts) -> Json {
    with(json!({ "line": line }), json!(counts))
}

fn with(one: Json, other: Json) -> Json {
    match (one, other) {
        (Json::Object(mut one), Json::Object(other)) => {
            one.extend(other);
            Json::Object(one)
        }
        (one, _) => one,
    }
}

fn line(key: &str, value: Json) -> Line {
    Line::Text(Bytes::from(format!("{}\n", json!({ key: value }))))
}
