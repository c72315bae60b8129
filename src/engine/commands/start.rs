//! Start: a new root instance with a token at its first node.

use crate::engine::error::EngineError;
use crate::engine::happen;
use crate::engine::scope::{self, NewScope};
use crate::engine::work::Work;
use crate::model::command::Start;
use crate::model::event::Event;
use crate::model::instance::{Instance, InstanceState, ScopeKind};
use crate::model::json::{Json, JsonMap};
use crate::model::scopes::Scopes;
use crate::model::time::Timestamp;
use crate::model::tokens::Tokens;
use std::collections::{BTreeMap, VecDeque};

/// The state before the first event: what a fold of the whole history begins with.
pub fn blank(start: &Start, now: Timestamp) -> Instance {
    Instance {
        id: start.instance.clone(),
        business: start.business.clone(),
        revision: start.revision,
        process: start.process.clone(),
        business_key: start.business_key.clone(),
        starter: start.starter.clone(),
        started_at: now,
        state: InstanceState::Active,
        serial: 1,
        sequence: 0,
        moves: 0,
        ready: VecDeque::new(),
        scopes: Scopes::default(),
        tokens: Tokens::default(),
        tasks: BTreeMap::new(),
        jobs: BTreeMap::new(),
        timers: BTreeMap::new(),
        subscriptions: BTreeMap::new(),
        votings: BTreeMap::new(),
        approved: BTreeMap::new(),
        incidents: BTreeMap::new(),
    }
}

pub(super) fn start(work: &mut Work, command: &Start) -> Result<(), EngineError> {
    let process = work
        .context
        .pinned
        .processes
        .get(&command.process)
        .ok_or_else(|| EngineError::NoProcess(command.process.clone()))?;
    let process = process.clone();
    work.emit(Event::InstanceStarted {
        instance: command.instance.clone(),
        parent: None,
        process: command.process.clone(),
        variables: command.variables.clone(),
    });
    let new = NewScope {
        parent: None,
        owner: None,
        instance: command.instance.clone(),
        process: command.process.clone(),
        revision: None,
        node: None,
        kind: ScopeKind::Level,
        atomic: false,
        variables: with_input(&command.variables),
    };
    let Some(event) = &command.event else {
        scope::open(work, &process, new);
        return Ok(());
    };
    let scope = scope::open_empty(work, new);
    let (node, payload) = (event.node.clone(), event.payload.clone());
    work.emit(Event::EventHappened { node, scope, subscription: None, payload: payload.clone(), outside: true });
    let token = work.place_token(scope, &event.node, None);
    happen::happened(work, token, payload);
    Ok(())
}

/// The variable that holds all of what a process was started with.
pub(in crate::engine) const INPUT: &str = "input";

/// The first variables of a process: what it was started with, each by its name and all of it as `input`.
pub(in crate::engine) fn with_input(variables: &JsonMap) -> JsonMap {
    let mut all = variables.clone();
    all.insert(INPUT.to_owned(), Json::Object(variables.clone()));
    all
}
