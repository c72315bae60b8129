//! What was done and can be undone (BPMN: compensation).

use super::ids::NodeId;
use super::instance::ScopeId;
use super::json::JsonMap;
use serde::{Deserialize, Serialize};

/// An activity that was done and can be undone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Done {
    /// The activity.
    pub node: NodeId,
    /// The variables that it saw when it was done.
    pub variables: JsonMap,
    /// What was done inside it.
    pub inside: Vec<Done>,
}

/// What happens with it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Compensation {
    /// Something was done that can be undone.
    Kept {
        /// The level in which it can be undone.
        scope: ScopeId,
        /// What.
        done: Done,
    },
    /// What was done in a level begins to be undone: it can be undone once.
    Begun {
        /// The level.
        scope: ScopeId,
        /// What one activity did; none: all.
        node: Option<NodeId>,
    },
    /// The last of what is to be undone is being undone.
    Step {
        /// The scope in which it is undone.
        scope: ScopeId,
    },
}
