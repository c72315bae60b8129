//! A workload as its file says it: what stands in the database before, and what every client, or this process, does over
//! and over.
//!
//! Packs bring them in `workflows/<pack>/bench/<name>.yaml`, beside a plugin `bench/data/` whose functions make what is
//! sent out of a number. Neither is deployed.

use super::CLIENTS;
use crate::model::json::Json;
use crate::model::text::Text;
use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer};
use std::num::NonZeroU64;

/// A workload.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Workload {
    /// Its name.
    pub bench: String,
    /// What it measures.
    pub title: Text,
    /// The login of the caller, one of the demonstration's people or clients or of those that are prepared; several: one
    /// measurement each.
    #[serde(default, deserialize_with = "one_or_several")]
    pub user: Vec<String>,
    /// How many clients send at once, one measurement each.
    #[serde(default = "one_client")]
    pub clients: Vec<usize>,
    /// How much stands in the database before, one measurement each.
    #[serde(default = "nothing_before")]
    pub sizes: Vec<u64>,
    /// What that is, in the order in which it is made.
    #[serde(default, deserialize_with = "one_or_several")]
    pub prepare: Vec<Prepare>,
    /// What a client does over and over, in this order.
    #[serde(default, with = "serde_yaml::with::singleton_map_recursive")]
    pub each: Vec<Step>,
    /// What this process does over and over instead, without server and database.
    #[serde(default, with = "serde_yaml::with::singleton_map_recursive")]
    pub inside: Option<Inside>,
    /// Whether the rows of its commands are written again by prepared statements and nothing else, for comparison. For
    /// workloads whose steps are starts and completions.
    #[serde(default)]
    pub limit: bool,
}

/// Something that stands in the database before: one of these.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prepare {
    /// Records.
    #[serde(default)]
    pub records: Option<Records>,
    /// Instances, left where their start brings them.
    #[serde(default)]
    pub instances: Option<Instances>,
    /// People and the positions that they hold.
    #[serde(default)]
    pub people: Option<People>,
    /// How many there are, whatever the size is.
    #[serde(default)]
    pub count: Option<u64>,
    /// How many of the size come on one of these.
    #[serde(default)]
    pub per: Option<NonZeroU64>,
}

/// Records of a type.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Records {
    /// Their type.
    pub r#type: String,
    /// The function that makes the fields of the n-th one.
    pub fields: String,
    /// Types that were prepared before: the function is told, under the name of each, the id of one record of it.
    #[serde(default)]
    pub of: Vec<String>,
}

/// Instances of a process.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Instances {
    /// Their process.
    pub process: String,
    /// The function that makes the variables of the n-th one.
    pub variables: String,
}

/// People.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct People {
    /// The function that makes the n-th user: `id`, `name`, `roles`.
    pub user: String,
    /// The function that makes the n-th position: `id`, `unit`, `title`, `user`, `manager`.
    pub position: String,
}

/// Something that needs no server.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum Inside {
    /// Call a function of a plugin, as the engine does.
    Call {
        /// `plugin/function`.
        function: String,
        /// The function that makes its argument.
        with: String,
    },
    /// Start a process and complete its tasks until it ends, in memory, by the engine alone.
    Run {
        /// Its key.
        process: String,
        /// The function that makes its variables.
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
        /// What it is called where its figures stand beside those of [`sql`](Step::Post::sql).
        #[serde(default)]
        name: Option<String>,
        /// The same by a statement that a person wrote for these tables, for comparison.
        #[serde(default)]
        sql: Option<Sql>,
    },
}

/// A statement for each database; each row that it gives is one text. `{user}`, `{business}` and `{now}` stand for the caller, the
/// business, and the time in milliseconds.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sql {
    /// For SQLite.
    pub sqlite: String,
    /// For PostgreSQL.
    pub postgres: String,
}

impl Workload {
    /// What is wrong with it, beyond what its words say.
    pub fn wrong(&self) -> Option<String> {
        let compared = |step: &&Step| matches!(step, Step::Post { sql: Some(_), .. });
        let several = |prepare: &Prepare| {
            let Prepare { records, instances, people, count, per } = prepare;
            let what = [records.is_some(), instances.is_some(), people.is_some()];
            what.iter().filter(|is_there| **is_there).count() != 1 || (count.is_some() && per.is_some())
        };
        if self.clients.iter().any(|clients| !(1..=CLIENTS).contains(clients)) {
            Some(format!("clients are between 1 and {CLIENTS}"))
        } else if self.each.is_empty() == self.inside.is_none() {
            Some("name the requests that clients send, in each, or what is done without them, in inside".into())
        } else if self.user.is_empty() && self.inside.is_none() {
            Some("user names who sends".into())
        } else if !self.sizes.is_sorted() {
            Some("sizes are named from the smallest to the largest".into())
        } else if self.prepare.iter().any(several) {
            Some("what is prepared is records, instances or people; how many says count or per, or neither".into())
        } else if self.prepare.iter().any(|one| one.instances.is_some() && one.number(1) != 1) {
            Some("instances are as many as the size says".into())
        } else if self.each.iter().any(|step| compared(&step)) && !self.each.iter().all(|step| compared(&step)) {
            Some("either every request has its sql, or none".into())
        } else {
            None
        }
    }

    /// Whether its requests stand beside statements.
    pub fn is_compared(&self) -> bool {
        self.each.iter().any(|step| matches!(step, Step::Post { sql: Some(_), .. }))
    }
}

impl Prepare {
    /// How many there are at a size.
    pub fn number(&self, size: u64) -> u64 {
        match (self.count, self.per) {
            (Some(count), _) => count,
            (None, Some(per)) => size.div_ceil(per.get()),
            (None, None) => size,
        }
    }
}

/// One thing alone, or a list.
fn one_or_several<'de, D: Deserializer<'de>, T: DeserializeOwned>(written: D) -> Result<Vec<T>, D::Error> {
    let written = match serde_yaml::Value::deserialize(written)? {
        serde_yaml::Value::Sequence(several) => several,
        one => vec![one],
    };
    let read = |one| serde_yaml::from_value(one).map_err(D::Error::custom);
    written.into_iter().map(read).collect()
}

fn one_client() -> Vec<usize> {
    vec![1]
}

fn nothing_before() -> Vec<u64> {
    vec![0]
}
