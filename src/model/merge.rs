//! A merge: two records of one type become one. The journal of it is what an undo restores from.

use super::ids::{BusinessId, MergeId, RecordId, UserId};
use super::json::{Json, JsonMap};
use super::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A merge that was carried out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Merge {
    /// Its business.
    pub business: BusinessId,
    /// Its id.
    pub id: MergeId,
    /// The type of both records.
    pub record_type: String,
    /// The record that stays.
    pub winner: RecordId,
    /// The record that became a redirect to it.
    pub loser: RecordId,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: UserId,
    /// Why.
    pub reason: String,
    /// The process instance that did it.
    pub instance: Option<String>,
    /// What was chosen, field by field.
    pub choices: Choices,
    /// How many records referred to the loser and refer to the winner now.
    pub repointed: i64,
    /// When it was undone, by whom and why.
    pub undone: Option<Undone>,
}

/// What is to be merged.
#[derive(Debug, Clone, PartialEq)]
pub struct Wanted {
    /// The type of both.
    pub record_type: String,
    /// The record that stays.
    pub winner: RecordId,
    /// The record that becomes a redirect.
    pub loser: RecordId,
    /// What is chosen, field by field; else the winner's value, and the loser's where the winner has none.
    pub choices: Choices,
    /// Why.
    pub reason: String,
}

/// Field to what was chosen for it.
pub type Choices = BTreeMap<String, Choice>;

/// The value that a field of the winner gets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    /// That of the winner.
    Winner,
    /// That of the loser.
    Loser,
    /// This one; null for none.
    Value(Json),
}

/// The end of a merge.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Undone {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: UserId,
    /// Why.
    pub reason: String,
}

/// A record that a merge wrote.
#[derive(Debug, Clone, PartialEq)]
pub struct Written {
    /// Its type.
    pub record_type: String,
    /// Its id.
    pub record: RecordId,
    /// Its part in the merge.
    pub part: Part,
    /// The version that the merge made.
    pub version: i64,
    /// All of its fields before; only of winner and loser.
    pub before: Option<JsonMap>,
    /// The fields that the merge changed.
    pub changes: BTreeMap<String, Changed>,
}

/// The part of a record in a merge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The one that stays.
    Winner,
    /// The one that became a redirect.
    Loser,
    /// One that referred to the loser.
    Repointed,
}

/// A field before and after; null for no value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Changed {
    /// Before.
    pub old: Json,
    /// After.
    pub new: Json,
}

/// The fields that differ, with what they were and are.
pub fn changed(before: &JsonMap, after: &JsonMap) -> BTreeMap<String, Changed> {
    let value = |fields: &JsonMap, name: &str| fields.get(name).cloned().unwrap_or(Json::Null);
    let names = before.keys().chain(after.keys().filter(|name| !before.contains_key(*name)));
    let differ = names.filter(|name| before.get(*name) != after.get(*name));
    differ.map(|name| (name.clone(), Changed { old: value(before, name), new: value(after, name) })).collect()
}

impl Part {
    /// The word in the journal.
    pub fn name(self) -> &'static str {
        match self {
            Part::Winner => "winner",
            Part::Loser => "loser",
            Part::Repointed => "repointed",
        }
    }

    /// Reads the word back.
    pub fn parse(word: &str) -> Option<Part> {
        [Part::Winner, Part::Loser, Part::Repointed].into_iter().find(|part| part.name() == word)
    }
}
