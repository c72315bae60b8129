//! A workload as its file says it: what stands in the database before, and what every client does over and over.
//!
//! Packs bring them in `workflows/<pack>/bench/<name>.yaml`, beside a plugin `bench/data/` whose functions make what is
//! sent out of a number. Neither is deployed.

use crate::model::json::Json;
use crate::model::text::Text;
use serde::Deserialize;

/// A workload.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Workload {
    /// Its name.
    pub bench: String,
    /// What it measures.
    pub title: Text,
    /// The login of the caller, one of the demonstration's people or clients.
    pub user: String,
    /// How many clients send at once, one measurement each.
    #[serde(default = "one_client")]
    pub clients: Vec<usize>,
    /// How much stands in the database before, one measurement each.
    #[serde(default = "nothing_before")]
    pub sizes: Vec<u64>,
    /// What that is.
    #[serde(default, with = "serde_yaml::with::singleton_map_recursive")]
    pub prepare: Option<Prepare>,
    /// What a client does over and over, in this order.
    #[serde(with = "serde_yaml::with::singleton_map_recursive")]
    pub each: Vec<Step>,
    /// Whether the rows of its commands are written again by prepared statements and nothing else, for comparison. For
    /// workloads whose steps are starts and completions.
    #[serde(default)]
    pub limit: bool,
}

/// What stands in the database before.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum Prepare {
    /// Records.
    Records {
        /// Their type.
        r#type: String,
        /// The function that makes the fields of the n-th one.
        fields: String,
    },
    /// Instances, left where their start brings them.
    Instances {
        /// Their process.
        process: String,
        /// The function that makes the variables of the n-th one.
        variables: String,
    },
}

/// A request.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum Step {
    /// Start a process.
    Start {
        /// Its key.
        process: String,
        /// The function that makes its variables.
        variables: String,
    },
    /// Complete a task of the instance that was started last.
    Complete {
        /// The node of the task.
        node: String,
        /// The outcome that is chosen.
        #[serde(default)]
        outcome: Option<String>,
        /// The function that makes what the person entered.
        variables: String,
    },
    /// Read what is at a path of the API.
    Get(String),
    /// Send a body to a path of the API.
    Post {
        /// The path behind `/api/v1`.
        path: String,
        /// The body.
        body: Json,
    },
}

fn one_client() -> Vec<usize> {
    vec![1]
}

fn nothing_before() -> Vec<u64> {
    vec![0]
}
