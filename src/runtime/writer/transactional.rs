//! The transactional lane: a command whose transition asks for something. It is done between the engine's moves, in the
//! same transaction; an atomic block that fails goes back to its savepoint, state and store alike.

use super::beginning;
use super::lane::Lane;
use crate::engine::{self, EngineError, Transition};
use crate::model::action::Ask;
use crate::model::command::Command;
use crate::model::instance::Instance;
use crate::model::time::Timestamp;
use crate::plugins::{self, Desk, Stop};
use crate::runtime::ids;
use crate::runtime::job::Job;
use crate::runtime::library::Library;
use crate::runtime::shelf::Shelf;
use crate::store::{StoreError, savepoint};
use std::sync::Arc;

/// Why a transactional command could not be carried through.
#[derive(Debug, thiserror::Error)]
pub enum Broken {
    /// The engine refused an answer to its own question: a fault of ours.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A process that it begins lost a race.
    #[error("somebody else was faster")]
    Lost,
}

/// Answers what the transition asks until it asks no more; gives the whole transition.
pub(super) fn finish(lane: &mut Lane, shelf: &Shelf, mut transition: Transition) -> Result<Transition, Broken> {
    let (job, now) = (lane.job, lane.now);
    let mut checkpoint: Option<(Instance, usize)> = None;
    let mut active: Option<Arc<Library>> = None;
    let mut wrote = false;
    loop {
        let ask = match transition.ask.take() {
            Some(ask) => ask,
            // What this very run has written no row says yet to the approvals that it has begun.
            None if std::mem::take(&mut wrote) && is_about_a_record(&transition.instance) => {
                let approvals = transition.instance.votings.keys().copied().collect();
                transition = step(job, shelf, transition, &Command::LookAgain { approvals }, now)?;
                continue;
            }
            None => return Ok(transition),
        };
        let answer = match ask {
            Ask::Action(call) => {
                wrote |= plugins::writes(&call.action);
                let scope = transition.instance.tokens.get(&call.token).map(|token| token.scope);
                let scope = scope.and_then(|scope| transition.instance.scopes.get(&scope));
                // Records go by the active revision, whatever revision the instance is pinned to.
                let found =
                    active.take().map_or_else(|| lane.shared.libraries.writing(lane.conn, &job.actor.business), Ok);
                let present = match found {
                    Ok(present) => active.insert(present),
                    Err(Stop::Store(error)) => return Err(error.into()),
                    Err(Stop::Refused(refusal)) => {
                        let result = Err(plugins::failure(&refusal).with_input(call.input.clone()));
                        let answer = Command::Acted { call, result };
                        transition = step(job, shelf, transition, &answer, now)?;
                        continue;
                    }
                };
                let library = shelf.library(scope.and_then(|scope| scope.revision));
                let mut desk = Desk {
                    conn: lane.conn,
                    business: &job.actor.business,
                    actor: &job.actor.user,
                    through: job.actor.through.as_deref(),
                    now,
                    instance: scope.map(|scope| &scope.instance),
                    reason: None,
                    definitions: &present.definitions,
                    scripts: &present.scripts,
                    pinned: (present.number != library.number).then_some(&library.definitions),
                    new_id: &mut ids::new,
                };
                let result = plugins::run(&mut desk, &call)?;
                Command::Acted { call, result }
            }
            Ask::Begin(beginning) => {
                wrote = true;
                let result = beginning::begin(lane, &beginning)?.ok_or(Broken::Lost)?;
                Command::Begun { beginning, result }
            }
            Ask::Savepoint { token } => {
                savepoint::set(lane.conn)?;
                checkpoint = Some((transition.instance.clone(), transition.events.len()));
                Command::EnterAtomic { token }
            }
            Ask::Rollback { token, abort } => {
                savepoint::rollback(lane.conn)?;
                if let Some((instance, events)) = checkpoint.take() {
                    transition.instance = instance;
                    transition.events.truncate(events);
                }
                Command::RolledBack { token, abort }
            }
            Ask::Release => {
                savepoint::release(lane.conn)?;
                checkpoint = None;
                Command::Continue
            }
        };
        transition = step(job, shelf, transition, &answer, now)?;
    }
}

/// Whether a record is approved in an instance.
fn is_about_a_record(instance: &Instance) -> bool {
    instance.votings.values().any(|voting| voting.subject.is_some())
}

/// Goes on with an answer.
fn step(
    job: &Job,
    shelf: &Shelf,
    transition: Transition,
    answer: &Command,
    now: Timestamp,
) -> Result<Transition, EngineError> {
    let Transition { instance, mut events, .. } = transition;
    let next = engine::apply_to(instance, answer, &shelf.context(&job.actor, now))?;
    events.extend(next.events);
    Ok(Transition { events, ..next })
}
