//! Voting: an approval that goes on, or how one went: who is asked at the level at work, and every vote that was given.

use super::approval::{APPROVED, MayAdd, Mode};
use super::ids::{InstanceId, NodeId, RecordId, ScopeId, TokenId, UserId};
use super::json::{Json, JsonMap};
use super::text::Text;
use super::time::Timestamp;
pub use super::vote::{Choice, Decide, Vote};
use serde::{Deserialize, Serialize};

/// An approval that goes on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Voting {
    /// The token that waits for it; with its root the id of the approval, `{root}.{n}`.
    pub token: TokenId,
    /// The instance.
    pub instance: InstanceId,
    /// Its process.
    pub process: String,
    /// The node.
    pub node: NodeId,
    /// Its title.
    pub title: Text,
    /// Who asks for it.
    pub submitter: UserId,
    /// What is approved.
    pub of: Vec<Bound>,
    /// The record that some of it is read from.
    #[serde(default)]
    pub subject: Option<Subject>,
    /// SHA-256 over the canonical JSON (RFC 8785) of what is approved, in hex.
    pub digest: String,
    /// Counts how often it began anew because what is approved changed, from 1.
    pub round: u32,
    /// Who is asked, level after level.
    pub levels: Vec<VotingLevel>,
    /// The level at work, from 0; past the last one: all have agreed.
    pub level: usize,
    /// Who is asked at the level at work.
    pub seats: Vec<Seat>,
    /// Every vote that was given, in order.
    pub votes: Vec<Vote>,
    /// Who may add approvers to the level at work.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub may_add: Vec<MayAdd>,
    /// Every approver who was added, in order. The seat belongs to its level and its round.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub added: Vec<Added>,
    /// When it was asked for.
    pub opened_at: Timestamp,
    /// How it ended; none: it goes on.
    pub ended: Option<Ended>,
}

/// The record that is approved, as it was read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Subject {
    /// Its type.
    pub record_type: String,
    /// Its id, as the process has it.
    pub id: RecordId,
    /// The id of the record that it became, where it was merged; else the same.
    pub present: RecordId,
    /// The fields that are approved; null for none.
    pub fields: JsonMap,
    /// Once approved they stay as they are until this node is done; none: until the instance ends.
    pub until: Option<NodeId>,
    /// The activation of the level around the approval and that node: it is done there. None: anywhere in the instance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<ScopeId>,
    /// Whether a change until then is not refused, but approved anew.
    #[serde(default)]
    pub reapprove: bool,
    /// Whether it was changed and is to be read again.
    pub stale: bool,
}

/// How an approval ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// Its outcome; none: it was cancelled with its activity.
    pub outcome: Option<String>,
    /// Why, where somebody said so.
    pub reason: Option<String>,
    /// When.
    pub at: Timestamp,
    /// When what was approved changed, so that it counts no more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voided_at: Option<Timestamp>,
}

/// An approval that ended with a yes, and counts only while what was approved stays as it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Approved {
    /// The level that its token stood in.
    pub scope: ScopeId,
    /// The approval.
    pub voting: Voting,
}

/// A value that is approved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bound {
    /// What it is: the expression.
    pub name: String,
    /// What it was when the digest was made.
    pub value: Json,
}

/// A level that is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VotingLevel {
    /// Its place among the levels of the process; none: a function gave it.
    pub written: Option<usize>,
    /// Who has a say: a login, `{superior}`, `{role}`, or a list of these.
    pub approvers: Json,
    /// How their votes count.
    pub mode: Mode,
}

/// Somebody who is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seat {
    /// Whose vote it is.
    pub user: UserId,
    /// What it weighs, at a level with a quorum.
    pub weight: i64,
    /// Whether a no ends it.
    pub veto: bool,
    /// What was decided; none: not yet.
    pub decision: Option<Choice>,
}

/// Somebody who could sit, with what the directory says at that moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approver {
    /// The login.
    pub user: UserId,
    /// The roles.
    pub roles: Vec<String>,
    /// The attributes.
    pub attributes: Json,
    /// Who stands above, the nearest first; nobody where it was not asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub above: Vec<Approver>,
}

/// An approver who was added to a level.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Added {
    /// Who.
    pub user: UserId,
    /// The level, from 0.
    pub level: usize,
    /// The round.
    pub round: u32,
    /// Who added this person.
    pub by: UserId,
    /// Why.
    pub reason: String,
    /// When.
    pub at: Timestamp,
}

/// An approval as somebody sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct SeenVoting {
    /// The root instance.
    pub root: InstanceId,
    /// The approval.
    pub voting: Voting,
    /// Whether this person may add approvers now.
    pub may_add: bool,
}

/// What happens with an approval.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum VotingEvent {
    /// It was asked for.
    Opened(Box<Voting>),
    /// The record that is approved was changed: it has to be read again.
    SubjectChanged,
    /// The record was read again.
    SubjectRead(Subject),
    /// These are asked at the level at work; votes that were given at a level before count here too.
    Seated {
        /// Who.
        seats: Vec<Seat>,
        /// What they said before.
        votes: Vec<Vote>,
    },
    /// Somebody was added to the level at work.
    ApproverAdded {
        /// Where: the number of the new seat, from 0; those from there on move up.
        seat: usize,
        /// What it is.
        asked: Seat,
        /// Who added whom, and why.
        added: Added,
    },
    /// Somebody voted.
    Voted {
        /// The seat, from 0.
        seat: usize,
        /// The vote.
        vote: Vote,
    },
    /// The level has agreed; the next one is asked.
    LevelPassed,
    /// What is approved changed: no vote counts any more, and it begins anew.
    Reopened {
        /// What is approved now.
        of: Vec<Bound>,
        /// Its digest.
        digest: String,
        /// Who is asked now.
        levels: Vec<VotingLevel>,
    },
    /// It is over.
    Closed(Ended),
    /// What was approved changed: it is approved no more.
    Voided {
        /// The instance, whose token has gone on long ago.
        instance: InstanceId,
        /// The node.
        node: NodeId,
        /// When.
        at: Timestamp,
    },
}

impl Voting {
    /// Folds what happened with it into it.
    pub fn fold(&mut self, event: &VotingEvent) {
        match event {
            VotingEvent::Opened(voting) => self.clone_from(voting),
            VotingEvent::SubjectChanged => {
                if let Some(subject) = &mut self.subject {
                    subject.stale = true;
                }
            }
            VotingEvent::SubjectRead(subject) => self.subject = Some(subject.clone()),
            VotingEvent::Seated { seats, votes } => {
                self.seats.clone_from(seats);
                self.votes.extend(votes.iter().cloned());
            }
            VotingEvent::ApproverAdded { seat, asked, added } => {
                self.seats.insert((*seat).min(self.seats.len()), asked.clone());
                self.added.push(added.clone());
            }
            VotingEvent::Voted { seat, vote } => {
                if let Some(seat) = self.seats.get_mut(*seat) {
                    seat.decision = Some(vote.choice);
                }
                self.votes.push(vote.clone());
            }
            VotingEvent::LevelPassed => {
                self.level += 1;
                self.seats.clear();
            }
            VotingEvent::Reopened { of, digest, levels } => {
                self.of.clone_from(of);
                self.digest.clone_from(digest);
                self.levels.clone_from(levels);
                self.round += 1;
                self.level = 0;
                self.seats.clear();
                self.votes.iter_mut().for_each(|vote| vote.void = true);
            }
            VotingEvent::Closed(ended) => self.ended = Some(ended.clone()),
            VotingEvent::Voided { at, .. } => {
                self.votes.iter_mut().for_each(|vote| vote.void = true);
                if let Some(ended) = &mut self.ended {
                    ended.voided_at = Some(*at);
                }
            }
        }
    }

    /// Whether it was approved, and a change of what was approved has it approved anew.
    pub fn is_watched(&self) -> bool {
        let approved = self.ended.as_ref().is_some_and(|ended| ended.outcome.as_deref() == Some(APPROVED));
        approved && self.subject.as_ref().is_some_and(|subject| subject.reapprove)
    }

    /// The votes that count.
    pub fn counting(&self) -> impl Iterator<Item = &Vote> {
        self.votes.iter().filter(|vote| !vote.void)
    }
}
