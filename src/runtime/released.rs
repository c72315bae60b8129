//! When what approvals hold may be changed again: the node is done that they hold it until, or the instance has ended.

use crate::model::event::Event;
use crate::model::instance::Scope;
use crate::model::process::{NodeKind, Process};
use crate::model::scopes::Scopes;
use crate::runtime::shelf::Shelf;
use crate::runtime::tell::Told;
use crate::store::writes::Released;
use std::sync::Arc;

/// What an event lets go of.
pub fn by(shelf: &Shelf, scopes: &Scopes, event: &Event, told: &Told) -> Option<Released> {
    let until = match event {
        Event::NodeCompleted { .. } | Event::NodeSkipped { .. } => Some(told.node.clone()?),
        Event::InstanceEnded { .. } => None,
        _ => return None,
    };
    let holds = |kind: &NodeKind| match kind {
        NodeKind::Approval(approval) => {
            approval.subject.as_ref().is_some_and(|of| until.is_none() || of.until == until)
        }
        _ => false,
    };
    let scope = scopes.values().find(|scope| scope.instance == told.instance && scope.node.is_none())?;
    let released = process(shelf, scope)?.nodes.iter().any(|node| holds(&node.kind));
    released.then(|| Released { instance: told.instance.clone(), until })
}

/// The process that an instance runs, by the revision that it is pinned to.
fn process<'s>(shelf: &'s Shelf, scope: &Scope) -> Option<&'s Arc<Process>> {
    shelf.library(scope.revision).definitions.processes.get(&scope.process)
}
