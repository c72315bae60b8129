//! Job task: a service task that a worker outside does. The path waits here until the worker reports.

use super::Entered;
use crate::engine::work::Work;
use crate::engine::{timers, variables};
use crate::model::event::Event;
use crate::model::ids::JobId;
use crate::model::incident::Failure;
use crate::model::instance::TokenId;
use crate::model::job::{Job, JobState};
use crate::model::json::Json;
use crate::model::process::{JobTask, Node};

pub(super) fn enter(work: &mut Work, token: TokenId, node: &Node, task: &JobTask) -> Result<Entered, Failure> {
    let input = Json::Object(variables::evaluate(work, token, &task.input)?);
    let scope = work.scope(work.token(token).scope);
    let now = work.context.now;
    let job = Job {
        id: JobId(work.next_id()),
        instance: scope.instance.clone(),
        process: scope.process.clone(),
        token,
        node: node.id.clone(),
        title: node.title.clone(),
        job_type: task.job_type.clone(),
        input,
        priority: task.priority,
        state: JobState::Open,
        retries: task.retry.times,
        failures: 0,
        message: None,
        due: now,
        created_at: now,
        ended_at: None,
    };
    work.emit(Event::JobCreated { job });
    let timeout = task.timeout.iter().map(|timeout| (node.id.clone(), timeout.after(now)));
    timers::set(work, token, timeout.collect());
    Ok(Entered::Waits)
}
