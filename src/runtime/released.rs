//! When what approvals hold may be changed again: the node is done that they hold it until, or the instance has ended.

use crate::model::approval::Approval;
use crate::model::event::Event;
use crate::model::ids::{InstanceId, NodeId};
use crate::model::instance::{Scope, ScopeKind};
use crate::model::levels;
use crate::model::process::{NodeKind, Process};
use crate::model::scopes::Scopes;
use crate::runtime::shelf::Shelf;
use crate::runtime::tell::Places;
use crate::store::writes::{Released, Until};
use std::sync::Arc;

/// What an event lets go of: what was approved in the same activation of the level around both.
pub fn by(shelf: &Shelf, scopes: &Scopes, places: &Places, event: &Event) -> Vec<Released> {
    let token = match event {
        Event::NodeCompleted { token, .. } | Event::NodeSkipped { token, .. } => token,
        // An activity that is done more than once is done with all its rounds.
        Event::RepetitionEnded { token } | Event::RepetitionPassed { token, .. } => token,
        Event::InstanceEnded { instance, .. } => return ended(shelf, scopes, instance),
        _ => return Vec::new(),
    };
    let Some((scope, node)) = places.token(*token) else { return Vec::new() };
    let Some(scope) = scopes.get(scope).filter(|scope| !matches!(scope.kind, ScopeKind::Round(_))) else {
        return Vec::new();
    };
    let Some(process) = process(shelf, scopes, &scope.instance) else { return Vec::new() };
    let until = |approval: &NodeId| {
        let within = levels::in_common(process, [approval, node], scopes, scope.id);
        Released { instance: scope.instance.clone(), until: Some(Until { node: node.clone(), within }) }
    };
    holding(process, |of| of == Some(node)).map(until).collect()
}

fn ended(shelf: &Shelf, scopes: &Scopes, instance: &InstanceId) -> Vec<Released> {
    let holds = process(shelf, scopes, instance).and_then(|process| holding(process, |_| true).next());
    holds.map(|_| Released { instance: instance.clone(), until: None }).into_iter().collect()
}

/// The approvals about records that hold until such a node.
fn holding(process: &Process, until: impl Fn(Option<&NodeId>) -> bool) -> impl Iterator<Item = &NodeId> {
    let holds = move |approval: &Approval| approval.subject.as_ref().is_some_and(|of| until(of.until.as_ref()));
    process.nodes.iter().filter_map(move |node| match &node.kind {
        NodeKind::Approval(approval) if holds(approval) => Some(&node.id),
        _ => None,
    })
}

/// The process that an instance runs, by the revision that it is pinned to.
fn process<'s>(shelf: &'s Shelf, scopes: &Scopes, instance: &InstanceId) -> Option<&'s Arc<Process>> {
    let scope: &Scope = scopes.values().find(|scope| scope.instance == *instance && scope.node.is_none())?;
    shelf.library(scope.revision).definitions.processes.get(&scope.process)
}
