//! Skip an incident: its node counts as done, with the variables that a person gives, and its token leaves it.

use crate::engine::error::EngineError;
use crate::engine::intervention_error::{InterventionError, WrongOutcome};
use crate::engine::work::Work;
use crate::engine::{duties, lifecycle, variables};
use crate::model::approval::APPROVED;
use crate::model::event::{Event, Resolution};
use crate::model::intervention::Skip;
use crate::model::process::{Node, NodeKind};

pub(super) fn skip(work: &mut Work, command: &Skip) -> Result<(), EngineError> {
    let Skip { incident, outcome, variables, reason } = command.clone();
    let Some(open) = work.instance.incidents.get(&incident).cloned() else {
        return Err(EngineError::IncidentNotOpen(incident));
    };
    let mut done_by = None;
    if let Some(place) = work.place(open.token) {
        let node = place.node();
        if matches!(node.kind, NodeKind::EventBasedGateway { .. }) {
            return Err(InterventionError::Choice(node.id.clone()).into());
        }
        ends_with(node, &outcome).map_err(InterventionError::Outcome)?;
        done_by = duties::said_done(work, work.token(open.token).scope, node).map_err(InterventionError::Barred)?;
    }
    let by = work.context.actor.user.clone();
    work.emit(Event::IncidentResolved { incident, by, how: Resolution::Skipped, reason: Some(reason) });
    variables::set(work, open.token, variables);
    work.emit(Event::NodeSkipped { token: open.token, node: open.node, outcome, by: done_by });
    Ok(())
}

/// Whether a node can end with this outcome.
pub(super) fn ends_with(node: &Node, outcome: &Option<String>) -> Result<(), WrongOutcome> {
    let offered = match &node.kind {
        NodeKind::UserTask(task) => task.outcomes.clone(),
        // Nobody but those who are asked can say that it is approved.
        NodeKind::Approval(approval) => {
            approval.outcomes.iter().filter(|outcome| *outcome != APPROVED).cloned().collect()
        }
        _ => Vec::new(),
    };
    if lifecycle::fits(&offered, outcome) {
        return Ok(());
    }
    Err(WrongOutcome { node: node.id.clone(), outcome: outcome.clone(), offered })
}
