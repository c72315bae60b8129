//! A token of an instance.

use crate::model::ids::token_name;
use crate::model::instance::TokenState;
use crate::runtime::TokenView as Kept;
use serde::Serialize;
use utoipa::ToSchema;

/// A token: one thread of control, at one node.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ProcessToken)]
pub(in crate::api) struct TokenView {
    /// Its id, for a modification.
    id: String,
    /// The node it stands at.
    node: String,
    /// `ready` (about to enter), `leaving`, `active` (inside, waits), `joining`, `blocked` (excluded by
    /// another activity), `happened` (its event has happened; about to leave), `passed` (gone on, rounds are open) or
    /// `failed` (an incident).
    state: &'static str,
    /// The sub-process, or the activity that is repeated, in whose level it runs; null: in the process itself.
    level: Option<String>,
    /// Of an activity that is repeated, the number of its round, from 0.
    round: Option<usize>,
    /// The open task that it waits for.
    task: Option<String>,
    /// The open incident that stopped it.
    incident: Option<String>,
    /// The instance that it called and waits for.
    called: Option<String>,
}

/// Shows a token.
pub(in crate::api) fn token(kept: Kept) -> TokenView {
    let Kept { root, token, level, round, task, incident, called } = kept;
    TokenView {
        id: token_name(&root, token.id),
        node: token.node.to_string(),
        state: match token.state {
            TokenState::Ready => "ready",
            TokenState::Leaving => "leaving",
            TokenState::Active => "active",
            TokenState::Joining => "joining",
            TokenState::Blocked => "blocked",
            TokenState::Happened => "happened",
            TokenState::Passed => "passed",
            TokenState::Failed => "failed",
        },
        level: level.map(|node| node.to_string()),
        round,
        task: task.map(|task| task.0),
        incident: incident.map(|incident| incident.0),
        called: called.map(|called| called.0),
    }
}
