//! Clients at work: each does the steps of the workload over and over until the time is up.

use super::client::{Answer, Client};
use super::project::Data;
use super::workload::Step;
use crate::model::json::Json;
use crate::scripts::stack;
use crate::server::Failed;
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// Numbers that one client makes its data of; those of what was prepared begin at 0.
const NUMBERS: u64 = 10_000_000;
/// How long a client waits that was told to come again.
const PAUSE: Duration = Duration::from_millis(50);

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

/// What came of it.
#[derive(Debug, Default)]
pub struct Driven {
    /// How long each request took that was answered in the time that counts, in microseconds, from the shortest.
    pub took: Vec<u32>,
    /// Requests that were told to come again.
    pub put_off: u64,
    /// The time that counts.
    pub lasted: Duration,
}

impl Work {
    /// Drives `clients` for so long.
    pub fn drive(&self, client: &Client, clients: usize, lasts: Duration) -> Result<Driven, Failed> {
        let failed = Arc::new(AtomicBool::new(false));
        let until = Instant::now() + lasts;
        let threads: Vec<JoinHandle<_>> = (0..clients)
            .map(|number| {
                let (work, client, failed) = (self.clone(), client.another(), failed.clone());
                let first = self.from + number as u64 * NUMBERS;
                // What is sent is made by scripts, which then stay on this thread.
                stack::spawn("client", move || {
                    let done = work.run(&client, first, until, &failed);
                    if done.is_err() {
                        failed.store(true, Ordering::Relaxed);
                    }
                    done
                })
            })
            .collect::<Result<_, _>>()
            .map_err(Failed::because)?;
        let mut all = Driven { lasted: lasts, ..Driven::default() };
        let mut wrong = None;
        for thread in threads {
            match thread.join() {
                Ok(Ok(one)) => {
                    all.took.extend(one.took);
                    all.put_off += one.put_off;
                }
                Ok(Err(failed)) => wrong = wrong.or(Some(failed)),
                Err(_) => wrong = wrong.or(Some(Failed("a client broke off".into()))),
            }
        }
        all.took.sort_unstable();
        wrong.map_or(Ok(all), Err)
    }

    /// One client.
    fn run(&self, client: &Client, first: u64, until: Instant, failed: &AtomicBool) -> Result<Driven, Failed> {
        let mut driven = Driven::default();
        for n in first.. {
            let mut instance = String::new();
            for step in self.steps.iter() {
                loop {
                    let (path, body) = self.request(step, n, &instance)?;
                    let begun = Instant::now();
                    if begun >= until || failed.load(Ordering::Relaxed) {
                        return Ok(driven);
                    }
                    let answer = send(client, &path, body.as_ref())?;
                    let ended = Instant::now();
                    if answer.status == 503 {
                        driven.put_off += 1;
                        thread::sleep(PAUSE);
                        continue;
                    }
                    if ended <= until {
                        driven.took.push(u32::try_from((ended - begun).as_micros()).unwrap_or(u32::MAX));
                    }
                    started(step, &answer.done()?, &mut instance);
                    break;
                }
            }
        }
        Ok(driven)
    }

    /// The path and the body of a step.
    fn request(&self, step: &Step, n: u64, instance: &str) -> Result<(String, Option<Json>), Failed> {
        Ok(match step {
            Step::Start { process, variables } => {
                let body = json!({"process": process, "variables": self.data.made(variables, n)?});
                ("/process-instances".to_owned(), Some(body))
            }
            Step::Complete { node, outcome, variables } => {
                let task = self.tasks.get(node).ok_or_else(|| Failed(format!("no task at \"{node}\" was met")))?;
                let body = json!({"outcome": outcome, "variables": self.data.made(variables, n)?});
                (format!("/user-tasks/{instance}{task}/complete"), Some(body))
            }
            Step::Get(path) => (path.clone(), None),
            Step::Post { path, body, .. } => (path.clone(), Some(body.clone())),
        })
    }

    /// Learns what the tasks of an instance are called, by going through the steps once.
    pub fn learn(mut self, client: &Client) -> Result<Work, Failed> {
        let mut tasks = BTreeMap::new();
        let mut instance = String::new();
        for step in self.steps.clone().iter() {
            if let Step::Complete { node, .. } = step {
                let wanted = json!({"filter": {"instance": instance, "node": node}});
                let found = client.post("/user-tasks/search", &wanted)?.done()?;
                let id = found["items"][0]["id"].as_str().and_then(|id| id.strip_prefix(&instance));
                let id = id.ok_or_else(|| Failed(format!("instance {instance} has no task at \"{node}\"")))?;
                tasks.insert(node.clone(), id.to_owned());
                self.tasks = Arc::new(tasks.clone());
            }
            self.step(client, step, self.from, &mut instance)?;
        }
        self.from += 1;
        Ok(self)
    }

    /// Goes through the steps once; `after` is told the instance after each.
    pub fn once(&self, client: &Client, after: &mut dyn FnMut(&str) -> Result<(), Failed>) -> Result<(), Failed> {
        let mut instance = String::new();
        for step in self.steps.iter() {
            self.step(client, step, self.from, &mut instance)?;
            after(&instance)?;
        }
        Ok(())
    }

    fn step(&self, client: &Client, step: &Step, n: u64, instance: &mut String) -> Result<(), Failed> {
        let (path, body) = self.request(step, n, instance)?;
        let done = send(client, &path, body.as_ref())?.done()?;
        started(step, &done, instance);
        Ok(())
    }
}

fn send(client: &Client, path: &str, body: Option<&Json>) -> Result<Answer, Failed> {
    body.map_or_else(|| client.get(path), |body| client.post(path, body))
}

/// Keeps the id of an instance that was started.
fn started(step: &Step, done: &Json, instance: &mut String) {
    if let Step::Start { .. } = step {
        *instance = done["id"].as_str().unwrap_or_default().to_owned();
    }
}

impl Driven {
    /// The time within which this part of the requests was answered, in microseconds; none without a request.
    pub fn quantile(&self, part: f64) -> Option<u32> {
        quantile(&self.took, part)
    }

    /// Requests a second.
    pub fn per_second(&self) -> f64 {
        self.took.len() as f64 / self.lasted.as_secs_f64()
    }
}

/// Of values from the smallest to the largest, the one that this part of them does not exceed (nearest rank).
pub fn quantile(sorted: &[u32], part: f64) -> Option<u32> {
    let rank = (part * sorted.len() as f64).ceil() as usize;
    sorted.get(rank.max(1) - 1).copied()
}
