//! The desk of one `apply`: the state as it becomes, the events so far, and what the engine asks of the runtime.

use super::context::{Context, Revision};
use super::evaluator::Names;
use super::evolve::evolve;
use crate::model::action::Ask;
use crate::model::actor::Actor;
use crate::model::event::Event;
use crate::model::expression::Expression;
use crate::model::ids::{BusinessId, NodeId, RecordId, TaskId};
use crate::model::incident::Failure;
use crate::model::instance::{Instance, Scope, ScopeId, Token, TokenId};
use crate::model::intervention::Intervention;
use crate::model::json::{Json, JsonMap};
use crate::model::process::{Node, Process};
use crate::model::subscription::Awaited;
use crate::model::task::{TaskState, UserTask};
use crate::model::text::Text;
use crate::model::time::Timestamp;
use std::sync::Arc;

/// The desk.
pub(super) struct Work<'a> {
    pub context: &'a Context<'a>,
    pub instance: Instance,
    pub events: Vec<Event>,
    pub ask: Option<Ask>,
    /// Whether variables have changed since the conditions that are waited for were looked at.
    pub changed: bool,
    /// `now`, `actor` and `business` as expressions see them.
    pub given: JsonMap,
}

/// A node in its process, held while the state changes.
pub(super) struct Place {
    pub process: Arc<Process>,
    position: usize,
}

impl Place {
    /// Where a node stands; none when the process lacks it.
    pub fn of(process: Arc<Process>, node: &NodeId) -> Option<Place> {
        let position = *process.index.get(node)?;
        Some(Place { process, position })
    }

    /// The node.
    pub fn node(&self) -> &Node {
        &self.process.nodes[self.position]
    }
}

/// `now`, `actor` and `business` as expressions see them.
pub fn given(business: &BusinessId, actor: &Actor, now: Timestamp) -> JsonMap {
    let mut given = JsonMap::new();
    given.insert("now".into(), now.rfc3339().into());
    given.insert("business".into(), business.as_str().into());
    given.insert("actor".into(), serde_json::json!({ "user": actor.user, "roles": actor.roles }));
    given
}

impl<'a> Work<'a> {
    pub fn new(context: &'a Context<'a>, instance: Instance) -> Work<'a> {
        let given = given(&instance.business, context.actor, context.now);
        Work { context, instance, events: Vec::new(), ask: None, changed: false, given }
    }

    /// Something happened: folds it into the state and keeps it.
    pub fn emit(&mut self, event: Event) {
        self.changed |= match &event {
            Event::VariablesSet { .. } => true,
            // While nothing moved nobody looked.
            Event::Intervened { what: Intervention::Resume, .. } => true,
            Event::SubscriptionOpened { subscription } => matches!(subscription.awaits, Awaited::Condition { .. }),
            _ => false,
        };
        evolve(&mut self.instance, &event);
        self.events.push(event);
    }

    /// The number that the next id inside the root gets. The event that carries it takes it.
    pub fn serial(&self) -> u64 {
        self.instance.serial
    }

    /// The next id inside the root, `{root}.{n}`.
    pub fn next_id(&self) -> String {
        format!("{}.{}", self.instance.id, self.instance.serial)
    }

    /// A token that is known to be there.
    pub fn token(&self, id: TokenId) -> &Token {
        self.instance.tokens.get(&id).expect("the walk only holds tokens of the state")
    }

    /// A scope that is known to be there.
    pub fn scope(&self, id: ScopeId) -> &Scope {
        self.instance.scopes.get(&id).expect("a token's scope stays open while the token lives")
    }

    /// The revision that a scope is pinned to: that of the root, unless a call said otherwise.
    pub fn revision(&self, scope: ScopeId) -> Revision<'a> {
        match self.scope(scope).revision {
            None => self.context.pinned,
            Some(number) => self.context.revision(number).expect("a scope's revision comes with every command"),
        }
    }

    /// The process that a scope runs; none when its revision lacks it.
    pub fn process(&self, scope: ScopeId) -> Option<Arc<Process>> {
        self.revision(scope).processes.get(&self.scope(scope).process).cloned()
    }

    /// The value of an expression over the variables of a scope, those of `extra` first.
    pub fn evaluate(&self, scope: ScopeId, expression: &Expression, extra: Option<&JsonMap>) -> Result<Json, Failure> {
        self.revision(scope).scripts.evaluate(expression, &self.names(scope, extra))
    }

    /// Process and node where a token stands.
    pub fn place(&self, token: TokenId) -> Option<Place> {
        let token = self.token(token);
        Place::of(self.process(token.scope)?, &token.node)
    }

    /// The names that an expression in this scope sees: `extra` first, then the scopes outward to its process.
    pub fn names<'n>(&'n self, scope: ScopeId, extra: Option<&'n JsonMap>) -> Names<'n> {
        let mut layers: Vec<&JsonMap> = extra.into_iter().collect();
        layers.extend(self.chain(scope).map(|scope| &scope.variables));
        layers.push(&self.given);
        Names::new(layers)
    }

    /// What the process says of itself in its `search` list, as the variables of a scope are now.
    pub fn search(&self, scope: ScopeId) -> JsonMap {
        let (names, process) = (self.names(scope, None), self.process(scope));
        let search = process.iter().flat_map(|process| &process.search);
        search.filter_map(|name| Some((name.clone(), names.get(name)?.clone()))).collect()
    }

    /// The record that the process is about, as its variable is now.
    pub fn subject(&self, scope: ScopeId) -> Option<RecordId> {
        let names = self.names(scope, None);
        let about =
            self.process(scope)?.subject_id.as_ref().and_then(|name| names.get(name)?.as_str().map(str::to_owned));
        about.map(RecordId)
    }

    /// A new task at a token, for nobody yet and without an end; the event that carries it takes its id.
    pub fn new_task(&self, token: TokenId, title: Text) -> UserTask {
        let (node, level) = (self.token(token).node.clone(), self.token(token).scope);
        UserTask {
            id: TaskId(self.next_id()),
            instance: self.scope(level).instance.clone(),
            process: self.scope(level).process.clone(),
            token,
            node,
            title,
            description: None,
            state: TaskState::Created,
            assignee: None,
            candidate_users: Vec::new(),
            candidate_groups: Vec::new(),
            form: None,
            outcomes: Vec::new(),
            priority: 50,
            due: None,
            search: self.search(level),
            subject: self.subject(level),
            created_at: self.context.now,
            ended_at: None,
            completed_by: None,
            outcome: None,
            version: 1,
            suspended: false,
            papers: None,
            owner: None,
            delegation: None,
            acting_for: None,
            completed_for: None,
            helpers: Vec::new(),
            follow_up: None,
            parent: None,
            starter: Some(self.instance.starter.clone()),
            raised: None,
            seat: None,
        }
    }

    /// A scope and those around it, up to the whole process.
    pub fn chain(&self, scope: ScopeId) -> impl Iterator<Item = &Scope> {
        let mut next = Some(scope);
        std::iter::from_fn(move || {
            let scope = self.scope(next?);
            next = if scope.node.is_some() { scope.parent } else { None };
            Some(scope)
        })
    }

    /// The scope of the whole process that a scope belongs to.
    pub fn process_scope(&self, scope: ScopeId) -> ScopeId {
        self.chain(scope).last().map_or(scope, |scope| scope.id)
    }

    /// A new ready token at a node.
    pub fn place_token(&mut self, scope: ScopeId, node: &NodeId, flow: Option<usize>) -> TokenId {
        let token = self.serial();
        self.emit(Event::TokenCreated { token, scope, node: node.clone(), flow });
        token
    }
}
