//! What a client does: the requests of a workload's steps, made of numbers.

use super::client::{API, Client};
use super::project::Data;
use super::workload::Step;
use crate::model::json::Json;
use crate::server::Failed;
use hyper::body::Bytes;
use serde::Deserialize;
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What clients do.
#[derive(Clone)]
pub struct Work {
    /// The steps, in their order.
    pub steps: Arc<Vec<Step>>,
    /// Makes what is sent.
    pub data: Data,
    /// The ids of tasks behind that of their instance, by node: `.1`. They are derived, so they are the same in each.
    pub tasks: Arc<BTreeMap<String, String>>,
    /// The first number that data are made of.
    pub from: u64,
}

/// What is read of the answer to a start.
#[derive(Deserialize)]
struct Started {
    id: String,
}

impl Work {
    /// Learns what the tasks of an instance are called, by going through the steps once.
    pub fn learn(mut self, client: &Client) -> Result<Work, Failed> {
        let mut tasks = BTreeMap::new();
        let mut instance = String::new();
        for step in self.steps.clone().iter() {
            if let Step::Complete { node, .. } = step {
                let wanted = json!({"filter": {"instance": instance, "node": node}});
                let found = client.post("/user-tasks/search", &wanted)?.json()?;
                let id = found["items"][0]["id"].as_str().and_then(|id| id.strip_prefix(&instance));
                let id = id.ok_or_else(|| Failed(format!("instance {instance} has no task at \"{node}\"")))?;
                tasks.insert(node.clone(), id.to_owned());
                self.tasks = Arc::new(tasks.clone());
            }
            self.step(client, step, &mut instance)?;
        }
        self.from += 1;
        Ok(self)
    }

    /// Goes through the steps once; `after` is told the instance after each.
    pub fn once(&self, client: &Client, after: &mut dyn FnMut(&str) -> Result<(), Failed>) -> Result<(), Failed> {
        let mut instance = String::new();
        for step in self.steps.iter() {
            self.step(client, step, &mut instance)?;
            after(&instance)?;
        }
        Ok(())
    }

    fn step(&self, client: &Client, step: &Step, instance: &mut String) -> Result<(), Failed> {
        let answer = client.send(&self.path(step, instance)?, self.body(step, self.from)?.as_ref())?;
        started(step, answer.done()?, instance)
    }

    /// Where the request of a step goes.
    pub fn path(&self, step: &Step, instance: &str) -> Result<String, Failed> {
        Ok(match step {
            Step::Start { .. } => format!("{API}/process-instances"),
            Step::Complete { node, .. } => {
                let task = self.tasks.get(node).ok_or_else(|| Failed(format!("no task at \"{node}\" was met")))?;
                format!("{API}/user-tasks/{instance}{task}/complete")
            }
            Step::Get(path) | Step::Post { path, .. } => format!("{API}{path}"),
        })
    }

    /// What is sent, in the round of this number.
    pub fn body(&self, step: &Step, n: u64) -> Result<Option<Json>, Failed> {
        Ok(match step {
            Step::Start { process, variables } => {
                Some(json!({"process": process, "variables": self.data.made(variables, n)?}))
            }
            Step::Complete { outcome, variables, .. } => {
                Some(json!({"outcome": outcome, "variables": self.data.made(variables, n)?}))
            }
            Step::Get(_) => None,
            Step::Post { body, .. } => Some(body.clone()),
        })
    }
}

/// Keeps the id of an instance that was started.
pub fn started(step: &Step, answer: &Bytes, instance: &mut String) -> Result<(), Failed> {
    if let Step::Start { .. } = step {
        let Started { id } = serde_json::from_slice(answer).map_err(Failed::because)?;
        *instance = id;
    }
    Ok(())
}
