//! Whether a worker that reports on a job still has it.

use crate::model::ids::JobId;
use crate::model::job::{JobState, LeasedJob};
use crate::model::refusal::Refusal;
use crate::runtime::request::Report;

/// How a report stands to the lease that it came under.
pub enum Standing {
    /// The worker has the job.
    Holds,
    /// It said the same before: the job as it is now.
    Repeated(Box<LeasedJob>),
    /// It does not have it.
    Refused(Refusal),
}

/// Judges a report by the job as it is kept. A lease that ran out is good as long as nobody else has the job.
pub fn judge(found: Option<&LeasedJob>, id: &JobId, token: &str, report: &Report) -> Standing {
    let Some(found) = found else { return Standing::Refused(Refusal::not_found("job", id)) };
    match &found.lease {
        Some(lease) if lease.token == token && lease.spent == Some(report.spends()) => {
            Standing::Repeated(Box::new(found.clone()))
        }
        Some(lease) if lease.token == token && lease.spent.is_none() && found.job.state == JobState::Open => {
            Standing::Holds
        }
        _ => Standing::Refused(refused(found.clone())),
    }
}

/// Why nothing can be done with a job under a lease that is not good.
pub fn refused(found: LeasedJob) -> Refusal {
    let (id, state) = (&found.job.id, found.job.state);
    let refusal = match (state, &found.lease) {
        (JobState::Open, Some(lease)) if lease.spent.is_none() => {
            let sentence = format!(
                "this lease of job {id} ran out, or never was: {} has the job now, and what you did of it may be done twice",
                lease.worker
            );
            Refusal::conflict("lease_lost", sentence)
        }
        (JobState::Open, _) => {
            let sentence = format!("nobody has job {id} now; take it first, and name the lease that you get");
            Refusal::conflict("lease_lost", sentence)
        }
        _ => {
            Refusal::conflict("job_not_open", format!("job {id} is {}; nothing more can be done with it", state.name()))
        }
    };
    match serde_json::to_value(found.for_others()) {
        Ok(present) => refusal.with_present(present),
        Err(_) => refusal,
    }
}
