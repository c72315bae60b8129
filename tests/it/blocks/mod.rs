//! Random processes of nested blocks, played in random order, against an interpreter that knows no tokens.
//!
//! `generate` grows blocks and `write` writes them as processes; `reference` and `level` run them as they are nested. After
//! every step the same tasks and events must be waited for; at the end every node must have been completed as often as the
//! reference says, and what was undone in its order. The player proves every move (`cases::proof`, `cases::sound`).

mod generate;
mod level;
mod reference;
mod write;

use crate::cases::player::Player;
use crate::cases::world;
use crate::support::random::{Random, seeds};
use generate::{Generator, Level};
use kamflow::model::actor::Actor;
use kamflow::model::command::Command;
use kamflow::model::event::Event;
use kamflow::model::ids::serial_in;
use kamflow::model::instance::{Instance, ScopeKind};
use kamflow::model::json::JsonMap;
use kamflow::model::revision::Files;
use reference::{Item, Reference};
use std::collections::BTreeMap;

const PROCESSES: u64 = 220;
/// Steps after which what can happen again and again happens no more.
const STEPS: usize = 30;

#[test]
fn random_processes_run_like_their_blocks() {
    let seeds = seeds(0..PROCESSES);
    let all = seeds.end - seeds.start;
    let (mut performed, mut failed) = (0, 0);
    let mut wrong = Vec::new();
    for seed in seeds {
        let mut generator = Generator::new(seed);
        let level = generator.level();
        let files = write::processes(&level, &generator.choices);
        let mut given = Vec::new();
        match play(&mut generator.random, &level, &files, generator.choices, &mut given) {
            Ok(ended) => failed += u64::from(ended),
            Err(sentence) => {
                let texts: String = files.iter().map(|(_, text)| text.as_str()).collect();
                wrong.push(format!("process {seed} (KAMFLOW_SEEDS={seed}): {sentence}\n{texts}\n{given:?}"));
            }
        }
        performed += given.len();
    }
    assert!(wrong.is_empty(), "{} processes fail:\n{}", wrong.len(), wrong.join("\n\n"));
    eprintln!("{all} processes, {performed} steps, {failed} ended by an error");
    assert!(all < PROCESSES || performed > 800 && failed > 5 && failed * 2 < all, "{performed} steps, {failed} errors");
}

/// Plays one process to its end; whether an error ended it.
fn play(
    random: &mut Random,
    level: &Level,
    files: &[write::File],
    choices: JsonMap,
    given: &mut Vec<Item>,
) -> Result<bool, String> {
    let path = |name: &str| format!("workflows/case/processes/{name}.yaml");
    let files: Files = files.iter().map(|(name, text)| (path(name), text.as_bytes().to_vec())).collect();
    let world = world::build(&files)?;
    let mut player = Player::new(&world, BTreeMap::new());
    let mut reference = Reference::start(level);
    player.start("main", "alice", choices, None)?;
    loop {
        let open = reference.open();
        let named: Vec<_> = open.iter().map(|item| (item.name.clone(), item.rounds.clone())).collect();
        same("what can happen", &named, &waits(player.state()?).into_iter().map(|(item, _)| item).collect())?;
        let may: Vec<&Item> = open.iter().filter(|item| !item.repeats || given.len() < STEPS).collect();
        let Some(item) = random.one_of(&may) else { break };
        given.push((*item).clone());
        let there =
            waits(player.state()?).into_iter().find(|(there, _)| *there == (item.name.clone(), item.rounds.clone()));
        let (_, commands) = there.ok_or("nothing waits for it")?;
        reference.act(item);
        for command in commands {
            let who = if matches!(command, Command::ClaimTask { .. } | Command::CompleteTask { .. }) {
                world::person("alice")
            } else {
                Actor::engine(world::business())
            };
            if let Some(refused) = player.command(command, &who)?.refused {
                return Err(refused);
            }
        }
    }
    let end = if reference.failed { "ended_with_error" } else { "completed" };
    same("state", &end, &player.state()?.state.name())?;
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut undone = Vec::new();
    for event in &player.events {
        if let Event::NodeCompleted { node, .. } = event
            && !node.as_str().ends_with("end")
        {
            *counts.entry(node.to_string()).or_default() += 1;
            undone.extend(node.as_str().strip_prefix("undo_").map(str::to_owned));
        }
    }
    same("completions", &reference.told.counts, &counts)?;
    same("undone", &reference.told.undone, &undone)?;
    Ok(reference.failed)
}

type Waits = ((String, Vec<usize>), Vec<Command>);

/// What an instance waits for: its name and the rounds around it, and how it is done. Sorted, the oldest of equal ones first.
fn waits(state: &Instance) -> Vec<Waits> {
    let scope_of = |holder: u64| state.tokens.get(&holder).map_or(holder, |token| token.scope);
    let tasks = state.tasks.values().map(|task| {
        let (id, outcome, variables) = (task.id.clone(), None, JsonMap::new());
        let commands =
            vec![Command::ClaimTask { task: id.clone() }, Command::CompleteTask { task: id, outcome, variables }];
        (task.node.to_string(), task.token, serial_in(task.id.as_str()), commands)
    });
    let timers = state.timers.values().map(|timer| {
        let commands = vec![Command::FireTimer { timer: timer.id.clone() }];
        (timer.node.to_string(), timer.holder, serial_in(timer.id.as_str()), commands)
    });
    let others = state.subscriptions.values().map(|one| {
        let commands = vec![Command::Deliver { subscription: one.id.clone(), payload: JsonMap::new() }];
        (one.node.to_string(), one.holder, serial_in(one.id.as_str()), commands)
    });
    let mut all: Vec<(Waits, Option<u64>)> = tasks
        .chain(timers)
        .chain(others)
        .map(|(name, holder, serial, commands)| (((name, rounds(state, scope_of(holder))), commands), serial))
        .collect();
    all.sort_by(|((one, _), a), ((other, _), b)| (one, a).cmp(&(other, b)));
    all.into_iter().map(|(waits, _)| waits).collect()
}

/// The rounds around a scope, outer ones first.
fn rounds(state: &Instance, scope: u64) -> Vec<usize> {
    let around = std::iter::successors(state.scopes.get(&scope), |scope| state.scopes.get(&scope.parent?));
    let mut rounds: Vec<usize> = around
        .filter_map(|scope| if let ScopeKind::Round(number) = scope.kind { Some(number) } else { None })
        .collect();
    rounds.reverse();
    rounds
}

fn same<T: PartialEq + std::fmt::Debug>(what: &str, expected: &T, found: &T) -> Result<(), String> {
    if expected == found { Ok(()) } else { Err(format!("{what}: expected {expected:?}, found {found:?}")) }
}
