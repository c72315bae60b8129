//! Random graphs under random commands, on the pure engine: whatever somebody draws and does, nothing is lost, nothing is
//! left over, nothing goes round for ever.
//!
//! `generate` grows a project, `commands` says what is done next, `conserved` reads the whole history. The player proves
//! every move and every state on the way (`cases::proof`, `cases::sound`); `alike` plays the same on real databases.

mod alike;
mod commands;
mod conserved;
mod generate;
mod nodes;
mod votes;

use crate::cases::player::Player;
use crate::cases::world;
use crate::support::random::{Random, seeds};
use generate::Generator;
use kamflow::model::command::Command;
use kamflow::model::json::JsonMap;
use kamflow::model::revision::Files;
use serde_json::json;

/// Graphs that are grown.
const GRAPHS: u64 = 260;
/// Commands that each is given.
const COMMANDS: usize = 25;
/// Tokens from which on a graph is left alone: what is wrong is wrong with fewer.
const TOKENS: usize = 60;
/// Events that one command may lead to; the limit of the engine lies well below.
const EVENTS: usize = 100_000;

#[test]
fn random_graphs_keep_what_every_state_promises() {
    let seeds = seeds(0..GRAPHS);
    let (all, mut deployed, mut moves, mut refused, mut voted) = (seeds.end - seeds.start, 0, 0, 0, 0);
    let mut wrong = Vec::new();
    for seed in seeds {
        let project = Generator::new(seed).project();
        let Ok(world) = world::build(&files(&project)) else { continue };
        deployed += 1;
        let mut given = Vec::new();
        match play(&world, seed, &mut given) {
            Ok(played) => {
                moves += played.0;
                refused += played.1;
                voted += played.2;
            }
            Err(sentence) => {
                let texts: String = project.iter().map(|(_, text)| text.as_str()).collect();
                wrong.push(format!("graph {seed} (KAMFLOW_SEEDS={seed}): {sentence}\n{texts}\n{}", told(&given)));
            }
        }
    }
    eprintln!(
        "{deployed} of {all} graphs, {moves} commands carried out, {refused} refused, {voted} approvals voted on"
    );
    assert!(wrong.is_empty(), "{} graphs fail:\n{}", wrong.len(), wrong.join("\n\n"));
    assert!(deployed * 2 > all, "only {deployed} of {all} graphs can be deployed");
    assert!(all < GRAPHS || moves > 1_200 && refused > 100, "{moves} commands carried out, {refused} refused");
    assert!(all < GRAPHS || voted > 20, "{voted} approvals were voted on");
}

/// The files of a project.
fn files(project: &[(&'static str, String)]) -> Files {
    let path = |name: &str| format!("workflows/case/processes/{name}.yaml");
    project.iter().map(|(name, text)| (path(name), text.as_bytes().to_vec())).collect()
}

/// The start variables of a seed.
fn variables(seed: u64) -> JsonMap {
    let (a, b) = (seed % 4, seed / 4 % 4);
    json!({"a": a, "b": b, "c": 1, "e": 0}).as_object().cloned().unwrap()
}

/// Plays one graph; commands that were carried out and refused, and approvals that were voted on.
fn play(world: &world::World, seed: u64, given: &mut Vec<Command>) -> Result<(usize, usize, usize), String> {
    let mut random = Random::new(!seed);
    let mut player = Player::new(world, votes::people());
    player.start("main", "alice", variables(seed), None)?;
    let (mut moves, mut refusals) = (0, 0);
    for _ in 0..COMMANDS {
        let before = player.state()?.clone();
        if before.state.has_ended() && random.below(3) > 0 || before.tokens.len() > TOKENS {
            break;
        }
        let command = commands::next(&mut random, &before, &world.definitions.processes, given);
        given.push(command.clone());
        let by = votes::who(&mut random, &before, &command);
        let done = player.command(command, &world::person(by.as_str()))?;
        if done.events.len() > EVENTS {
            return Err(format!("one command led to {} events", done.events.len()));
        }
        match done.refused {
            None => moves += 1,
            Some(sentence) => {
                refusals += 1;
                let same = *player.state()? == before && !sentence.is_empty();
                same.then_some(()).ok_or("a refused command changed something")?;
            }
        }
    }
    conserved::check(&player.events, player.state()?)?;
    Ok((moves, refusals, votes::check(&player.events)?))
}

fn told(given: &[Command]) -> String {
    let lines = given.iter().enumerate().map(|(number, command)| format!("{}. {command:?}", number + 1));
    lines.collect::<Vec<_>>().join("\n")
}
