//! Job task: a service task that a worker outside does. The path waits here until the worker reports.

use super::Entered;
use crate::engine::variables;
use crate::engine::work::Work;
use crate::model::event::Event;
use crate::model::ids::{JobId, TimerId};
use crate::model::incident::Failure;
use crate::model::instance::TokenId;
use crate::model::job::{Job, JobState};
use crate::model::json::Json;
use crate::model::process::{JobTask, Node};
use crate::model::timer::Timer;

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
    if let Some(timeout) = &task.timeout {
        let (id, node, due) = (TimerId(work.next_id()), node.id.clone(), timeout.after(now));
        work.emit(Event::TimerSet { timer: Timer { id, holder: token, node, trigger: 0, due, left: Some(0) } });
    }
    Ok(Entered::Waits)
}
