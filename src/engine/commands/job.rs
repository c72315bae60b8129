//! What a worker outside reports of a job: it is done, it failed, or it ends with a BPMN error. And what becomes of one
//! that nobody completes in time.

use crate::engine::error::EngineError;
use crate::engine::work::Work;
use crate::engine::{nodes, outward, subscriptions, variables};
use crate::model::event::Event;
use crate::model::ids::{JobId, NodeId};
use crate::model::incident::Failure;
use crate::model::instance::TokenId;
use crate::model::job::{Job, JobState};
use crate::model::json::{Json, JsonMap};
use crate::model::process::{NodeKind, Retry};
use crate::model::time::{Duration, Timestamp};

/// The code of the incident of a job that failed once more than it is tried again.
const FAILED: &str = "job_failed";
/// The code of the incident of a job that nobody completed in time.
const TIMED_OUT: &str = "job_timed_out";

pub(super) fn complete(work: &mut Work, job: &JobId, result: &Json) -> Result<(), EngineError> {
    let open = open_job(work, job)?;
    end(work, &open, JobState::Completed, None);
    nodes::finish(work, open.token, result.clone());
    Ok(())
}

pub(super) fn fail(
    work: &mut Work,
    job: &JobId,
    message: &str,
    retry_after: Option<&Duration>,
) -> Result<(), EngineError> {
    let open = open_job(work, job)?;
    let retry = work.place(open.token).and_then(|place| match &place.node().kind {
        NodeKind::JobTask(task) => Some(task.retry.clone()),
        _ => None,
    });
    let Some((retry, retries)) = retry.zip(open.retries.checked_sub(1)) else {
        end(work, &open, JobState::Failed, Some(message.to_owned()));
        let sentence = format!("the job \"{}\" failed {} times: {message}", open.job_type, open.failures + 1);
        nodes::fail(work, open.token, Failure::new(FAILED, sentence).with_input(open.input));
        return Ok(());
    };
    let now = work.context.now;
    let due = retry_after.map_or_else(|| next_try(&retry, open.failures, now), |wait| wait.after(now));
    work.emit(Event::JobFailed { job: open.id, message: message.to_owned(), retries, due });
    Ok(())
}

pub(super) fn throw_error(work: &mut Work, job: &JobId, code: &str, values: &JsonMap) -> Result<(), EngineError> {
    let open = open_job(work, job)?;
    end(work, &open, JobState::Error, None);
    variables::set(work, open.token, values.clone());
    work.emit(Event::ErrorThrown { token: open.token, code: code.to_owned() });
    outward::error_at(work, open.token, code);
    Ok(())
}

/// The open job of this token at this node, which is the node's own timer's.
pub(super) fn waits_at(work: &Work, token: TokenId, node: &NodeId) -> Option<Job> {
    work.instance.jobs.values().find(|job| job.token == token && job.node == *node).cloned()
}

/// Nobody completed the job in time.
pub(super) fn time_out(work: &mut Work, late: &Job) {
    end(work, late, JobState::TimedOut, late.message.clone());
    let since = late.message.as_ref().map_or_else(String::new, |message| format!("; its last failure: {message}"));
    let sentence = format!("no worker completed the job \"{}\" in time{since}", late.job_type);
    nodes::fail(work, late.token, Failure::new(TIMED_OUT, sentence).with_input(late.input.clone()));
}

fn open_job(work: &Work, job: &JobId) -> Result<Job, EngineError> {
    work.instance.jobs.get(job).cloned().ok_or_else(|| EngineError::JobNotOpen(job.clone()))
}

/// The job is over, and so is its own timer; the boundary timers of its activity are another matter.
fn end(work: &mut Work, job: &Job, state: JobState, message: Option<String>) {
    work.emit(Event::JobEnded { job: job.id.clone(), state, message });
    subscriptions::close_event(work, job.token, &job.node);
}

/// When the next try is after this many earlier failures: the time grows by the factor, up to the longest.
fn next_try(retry: &Retry, failures: u32, now: Timestamp) -> Timestamp {
    let most = retry.most.milliseconds(now);
    let grown = i64::from(retry.factor).checked_pow(failures);
    let wait = grown.and_then(|grown| retry.every.milliseconds(now).checked_mul(grown));
    Timestamp(now.0.saturating_add(wait.unwrap_or(most).min(most)))
}
