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
use kamflow::model::event::Event;
use kamflow::model::json::JsonMap;
use kamflow::model::revision::Files;
use kamflow::model::voting::VotingEvent;
use serde_json::json;
use std::ops::Range;

/// What processes about a record approve.
const ORDER: &str = "\
record: order
title: {en: Order, zh: 订单}
fields: {name: {type: string, required: true}, amount: {type: int}}
columns: {name: name}
";

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
    let Total { all, deployed, moves, refused, voted, .. } = all(seeds(0..GRAPHS), Generator::new);
    assert!(deployed * 2 > all, "only {deployed} of {all} graphs can be deployed");
    assert!(all < GRAPHS || moves > 1_200 && refused > 100, "{moves} commands carried out, {refused} refused");
    assert!(all < GRAPHS || voted > 20, "{voted} approvals were voted on");
}

#[test]
fn what_is_approved_in_random_graphs_is_what_stands() {
    let Total { all, deployed, voted, changed, voided, .. } = all(seeds(0..GRAPHS), Generator::about_a_record);
    assert!(deployed * 4 > all, "only {deployed} of {all} graphs can be deployed");
    assert!(all < GRAPHS || voted > 40 && changed > 60, "{voted} approvals were voted on, {changed} changes");
    assert!(all < GRAPHS || voided > 10, "{voided} approvals were given and void later");
}

/// What came of many graphs.
#[derive(Default)]
struct Total {
    all: u64,
    deployed: u64,
    moves: usize,
    refused: usize,
    voted: usize,
    changed: usize,
    voided: usize,
}

fn all(seeds: Range<u64>, generator: fn(u64) -> Generator) -> Total {
    let mut total = Total { all: seeds.end - seeds.start, ..Total::default() };
    let mut wrong = Vec::new();
    for seed in seeds {
        let project = generator(seed).project();
        let Ok(world) = world::build(&files(&project)) else { continue };
        total.deployed += 1;
        let mut given = Vec::new();
        match play(&world, seed, &mut given) {
            Ok(played) => {
                total.moves += played.moves;
                total.refused += played.refused;
                total.voted += played.voted;
                total.changed += given.iter().filter(|given| matches!(given, Command::LookAgain { .. })).count();
                total.voided += played.voided;
            }
            Err(sentence) => {
                let texts: String = project.iter().map(|(_, text)| text.as_str()).collect();
                wrong.push(format!("graph {seed} (KAMFLOW_SEEDS={seed}): {sentence}\n{texts}\n{}", told(&given)));
            }
        }
    }
    let Total { all, deployed, moves, refused, voted, changed, voided } = &total;
    eprintln!(
        "{deployed} of {all} graphs, {moves} commands carried out, {refused} refused, {voted} approvals voted on, \
         {changed} changes, {voided} void"
    );
    assert!(wrong.is_empty(), "{} graphs fail:\n{}", wrong.len(), wrong.join("\n\n"));
    total
}

/// The files of a project.
fn files(project: &[(&'static str, String)]) -> Files {
    let path = |name: &str| format!("workflows/case/processes/{name}.yaml");
    let order = ("workflows/case/records/order.yaml".to_owned(), ORDER.as_bytes().to_vec());
    let about = project.iter().any(|(_, text)| text.contains("subject: order"));
    let processes = project.iter().map(|(name, text)| (path(name), text.as_bytes().to_vec()));
    processes.chain(about.then_some(order)).collect()
}

/// The start variables of a seed.
fn variables(seed: u64) -> JsonMap {
    let (a, b) = (seed % 4, seed / 4 % 4);
    json!({"a": a, "b": b, "c": 1, "e": 0, "order": "o-1"}).as_object().cloned().unwrap()
}

/// What came of one graph.
struct Played {
    moves: usize,
    refused: usize,
    voted: usize,
    voided: usize,
}

/// Plays one graph.
fn play(world: &world::World, seed: u64, given: &mut Vec<Command>) -> Result<Played, String> {
    let mut random = Random::new(!seed);
    let mut player = Player::new(world, votes::people());
    player.start("main", "alice", variables(seed), None)?;
    let (mut moves, mut refused, mut amount) = (0, 0, 0);
    for _ in 0..COMMANDS {
        let before = player.state()?.clone();
        if before.state.has_ended() && random.below(3) > 0 || before.tokens.len() > TOKENS {
            break;
        }
        let about = votes::about_the_record(&before);
        let command = match about.is_empty() || random.below(4) > 0 {
            true => commands::next(&mut random, &before, &world.definitions.processes, given),
            // Somebody else changes the record.
            false => {
                amount = (amount + 1 + random.below(2)) % 4;
                player.now_answers("records.lock", votes::order(amount));
                Command::LookAgain { approvals: about }
            }
        };
        given.push(command.clone());
        let by = votes::who(&mut random, &before, &command);
        let done = player.command(command, &world::person(by.as_str()))?;
        if done.events.len() > EVENTS {
            return Err(format!("one command led to {} events", done.events.len()));
        }
        match done.refused {
            None => moves += 1,
            Some(sentence) => {
                refused += 1;
                let same = *player.state()? == before && !sentence.is_empty();
                same.then_some(()).ok_or("a refused command changed something")?;
            }
        }
        votes::stand(player.state()?, amount)?;
    }
    conserved::check(&player.events, player.state()?)?;
    let void = |event: &&Event| matches!(event, Event::Voting(_, VotingEvent::Voided { .. }));
    let voided = player.events.iter().filter(void).count();
    Ok(Played { moves, refused, voted: votes::check(&player.events)?, voided })
}

fn told(given: &[Command]) -> String {
    let lines = given.iter().enumerate().map(|(number, command)| format!("{}. {command:?}", number + 1));
    lines.collect::<Vec<_>>().join("\n")
}
