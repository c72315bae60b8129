//! An intervention: what a person does with an instance from outside, beside working on its tasks. Each stands in the
//! history with who and why.

use super::ids::{IncidentId, InstanceId, NodeId, TokenId};
use super::json::JsonMap;
use serde::{Deserialize, Serialize};

/// Something is done with an instance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Intervene {
    /// The instance, root or called.
    pub instance: InstanceId,
    /// What.
    pub what: Intervention,
    /// Why; only a resumption needs none.
    pub reason: Option<String>,
}

/// A failed node is tried again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Retry {
    /// Its incident.
    pub incident: IncidentId,
    /// Variables that are set before.
    pub variables: JsonMap,
    /// Why; needed with variables.
    pub reason: Option<String>,
}

/// A failed node counts as done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Skip {
    /// Its incident.
    pub incident: IncidentId,
    /// How its work ended, when the node offers outcomes.
    pub outcome: Option<String>,
    /// Variables that its work would have set.
    pub variables: JsonMap,
    /// Why.
    pub reason: String,
}

/// What is done with an instance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Intervention {
    /// It ends; everything inside it is taken away.
    Cancel,
    /// It stops: nothing in it moves until it is resumed.
    Suspend,
    /// It goes on.
    Resume,
    /// Variables get these values.
    SetVariables {
        /// In the level that this token runs in; none: in the whole process.
        token: Option<TokenId>,
        /// The new values.
        values: JsonMap,
    },
    /// Tokens are placed and taken away, all steps or none.
    Modify {
        /// In this order.
        steps: Vec<Step>,
    },
}

/// One step of a modification.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// A new token comes to a node.
    StartBefore {
        /// The node.
        node: NodeId,
    },
    /// A new token leaves a node as if its work were done.
    StartAfter {
        /// The node.
        node: NodeId,
        /// How its work ended, when the node offers outcomes.
        outcome: Option<String>,
    },
    /// A token is taken away with everything inside its activity.
    Cancel {
        /// Which.
        token: TokenId,
    },
}
