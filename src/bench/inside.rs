//! What is done over and over in this process, without server and database: calls of scripts through the host that the
//! engine uses, and processes that go from start to end in memory.

use super::Bench;
use super::drive::quantile;
use super::figures::{Figures, rounded};
use super::project::{Data, Project, named};
use super::workload::Inside;
use crate::engine::evaluator::Evaluator;
use crate::engine::{Context, EngineError, Revision, Transition, apply};
use crate::model::actor::Actor;
use crate::model::command::{Command, Start};
use crate::model::event::Event;
use crate::model::ids::{BusinessId, TaskId};
use crate::model::instance::{Instance, InstanceState};
use crate::model::json::{Json, JsonMap};
use crate::model::time::Timestamp;
use crate::runtime::library::{self, Library};
use crate::scripts::stack;
use crate::server::config::Config;
use crate::server::{Failed, demo, folders};
use std::hint::black_box;
use std::time::{Duration, Instant};

/// Different arguments, made before and taken in turn.
const ARGUMENTS: u64 = 100;
/// What is done for the first time does not count.
const WARM: usize = 200;

/// What was measured.
struct Measured {
    /// How long each took, in nanoseconds, from the shortest.
    took: Vec<u32>,
    /// Calls, or nodes that were passed.
    number: u64,
    lasted: Duration,
}

/// Measures it, and says its figures.
pub fn run(bench: &Bench, config: &Config, project: Project, inside: &Inside) -> Result<(), Failed> {
    let config = Config { folder: project.folder.clone(), ..config.clone() };
    let checked = library::check(&folders::read(&config)?, &BusinessId::from(demo::BUSINESS));
    let findings = checked.findings;
    let library = checked.library.ok_or_else(|| {
        let first = findings.iter().find(|finding| finding.is_error());
        Failed(first.map(ToString::to_string).unwrap_or_default())
    })?;
    let (inside, data, lasts) = (inside.clone(), project.data.clone(), bench.lasts);
    // Scripts stay on a thread like those of the writers.
    let thread = stack::spawn("inside", move || match inside {
        Inside::Call { function, with } => calls(&library, &data, &function, &with, lasts),
        Inside::Run { process, variables } => runs(&library, &data, &process, &variables, lasts),
    });
    let joined = thread.map_err(Failed::because)?.join();
    let measured = joined.map_err(|_| Failed("the measurement broke off".into()))??;
    let milliseconds = |part: f64| quantile(&measured.took, part).map_or(0.0, |took| f64::from(took) / 1e6);
    let figures = Figures {
        workload: project.workload.bench,
        store: "-",
        clients: 1,
        per_second: rounded(measured.number as f64 / measured.lasted.as_secs_f64()),
        p50_ms: milliseconds(0.5),
        p99_ms: milliseconds(0.99),
        p999_ms: milliseconds(0.999),
        ..Figures::default()
    };
    figures.say(bench.as_json);
    Ok(())
}

fn calls(library: &Library, data: &Data, function: &str, with: &str, lasts: Duration) -> Result<Measured, Failed> {
    let arguments = arguments(data, with)?;
    let called = named(function)?;
    let call = |input: &Json| {
        let output = library.scripts.call(&called, input);
        output.map_err(|failure| Failed(format!("{function} of {input}: {}", failure.message)))
    };
    measured(&arguments, lasts, |input| {
        black_box(call(input)?);
        Ok(1)
    })
}

fn runs(library: &Library, data: &Data, process: &str, with: &str, lasts: Duration) -> Result<Measured, Failed> {
    let arguments = arguments(data, with)?;
    let roles = library.definitions.pack.roles.keys().cloned().collect();
    let actor = Actor { roles, ..Actor::of(BusinessId::from(demo::BUSINESS), "bench".into()) };
    measured(&arguments, lasts, |variables| {
        let variables = variables.as_object().cloned().unwrap_or_default();
        run_through(library, &actor, process, variables)
    })
}

fn arguments(data: &Data, function: &str) -> Result<Vec<Json>, Failed> {
    (0..ARGUMENTS).map(|n| data.made(function, n)).collect()
}

/// Does it with each argument in turn until the time is up.
fn measured(
    arguments: &[Json],
    lasts: Duration,
    mut work: impl FnMut(&Json) -> Result<u64, Failed>,
) -> Result<Measured, Failed> {
    for input in arguments.iter().cycle().take(WARM) {
        work(input)?;
    }
    let mut measured = Measured { took: Vec::new(), number: 0, lasted: Duration::ZERO };
    for input in arguments.iter().cycle() {
        let begun = Instant::now();
        measured.number += work(input)?;
        let took = begun.elapsed();
        measured.took.push(u32::try_from(took.as_nanos()).unwrap_or(u32::MAX));
        measured.lasted += took;
        if measured.lasted >= lasts {
            break;
        }
    }
    measured.took.sort_unstable();
    Ok(measured)
}

/// From the start to the end; the nodes that were completed.
fn run_through(library: &Library, actor: &Actor, process: &str, variables: JsonMap) -> Result<u64, Failed> {
    let definitions = &library.definitions;
    let pinned = Revision {
        number: 1,
        processes: &definitions.processes,
        scripts: &library.scripts,
        roles: &definitions.pack.roles,
    };
    let context = Context { now: Timestamp(1_000), actor, time_zone: "UTC", pinned, called: Vec::new(), latest: None };
    let start = Command::Start(Start {
        instance: "0199-bench".into(),
        business: actor.business.clone(),
        revision: 1,
        process: process.to_owned(),
        business_key: None,
        starter: actor.user.clone(),
        variables,
        event: None,
    });
    let mut nodes = 0;
    let mut instance = passed(apply(None, &start, &context), &mut nodes)?;
    while let Some((task, is_free)) = next(&instance) {
        if is_free {
            let claim = Command::ClaimTask { task: task.clone() };
            instance = passed(apply(Some(&instance), &claim, &context), &mut nodes)?;
        }
        let complete = Command::CompleteTask { task, outcome: None, variables: JsonMap::new() };
        instance = passed(apply(Some(&instance), &complete, &context), &mut nodes)?;
    }
    match instance.state {
        InstanceState::Completed => Ok(nodes),
        state => {
            Err(Failed(format!("an instance of {process} did not end by its tasks alone: it is {}", state.name())))
        }
    }
}

/// An open task, and whether nobody has it yet.
fn next(instance: &Instance) -> Option<(TaskId, bool)> {
    instance.tasks.iter().next().map(|(id, task)| (id.clone(), task.assignee.is_none()))
}

/// Counts the nodes of a step.
fn passed(done: Result<Transition, EngineError>, nodes: &mut u64) -> Result<Instance, Failed> {
    let Transition { instance, events, ask } = done.map_err(Failed::because)?;
    if ask.is_some() {
        return Err(Failed("the process asks for what only a database has".into()));
    }
    *nodes += events.iter().filter(|event| matches!(event, Event::NodeCompleted { .. })).count() as u64;
    Ok(instance)
}
