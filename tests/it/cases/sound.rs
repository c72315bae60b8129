//! What must be true of every state between two commands, whatever the process: one function a fact. The naive way is
//! the right one here; the engine looks at the same things in cleverer ways.

use super::sound_joins::{joining_tokens_are_at_joins, no_inclusive_join_is_due, no_parallel_join_is_due};
use super::sound_votes;
use super::world::World;
use kamflow::model::action::Ask;
use kamflow::model::event_definition::{Catching, TimerSpec, Trigger};
use kamflow::model::ids::{NodeId, serial_in};
use kamflow::model::instance::{Instance, InstanceState, Scope, ScopeId, ScopeKind, Token, TokenState};
use kamflow::model::process::{Node, NodeKind, Process};
use kamflow::model::subscription::Awaited;
use std::collections::BTreeSet;

/// A state, with the processes that it runs.
pub struct Seen<'a> {
    world: &'a World,
    pub state: &'a Instance,
    /// Whether the engine waits for an answer of the runtime: then a token may be on its way.
    pub asks: bool,
}

type Fact = (&'static str, fn(&Seen) -> bool);

/// Every fact, by its sentence.
const FACTS: [Fact; 22] = [
    ("the scopes are a tree with one root", scopes_are_a_tree),
    ("every scope is the inside of a token that is at work around it", scopes_have_their_owners),
    ("no level is open without a token", levels_have_tokens),
    ("every token stands at a node of its level", tokens_stand_in_their_level),
    ("exactly the tokens that can move are in the queue", the_queue_is_what_can_move),
    ("nothing stops while a token can move", nothing_stops_halfway),
    ("every token at work has exactly what it waits for", tokens_wait_for_something),
    ("every token that joins stands at a join", joining_tokens_are_at_joins),
    ("no parallel join has all that it waits for", no_parallel_join_is_due),
    ("no inclusive join has all that can come", no_inclusive_join_is_due),
    ("the events at the edge of an activity are waited for once", edges_are_waited_for),
    ("the event sub-processes of a level are waited for once", event_sub_processes_are_waited_for),
    ("every open task has its token", tasks_have_tokens),
    ("every open job has its token", jobs_have_tokens),
    ("every approval has its token and its digest", sound_votes::votings_have_tokens),
    ("every timer and subscription has who waits for it", waits_have_holders),
    ("every failed token has one incident, and no other has", incidents_are_failed_tokens),
    ("rounds that are counted are there", rounds_are_counted),
    ("every task knows whether its root is suspended", tasks_know_suspension),
    ("an ended instance has nothing left", the_end_is_the_end),
    ("a running instance has a token", what_runs_has_a_token),
    ("every number is given once", numbers_are_given_once),
];

/// All facts are true of this state.
pub fn check(world: &World, state: &Instance, ask: Option<&Ask>) -> Result<(), String> {
    let seen = Seen { world, state, asks: ask.is_some() };
    match FACTS.iter().find(|(_, holds)| !holds(&seen)) {
        Some((fact, _)) => Err(format!("not true any more: {fact}\n{state:#?}")),
        None => Ok(()),
    }
}

impl<'a> Seen<'a> {
    pub fn process(&self, scope: ScopeId) -> Option<&'a Process> {
        let scope = self.state.scopes.get(&scope)?;
        // Only what was called with `binding: latest` is pinned to another revision than the instance.
        let pinned = scope.revision.is_some_and(|revision| revision != self.state.revision);
        let world = self.world.latest.as_deref().filter(|_| pinned).unwrap_or(self.world);
        world.definitions.processes.get(&scope.process).map(AsRef::as_ref)
    }

    pub fn node(&self, token: &Token) -> Option<&'a Node> {
        self.process(token.scope)?.node(&token.node)
    }

    /// Whether nothing moves, because somebody said so.
    pub fn stands_still(&self) -> bool {
        self.state.state == InstanceState::Suspended
    }

    fn token(&self, id: u64) -> Option<&'a Token> {
        self.state.tokens.get(&id)
    }

    fn scope(&self, id: ScopeId) -> Option<&'a Scope> {
        self.state.scopes.get(&id)
    }

    fn owned(&self, token: &Token) -> Vec<&'a Scope> {
        self.state.scopes.values().filter(|scope| scope.owner == Some(token.id)).collect()
    }

    fn is_round(&self, token: &Token) -> bool {
        self.scope(token.scope).is_some_and(|scope| matches!(scope.kind, ScopeKind::Round(_)))
    }

    /// How often a holder waits for an event, as timers and otherwise.
    fn waits(&self, holder: u64, event: &NodeId) -> (usize, usize) {
        let timers = self.state.timers.values().filter(|one| one.holder == holder && one.node == *event);
        let others = self.state.subscriptions.values().filter(|one| one.holder == holder && one.node == *event);
        (timers.count(), others.count())
    }
}

fn scopes_are_a_tree(seen: &Seen) -> bool {
    let is_inside = |scope: &Scope| match scope.parent {
        None => scope.owner.is_none() && scope.node.is_none() && scope.instance == seen.state.id,
        // The scope around one is older, so there is no circle.
        Some(parent) => scope.owner.is_some() && parent < scope.id && seen.scope(parent).is_some(),
    };
    let roots = seen.state.scopes.values().filter(|scope| scope.parent.is_none()).count();
    roots == 1 && seen.state.scopes.iter().all(|(id, scope)| *id == scope.id && is_inside(scope))
}

fn scopes_have_their_owners(seen: &Seen) -> bool {
    seen.state.scopes.values().all(|scope| {
        let (Some(owner), Some(parent)) = (scope.owner, scope.parent) else { return true };
        let (Some(owner), Some(around)) = (seen.token(owner), seen.scope(parent)) else { return false };
        let at_work = match owner.state {
            TokenState::Active | TokenState::Passed => true,
            // The way on from an activity failed while rounds of it are still open.
            TokenState::Failed => matches!(scope.kind, ScopeKind::Whole(_) | ScopeKind::Round(_)),
            _ => false,
        };
        let fits = match &scope.kind {
            ScopeKind::Level | ScopeKind::AdHoc(_) | ScopeKind::Whole(_) => owner.scope == parent,
            ScopeKind::Round(_) => matches!(around.kind, ScopeKind::Whole(_)) && around.owner == Some(owner.id),
            ScopeKind::Undoing(_) => {
                matches!(around.kind, ScopeKind::Undoing(_)) && around.owner == Some(owner.id) || around.is_level()
            }
        };
        at_work && fits
    })
}

fn levels_have_tokens(seen: &Seen) -> bool {
    let ended = seen.state.state.has_ended();
    seen.state.scopes.values().filter(|scope| !(ended && scope.parent.is_none())).all(|scope| {
        let tokens = seen.state.tokens.values().filter(|token| token.scope == scope.id).count();
        let inner = seen.state.scopes.values().filter(|inner| inner.parent == Some(scope.id)).count();
        match scope.kind {
            ScopeKind::Level | ScopeKind::AdHoc(_) => tokens > 0 || seen.asks,
            ScopeKind::Whole(_) => {
                let failed = scope.owner.and_then(|owner| seen.token(owner)).map(|owner| owner.state);
                tokens == 0 && (inner > 0 || failed == Some(TokenState::Failed))
            }
            ScopeKind::Round(_) => tokens == 1,
            ScopeKind::Undoing(_) => tokens <= 1 && tokens + inner > 0,
        }
    })
}

fn tokens_stand_in_their_level(seen: &Seen) -> bool {
    seen.state.tokens.values().all(|token| {
        let (Some(scope), Some(node)) = (seen.scope(token.scope), seen.node(token)) else { return false };
        match &scope.kind {
            ScopeKind::Level | ScopeKind::AdHoc(_) => node.parent == scope.node,
            ScopeKind::Round(_) => node.loops.is_some() && scope.node.as_ref() == Some(&node.id),
            ScopeKind::Undoing(_) => node.undoes || matches!(node.kind, NodeKind::EventSubProcess),
            ScopeKind::Whole(_) => false,
        }
    })
}

fn the_queue_is_what_can_move(seen: &Seen) -> bool {
    let ready: BTreeSet<_> = seen.state.ready.iter().copied().collect();
    let can_move = |token: &&Token| matches!(token.state, TokenState::Ready | TokenState::Leaving);
    let moving: BTreeSet<_> = seen.state.tokens.values().filter(can_move).map(|token| token.id).collect();
    ready.len() == seen.state.ready.len() && ready == moving
}

fn nothing_stops_halfway(seen: &Seen) -> bool {
    seen.asks || seen.state.ready.is_empty() || seen.stands_still()
}

fn tokens_wait_for_something(seen: &Seen) -> bool {
    if seen.asks {
        return true;
    }
    let all = seen.state.tokens.values();
    all.filter(|token| matches!(token.state, TokenState::Active | TokenState::Happened | TokenState::Passed)).all(
        |token| {
            let Some(node) = seen.node(token) else { return false };
            let (tasks, jobs, owned) = (tasks(seen, token), jobs(seen, token), seen.owned(token));
            let inside = |fits: fn(&Scope) -> bool| owned.iter().filter(|scope| fits(scope)).count();
            let whole = inside(|scope| matches!(scope.kind, ScopeKind::Whole(_)));
            if node.loops.is_some() && !seen.is_round(token) {
                return (tasks, jobs, whole) == (0, 0, 1);
            }
            if token.state == TokenState::Passed {
                return matches!(node.kind, NodeKind::ComplexGateway(_)) && owned.is_empty();
            }
            if token.state == TokenState::Happened {
                return false;
            }
            let (own_timers, own_others) = seen.waits(token.id, &node.id);
            let wanted = (tasks, jobs, owned.len());
            match &node.kind {
                NodeKind::UserTask(_) => wanted == (1, 0, 0),
                NodeKind::Approval(_) => sound_votes::is_asked(seen, token),
                NodeKind::JobTask(_) => wanted == (0, 1, 0),
                NodeKind::SubProcess(_) | NodeKind::EventSubProcess => {
                    wanted == (0, 0, 1) && owned[0].is_level() && owned[0].node.as_ref() == Some(&node.id)
                }
                NodeKind::CallActivity(call) => {
                    wanted == (0, 0, 1) && owned[0].node.is_none() && owned[0].process == call.process
                }
                NodeKind::IntermediateCatchEvent(_) | NodeKind::ReceiveTask(_) => {
                    wanted == (0, 0, 0) && own_timers + own_others > 0
                }
                NodeKind::EventBasedGateway { .. } => {
                    let Some(process) = seen.process(token.scope) else { return false };
                    let mut events = node.outgoing.iter().map(|flow| seen.waits(token.id, &process.flows[*flow].to));
                    wanted == (0, 0, 0) && events.all(|(timers, others)| timers + others > 0)
                }
                NodeKind::IntermediateThrowEvent(_) | NodeKind::EndEvent(_) => {
                    !owned.is_empty() && inside(|scope| matches!(scope.kind, ScopeKind::Undoing(_))) == owned.len()
                }
                _ => false,
            }
        },
    )
}

fn tasks(seen: &Seen, token: &Token) -> usize {
    seen.state.tasks.values().filter(|task| task.token == token.id).count()
}

fn jobs(seen: &Seen, token: &Token) -> usize {
    seen.state.jobs.values().filter(|job| job.token == token.id).count()
}

/// What an event waits for while it is waited for: timers at most once each, for they pass; the others exactly once each.
fn waited_once(catch: &Catching, (timers, others): (usize, usize)) -> bool {
    let kind = |wanted: fn(&Trigger) -> bool| catch.triggers.iter().filter(|trigger| wanted(trigger)).count();
    let all_timers = kind(|trigger| matches!(trigger, Trigger::Timer(_)));
    let endless = kind(|trigger| matches!(trigger, Trigger::Timer(TimerSpec::Cycle(cycle)) if cycle.times.is_none()));
    let all_others =
        kind(|trigger| matches!(trigger, Trigger::Message { .. } | Trigger::Signal(_) | Trigger::Condition(_)));
    (endless..=all_timers).contains(&timers) && (others == all_others || catch.all && others < all_others)
}

fn edges_are_waited_for(seen: &Seen) -> bool {
    let at_work = |token: &&Token| token.state == TokenState::Active && !seen.is_round(token);
    seen.asks
        || seen.state.tokens.values().filter(at_work).all(|token| {
            let (Some(process), Some(node)) = (seen.process(token.scope), seen.node(token)) else { return false };
            let events = node.boundary.iter().filter_map(|event| process.node(event));
            events
                .filter_map(|event| Some((event, event.catching()?)))
                .all(|(event, catch)| waited_once(catch, seen.waits(token.id, &event.id)))
        })
}

fn event_sub_processes_are_waited_for(seen: &Seen) -> bool {
    let ended = seen.state.state.has_ended();
    seen.state.scopes.values().filter(|scope| scope.is_level() && !ended).all(|scope| {
        let Some(process) = seen.process(scope.id) else { return false };
        let events = process.events(scope.node.as_ref()).iter();
        let starts: Vec<_> =
            events.filter_map(|event| Some((event, process.first(Some(event))?.catching()?))).collect();
        let nothing = starts.iter().all(|(event, _)| seen.waits(scope.id, event) == (0, 0));
        let each = starts.iter().all(|(event, catch)| waited_once(catch, seen.waits(scope.id, event)));
        // One that interrupts has ended the others.
        if scope.listening { each || nothing } else { nothing }
    })
}

fn tasks_have_tokens(seen: &Seen) -> bool {
    seen.state.tasks.values().all(|task| {
        seen.token(task.token).is_some_and(|token| token.state == TokenState::Active && token.node == task.node)
    })
}

fn jobs_have_tokens(seen: &Seen) -> bool {
    seen.state.jobs.values().all(|job| {
        seen.token(job.token).is_some_and(|token| token.state == TokenState::Active && token.node == job.node)
    })
}

fn waits_have_holders(seen: &Seen) -> bool {
    let timers = seen.state.timers.values().map(|timer| (timer.holder, &timer.node, false));
    let others = seen.state.subscriptions.values();
    let others = others.map(|one| (one.holder, &one.node, matches!(one.awaits, Awaited::Call)));
    timers.chain(others).all(|(holder, event, call)| match (seen.token(holder), seen.scope(holder)) {
        (Some(token), None) => {
            let (Some(process), Some(node)) = (seen.process(token.scope), seen.node(token)) else { return false };
            let own = node.id == *event && token.state == TokenState::Active;
            let first = node.outgoing.iter().any(|flow| process.flows[*flow].to == *event)
                && matches!(node.kind, NodeKind::EventBasedGateway { .. })
                && token.state == TokenState::Active;
            let at_work = match token.state {
                TokenState::Active | TokenState::Failed => true,
                // A block that is all or nothing is tried again as soon as the runtime is ready for it.
                TokenState::Ready => seen.asks,
                _ => false,
            };
            let edge = node.boundary.contains(event) && at_work && !seen.is_round(token);
            own || first || edge && !call
        }
        (None, Some(scope)) => seen
            .process(scope.id)
            .is_some_and(|process| scope.is_level() && process.events(scope.node.as_ref()).contains(event)),
        _ => false,
    })
}

fn incidents_are_failed_tokens(seen: &Seen) -> bool {
    let failed = seen.state.tokens.values().filter(|token| token.state == TokenState::Failed).count();
    let held: BTreeSet<_> = seen.state.incidents.values().map(|incident| incident.token).collect();
    let of_failed = seen.state.incidents.values().all(|incident| {
        seen.token(incident.token).is_some_and(|token| {
            (token.state, &token.node) == (TokenState::Failed, &incident.node)
                && tasks(seen, token) + jobs(seen, token) == 0
        })
    });
    of_failed && held.len() == seen.state.incidents.len() && failed == held.len()
}

fn rounds_are_counted(seen: &Seen) -> bool {
    seen.state.scopes.values().all(|scope| {
        let ScopeKind::Whole(progress) = &scope.kind else { return true };
        let rounds = seen.state.scopes.values().filter(|round| round.parent == Some(scope.id)).count();
        progress.started == progress.completed + rounds
            && progress.total.is_none_or(|total| progress.started <= total)
            && (progress.items.is_empty() || progress.total == Some(progress.items.len()))
    })
}

fn tasks_know_suspension(seen: &Seen) -> bool {
    seen.state.tasks.values().all(|task| task.suspended == seen.stands_still())
}

fn the_end_is_the_end(seen: &Seen) -> bool {
    let Instance { tokens, tasks, jobs, timers, subscriptions, incidents, ready, scopes, .. } = seen.state;
    let left = [tasks.len(), jobs.len(), timers.len(), subscriptions.len(), incidents.len(), ready.len(), tokens.len()];
    !seen.state.state.has_ended() || left.iter().sum::<usize>() == 0 && scopes.len() == 1
}

fn what_runs_has_a_token(seen: &Seen) -> bool {
    seen.state.state.has_ended() || seen.asks || !seen.state.tokens.is_empty()
}

fn numbers_are_given_once(seen: &Seen) -> bool {
    let Instance { tokens, tasks, jobs, timers, subscriptions, incidents, scopes, serial, .. } = seen.state;
    let named = tasks.keys().map(|id| serial_in(id.as_str()));
    let named = named.chain(jobs.keys().map(|id| serial_in(id.as_str())));
    let named = named.chain(timers.keys().map(|id| serial_in(id.as_str())));
    let named = named.chain(subscriptions.keys().map(|id| serial_in(id.as_str())));
    let named = named.chain(incidents.keys().map(|id| serial_in(id.as_str()))).flatten();
    let all: Vec<u64> = named.chain(tokens.keys().copied()).chain(scopes.keys().copied()).collect();
    all.iter().collect::<BTreeSet<_>>().len() == all.len() && all.iter().all(|number| number < serial)
}
