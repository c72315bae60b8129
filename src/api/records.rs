//! Business records of any declared type: create, read, change, delete, find, and those above and below.

use super::answer::{self, ApiResult, changed, created, expect, shown, tagged};
use super::merges;
use super::problem::Problem;
use super::requires::By;
use super::search::{PageBody, SearchBody, Wanted, parameter};
use super::sent::{Body, Nothing, Sent};
use super::state::App;
use super::view::page::page;
use super::view::record::{change, record};
use crate::model::ids::RecordId;
use crate::model::json::JsonMap;
use crate::model::page::Search;
use crate::model::time::Timestamp;
use crate::runtime::request::Change;
use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::web::Path;
use serde::Deserialize;
use utoipa::ToSchema;

/// A new record.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "fields": {"name": "Line 4", "owner": "alice", "amount": {"amount": "1234.50", "currency": "CNY"}}
}))]
pub(super) struct CreateRecord {
    /// Its fields, as its type declares them.
    #[schema(value_type = Object)]
    fields: JsonMap,
}

/// A change of a record.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"fields": {"expected_close": "2026-06-30", "note": null}, "reason": "the tender was put off"}))]
pub(super) struct UpdateRecord {
    /// The fields that change; null clears one, fields not named stay.
    #[schema(value_type = Object)]
    fields: JsonMap,
    /// Why.
    reason: Option<String>,
}

/// A search of records. All conditions must hold.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[schema(example = json!({
    "filter": {"status": "open", "amount": {"$gte": {"amount": "1000.00", "currency": "CNY"}},
        "$or": [{"owner": "me"}, {"stage": {"$in": ["s05", "s06"]}}], "$text": "华新 line"},
    "sort": ["-expected_close"], "page": {"limit": 50}
}))]
pub(super) struct SearchRecords {
    /// Field to value, or to an object of `$eq`, `$neq`, `$in`, `$nin`, `$gt`, `$gte`, `$lt`, `$lte`, `$like` (a prefix,
    /// `Huaxin%`), `$exists`, and, for the parent, `$under`. Beside fields, `$or` takes a list of filters of which one must
    /// hold, and `$text` words that must occur in the fields of text search.
    #[serde(default)]
    #[schema(value_type = Object)]
    filter: JsonMap,
    /// At most one field to order by; `-` before it for descending. By id when not said.
    #[serde(default)]
    sort: Vec<String>,
    /// Which page.
    #[serde(default)]
    page: PageBody,
    /// Not possible here: records are found as they are. Summaries know the past.
    as_of: Option<String>,
}

impl SearchRecords {
    fn read(self) -> Result<Search, Problem> {
        if self.as_of.is_some() {
            let sentence = "records are found as they are now; aggregate takes asOf, for what stands in columns";
            return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "past_not_kept", sentence).at("/asOf"));
        }
        SearchBody { filter: self.filter, sort: self.sort, page: self.page }.read()
    }
}

pub(super) async fn create(by: By, record_type: Path<String>, sent: Sent<CreateRecord>, app: App) -> ApiResult {
    let record_type = record_type.into_inner();
    let fields = sent.value.fields;
    let answer = app.execute(&by, sent.terms, Change::CreateRecord { record_type, fields }).await?;
    let (new, answered) = expect(answer, answer::record)?;
    let location = format!("/api/v1/records/{}/{}", new.record.record_type, new.record.id);
    created(answered, Some(location), Some(new.record.version), record(new))
}

/// The record, or what it was at the instant `asOf`.
pub(super) async fn get(by: By, path: Path<(String, RecordId)>, request: HttpRequest, app: App) -> ApiResult {
    let found = match parameter(&request, "asOf")? {
        Some(at) => app.runtime.record_as_of(&by.0, &path.0, &path.1, instant(&at, "?asOf")?).await,
        None => app.runtime.record(&by.0, &path.0, &path.1).await,
    };
    match found {
        Ok(found) => tagged(found.record.version, record(found)),
        Err(refusal) => Err(merges::moved(&by, &path.0, &path.1, "", &app, refusal).await?),
    }
}

pub(super) async fn update(by: By, path: Path<(String, RecordId)>, sent: Sent<UpdateRecord>, app: App) -> ApiResult {
    let (record_type, id) = path.into_inner();
    let UpdateRecord { fields, reason } = sent.value;
    let answer = app.execute(&by, sent.terms, Change::UpdateRecord { record_type, id, fields, reason }).await?;
    let (new, answered) = expect(answer, answer::record)?;
    changed(answered, Some(new.record.version), record(new))
}

/// The reason is a query parameter: many programs send no body with DELETE. Answers with the record as it was.
pub(super) async fn delete(
    by: By,
    path: Path<(String, RecordId)>,
    request: HttpRequest,
    sent: Sent<Nothing>,
    app: App,
) -> ApiResult {
    let (record_type, id) = path.into_inner();
    let reason = parameter(&request, "reason")?;
    let answer = app.execute(&by, sent.terms, Change::DeleteRecord { record_type, id, reason }).await?;
    let (gone, answered) = expect(answer, answer::record)?;
    changed(answered, Some(gone.record.version), record(gone))
}

pub(super) async fn list(by: By, record_type: Path<String>, wanted: Wanted, app: App) -> ApiResult {
    found(by, &record_type, wanted.0, app).await
}

pub(super) async fn search(by: By, record_type: Path<String>, body: Body<SearchRecords>, app: App) -> ApiResult {
    found(by, &record_type, body.0.read()?, app).await
}

async fn found(by: By, record_type: &str, search: Search, app: App) -> ApiResult {
    shown(page(app.runtime.records(&by.0, record_type, search).await?, record))
}

pub(super) async fn get_history(by: By, path: Path<(String, RecordId)>, wanted: Wanted, app: App) -> ApiResult {
    match app.runtime.record_history(&by.0, &path.0, &path.1, wanted.0).await {
        Ok(changes) => shown(page(changes, change)),
        Err(refusal) => Err(merges::moved(&by, &path.0, &path.1, "/history", &app, refusal).await?),
    }
}

pub(super) async fn get_ancestors(by: By, path: Path<(String, RecordId)>, wanted: Wanted, app: App) -> ApiResult {
    shown(page(app.runtime.record_ancestors(&by.0, &path.0, &path.1, wanted.0).await?, record))
}

pub(super) async fn get_descendants(by: By, path: Path<(String, RecordId)>, wanted: Wanted, app: App) -> ApiResult {
    shown(page(app.runtime.record_descendants(&by.0, &path.0, &path.1, wanted.0).await?, record))
}

fn instant(text: &str, pointer: &str) -> Result<Timestamp, Problem> {
    Timestamp::parse(text).ok_or_else(|| {
        let detail = format!("\"{text}\" is not an instant such as 2026-01-31T08:00:00Z");
        Problem::malformed("invalid_parameter", detail).at(pointer)
    })
}
