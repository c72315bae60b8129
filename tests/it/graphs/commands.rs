//! What somebody outside does next, by chance: mostly what can be done, now and then what cannot.

use super::votes;
use crate::support::random::Random;
use kamflow::model::command::Command;
use kamflow::model::ids::{InstanceId, NodeId};
use kamflow::model::instance::{Instance, InstanceState};
use kamflow::model::intervention::{Intervene, Intervention, Retry, Skip, Step};
use kamflow::model::json::{Json, JsonMap};
use kamflow::model::process::Process;
use kamflow::model::subscription::Awaited;
use kamflow::model::task::TaskState;
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The next command; `given` are those that were given so far.
pub fn next(
    random: &mut Random,
    state: &Instance,
    processes: &BTreeMap<String, Arc<Process>>,
    given: &[Command],
) -> Command {
    if state.state == InstanceState::Suspended && random.below(3) > 0 {
        return intervene(state.id.clone(), Intervention::Resume);
    }
    let waits = waiting(state);
    // What waits is done most of the time.
    if !waits.is_empty() && random.below(100) < 78 {
        let what = waits[random.below(waits.len())].clone();
        return done(random, state, what);
    }
    match random.below(22) {
        0 => intervene(state.id.clone(), Intervention::Suspend),
        1 if random.below(3) == 0 => intervene(state.id.clone(), Intervention::Cancel),
        2..=5 => set_variables(random, state),
        6..=11 => modify(random, state, processes),
        12 | 13 => activate(random, state, processes),
        14 => add_instance(random, state),
        // What was done already, or is gone.
        _ => random.one_of(given).cloned().unwrap_or_else(|| set_variables(random, state)),
    }
}

/// What an instance waits for, in the order of what waits.
fn waiting(state: &Instance) -> Vec<Command> {
    let tasks = state.tasks.keys().map(|task| Command::ClaimTask { task: task.clone() });
    let jobs = state.jobs.keys().map(|job| Command::CompleteJob { job: job.clone(), result: json!({"c": 3}) });
    let timers = state.timers.keys().map(|timer| Command::FireTimer { timer: timer.clone() });
    let others =
        state.subscriptions.values().filter(|subscription| !matches!(subscription.awaits, Awaited::Condition { .. }));
    let others =
        others.map(|one| Command::Deliver { subscription: one.id.clone(), payload: map(json!({"c": 4, "x": 1})) });
    let incidents = state.incidents.keys().map(|incident| {
        Command::RetryIncident(Retry { incident: incident.clone(), variables: JsonMap::new(), reason: None })
    });
    tasks.chain(jobs).chain(timers).chain(others).chain(incidents).collect()
}

/// One of the ways in which this can be done.
fn done(random: &mut Random, state: &Instance, what: Command) -> Command {
    match what {
        Command::ClaimTask { task } if state.tasks[&task].seat.is_some() => votes::next(random, state, &task),
        Command::ClaimTask { task } if state.tasks[&task].state == TaskState::Claimed => {
            let outcomes = &state.tasks[&task].outcomes;
            let outcome = random.one_of(outcomes).cloned();
            let outcome = if random.below(25) == 0 { Some("nowhere".to_owned()) } else { outcome };
            match random.below(12) {
                0 => Command::UnclaimTask { task },
                _ => Command::CompleteTask { task, outcome, variables: some_variables(random) },
            }
        }
        Command::CompleteJob { job, result } => match random.below(6) {
            0 | 1 => Command::FailJob { job, message: "no".into(), retry_after: None },
            2 => Command::ThrowJobError { job, code: "E1".into(), variables: some_variables(random) },
            3 => Command::CompleteJob { job, result: Json::Null },
            _ => Command::CompleteJob { job, result },
        },
        Command::RetryIncident(retry) => match random.below(5) {
            0 | 1 => Command::SkipIncident(Skip {
                incident: retry.incident,
                outcome: None,
                variables: some_variables(random),
                reason: "by chance".into(),
            }),
            _ => Command::RetryIncident(Retry {
                variables: map(json!({"b": 5, "c": 1, "d": 1})),
                reason: Some("by chance".into()),
                ..retry
            }),
        },
        other => other,
    }
}

fn some_variables(random: &mut Random) -> JsonMap {
    let (a, e) = (random.below(4), random.below(5));
    match random.below(4) {
        0 => map(json!({ "a": a })),
        1 => map(json!({ "e": e })),
        _ => JsonMap::new(),
    }
}

fn set_variables(random: &mut Random, state: &Instance) -> Command {
    let token = state.tokens.values().filter(|token| state.scopes[&token.scope].instance == state.id);
    let tokens: Vec<_> = token.map(|token| token.id).collect();
    let token = random.one_of(&tokens).copied().filter(|_| random.below(3) == 0);
    let values = map(json!({ "a": random.below(4), "b": random.below(4), "e": random.below(5) }));
    intervene(state.id.clone(), Intervention::SetVariables { token, values })
}

fn modify(random: &mut Random, state: &Instance, processes: &BTreeMap<String, Arc<Process>>) -> Command {
    let (instance, process) = one_instance(random, state);
    let nodes: Vec<NodeId> = processes.get(&process).iter().flat_map(|process| ids(process)).collect();
    let node = |random: &mut Random| nodes[random.below(nodes.len())].clone();
    let tokens: Vec<_> = state.tokens.keys().copied().collect();
    let steps = (0..1 + random.below(2)).map(|_| match random.below(4) {
        0 | 1 => Step::StartBefore { node: node(random) },
        2 => Step::StartAfter { node: node(random), outcome: None },
        _ => Step::Cancel { token: random.one_of(&tokens).copied().unwrap_or(1) },
    });
    let steps = steps.collect();
    intervene(instance, Intervention::Modify { steps })
}

fn activate(random: &mut Random, state: &Instance, processes: &BTreeMap<String, Arc<Process>>) -> Command {
    let (instance, process) = one_instance(random, state);
    let process = &processes[&process];
    let inside = |node: &&kamflow::model::process::Node| {
        let around = node.parent.as_ref().and_then(|parent| process.node(parent));
        around.is_some_and(|around| around.ad_hoc().is_some())
    };
    let nodes: Vec<NodeId> = process.nodes.iter().filter(inside).map(|node| node.id.clone()).collect();
    let node = random.one_of(&nodes).cloned().unwrap_or_else(|| "nowhere".into());
    Command::Activate { instance, node }
}

fn add_instance(random: &mut Random, state: &Instance) -> Command {
    let nodes: Vec<NodeId> = state.scopes.values().filter_map(|scope| scope.node.clone()).collect();
    let node = random.one_of(&nodes).cloned().unwrap_or_else(|| "nowhere".into());
    Command::AddInstance { instance: state.id.clone(), node, item: Json::Null }
}

/// The root or a called instance, with its process.
fn one_instance(random: &mut Random, state: &Instance) -> (InstanceId, String) {
    let open: Vec<_> = state.scopes.values().filter(|scope| scope.node.is_none()).collect();
    let scope = open[random.below(open.len())];
    (scope.instance.clone(), scope.process.clone())
}

fn ids(process: &Process) -> Vec<NodeId> {
    process.nodes.iter().map(|node| node.id.clone()).collect()
}

fn intervene(instance: InstanceId, what: Intervention) -> Command {
    Command::Intervene(Intervene { instance, what, reason: Some("by chance".into()) })
}

fn map(value: Json) -> JsonMap {
    value.as_object().cloned().unwrap_or_default()
}
