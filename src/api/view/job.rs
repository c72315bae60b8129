//! A job, with who has it.

use super::text::TextView;
use crate::model::job::{JobState, Lease, LeasedJob};
use crate::model::json::Json;
use serde::Serialize;
use utoipa::ToSchema;

/// Work that a program outside does for a process.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Job, example = json!({
    "id": "0199c1f0-7c1e-7d7a-9d5e-0d6f1f6f2a13.7", "type": "send-mail", "state": "open",
    "instance": "0199c1f0-7c1e-7d7a-9d5e-0d6f1f6f2a13", "process": "welcome", "node": "mail",
    "title": {"en": "Send a welcome", "zh": "发送欢迎邮件"}, "input": {"to": "ann@example.com"}, "priority": 50,
    "retries": 3, "failures": 0, "message": null, "due": "2026-03-02T00:00:00Z", "createdAt": "2026-03-02T00:00:00Z",
    "endedAt": null,
    "lease": {"token": "0199c1f0-8a11-7c3e-b0aa-9d1f2c3b4a50", "fence": 1, "worker": "mailer-1", "until": "2026-03-02T00:00:30Z"}
}))]
pub(in crate::api) struct JobView {
    /// Its id.
    id: String,
    /// What kind of work it is.
    #[serde(rename = "type")]
    job_type: String,
    /// `open`, `completed`, `failed`, `timed_out`, `error` or `cancelled`.
    state: &'static str,
    /// The process instance it belongs to.
    instance: String,
    /// The process of that instance.
    process: String,
    /// Its node in the process.
    node: String,
    /// The title of the node.
    title: TextView,
    /// What the worker gets.
    #[schema(value_type = Value)]
    input: Json,
    /// 0 to 100, higher first.
    priority: i64,
    /// How often it is tried again at most, from now on.
    retries: u32,
    /// How often it failed.
    failures: u32,
    /// What the last failure said.
    message: Option<String>,
    /// A worker gets it from then on.
    due: String,
    /// When it was created.
    created_at: String,
    /// When it ended.
    ended_at: Option<String>,
    /// Who has it; absent when nobody has.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = LeaseView, required = false)]
    lease: Option<LeaseView>,
}

/// That a worker has a job for a time.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Lease)]
pub(in crate::api) struct LeaseView {
    /// Names the lease in every later call; shown only to the worker that has it.
    token: Option<String>,
    /// Counts the leases of a job. Send it along to systems that keep the highest one they saw: they can then refuse a
    /// worker that lost its lease and does not know it yet.
    fence: i64,
    /// Who has it, in its own words.
    worker: String,
    /// From then on another worker may get the job.
    until: String,
}

/// Shows a job.
pub(in crate::api) fn job(leased: LeasedJob) -> JobView {
    let LeasedJob { job, lease } = leased;
    let held = lease.filter(|lease| job.state == JobState::Open && lease.spent.is_none());
    JobView {
        id: job.id.0,
        job_type: job.job_type,
        state: job.state.name(),
        instance: job.instance.0,
        process: job.process,
        node: job.node.to_string(),
        title: TextView::from(&job.title),
        input: job.input,
        priority: job.priority,
        retries: job.retries,
        failures: job.failures,
        message: job.message,
        due: job.due.rfc3339(),
        created_at: job.created_at.rfc3339(),
        ended_at: job.ended_at.map(|at| at.rfc3339()),
        lease: held.map(lease_view),
    }
}

fn lease_view(lease: Lease) -> LeaseView {
    let token = Some(lease.token).filter(|token| !token.is_empty());
    LeaseView { token, fence: lease.fence, worker: lease.worker, until: lease.until.rfc3339() }
}
