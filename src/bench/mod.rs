//! `kamflow bench`: workloads driven over HTTP against a server of this very program, with valid tokens and real JSON, and
//! beside them what the disk and the database allow for the same rows. `docs/performance.md` says how to read it.

mod beside;
mod client;
mod connection;
mod copies;
mod drive;
mod figures;
mod fill;
mod inside;
mod limit;
mod people;
mod place;
mod prepare;
mod project;
mod served;
mod usage;
mod work;
mod workload;

pub use usage::Usage;

use crate::model::ids::{BusinessId, UserId};
use crate::runtime::Runtime;
use crate::server::config::Config;
use crate::server::say::{complain, say};
use crate::server::{Failed, demo, open};
use client::Client;
use drive::quantile;
use figures::{Figures, Limit, rounded};
use limit::Recording;
use place::Place;
use project::{Project, Projects};
use served::Served;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};
use work::Work;

/// Clients at once, at most.
pub const CLIENTS: usize = 1_024;
/// The first number that clients make data of; what is prepared has those below.
const FIRST: u64 = 1_000_000_000;
/// Commands in one transaction at most, when the limit is compared with many clients.
const BATCH: usize = 32;
/// Commands in one transaction, where the limit is measured by itself.
const BATCHES: [usize; 3] = [1, 32, 128];
/// How many times the requests of the first seconds are made ready for each further second.
const MORE: f64 = 1.5;
/// Requests that ask nothing of the database.
const EMPTY: usize = 500;

/// What is to be measured.
#[derive(Debug, Clone)]
pub struct Bench {
    /// The workloads; none: lists those that there are.
    pub workloads: Vec<String>,
    /// How many clients; none: as the workload says.
    pub clients: Vec<usize>,
    /// How much stands there before; none: as the workload says.
    pub sizes: Vec<u64>,
    /// How long each measurement lasts.
    pub lasts: Duration,
    /// Lines of JSON instead of a table.
    pub as_json: bool,
    /// Keep the databases, and go on with those of an earlier run.
    pub is_kept: bool,
}

/// One workload at work.
struct Run<'a> {
    bench: &'a Bench,
    config: Config,
    project: Project,
    place: Place,
    /// Who sends, and the token for that.
    user: String,
    token: String,
}

impl Bench {
    /// Measures, and says every figure as soon as it is there.
    pub fn run(&self, config: &Config) -> Result<(), Failed> {
        let projects = Projects::open(&config.folder)?;
        if self.workloads.is_empty() {
            for workload in projects.workloads()? {
                say(format_args!("{:10}  {}  {}", workload.bench, workload.title.en, workload.title.zh));
            }
            return Ok(());
        }
        if !self.sizes.is_sorted() {
            return Err(Failed("sizes are named from the smallest to the largest".into()));
        }
        if cfg!(debug_assertions) {
            complain("this is a debug build: its figures say nothing; use cargo run --release -- bench");
        }
        let all = self.workloads.iter().map(|name| projects.find(name)).collect::<Result<Vec<_>, _>>()?;
        if !self.as_json {
            figures::say_heads();
        }
        all.into_iter().try_for_each(|project| match project.workload.inside.clone() {
            Some(inside) => inside::run(self, config, project, &inside),
            None => Run::new(self, config, project)?.all_sizes(),
        })
    }
}

impl<'a> Run<'a> {
    /// Makes the database, with the people of the project's demonstration.
    fn new(bench: &'a Bench, config: &Config, project: Project) -> Result<Run<'a>, Failed> {
        let place = Place::make(&config.database, &project.workload.bench, bench.is_kept)?;
        let folder = project.folder.clone();
        let config = Config { database: place.url.clone(), folder, token_minutes: 1_440, ..config.clone() };
        let run = Run { bench, config, project, place, user: String::new(), token: String::new() };
        run.with_runtime(|runtime, tokio| tokio.block_on(run.set_up(runtime)))?;
        Ok(run)
    }

    /// The business with its people.
    async fn set_up(&self, runtime: &Runtime) -> Result<(), Failed> {
        match runtime.has_business(&BusinessId::from(demo::BUSINESS)).await? {
            true => Ok(()),
            false => demo::people(runtime, &self.config).await,
        }
    }

    /// A token of somebody.
    fn token(&self, user: &str) -> Result<String, Failed> {
        self.with_runtime(|runtime, tokio| {
            let (business, user) = (BusinessId::from(demo::BUSINESS), UserId::from(user));
            Ok(tokio.block_on(runtime.issue_for(&business, &user, None)).map_err(Failed::because)?.token)
        })
    }

    /// Works with the engine of the database in this process, while no server runs.
    fn with_runtime<T>(
        &self,
        work: impl FnOnce(&Runtime, &tokio::runtime::Runtime) -> Result<T, Failed>,
    ) -> Result<T, Failed> {
        let runtime = open(&self.config)?;
        let tokio = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Failed::because)?;
        work(&runtime, &tokio)
    }

    fn all_sizes(&mut self) -> Result<(), Failed> {
        let workload = &self.project.workload;
        let sizes = if self.bench.sizes.is_empty() { &workload.sizes } else { &self.bench.sizes };
        let mut before = None;
        for (turn, size) in sizes.clone().into_iter().enumerate() {
            self.fill(before, size)?;
            before = Some(size);
            let users = self.project.workload.user.clone();
            for (nth, user) in users.iter().enumerate() {
                (self.token, self.user) = (self.token(user)?, user.clone());
                match self.project.workload.is_compared() {
                    true => self.beside(size)?,
                    false => self.all_clients(size, FIRST * (turn * users.len() + nth + 1) as u64)?,
                }
            }
        }
        Ok(())
    }

    fn figures(&self, size: u64) -> Figures {
        let user = (self.project.workload.user.len() > 1).then(|| self.user.clone());
        Figures {
            workload: self.project.workload.bench.clone(),
            store: self.place.store(),
            size,
            user,
            ..Figures::default()
        }
    }

    fn all_clients(&self, size: u64, from: u64) -> Result<(), Failed> {
        let workload = &self.project.workload;
        let served = self.serve()?;
        let client = Client::new(&served.url, &self.token)?;
        let steps = Arc::new(workload.each.clone());
        let work = Work { steps, data: self.project.data.clone(), tasks: Arc::new(BTreeMap::new()), from };
        let mut work = work.learn(&client)?;
        let recording = workload.limit.then(|| Recording::new(&work, &client, &self.place.url)).transpose()?;
        drop(served);
        let clients = if self.bench.clients.is_empty() { &workload.clients } else { &self.bench.clients };
        for clients in clients {
            let mut figures = Figures { clients: *clients, ..self.figures(size) };
            self.measure(&mut work, *clients, &mut figures)?;
            if let Some(recording) = &recording {
                self.compare(recording, *clients, &mut figures)?;
            }
            figures.say(self.bench.as_json);
        }
        recording.iter().flat_map(|recording| BATCHES.map(|batch| (recording, batch))).try_for_each(
            |(recording, batch)| {
                let limit = self.limit(recording, size, batch)?;
                limit.say(self.bench.as_json);
                Ok(())
            },
        )
    }

    /// The limit by itself, with so many commands in a transaction: SQLite has one writer; PostgreSQL writes one command after
    /// the other by one connection, and batches by as many as the server does.
    fn limit(&self, recording: &Recording, size: u64, batch: usize) -> Result<Limit, Failed> {
        let connections = if self.place.store() == "sqlite" || batch == 1 { 1 } else { limit::WRITERS };
        let (workload, store) = (self.project.workload.bench.clone(), self.place.store());
        let (bytes, syncs) = (self.place.bytes()?, self.place.syncs()?);
        let driven = recording.at_once(&self.place.url, connections, batch, self.bench.lasts / 2)?;
        let count = driven.took.len().max(1) as f64;
        let forced =
            self.place.syncs()?.zip(syncs).map_or(count / batch as f64, |(then, before)| (then - before) as f64);
        let mut limit =
            Limit { workload, store, size, commands_per_transaction: batch, connections, ..Limit::default() };
        limit.take(&driven);
        limit.fsyncs_per_op = rounded(forced / count);
        limit.bytes_per_round = rounded((self.place.bytes()? - bytes) as f64 / count * recording.steps() as f64);
        Ok(limit)
    }

    fn serve(&self) -> Result<Served, Failed> {
        let Config { http_threads, readers, writers, queue, .. } = &self.config;
        let settings = [("http-threads", http_threads), ("readers", readers), ("writers", writers), ("queue", queue)];
        let settings: Vec<String> =
            settings.iter().flat_map(|(name, value)| [format!("--{name}"), value.to_string()]).collect();
        Served::start(&self.place.address(), &self.project.folder, &settings)
    }

    /// So many clients against a server that was just started.
    fn measure(&self, work: &mut Work, clients: usize, figures: &mut Figures) -> Result<(), Failed> {
        let served = self.serve()?;
        let client = Client::new(&served.url, &self.token)?;
        figures.start_s = Some(rounded(served.came_up.as_secs_f64()));
        figures.empty_p50_ms = Some(empty(&client)?);
        // What is done for the first time does not count.
        let first = work.drive(&client, clients, self.bench.lasts / 10, 0.0)?;
        work.from += FIRST / 1_000;
        let (bytes, used, syncs) = (self.place.bytes()?, served.usage(), self.syncs(&client)?);
        let driven = work.drive(&client, clients, self.bench.lasts, first.per_second() * MORE)?;
        let (used_then, syncs_then) = (served.usage(), self.syncs(&client)?);
        work.from += FIRST / 1_000;
        figures.take(&driven);
        let count = driven.took.len().max(1) as f64;
        let rounds = count / work.steps.len() as f64;
        figures.use_of(used, used_then, driven.took.len());
        figures.fsyncs_per_op = Some(rounded((syncs_then - syncs) as f64 / count));
        figures.bytes_per_round = Some(rounded((self.place.bytes()? - bytes) as f64 / rounds));
        Ok(())
    }

    /// How often the log was forced to disk: PostgreSQL counts it, and of SQLite we do.
    fn syncs(&self, client: &Client) -> Result<i64, Failed> {
        match self.place.syncs()? {
            Some(syncs) => Ok(syncs),
            None => client.metric("kamflow_log_forced_total"),
        }
    }

    /// The same rows, by as many connections (PostgreSQL) or in batches of as many commands (SQLite has one writer).
    fn compare(&self, recording: &Recording, clients: usize, figures: &mut Figures) -> Result<(), Failed> {
        let (url, lasts) = (&self.place.url, self.bench.lasts / 2);
        let batch = clients.min(BATCH);
        let limit = match self.place.store() {
            "sqlite" => recording.batched(url, batch, lasts)?,
            _ => {
                let batched = recording.by_writers(url, batch, lasts)?;
                figures.limit_batched_per_second = Some(rounded(batched.per_second()));
                recording.at_once(url, clients, 1, lasts)?
            }
        };
        let most = limit.per_second();
        figures.limit_per_second = Some(rounded(most));
        figures.limit_p50_ms = limit.quantile(0.5).map(|took| rounded(f64::from(took) / 1_000.0));
        figures.ratio_to_limit = Some(rounded(figures.per_second / most));
        Ok(())
    }
}

/// Half of the requests that are refused for their form, after the token was checked, take at most so long, in milliseconds.
fn empty(client: &Client) -> Result<f64, Failed> {
    let mut took = Vec::with_capacity(EMPTY);
    for _ in 0..EMPTY {
        let begun = Instant::now();
        let answer = client.post("/process-instances", &serde_json::json!({}))?;
        took.push(u32::try_from(begun.elapsed().as_micros()).unwrap_or(u32::MAX));
        if answer.status != 400 {
            return Err(Failed(format!(
                "an empty request was answered {}: {}",
                answer.status,
                String::from_utf8_lossy(&answer.body)
            )));
        }
    }
    took.sort_unstable();
    Ok(rounded(f64::from(quantile(&took, 0.5).unwrap_or_default()) / 1_000.0))
}
