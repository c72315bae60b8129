//! Jobs: what the engine says of one, and who has it.

use super::row;

row!(
    /// A job with its lease.
    JobRow, jobs = "jobs", (business, id), {
        business: String,
        id: String,
        root: String,
        instance: String,
        process: String,
        token: i64,
        node: String,
        title: String,
        kind: String,
        input: String,
        priority: i64,
        state: String,
        retries: i64,
        failures: i64,
        message: Option<String>,
        due: i64,
        available_at: i64,
        created_at: i64,
        ended_at: Option<i64>,
        worker: Option<String>,
        lease: Option<String>,
        fence: i64,
        spent: Option<String>,
    }
);

row!(
    /// What the engine says of a job: the columns that events write. Who has the job stays as it is.
    JobStateRow, job_states = "jobs", (business, id), {
        business: String,
        id: String,
        root: String,
        instance: String,
        process: String,
        token: i64,
        node: String,
        title: String,
        kind: String,
        input: String,
        priority: i64,
        state: String,
        retries: i64,
        failures: i64,
        message: Option<String>,
        due: i64,
        available_at: i64,
        created_at: i64,
        ended_at: Option<i64>,
        spent: Option<String>,
    }
);
