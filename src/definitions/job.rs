//! A service task: an action in the engine's transaction, or a job for a worker outside.

use super::expression::{arguments, duration, variables};
use super::names;
use super::shape::job::RetryShape;
use super::shape::task::ServiceTask as Shape;
use super::spot::At;
use crate::model::finding::Finding;
use crate::model::process::{JobTask, NodeKind, Retry, ServiceTask};
use crate::model::time::{Duration, Timestamp};

/// Keys that only a job has.
const OF_JOBS: [&str; 3] = ["retry", "timeout", "priority"];

/// What a service task is; none when it does not say what it does.
pub fn service_task(node: &Shape, at: At, findings: &mut Vec<Finding>) -> Option<NodeKind> {
    match (&node.action, &node.job) {
        (Some(action), None) => {
            if action.split('.').filter(|word| !word.is_empty()).count() != 2 {
                let sentence = format!("\"{action}\" does not name an action; write plugin.action");
                findings.push(Finding::error(at.key("action").place(), sentence));
            }
            for key in OF_JOBS.into_iter().filter(|key| at.keys().contains(key)) {
                let sentence = format!("\"{key}\" belongs to \"job\"; an action is done at once, or is an incident");
                findings.push(Finding::error(at.key(key).key_place(), sentence));
            }
            Some(NodeKind::ServiceTask(ServiceTask {
                action: action.clone(),
                input: arguments(&node.input, at.key("in")),
                output: variables(&node.output, at.key("out"), findings),
            }))
        }
        (None, Some(job)) => {
            names::job(job, at.key("job"), findings);
            let timeout = node.timeout.as_ref().and_then(|text| some_time(text, at.key("timeout"), findings));
            Some(NodeKind::JobTask(JobTask {
                job_type: job.clone(),
                input: arguments(&node.input, at.key("in")),
                output: variables(&node.output, at.key("out"), findings),
                retry: retry(node.retry.as_ref(), at.key("retry"), findings)?,
                timeout,
                priority: i64::from(node.priority.unwrap_or(50)),
            }))
        }
        (action, _) => {
            let found = if action.is_some() { "has both" } else { "has neither" };
            let sentence = format!("a service task has \"action\" or \"job\"; this one {found}");
            findings.push(Finding::error(at.key("id").place(), sentence));
            None
        }
    }
}

fn retry(shape: Option<&RetryShape>, at: At, findings: &mut Vec<Finding>) -> Option<Retry> {
    let text = |key, said: Option<&String>, otherwise: &str, findings: &mut Vec<Finding>| match said {
        Some(text) => some_time(text, at.key(key), findings),
        None => otherwise.parse().ok(),
    };
    let every = text("every", shape.and_then(|shape| shape.every.as_ref()), "PT10S", findings);
    let most = text("most", shape.and_then(|shape| shape.most.as_ref()), "PT1H", findings);
    let (every, most) = every.zip(most)?;
    let start = Timestamp(0);
    if every.milliseconds(start) > most.milliseconds(start) {
        let sentence = format!(
            "the first wait, {every}, is longer than the longest one, {most}; make \"every\" shorter or \"most\" longer"
        );
        findings.push(Finding::error(at.key_place(), sentence));
    }
    let times = shape.and_then(|shape| shape.times).unwrap_or(3);
    let factor = shape.and_then(|shape| shape.factor).unwrap_or(2);
    Some(Retry { times, every, factor, most })
}

/// A duration that is not nothing.
fn some_time(text: &str, at: At, findings: &mut Vec<Finding>) -> Option<Duration> {
    let found = duration(text, at, findings)?;
    if found.milliseconds(Timestamp(0)) == 0 {
        findings.push(Finding::error(at.place(), format!("\"{text}\" is no time at all; write PT10S for ten seconds")));
        return None;
    }
    Some(found)
}
