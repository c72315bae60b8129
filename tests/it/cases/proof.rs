//! What must be true of every move, whatever the process: the same command gives the same events, a state survives
//! being stored, the fold of the events is the state, and what `sound` says of a state holds.

use super::sound;
use super::world::World;
use kamflow::engine::evolve::evolve;
use kamflow::engine::{self, Context, EngineError, Transition};
use kamflow::model::actor::Actor;
use kamflow::model::command::Command;
use kamflow::model::instance::Instance;
use kamflow::model::time::Timestamp;

/// Applies a command three times, the last time to a stored and loaded state, and proves the move.
pub fn apply(
    world: &World,
    state: Option<&Instance>,
    command: &Command,
    actor: &Actor,
    now: Timestamp,
) -> Result<Result<Transition, EngineError>, String> {
    let (pinned, latest) =
        (world.revision(1), world.latest.as_ref().map_or(world.revision(1), |latest| latest.revision(2)));
    let context = Context { now, actor, time_zone: "UTC", pinned, called: Vec::new(), latest: Some(latest) };
    let first = engine::apply(state, command, &context);
    let second = engine::apply(state, command, &context);
    let loaded = state.map(stored).transpose()?;
    let third = engine::apply(loaded.as_ref(), command, &context);
    if first != second {
        return Err("the same command on the same state gave other events".to_owned());
    }
    if first != third {
        return Err("the command gave other events after the state was stored and loaded".to_owned());
    }
    if let Ok(transition) = &first {
        let mut folded = match (state, command) {
            (Some(state), _) => state.clone(),
            (None, Command::Start(start)) => engine::blank(start, now),
            (None, _) => return Err("a command without an instance was carried out".to_owned()),
        };
        transition.events.iter().for_each(|event| evolve(&mut folded, event));
        same(&folded, &transition.instance, "the fold of the events is not the state")?;
        sound::check(world, &transition.instance, transition.ask.as_ref())?;
    }
    Ok(first)
}

/// The state after being written as JSON text and read back.
fn stored(state: &Instance) -> Result<Instance, String> {
    let text = serde_json::to_string(state).map_err(|wrong| wrong.to_string())?;
    let loaded: Instance = serde_json::from_str(&text).map_err(|wrong| format!("a stored state: {wrong}"))?;
    same(&loaded, state, "a stored state is not the state")?;
    Ok(loaded)
}

/// Two states are one.
pub fn same(one: &Instance, other: &Instance, sentence: &str) -> Result<(), String> {
    if one == other { Ok(()) } else { Err(format!("{sentence}:\n{one:#?}\n{other:#?}")) }
}
