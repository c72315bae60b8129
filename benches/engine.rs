//! How many nodes the engine passes in a second, on one core, without a database and without scripts: tokens that walk
//! along sequences, split and join, open and close levels, and wait for people.
//!
//! `cargo bench --bench engine` prints, for each shape, the nodes completed in a second (criterion: elements).

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use kamflow::definitions;
use kamflow::engine::evaluator::{Evaluator, Names};
use kamflow::engine::{Context, Revision, apply};
use kamflow::model::actor::Actor;
use kamflow::model::command::{Command, Start};
use kamflow::model::event::Event;
use kamflow::model::expression::{Expression, FunctionRef};
use kamflow::model::ids::{BusinessId, TaskId};
use kamflow::model::incident::Failure;
use kamflow::model::instance::Instance;
use kamflow::model::json::{Json, JsonMap};
use kamflow::model::process::Process;
use kamflow::model::revision::Files;
use kamflow::model::time::Timestamp;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Nodes in a sequence, branches of a split, rounds.
const LENGTH: usize = 1_000;

/// The only expression of these processes is the number of rounds.
struct Rounds;

impl Evaluator for Rounds {
    fn evaluate(&self, expression: &Expression, _: &Names) -> Result<Json, Failure> {
        let other = |_| Failure::new("bench", format!("{} is not evaluated here", expression.source));
        expression.source.parse::<usize>().map(Json::from).map_err(other)
    }

    fn reads(&self, _: &Expression) -> Vec<String> {
        Vec::new()
    }

    fn has(&self, _: &FunctionRef) -> bool {
        false
    }

    fn call(&self, function: &FunctionRef, _: &Json) -> Result<Json, Failure> {
        Err(Failure::new("bench", format!("{function} is not called here")))
    }

    fn script_hash(&self, _: &FunctionRef) -> String {
        String::new()
    }
}

/// The processes of one file.
fn processes(nodes: &str) -> BTreeMap<String, Arc<Process>> {
    let mut files = Files::new();
    let pack = "pack: bench\ntitle: {en: Bench, zh: 测速}\nversion: 1.0.0\nroles: {sales: {en: Sales, zh: 销售}}\n";
    files.insert("workflows/bench/pack.yaml".to_owned(), pack.as_bytes().to_vec());
    let process = format!("process: main\ntitle: {{en: Main, zh: 主流程}}\nnodes:\n{nodes}");
    files.insert("workflows/bench/processes/main.yaml".to_owned(), process.into_bytes());
    let parsed = definitions::parse(&files);
    let wrong: Vec<String> = parsed.findings.iter().map(ToString::to_string).collect();
    parsed.definitions.unwrap_or_else(|| panic!("{}", wrong.join("\n"))).processes
}

fn start() -> Command {
    Command::Start(Start {
        instance: "0199-bench".into(),
        business: BusinessId::from("bench"),
        revision: 1,
        process: "main".to_owned(),
        business_key: None,
        starter: "anna".into(),
        variables: JsonMap::new(),
        event: None,
    })
}

/// Runs a process to its end, doing every task at once; the nodes that were completed.
fn run(processes: &BTreeMap<String, Arc<Process>>, actor: &Actor) -> u64 {
    let pinned = Revision { number: 1, processes, scripts: &Rounds, roles: &BTreeMap::new() };
    let (now, time_zone) = (Timestamp(1_000), "UTC");
    let context = Context { now, actor, time_zone, pinned, called: Vec::new(), latest: None };
    let completed =
        |events: &[Event]| events.iter().filter(|event| matches!(event, Event::NodeCompleted { .. })).count();
    let mut transition = apply(None, &start(), &context).expect("it starts");
    let mut nodes = completed(&transition.events);
    let next = |instance: &Instance| instance.tasks.keys().next().cloned();
    while let Some(task) = next(&transition.instance) {
        for command in [claim(&task), complete(&task)] {
            transition = apply(Some(&transition.instance), &command, &context).expect("the task is open");
            nodes += completed(&transition.events);
        }
    }
    nodes as u64
}

fn claim(task: &TaskId) -> Command {
    Command::ClaimTask { task: task.clone() }
}

fn complete(task: &TaskId) -> Command {
    Command::CompleteTask { task: task.clone(), outcome: None, variables: JsonMap::new() }
}

/// One after the other.
fn sequence() -> String {
    (0..LENGTH).map(|n| format!("  - {{id: n{n}, type: intermediateThrowEvent}}\n")).collect()
}

/// Ten branches and back, again and again.
fn split_and_join() -> String {
    let block = |n: usize| {
        let branches: Vec<String> = (0..10).map(|branch| format!("b{n}-{branch}")).collect();
        let branch = |id: &String| format!("  - {{id: {id}, type: intermediateThrowEvent, next: j{n}}}\n");
        let split = format!("  - {{id: s{n}, type: parallelGateway, next: [{}]}}\n", branches.join(", "));
        let join = format!("  - {{id: j{n}, type: parallelGateway}}\n");
        [vec![split], branches.iter().map(branch).collect(), vec![join]].concat().concat()
    };
    (0..LENGTH / 10).map(block).collect()
}

/// Levels inside levels, with nodes around them.
fn levels() -> String {
    let level = |n: usize| {
        format!(
            "  - id: l{n}\n    type: subProcess\n    nodes:\n      - {{id: i{n}, type: intermediateThrowEvent}}\n      - {{id: e{n}, type: endEvent}}\n"
        )
    };
    (0..LENGTH / 3).map(level).collect()
}

/// One activity done many times, all at once: a round is a level of its own.
fn rounds() -> String {
    format!("  - {{id: each, type: sendTask, message: told, forEach: {{count: '{LENGTH}'}}}}\n")
}

/// A task after the other; each is taken and done.
fn tasks() -> String {
    (0..LENGTH / 10).map(|n| format!("  - {{id: t{n}, type: userTask, candidateGroups: [sales]}}\n")).collect()
}

fn engine(criterion: &mut Criterion) {
    let mut actor = Actor::of(BusinessId::from("bench"), "anna".into());
    actor.roles.insert("sales".to_owned());
    let mut group = criterion.benchmark_group("nodes");
    let shapes = [
        ("sequence", sequence()),
        ("split and join", split_and_join()),
        ("levels", levels()),
        ("rounds", rounds()),
        ("tasks", tasks()),
    ];
    for (name, nodes) in shapes {
        let processes = processes(&nodes);
        group.throughput(Throughput::Elements(run(&processes, &actor)));
        group.bench_function(name, |bencher| {
            bencher.iter_batched(|| (), |()| run(&processes, &actor), BatchSize::PerIteration);
        });
    }
    group.finish();
}

criterion_group!(benches, engine);
criterion_main!(benches);
