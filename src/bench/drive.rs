//! Clients at work: each does the steps of the workload over and over until the time is up. All of them share one thread, so
//! that they take little of the processor from the server that they measure.

use super::client::Client;
use super::connection::{Connection, Endpoint};
use super::work::{Work, started};
use crate::scripts::stack;
use crate::server::Failed;
use hyper::body::Bytes;
use std::collections::VecDeque;
use std::rc::Rc;
use std::time::{Duration, Instant};
use tokio::runtime::Builder;
use tokio::task::{JoinSet, LocalSet};
use tokio::time::sleep;

/// Numbers that one client makes its data of; those of what was prepared begin at 0.
const NUMBERS: u64 = 10_000_000;
/// How long a client waits that was told to come again.
const PAUSE: Duration = Duration::from_millis(50);
/// Bodies that are made before the time counts, at most.
const AHEAD: usize = 200_000;

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
    /// Drives `clients` for so long. What is sent is made before, for as many requests a second as `expected` says; what is
    /// needed beyond that is made on the way.
    pub fn drive(&self, client: &Client, clients: usize, lasts: Duration, expected: f64) -> Result<Driven, Failed> {
        let (work, endpoint) = (self.clone(), client.endpoint.clone());
        let bodies = (expected * lasts.as_secs_f64()).min(AHEAD as f64) as usize;
        let rounds = bodies / clients / work.steps.len();
        // What is sent is made by scripts, which then stay on this thread.
        let thread = stack::spawn("clients", move || {
            let tokio = Builder::new_current_thread().enable_all().build().map_err(Failed::because)?;
            LocalSet::new().block_on(&tokio, all(Rc::new(work), endpoint, clients, rounds, lasts))
        });
        thread.map_err(Failed::because)?.join().map_err(|_| Failed("the clients broke off".into()))?
    }
}

async fn all(
    work: Rc<Work>,
    endpoint: Endpoint,
    clients: usize,
    rounds: usize,
    lasts: Duration,
) -> Result<Driven, Failed> {
    let mut ready = Vec::with_capacity(clients);
    for number in 0..clients {
        let first = work.from + number as u64 * NUMBERS;
        let mut one =
            One { work: work.clone(), connection: Connection::open(&endpoint).await?, first, made: VecDeque::new() };
        one.make(rounds)?;
        ready.push(one);
    }
    let until = Instant::now() + lasts;
    let mut running: JoinSet<_> = JoinSet::new();
    for one in ready {
        running.spawn_local(one.run(until));
    }
    let mut all = Driven { lasted: lasts, ..Driven::default() };
    // The first that fails ends the others.
    while let Some(done) = running.join_next().await {
        let one = done.map_err(Failed::because)??;
        all.took.extend(one.took);
        all.put_off += one.put_off;
    }
    all.took.sort_unstable();
    Ok(all)
}

/// One client.
struct One {
    work: Rc<Work>,
    connection: Connection,
    /// The number of the next round.
    first: u64,
    /// What the steps of the next rounds send.
    made: VecDeque<Vec<Option<Bytes>>>,
}

impl One {
    /// Makes what the next rounds send.
    fn make(&mut self, rounds: usize) -> Result<(), Failed> {
        for n in self.first + self.made.len() as u64..self.first + rounds as u64 {
            let body = |step| Ok(self.work.body(step, n)?.map(|body| body.to_string().into()));
            self.made.push_back(self.work.steps.iter().map(body).collect::<Result<_, Failed>>()?);
        }
        Ok(())
    }

    async fn run(mut self, until: Instant) -> Result<Driven, Failed> {
        let mut driven = Driven::default();
        let work = self.work.clone();
        loop {
            self.make(1)?;
            let bodies = self.made.pop_front().unwrap_or_default();
            self.first += 1;
            let mut instance = String::new();
            for (step, body) in work.steps.iter().zip(bodies) {
                let path = work.path(step, &instance)?;
                loop {
                    let begun = Instant::now();
                    if begun >= until {
                        return Ok(driven);
                    }
                    let answer = self.connection.send(&path, body.clone()).await?;
                    let ended = Instant::now();
                    if answer.status == 503 {
                        driven.put_off += 1;
                        sleep(PAUSE).await;
                        continue;
                    }
                    if ended <= until {
                        driven.took.push(u32::try_from((ended - begun).as_micros()).unwrap_or(u32::MAX));
                    }
                    started(step, answer.done()?, &mut instance)?;
                    break;
                }
            }
        }
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
