//! An approval as it is typed.

use super::event::BoundaryShape;
use super::node::{Activity, FlowShape, Head, node};
use super::repeat::{ForEachShape, LoopShape};
use super::scalar::{Source, Sources, Targets};
use super::task_timing::{DueShape, EscalateShape, RemindShape};
use crate::model::approval::{WhenRepeated, WhenSameAsSubmitter};
use crate::model::text::Text;
use crate::model::voting::Choice;
use schemars::JsonSchema;
use serde::Deserialize;

node!(
    /// An approval: who has to agree to what, level after level.
    Approval(boundary) {
        /// What is approved, as expressions over the variables and the fields of the record that the process is about
        /// (`subject.amount`): every vote is bound to a digest of these values.
        #[schemars(length(min = 1))]
        of: Vec<Source>,
        /// What becomes of a change of the fields of the record once they are approved: `refuse` it, or `reapprove`; refuse,
        /// when not said.
        on_change: Option<OnChange>,
        /// Until this node is done; until the instance ends, when not said.
        until: Option<String>,
        /// Gives the login of who asks for it; who started the instance, when not said.
        submitter: Option<Source>,
        /// Who has to agree, one level after the other.
        #[schemars(length(min = 1))]
        levels: Option<Vec<LevelShape>>,
        /// Instead of levels: a function, plugin/function, that gives `levels`, a list of {approvers, mode}.
        route: Option<String>,
        /// Argument of the function: expression over the variables.
        #[serde(default, rename = "in")]
        input: Sources,
        /// Variable: expression over `result`, {outcome, reason, digest, votes}: each vote with `by`, `for_user`, `choice`,
        /// `reason` and `at`.
        #[serde(default, rename = "out")]
        output: Sources,
        /// Who may not have a say: `submitter`, user tasks of this process, variables that hold logins.
        #[serde(default)]
        not_same_as: Vec<String>,
        /// What becomes of a level that nobody is there for: `escalate` when not said, `auto_approve`, or `role:NAME`.
        when_empty: Option<String>,
        /// What becomes of the seat of an approver who asks for it.
        #[serde(default)]
        when_same_as_submitter: WhenSameAsSubmitter,
        /// What becomes of the seat of an approver who has agreed at a level before.
        #[serde(default)]
        when_repeated: WhenRepeated,
        /// Who may add approvers to the level at work: `approver`, whoever could vote there now, `role:NAME`, `user:LOGIN`.
        #[serde(default)]
        may_add_approvers: Vec<String>,
        /// The form that approvers are shown.
        form: Option<String>,
        /// 0 to 100, higher first; 50 when not said.
        #[schemars(range(min = 0, max = 100))]
        priority: Option<u8>,
        /// When a vote is due.
        due: Option<DueShape>,
        /// When whoever has not voted is reminded.
        remind: Option<RemindShape>,
        /// Who may take a vote over that is not given in time.
        escalate: Option<EscalateShape>,
        /// The decisions that say why: approve, reject, return, abstain.
        #[serde(default)]
        reasons: Vec<Choice>,
        /// Further nodes that an approver may send it back to by name.
        #[serde(default)]
        returns: Vec<String>,
        /// What follows.
        outcomes: OutcomesShape,
    }
);

/// What becomes of a change of what is approved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum OnChange {
    /// It is refused.
    Refuse,
    /// It is approved anew.
    Reapprove,
}

/// What follows an approval.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ApprovalOutcomes")]
pub struct OutcomesShape {
    /// When all levels have agreed.
    pub approved: String,
    /// When one has not.
    pub rejected: String,
    /// When somebody sends it back.
    pub returned: Option<String>,
    /// When the submitter takes it back; where `returned` leads, when not said.
    pub withdrawn: Option<String>,
}

impl OutcomesShape {
    /// Where an outcome leads.
    pub fn to(&self, name: &str) -> Option<&str> {
        match name {
            "approved" => Some(&self.approved),
            "rejected" => Some(&self.rejected),
            "returned" => self.returned.as_deref(),
            "withdrawn" => self.withdrawn.as_deref(),
            _ => None,
        }
    }
}

/// A level.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Level")]
pub struct LevelShape {
    /// Asked only when this is true.
    #[serde(rename = "if")]
    pub condition: Option<Source>,
    /// Gives who has a say: a login, superior(login), role("name"), or a list of these.
    pub approvers: Source,
    /// Whether somebody's word is enough, over the variables and `approver`: {user, roles, attributes}. Where it is not, the
    /// nearest one above decides whose word is.
    pub authority: Option<Source>,
    /// How their votes count.
    pub mode: ModeShape,
}

/// How the votes of a level count.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
#[schemars(rename = "ApprovalMode")]
pub enum ModeShape {
    /// By a word.
    Word(ModeWord),
    /// By a number of votes.
    Quorum(QuorumShape),
}

/// How the votes of a level count, by a word.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ModeWord {
    /// The first one decides.
    Any,
    /// All have to agree.
    All,
    /// All have to agree, one after the other.
    Sequential,
}

/// How many have to agree.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Quorum")]
pub struct QuorumShape {
    /// The votes of those who agree weigh at least this.
    #[schemars(range(min = 1))]
    pub quorum: u32,
    /// Gives what a vote weighs, a whole number from 1, over the variables and `approver`: {user, roles, attributes}; 1 when
    /// not said.
    pub weight: Option<Source>,
    /// Roles whose members' no ends it; the level waits for what they say.
    #[serde(default)]
    pub veto: Vec<String>,
}
