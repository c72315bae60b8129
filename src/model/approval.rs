//! Approval: what a process says of it. How one goes is in `voting`.

use super::activity::Call;
use super::expression::Expression;
use super::ids::{NodeId, UserId};
use super::process::Mapping;
use super::task_timing::Timing;
use super::voting::Choice;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The outcomes of an approval that everybody knows.
pub const APPROVED: &str = "approved";
/// Somebody said no.
pub const REJECTED: &str = "rejected";
/// It goes back to be worked on.
pub const RETURNED: &str = "returned";
/// The submitter took it back.
pub const WITHDRAWN: &str = "withdrawn";

/// The record that the process is about, in what an approval says of it: its fields that are approved.
pub const SUBJECT: &str = "subject";

/// The approver that is looked at, in the `authority` and the `weight` of a level: `{user, roles, attributes}`.
pub const APPROVER: &str = "approver";

/// An approval: who has to agree to what, level after level.
#[derive(Debug, Clone)]
pub struct Approval {
    /// What is approved: every vote is bound to a digest of these values.
    pub of: Vec<Expression>,
    /// What of it are fields of the record that the process is about; none: nothing is.
    pub subject: Option<OfSubject>,
    /// Gives the login of who asks for it; none: who started the instance.
    pub submitter: Option<Expression>,
    /// Who has to agree.
    pub route: Route,
    /// Who may not have a say.
    pub not_same_as: Vec<Barred>,
    /// What becomes of a level that nobody is there for.
    pub when_empty: WhenEmpty,
    /// What becomes of the seat of an approver who asks for it.
    pub when_same: WhenSameAsSubmitter,
    /// What becomes of the seat of an approver who has agreed at a level before.
    pub when_repeated: WhenRepeated,
    /// Who may add approvers to the level at work.
    pub may_add: Vec<MayAdd>,
    /// The form that approvers are shown.
    pub form: Option<String>,
    /// 0 to 100, higher first; 50 when not said.
    pub priority: i64,
    /// When a vote is due, reminded of and escalated.
    pub timing: Box<Timing>,
    /// The decisions that say why.
    pub reasons: Vec<Choice>,
    /// Further nodes that an approver may send it back to.
    pub returns: Vec<NodeId>,
    /// Variable name to expression over the variables and `result`: `{outcome, reason, digest, votes}`.
    pub output: Mapping,
    /// How it can end, as its flows are called: approved, rejected, returned, withdrawn, `returned:NODE`.
    pub outcomes: Vec<String>,
}

/// What is approved of the record that a process is about.
#[derive(Debug, Clone)]
pub struct OfSubject {
    /// Its fields.
    pub fields: BTreeSet<String>,
    /// Once approved they stay as they are until this node is done; none: until the instance ends.
    pub until: Option<NodeId>,
    /// Whether a change until then is not refused, but approved anew.
    pub reapprove: bool,
}

/// Who has to agree.
#[derive(Debug, Clone)]
pub enum Route {
    /// These levels, one after the other.
    Levels(Vec<Level>),
    /// What a function says: a list of levels.
    Function(Call),
}

/// A level as it is written.
#[derive(Debug, Clone)]
pub struct Level {
    /// Whether it is asked at all; none: always.
    pub condition: Option<Expression>,
    /// Gives who has a say: a login, `superior(login)`, `role("name")`, or a list of these.
    pub approvers: Expression,
    /// Whether an approver's word is enough, over the variables and `approver`; where it is not, that of the nearest one
    /// above is asked for. None: everybody's is.
    pub authority: Option<Expression>,
    /// How their votes count.
    pub mode: Mode,
    /// Gives the weight of an approver's vote, over the variables and `approver`; none: 1.
    pub weight: Option<Expression>,
}

/// How the votes of a level count. Who abstains leaves it to the others; where all do, nobody has agreed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// The first one decides.
    Any,
    /// All have to agree.
    All,
    /// All have to agree, one after the other.
    Sequential,
    /// So many have to agree.
    Quorum(Quorum),
}

/// How many have to agree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quorum {
    /// The weights of those who agree come to at least this.
    pub quorum: i64,
    /// Roles whose members' no ends it.
    #[serde(default)]
    pub veto: Vec<String>,
}

/// Somebody who may not have a say.
#[derive(Debug, Clone)]
pub enum Barred {
    /// Who asks for it.
    Submitter,
    /// Who did this user task of the process.
    Task(NodeId),
    /// Whose login this variable holds, or those in its list.
    Variable(Expression),
}

/// What becomes of a level that nobody is there for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WhenEmpty {
    /// The submitter's superior decides.
    Escalate,
    /// It is agreed to.
    AutoApprove,
    /// The members of this role decide.
    Role(String),
}

/// What becomes of the seat of an approver who asks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum WhenSameAsSubmitter {
    /// The superior has it.
    #[default]
    Superior,
    /// There is no such seat.
    Skip,
    /// It is an incident: somebody else has to be named.
    Refuse,
}

/// What becomes of the seat of an approver who has agreed at a level before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum WhenRepeated {
    /// Whoever has agreed once is not asked again.
    #[default]
    FirstOnly,
    /// Whoever has agreed at the level just before is not asked again.
    Consecutive,
    /// Everybody is asked at each level.
    Each,
}

/// Somebody who may add approvers to the level at work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MayAdd {
    /// Whoever could vote there now.
    Approver,
    /// Who has this role, asked or not.
    Role(String),
    /// This person, asked or not.
    User(UserId),
}

/// The name of the outcome by which an approver sends it back to a node.
pub fn returned_to(node: &NodeId) -> String {
    format!("{RETURNED}:{node}")
}
