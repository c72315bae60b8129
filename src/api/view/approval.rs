//! An approval with its votes.

use super::text::TextView;
use crate::model::approval::Mode;
use crate::model::ids::{UserId, token_name};
use crate::model::json::Json;
use crate::model::time::Timestamp;
use crate::model::voting::{Added, Bound, Choice, Seat, SeenVoting, Vote, VotingLevel};
use serde::Serialize;
use utoipa::ToSchema;

/// What is to be agreed to, who is asked, and every vote.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Approval)]
pub(in crate::api) struct ApprovalView {
    /// Its id.
    id: String,
    /// The process instance it belongs to.
    instance: String,
    /// The process of that instance.
    process: String,
    /// Its node in the process.
    node: String,
    /// Its title.
    title: TextView,
    /// `open`, `cancelled`, its outcome: `approved`, `rejected`, `returned`, `withdrawn`; or `void`: it was approved, what was approved
    /// has changed since, and it is asked for anew.
    state: String,
    /// Why it ended, where somebody said so.
    reason: Option<String>,
    /// Who asks for it.
    submitter: String,
    /// What is approved; empty for who neither asks for it nor is asked.
    of: Vec<BoundView>,
    /// SHA-256 over the canonical JSON (RFC 8785) of what is approved: a vote sends it back.
    digest: String,
    /// Counts how often it began anew because what is approved changed.
    round: u32,
    /// The level at work, from 1.
    level: usize,
    /// Who is asked, level after level.
    levels: Vec<LevelView>,
    /// Who is asked at the level at work.
    seats: Vec<SeatView>,
    /// Every approver who was added, in order; the seat belongs to its level and its round.
    added: Vec<AddedView>,
    /// Every vote, in order.
    votes: Vec<VoteView>,
    /// When it was asked for.
    opened_at: String,
    /// When it ended.
    ended_at: Option<String>,
    /// When what was approved changed, so that it counts no more.
    voided_at: Option<String>,
    /// What the caller may do with it: `withdraw`, `add_approver`. Votes are given with their tasks.
    allowed_actions: Vec<&'static str>,
}

/// A value that is approved.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApprovedValue)]
pub(in crate::api) struct BoundView {
    /// What it is, as the process says it.
    name: String,
    /// The value.
    #[schema(value_type = Value)]
    value: Json,
}

/// A level.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApprovalLevel)]
pub(in crate::api) struct LevelView {
    /// Who is meant: a login, `{superior}`, `{role}`, or a list of these.
    #[schema(value_type = Value)]
    approvers: Json,
    /// `any`, `all`, `sequential` or `quorum`.
    mode: &'static str,
    /// What the votes of those who agree have to weigh.
    quorum: Option<i64>,
}

/// Somebody who is asked.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApprovalSeat)]
pub(in crate::api) struct SeatView {
    /// Who.
    user: String,
    /// What the vote weighs.
    weight: i64,
    /// Whether a no ends it.
    veto: bool,
    /// What was decided.
    #[schema(value_type = Option<String>)]
    decision: Option<Choice>,
}

/// An approver who was added.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AddedApprover)]
pub(in crate::api) struct AddedView {
    /// Who.
    user: String,
    /// The level, from 1.
    level: usize,
    /// The round.
    round: u32,
    /// Who added this person.
    by: String,
    /// Why.
    reason: String,
    /// When.
    at: String,
}

/// A vote.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Vote)]
pub(in crate::api) struct VoteView {
    /// The level, from 1.
    level: usize,
    /// The round.
    round: u32,
    /// Who gave it; null: taken over from a level before.
    by: Option<String>,
    /// Whose vote it is.
    #[serde(rename = "for")]
    for_user: String,
    /// `approve`, `reject`, `return` or `abstain`.
    #[schema(value_type = String)]
    decision: Choice,
    /// The node that it is sent back to, when one was named.
    to: Option<String>,
    /// Why.
    reason: Option<String>,
    /// The digest that it is bound to.
    digest: String,
    /// When.
    at: String,
    /// Whether it counts no more, because what is approved changed.
    void: bool,
}

/// Shows an approval to a caller.
pub(in crate::api) fn approval(caller: &UserId, seen: SeenVoting) -> ApprovalView {
    let SeenVoting { root, voting, may_add } = seen;
    let may_withdraw = voting.ended.is_none() && voting.submitter == *caller && voting.counting().next().is_none();
    let ended = voting.ended.as_ref();
    let voided_at = ended.and_then(|ended| ended.voided_at);
    let state = match ended {
        _ if voided_at.is_some() => "void",
        Some(ended) => ended.outcome.as_deref().unwrap_or("cancelled"),
        None => "open",
    };
    ApprovalView {
        allowed_actions: [("withdraw", may_withdraw), ("add_approver", may_add)]
            .into_iter()
            .filter_map(|(verb, allowed)| allowed.then_some(verb))
            .collect(),
        id: token_name(&root, voting.token),
        state: state.to_owned(),
        reason: ended.and_then(|ended| ended.reason.clone()),
        ended_at: ended.map(|ended| ended.at.rfc3339()),
        voided_at: voided_at.map(Timestamp::rfc3339),
        instance: voting.instance.0,
        process: voting.process,
        node: voting.node.to_string(),
        title: TextView::from(&voting.title),
        submitter: voting.submitter.0,
        of: voting.of.into_iter().map(|Bound { name, value }| BoundView { name, value }).collect(),
        digest: voting.digest,
        round: voting.round,
        level: voting.level + 1,
        levels: voting.levels.into_iter().map(level).collect(),
        seats: voting.seats.into_iter().map(seat).collect(),
        added: voting.added.into_iter().map(added).collect(),
        votes: voting.votes.into_iter().map(vote).collect(),
        opened_at: voting.opened_at.rfc3339(),
    }
}

fn level(VotingLevel { approvers, mode, .. }: VotingLevel) -> LevelView {
    let (mode, quorum) = match mode {
        Mode::Any => ("any", None),
        Mode::All => ("all", None),
        Mode::Sequential => ("sequential", None),
        Mode::Quorum(quorum) => ("quorum", Some(quorum.quorum)),
    };
    LevelView { approvers, mode, quorum }
}

fn seat(Seat { user, weight, veto, decision }: Seat) -> SeatView {
    SeatView { user: user.0, weight, veto, decision }
}

fn added(Added { user, level, round, by, reason, at }: Added) -> AddedView {
    AddedView { user: user.0, level: level + 1, round, by: by.0, reason, at: at.rfc3339() }
}

fn vote(vote: Vote) -> VoteView {
    VoteView {
        level: vote.level + 1,
        round: vote.round,
        by: vote.by.map(|by| by.0),
        for_user: vote.for_user.0,
        decision: vote.choice,
        to: vote.to.map(|to| to.to_string()),
        reason: vote.reason,
        digest: vote.digest,
        at: vote.at.rfc3339(),
        void: vote.void,
    }
}
