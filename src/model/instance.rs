//! A process instance: one aggregate a root, with everything inside it (called instances, scopes, tokens, open tasks,
//! timers and incidents) in one document.
//!
//! Only `engine::evolve` changes it. Called instances are scopes of their root, so that a call, a return, a
//! cancellation and an error stay inside one document and one transaction.

use super::compensation::Done;
use super::ids::{BusinessId, IncidentId, InstanceId, JobId, NodeId, SubscriptionId, TaskId, TimerId, UserId};
pub use super::ids::{ScopeId, TokenId};
use super::incident::Incident;
use super::job::Job;
use super::json::{Json, JsonMap};
use super::loop_characteristics::{ACTIVE, COMPLETED, INSTANCES};
use super::process::FlowIndex;
use super::scopes::Scopes;
use super::subscription::Subscription;
use super::task::UserTask;
use super::time::Timestamp;
use super::timer::Timer;
use super::tokens::Tokens;
use super::voting::{Approved, Voting};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, VecDeque};

/// A root instance with all that is inside it. Its document says only what is there: whatever is empty is left out, which
/// makes it a third shorter, to be written and read with every command.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Instance {
    /// Its id.
    pub id: InstanceId,
    /// Its business.
    pub business: BusinessId,
    /// The revision that process, forms and scripts are pinned to.
    pub revision: i64,
    /// The process it runs.
    pub process: String,
    /// The business key, when the process gives one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub business_key: Option<String>,
    /// Who started it.
    pub starter: UserId,
    /// When.
    pub started_at: Timestamp,
    /// Where it is in its life.
    pub state: InstanceState,
    /// The next number for an id inside it.
    pub serial: u64,
    /// The next number of its history.
    pub sequence: i64,
    /// Node entries since it last waited: the loop guard.
    pub moves: u32,
    /// Tokens that can move now, first in, first out.
    #[serde(default, skip_serializing_if = "VecDeque::is_empty")]
    pub ready: VecDeque<TokenId>,
    /// Scopes by number; the root scope is the process itself.
    pub scopes: Scopes,
    /// Tokens by number.
    pub tokens: Tokens,
    /// Open user tasks.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tasks: BTreeMap<TaskId, UserTask>,
    /// Open jobs of workers outside.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub jobs: BTreeMap<JobId, Job>,
    /// Timers that wait.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub timers: BTreeMap<TimerId, Timer>,
    /// Messages, signals and conditions that are waited for.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub subscriptions: BTreeMap<SubscriptionId, Subscription>,
    /// Approvals that go on, by the tokens that wait for them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub votings: BTreeMap<TokenId, Voting>,
    /// Approvals that were given and count while what was approved stays as it is, by the tokens that waited for them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub approved: BTreeMap<TokenId, Approved>,
    /// Open incidents.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub incidents: BTreeMap<IncidentId, Incident>,
}

impl Instance {
    /// Every approval that goes on or still counts, by the token that waits or waited for it.
    pub fn approvals(&self) -> BTreeMap<TokenId, Voting> {
        let approved = self.approved.iter().map(|(token, approved)| (*token, approved.voting.clone()));
        self.votings.clone().into_iter().chain(approved).collect()
    }
}

/// The life of an instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InstanceState {
    /// Running or waiting.
    Active,
    /// A person stopped it; nothing moves until it is resumed.
    Suspended,
    /// Every path has ended.
    Completed,
    /// A BPMN error that nobody caught ended it.
    EndedWithError,
    /// A person, or the instance that called it, cancelled it.
    Cancelled,
}

impl InstanceState {
    /// The word in columns and JSON.
    pub fn name(self) -> &'static str {
        match self {
            InstanceState::Active => "active",
            InstanceState::Suspended => "suspended",
            InstanceState::Completed => "completed",
            InstanceState::EndedWithError => "ended_with_error",
            InstanceState::Cancelled => "cancelled",
        }
    }

    /// Reads the word back.
    pub fn parse(word: &str) -> Option<InstanceState> {
        use InstanceState::*;
        [Active, Suspended, Completed, EndedWithError, Cancelled].into_iter().find(|state| state.name() == word)
    }

    /// Whether its life is over.
    pub fn has_ended(self) -> bool {
        match self {
            InstanceState::Active | InstanceState::Suspended => false,
            InstanceState::Completed | InstanceState::EndedWithError | InstanceState::Cancelled => true,
        }
    }
}

/// A level of nodes that runs: a process (root or called) or a sub-process, with its variables.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Scope {
    /// Its number.
    pub id: ScopeId,
    /// The scope around it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<ScopeId>,
    /// The token of the activity that it is the inside of; none for the root.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<TokenId>,
    /// The instance it belongs to: the root's, or a called one's.
    pub instance: InstanceId,
    /// The process whose nodes it runs.
    pub process: String,
    /// The revision that it is pinned to; none: that of the root.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<i64>,
    /// The sub-process node it is the inside of; none when it is a whole process.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub node: Option<NodeId>,
    /// What it is for.
    #[serde(default)]
    pub kind: ScopeKind,
    /// Whether it is done in one transaction or not at all.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub atomic: bool,
    /// Whether its event sub-processes wait for their events.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub listening: bool,
    /// What was done in it and can be undone, in the order in which it was done.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub done: Vec<Done>,
    /// Who has done the user tasks of a process so far, by their nodes.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub performers: BTreeMap<NodeId, Vec<UserId>>,
    /// When it opened.
    pub opened_at: Timestamp,
    /// Its variables. A sub-process sees those around it too; a called process does not.
    pub variables: JsonMap,
}

impl Scope {
    /// Its instance with the revision that it is pinned to, when that is not the one of the root.
    pub fn pinned(&self) -> Option<(InstanceId, i64)> {
        Some((self.instance.clone(), self.revision?))
    }

    /// Whether it is a level of nodes.
    pub fn is_level(&self) -> bool {
        matches!(self.kind, ScopeKind::Level | ScopeKind::AdHoc(_))
    }
}

/// What a scope is for.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScopeKind {
    /// A level of nodes.
    #[default]
    Level,
    /// A level whose activities are done in no fixed order; those that are to be begun yet.
    AdHoc(Vec<NodeId>),
    /// Around all rounds of an activity that is done more than once.
    Whole(Progress),
    /// The round of this number, from 0.
    Round(usize),
    /// What was done is undone, the last one first; what is to be undone yet. Its variables are those that were there
    /// when it was done.
    Undoing(Vec<Done>),
}

/// How far an activity is that is done more than once.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Progress {
    /// The items of the list; empty when it is only counted.
    pub items: Vec<Json>,
    /// How many rounds there are; none when a condition decides.
    pub total: Option<usize>,
    /// Rounds begun.
    pub started: usize,
    /// Rounds done.
    pub completed: usize,
    /// What rounds gave to the lists, by the number of the round.
    pub collected: BTreeMap<usize, JsonMap>,
    /// Whether the process has gone on without waiting for the rounds that are open.
    pub passed: bool,
}

impl Progress {
    /// The variables that count the rounds, named as in BPMN, when this many more of them are done.
    pub fn counters(&self, more: usize) -> JsonMap {
        let completed = self.completed + more;
        let counts = [
            (INSTANCES, self.total.unwrap_or(self.started)),
            (COMPLETED, completed),
            (ACTIVE, self.started.saturating_sub(completed)),
        ];
        counts.into_iter().map(|(name, count)| (name.to_owned(), count.into())).collect()
    }
}

/// The number of a token or of a scope: both are numbered together.
pub type HolderId = u64;

/// A token: one thread of control, at one node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// Its number.
    pub id: TokenId,
    /// The scope it runs in.
    pub scope: ScopeId,
    /// The node it stands at.
    pub node: NodeId,
    /// The flow it came by; none at the start and from a boundary event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flow: Option<FlowIndex>,
    /// What it does there.
    pub state: TokenState,
    /// The outcome its user task was completed with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
    /// Whether the events of its activity are waited for, which begins once.
    #[serde(default, alias = "timed", skip_serializing_if = "std::ops::Not::not")]
    pub listening: bool,
}

/// What a token does at its node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenState {
    /// About to enter the node.
    Ready,
    /// The work of the node is done; about to leave it.
    Leaving,
    /// Inside: the activity waits (for a person, an action, a called process, a sub-process).
    Active,
    /// Arrived where several come together, waits for the others.
    Joining,
    /// Waits until an activity that excludes this one is over.
    Blocked,
    /// Its event has happened and is told; about to leave.
    Happened,
    /// Its flows are taken; rounds of its activity that were left open are not finished yet.
    Passed,
    /// Stopped by an incident.
    Failed,
}

/// What a list shows of an instance, root or called: its row without the document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InstanceSummary {
    /// Its id.
    pub id: InstanceId,
    /// Its business.
    pub business: BusinessId,
    /// The instance that called it; none for a root.
    pub parent: Option<InstanceId>,
    /// Its process.
    pub process: String,
    /// The revision it is pinned to.
    pub revision: i64,
    /// Where it is in its life.
    pub state: InstanceState,
    /// The code of the BPMN error that ended it.
    pub error: Option<String>,
    /// Its business key.
    pub business_key: Option<String>,
    /// Who started it.
    pub starter: UserId,
    /// When.
    pub started_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// Variables of the process's `search` list.
    pub search: JsonMap,
    /// Counts the changes of its root: the entity tag.
    pub version: i64,
}
