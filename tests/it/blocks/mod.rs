//! Random processes of nested blocks, played in random order, against an interpreter that knows no tokens.
//!
//! `generate` grows a block and writes it as a process, `reference` runs the block as it is nested. After every step
//! the same tasks must be open; at the end every node must have been completed as often as the reference says. The
//! player proves determinism, storing and replay on every move.

mod generate;
mod reference;

use crate::cases::player::Player;
use crate::cases::world;
use crate::support::random::Random;
use generate::Generator;
use kamflow::model::event::Event;
use kamflow::model::revision::Files;
use reference::Reference;
use std::collections::BTreeMap;

const PROCESSES: u64 = 300;

#[test]
fn random_processes_run_like_their_blocks() {
    let mut performed = 0;
    for seed in 0..PROCESSES {
        let mut generator = Generator::new(seed);
        let block = generator.block();
        let text = generator.process(&block);
        performed += play(&mut generator.random, &block, &text, generator.choices)
            .unwrap_or_else(|wrong| panic!("process {seed}: {wrong}\n{text}"));
    }
    assert!(performed > 500, "the processes are not empty");
}

/// Plays one process to its end; how many tasks that took.
fn play(
    random: &mut Random,
    block: &generate::Block,
    text: &str,
    choices: kamflow::model::json::JsonMap,
) -> Result<usize, String> {
    let files = Files::from([("workflows/case/processes/main.yaml".to_owned(), text.as_bytes().to_vec())]);
    let world = world::build(&files)?;
    let mut player = Player::new(&world, BTreeMap::new());
    let mut reference = Reference::start(block);
    player.start("main", "alice", choices, None)?;
    let mut performed = 0;
    loop {
        let mut open: Vec<String> = player.state()?.tasks.values().map(|task| task.node.0.clone()).collect();
        open.sort();
        same("open tasks", &reference.open(), &open)?;
        let Some(task) = random.one_of(&open) else { break };
        reference.complete(task);
        let done = player.perform(task, "alice", Default::default())?;
        if let Some(refused) = done.refused {
            return Err(refused);
        }
        performed += 1;
    }
    same("state", &"completed", &player.state()?.state.name())?;
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for event in &player.events {
        if let Event::NodeCompleted { node, .. } = event
            && !node.as_str().ends_with("end")
        {
            *counts.entry(node.0.clone()).or_default() += 1;
        }
    }
    same("completions", &reference.counts, &counts)?;
    Ok(performed)
}

fn same<T: PartialEq + std::fmt::Debug>(what: &str, expected: &T, found: &T) -> Result<(), String> {
    if expected == found { Ok(()) } else { Err(format!("{what}: expected {expected:?}, found {found:?}")) }
}
