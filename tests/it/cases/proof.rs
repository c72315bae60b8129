//! What must be true of every move, whatever the process: the same command gives the same events, a state survives
//! being stored, the fold of the events is the state, and tokens, scopes, tasks, timers and incidents fit together.

use super::world::World;
use kamflow::engine::evolve::evolve;
use kamflow::engine::{self, Context, EngineError, Transition};
use kamflow::model::action::Ask;
use kamflow::model::actor::Actor;
use kamflow::model::command::Command;
use kamflow::model::instance::{Instance, InstanceState, TokenState};
use kamflow::model::time::Timestamp;
use std::collections::BTreeSet;

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
    if text(&first)? != text(&second)? {
        return Err("the same command on the same state gave other events".to_owned());
    }
    if text(&first)? != text(&third)? {
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
        sound(&transition.instance, transition.ask.as_ref())?;
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

fn text(applied: &Result<Transition, EngineError>) -> Result<String, String> {
    match applied {
        Err(refused) => Ok(refused.to_string()),
        Ok(Transition { instance, events, ask }) => {
            serde_json::to_string(&(instance, events, ask)).map_err(|wrong| wrong.to_string())
        }
    }
}

/// Two states are one.
pub fn same(one: &Instance, other: &Instance, sentence: &str) -> Result<(), String> {
    if one == other { Ok(()) } else { Err(format!("{sentence}:\n{one:#?}\n{other:#?}")) }
}

/// Everything in a state hangs together.
fn sound(state: &Instance, ask: Option<&Ask>) -> Result<(), String> {
    let token = |id| state.tokens.get(id);
    let active = |id| token(id).is_some_and(|token| matches!(token.state, TokenState::Active | TokenState::Passed));
    let working = |id| {
        token(id)
            .is_some_and(|token| matches!(token.state, TokenState::Active | TokenState::Passed | TokenState::Happened))
    };
    let waits = |state| matches!(state, TokenState::Active | TokenState::Failed);
    let ready: BTreeSet<_> = state.ready.iter().copied().collect();
    let can_move = |state| matches!(state, TokenState::Ready | TokenState::Leaving);
    let moving: BTreeSet<_> =
        state.tokens.values().filter(|token| can_move(token.state)).map(|token| token.id).collect();
    let roots = state.scopes.values().filter(|scope| scope.owner.is_none()).count();
    let (ended, suspended) = (state.state.has_ended(), state.state == InstanceState::Suspended);
    let work = state.tokens.len() + state.tasks.len() + state.jobs.len() + state.timers.len() + state.incidents.len();
    let facts = [
        (roots == 1, "there is one root scope"),
        (
            state.tokens.values().all(|token| state.scopes.contains_key(&token.scope)),
            "the scope of every token is open",
        ),
        (
            state.scopes.values().all(|scope| scope.owner.as_ref().is_none_or(&working)),
            "every scope but the root is the inside of a token that is active or has passed",
        ),
        (
            state.scopes.values().all(|scope| scope.parent.is_none_or(|parent| state.scopes.contains_key(&parent))),
            "the scope around every scope is open",
        ),
        (state.tasks.values().all(|task| active(&task.token)), "every open task has an active token"),
        (state.jobs.values().all(|job| active(&job.token)), "every open job has an active token"),
        (
            state.timers.values().all(|timer| {
                token(&timer.holder).map_or(state.scopes.contains_key(&timer.holder), |token| waits(token.state))
            }),
            "every timer watches an activity or a level",
        ),
        (
            state.subscriptions.values().all(|one| {
                token(&one.holder).map_or(state.scopes.contains_key(&one.holder), |token| waits(token.state))
            }),
            "everything that is waited for is waited for by an activity or a level",
        ),
        (
            state
                .incidents
                .values()
                .all(|incident| token(&incident.token).is_some_and(|token| token.state == TokenState::Failed)),
            "every open incident has a failed token",
        ),
        (
            state.tokens.values().filter(|token| token.state == TokenState::Failed).count() == state.incidents.len(),
            "every failed token has one incident",
        ),
        (ready.len() == state.ready.len() && ready == moving, "exactly the tokens that can move are in the queue"),
        (ask.is_some() || ready.is_empty() || suspended, "nothing stops while a token can move"),
        (
            state.tasks.values().all(|task| task.suspended == suspended),
            "every task knows whether its root is suspended",
        ),
        (!ended || work == 0, "an ended instance has no work left"),
        (ended || !state.tokens.is_empty() || ask.is_some(), "an active instance has a token"),
    ];
    match facts.iter().find(|(holds, _)| !holds) {
        Some((_, fact)) => Err(format!("not true any more: {fact}\n{state:#?}")),
        None => Ok(()),
    }
}
