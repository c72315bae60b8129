//! Jobs: a worker takes some, waits for one, and reports; everybody who mends processes sees them.

use super::answer::{self, ApiResult, changed, expect, shown};
use super::durations;
use super::problem::Problem;
use super::requires::By;
use super::search::{SearchBody, Wanted};
use super::sent::{Body, Sent, Terms};
use super::state::App;
use super::view::job::job;
use super::view::page::{list as whole, page};
use crate::model::ids::JobId;
use crate::model::json::{Json, JsonMap};
use crate::model::page::Search;
use crate::model::refusal::{FieldError, Refusal};
use crate::runtime;
use crate::runtime::request::{Change, JobChange, Report};
use actix_web::web::Path;
use serde::Deserialize;
use std::time::Duration;
use utoipa::ToSchema;

/// Jobs that one call takes at most.
const MOST: i64 = 100;
/// Types that one call asks for at most.
const TYPES: usize = 50;
/// Characters of the name of a worker, of a type and of the code of an error at most.
const NAME: usize = 100;
/// Characters of a message that are kept; what is longer is cut.
const MESSAGE: usize = 4_000;
/// The shortest and the longest lease, in milliseconds.
const LEASE: (i64, i64) = (1_000, 86_400_000);
/// The longest wait, in milliseconds.
const WAIT: i64 = 25_000;
/// A wait ends so long before the request would time out.
const SPARE: Duration = Duration::from_secs(2);

/// Which jobs a worker wants.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"types": ["send-mail"], "worker": "mailer-1", "most": 10, "lease": "PT30S", "wait": "PT20S"}))]
pub(super) struct AcquireJobs {
    /// The types it can do.
    types: Vec<String>,
    /// What it calls itself; shown to people.
    worker: String,
    /// Jobs at most, 1 to 100; 1 when not said.
    most: Option<i64>,
    /// How long it has them before another worker gets them: PT1S to P1D; PT30S when not said.
    lease: Option<String>,
    /// How long to wait for a job when there is none: at most PT25S; when not said, the answer comes at once.
    wait: Option<String>,
}

/// What came of a job.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"lease": "0199c1f0-8a11-7c3e-b0aa-9d1f2c3b4a50", "result": {"messageId": "m-17"}}))]
pub(super) struct CompleteJob {
    /// The token of the lease.
    lease: String,
    /// What the `out` of the node reads as `result`.
    #[serde(default)]
    #[schema(value_type = Object)]
    result: JsonMap,
}

/// Why a job failed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[schema(example = json!({"lease": "0199c1f0-8a11-7c3e-b0aa-9d1f2c3b4a50", "message": "the mail server does not answer", "retryAfter": "PT5M"}))]
pub(super) struct FailJob {
    /// The token of the lease.
    lease: String,
    /// A sentence for the person who mends it; 4000 characters are kept.
    message: String,
    /// Try again after this long, instead of what the process says.
    retry_after: Option<String>,
}

/// The BPMN error that a job ends with.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"lease": "0199c1f0-8a11-7c3e-b0aa-9d1f2c3b4a50", "code": "no-such-address", "variables": {"bounced": true}}))]
pub(super) struct ThrowJobError {
    /// The token of the lease.
    lease: String,
    /// The code that boundary events catch.
    code: String,
    /// Variables that are set before the error goes outward.
    #[serde(default)]
    #[schema(value_type = Object)]
    variables: JsonMap,
}

/// How much longer a worker keeps a job.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"lease": "0199c1f0-8a11-7c3e-b0aa-9d1f2c3b4a50", "by": "PT30S"}))]
pub(super) struct ExtendJob {
    /// The token of the lease.
    lease: String,
    /// How long from now on: PT1S to P1D; PT30S when not said.
    by: Option<String>,
}

pub(super) async fn acquire(by: By, body: Body<AcquireJobs>, app: App) -> ApiResult {
    let AcquireJobs { types, worker, most, lease, wait } = body.0;
    if !(1..=TYPES).contains(&types.len()) {
        return Err(wrong("types", format!("a worker asks for 1 to {TYPES} types")).into());
    }
    for (at, name) in types.iter().enumerate() {
        named(name, &format!("types/{at}"))?;
    }
    named(&worker, "worker")?;
    let most = most.unwrap_or(1);
    if !(1..=MOST).contains(&most) {
        return Err(wrong("most", format!("one call takes 1 to {MOST} jobs")).into());
    }
    let lease = durations::between(lease.as_deref().unwrap_or("PT30S"), "lease", LEASE)?;
    let wait = match &wait {
        Some(text) => durations::milliseconds(&durations::between(text, "wait", (0, WAIT))?),
        None => 0,
    };
    let wait = Duration::from_millis(wait.unsigned_abs()).min(app.limits.timeout.saturating_sub(SPARE));
    let wanted = runtime::Wanted { types, worker, most, lease, wait };
    let taken = app.runtime.take_jobs(&by.0, wanted).await?;
    shown(whole(taken.into_iter().map(job)))
}

pub(super) async fn list(by: By, wanted: Wanted, app: App) -> ApiResult {
    found(by, wanted.0, app).await
}

pub(super) async fn search(by: By, body: Body<SearchBody>, app: App) -> ApiResult {
    found(by, body.0.read()?, app).await
}

async fn found(by: By, search: Search, app: App) -> ApiResult {
    shown(page(app.runtime.jobs(&by.0, search).await?, job))
}

pub(super) async fn get(by: By, id: Path<JobId>, app: App) -> ApiResult {
    shown(job(app.runtime.job(&by.0, &id).await?))
}

pub(super) async fn complete(by: By, id: Path<JobId>, sent: Sent<CompleteJob>, app: App) -> ApiResult {
    let CompleteJob { lease, result } = sent.value;
    report(by, sent.terms, (id.into_inner(), lease, Report::Done(Json::Object(result))), app).await
}

pub(super) async fn fail(by: By, id: Path<JobId>, sent: Sent<FailJob>, app: App) -> ApiResult {
    let FailJob { lease, message, retry_after } = sent.value;
    if message.trim().is_empty() {
        return Err(wrong("message", "say why it failed: somebody has to mend it").into());
    }
    let message = message.chars().take(MESSAGE).collect();
    let after = retry_after.map(|text| durations::between(&text, "retryAfter", (0, i64::MAX))).transpose()?;
    report(by, sent.terms, (id.into_inner(), lease, Report::Failed { message, retry_after: after }), app).await
}

pub(super) async fn throw_error(by: By, id: Path<JobId>, sent: Sent<ThrowJobError>, app: App) -> ApiResult {
    let ThrowJobError { lease, code, variables } = sent.value;
    named(&code, "code")?;
    if code == "any" {
        return Err(wrong("code", "\"any\" is no error code: boundary events use it to catch each code").into());
    }
    report(by, sent.terms, (id.into_inner(), lease, Report::Error { code, variables }), app).await
}

pub(super) async fn extend(by: By, id: Path<JobId>, sent: Sent<ExtendJob>, app: App) -> ApiResult {
    let ExtendJob { lease, by: longer } = sent.value;
    let longer = durations::between(longer.as_deref().unwrap_or("PT30S"), "by", LEASE)?;
    act(by, sent.terms, Change::Job(JobChange::Extend { job: id.into_inner(), lease, by: longer }), app).await
}

async fn report(by: By, terms: Terms, (id, lease, report): (JobId, String, Report), app: App) -> ApiResult {
    act(by, terms, Change::Job(JobChange::Report { job: id, lease, report }), app).await
}

/// Every verb answers with the whole job.
async fn act(by: By, terms: Terms, change: Change, app: App) -> ApiResult {
    let (new, answered) = expect(app.execute(&by, terms, change).await?, answer::job)?;
    changed(answered, None, job(new))
}

fn named(name: &str, field: &str) -> Result<(), Problem> {
    let fits = (1..=NAME).contains(&name.chars().count()) && !name.chars().any(char::is_control);
    if fits { Ok(()) } else { Err(wrong(field, format!("a name has 1 to {NAME} characters")).into()) }
}

fn wrong(field: &str, detail: impl Into<String>) -> Refusal {
    let refusal = Refusal::invalid("wrong_value", detail);
    let (code, detail) = (refusal.code.clone(), refusal.detail.clone());
    refusal.with_errors(vec![FieldError { pointer: format!("/{field}"), code, detail }])
}
