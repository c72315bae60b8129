//! What must be true of a whole history: whatever is made is there, or was taken away once. Nothing is lost on the way,
//! and nothing comes from nowhere.

use kamflow::model::event::Event;
use kamflow::model::instance::{Instance, TokenId};
use std::collections::BTreeSet;
use std::fmt::Debug;

/// Things of one kind: what was made, and what was taken away.
struct Kind {
    what: &'static str,
    there: BTreeSet<String>,
    ever: BTreeSet<String>,
}

impl Kind {
    fn of(what: &'static str) -> Kind {
        Kind { what, there: BTreeSet::new(), ever: BTreeSet::new() }
    }

    fn made(&mut self, id: impl Debug) -> Result<(), String> {
        let id = format!("{id:?}");
        let fresh = self.ever.insert(id.clone()) && self.there.insert(id.clone());
        if fresh { Ok(()) } else { Err(format!("{} {id} was made twice", self.what)) }
    }

    fn gone(&mut self, id: impl Debug) -> Result<(), String> {
        let id = format!("{id:?}");
        if self.there.remove(&id) { Ok(()) } else { Err(format!("{} {id} was taken away and is not there", self.what)) }
    }

    fn are(&self, ids: impl Iterator<Item = impl Debug>) -> Result<(), String> {
        let found: BTreeSet<String> = ids.map(|id| format!("{id:?}")).collect();
        let what = self.what;
        if found == self.there { Ok(()) } else { Err(format!("{what}: {found:?}, by its history {:?}", self.there)) }
    }
}

/// The history of an instance adds up to what is there.
pub fn check(events: &[Event], state: &Instance) -> Result<(), String> {
    let [mut tokens, mut scopes, mut tasks] = ["token", "scope", "task"].map(Kind::of);
    let [mut jobs, mut timers, mut waits] = ["job", "timer", "subscription"].map(Kind::of);
    let [mut incidents, mut instances] = ["incident", "instance"].map(Kind::of);
    let mut entered: BTreeSet<TokenId> = BTreeSet::new();
    for event in events {
        match event {
            Event::TokenCreated { token, .. } => tokens.made(token)?,
            Event::TokenRemoved { token } => tokens.gone(token)?,
            Event::ScopeOpened { scope } => scopes.made(scope.id)?,
            Event::ScopeClosed { scope } => scopes.gone(scope)?,
            Event::TaskCreated { task } => tasks.made(&task.id)?,
            Event::TaskCompleted { task, .. } | Event::TaskCancelled { task } => tasks.gone(task)?,
            Event::JobCreated { job } => jobs.made(&job.id)?,
            Event::JobEnded { job, .. } => jobs.gone(job)?,
            Event::TimerSet { timer } => timers.made(&timer.id)?,
            Event::TimerFired { timer, .. } | Event::TimerCancelled { timer } => timers.gone(timer)?,
            Event::SubscriptionOpened { subscription } => waits.made(&subscription.id)?,
            Event::SubscriptionClosed { subscription } => waits.gone(subscription)?,
            Event::IncidentRaised { incident } => incidents.made(&incident.id)?,
            Event::IncidentResolved { incident, .. } => incidents.gone(incident)?,
            Event::InstanceStarted { instance, .. } => instances.made(instance)?,
            Event::InstanceEnded { instance, .. } => instances.gone(instance)?,
            Event::NodeEntered { token, .. }
            | Event::RepetitionStarted { token }
            | Event::NodeSkipped { token, .. } => {
                entered.insert(*token);
            }
            Event::NodeCompleted { token, node } if !entered.contains(token) => {
                return Err(format!("token {token} has done \"{node}\" and never came there"));
            }
            _ => {}
        }
    }
    tokens.are(state.tokens.keys())?;
    scopes.are(state.scopes.keys())?;
    tasks.are(state.tasks.keys())?;
    jobs.are(state.jobs.keys())?;
    timers.are(state.timers.keys())?;
    waits.are(state.subscriptions.keys())?;
    incidents.are(state.incidents.keys())?;
    let open = state.scopes.values().filter(|scope| scope.node.is_none() && !state.state.has_ended());
    instances.are(open.map(|scope| &scope.instance))
}
