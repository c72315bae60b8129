//! A decision record: what a business rule decided, on what, by which script, and why.

use super::expression::FunctionRef;
use super::ids::{DecisionId, InstanceId, NodeId};
use super::json::Json;
use super::time::Timestamp;
use serde::{Deserialize, Serialize};

/// A decision with all that is needed to explain it and to compute it again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// Its id.
    pub id: DecisionId,
    /// The instance it was made in.
    pub instance: InstanceId,
    /// The business rule task.
    pub node: NodeId,
    /// The function that decided.
    pub function: FunctionRef,
    /// The revision of the business that the script came from.
    pub revision: i64,
    /// SHA-256 of the plugin's script sources and settings, in hex.
    pub script_hash: String,
    /// Its arguments.
    pub input: Json,
    /// What it returned, `explain` included.
    pub output: Json,
    /// When.
    pub at: Timestamp,
}
