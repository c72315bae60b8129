//! Where a started process has come to, in the words of its own definition: what its rules decided, and where it waits,
//! ended or failed.

use crate::engine::Transition;
use crate::model::decision::Decision;
use crate::model::definitions::Definitions;
use crate::model::event::Event;
use crate::model::import::LedTo;
use crate::model::instance::TokenState;
use crate::model::json::Json;
use crate::model::process::NodeKind;
use std::collections::BTreeSet;

/// What a start led to, each once, in order.
pub fn led_to(definitions: &Definitions, transition: &Transition) -> Vec<LedTo> {
    let mut found = BTreeSet::new();
    for event in &transition.events {
        if let Event::DecisionMade { decision } = event {
            found.extend(decided(definitions, decision));
        }
    }
    let instance = &transition.instance;
    if instance.state.has_ended() {
        found.extend(end(definitions, transition));
    }
    for token in instance.tokens.values() {
        let node = token.node.to_string();
        let sub_process = instance.scopes.values().any(|scope| scope.owner == Some(token.id));
        match token.state {
            TokenState::Failed => found.insert(LedTo::FailsAt(node)),
            // A sub-process or a called process waits at what waits inside it.
            TokenState::Active if !sub_process => found.insert(LedTo::WaitsAt(node)),
            TokenState::Active
            | TokenState::Ready
            | TokenState::Leaving
            | TokenState::Happened
            | TokenState::Joining
            | TokenState::Blocked
            | TokenState::Passed => false,
        };
    }
    found.into_iter().collect()
}

/// The words of a decision that its function declares as one of a few.
fn decided(definitions: &Definitions, decision: &Decision) -> Vec<LedTo> {
    let plugin = definitions.plugins.get(&decision.function.plugin);
    let function = plugin.and_then(|plugin| plugin.functions.get(&decision.function.function));
    let declared = function.and_then(|function| function.output.get("properties")).and_then(Json::as_object);
    let words = declared.into_iter().flatten().filter(|(_, schema)| schema.get("enum").is_some());
    words
        .filter_map(|(name, _)| {
            let value = decision.output.get(name)?.as_str()?;
            let function = decision.function.to_string();
            Some(LedTo::Decided { function, output: name.clone(), value: value.to_owned() })
        })
        .collect()
}

/// The end event that the process itself came to last.
fn end(definitions: &Definitions, transition: &Transition) -> Option<LedTo> {
    let process = definitions.processes.get(&transition.instance.process)?;
    let completed = transition.events.iter().rev().filter_map(|event| match event {
        Event::NodeCompleted { node, .. } => process.index.get(node).and_then(|at| process.nodes.get(*at)),
        _ => None,
    });
    let mut ends = completed.filter(|node| node.parent.is_none() && matches!(node.kind, NodeKind::EndEvent(_)));
    ends.next().map(|node| LedTo::EndsAt(node.id.to_string()))
}
