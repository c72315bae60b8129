//! An incident: a node that failed, kept with its input until a person corrects, retries or skips it.

use super::ids::TokenId;
use super::ids::{IncidentId, InstanceId, NodeId};
use super::json::Json;
use super::time::Timestamp;
use serde::{Deserialize, Serialize};

/// A technical failure of a node. The rest of its instance goes on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Incident {
    /// Its id.
    pub id: IncidentId,
    /// The instance it belongs to.
    pub instance: InstanceId,
    /// The process of that instance.
    pub process: String,
    /// The token that stands at the node.
    pub token: TokenId,
    /// The node that failed.
    pub node: NodeId,
    /// What failed.
    pub failure: Failure,
    /// When.
    pub created_at: Timestamp,
}

/// Why a node failed: a sentence, and what a person needs to mend it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Failure {
    /// Kind of failure, such as `script`, `condition`, `action`, `loop`.
    pub code: String,
    /// A sentence with file, line and column where there is one.
    pub message: String,
    /// The input that the node failed on.
    pub input: Json,
}

impl Failure {
    /// A failure without an input.
    pub fn new(code: &str, message: impl Into<String>) -> Failure {
        Failure { code: code.to_owned(), message: message.into(), input: Json::Null }
    }

    /// The same failure with the input it happened on.
    pub fn with_input(self, input: Json) -> Failure {
        Failure { input, ..self }
    }
}

/// How an incident ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Resolution {
    /// The node was tried again.
    Retried,
    /// Its token is gone.
    Cancelled,
    /// The node counts as done.
    Skipped,
}
