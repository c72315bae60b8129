//! The transactional lane: a command whose transition asks for actions. They run between the engine's moves, in the
//! same transaction; an atomic block that fails goes back to its savepoint, state and store alike.

use super::command;
use crate::engine::{EngineError, Transition};
use crate::model::action::Ask;
use crate::model::command::Command;
use crate::model::instance::Instance;
use crate::model::time::Timestamp;
use crate::plugins::{self, Desk};
use crate::runtime::ids;
use crate::runtime::job::Job;
use crate::runtime::library::Library;
use crate::store::{Connection, StoreError, savepoint};

/// Why a transactional command could not be carried through.
#[derive(Debug, thiserror::Error)]
pub enum Broken {
    /// The engine refused an answer to its own question: a fault of ours.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Answers what the transition asks until it asks no more; gives the whole transition.
pub fn finish(
    conn: &mut Connection,
    job: &Job,
    library: &Library,
    mut transition: Transition,
    now: Timestamp,
) -> Result<Transition, Broken> {
    let mut checkpoint: Option<(Instance, usize)> = None;
    while let Some(ask) = transition.ask.take() {
        let answer = match ask {
            Ask::Action(call) => {
                let scope = transition.instance.tokens.get(&call.token).map(|token| token.scope);
                let scope = scope.and_then(|scope| transition.instance.scopes.get(&scope));
                let mut desk = Desk {
                    conn,
                    business: &job.actor.business,
                    actor: &job.actor.user,
                    through: job.actor.through.as_deref(),
                    now,
                    instance: scope.map(|scope| &scope.instance),
                    reason: None,
                    definitions: &library.definitions,
                    scripts: &library.scripts,
                    new_id: &mut ids::new,
                };
                let result = plugins::run(&mut desk, &call)?;
                Command::Acted { call, result }
            }
            Ask::Savepoint { token } => {
                savepoint::set(conn)?;
                checkpoint = Some((transition.instance.clone(), transition.events.len()));
                Command::EnterAtomic { token }
            }
            Ask::Rollback { token, abort } => {
                savepoint::rollback(conn)?;
                if let Some((instance, events)) = checkpoint.take() {
                    transition.instance = instance;
                    transition.events.truncate(events);
                }
                Command::RolledBack { token, abort }
            }
            Ask::Release => {
                savepoint::release(conn)?;
                checkpoint = None;
                Command::Continue
            }
        };
        let next = command::apply(job, library, Some(&transition.instance), &answer, now)?;
        transition.instance = next.instance;
        transition.events.extend(next.events);
        transition.ask = next.ask;
    }
    Ok(transition)
}
