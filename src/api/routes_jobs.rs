//! The part of the table that is about jobs of workers outside.

use super::jobs::{self, AcquireJobs, CompleteJob, ExtendJob, FailJob, ThrowJobError};
use super::route::{Route, row};
use super::routes::{GET, POST};
use super::search::SearchBody;
use super::view::job::JobView;
use crate::model::scope::Scope::{JobsRead, JobsWork};
use crate::runtime::access::JOB_WORKER;

/// Jobs: taken, reported on, and looked at.
#[rustfmt::skip] // a table reads in rows
pub(super) fn integration() -> Vec<Route> {
    vec![
        row(POST, "/jobs/acquire", "acquireJobs", JobsWork, jobs::acquire, "Take jobs that are to be done now, the most urgent first; waits for one when there is none. Sent twice it takes others: leases run out by themselves")
            .takes::<AcquireJobs>().gives_list::<JobView>().role(JOB_WORKER).harmless(),
        row(GET, "/jobs", "listJobs", JobsRead, jobs::list, "Jobs, the oldest first, for the roles process_admin and job_worker; ended ones are kept for a day")
            .gives_page::<JobView>().lists(&["state", "type", "process", "instance", "node", "worker"]),
        row(POST, "/jobs/search", "searchJobs", JobsRead, jobs::search, "Find jobs")
            .takes::<SearchBody>().gives_page::<JobView>().harmless(),
        row(GET, "/jobs/{id}", "getJob", JobsRead, jobs::get, "One job with who has it")
            .gives::<JobView>(200),
        row(POST, "/jobs/{id}/complete", "completeJob", JobsWork, jobs::complete, "A job is done; the same lease completing again gets the same answer")
            .takes::<CompleteJob>().gives::<JobView>(200).role(JOB_WORKER),
        row(POST, "/jobs/{id}/fail", "failJob", JobsWork, jobs::fail, "A job failed: it is tried again after a while, or becomes an incident")
            .takes::<FailJob>().gives::<JobView>(200).role(JOB_WORKER),
        row(POST, "/jobs/{id}/error", "throwJobError", JobsWork, jobs::throw_error, "A job ends with a BPMN error, which boundary events catch")
            .takes::<ThrowJobError>().gives::<JobView>(200).role(JOB_WORKER),
        row(POST, "/jobs/{id}/extend", "extendJob", JobsWork, jobs::extend, "Keep a job longer, from now on")
            .takes::<ExtendJob>().gives::<JobView>(200).role(JOB_WORKER),
    ]
}
