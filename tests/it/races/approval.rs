//! An approval of one level, two who agree are enough, as it behaves when calls come one after the other: votes are given and
//! delegated, more people are asked, and it is taken back.

use super::linear::Model;
use crate::support::app::Answer;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// How many have to agree.
pub const QUORUM: usize = 2;
/// Who asks for it.
pub const SUBMITTER: &str = "ann";

/// What is asked of an approval, or of the vote of somebody.
#[derive(Debug, Clone, PartialEq)]
pub enum Call {
    Get,
    Decide { vote: &'static str, decision: &'static str },
    Delegate { vote: &'static str, to: &'static str },
    Resolve { vote: &'static str },
    Add(&'static str),
    Withdraw,
}

/// Who asks what.
#[derive(Debug, Clone)]
pub struct Asked {
    pub by: &'static str,
    pub call: Call,
}

/// How far it is, who is asked, and for whom who said what.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Seen {
    pub state: String,
    pub seats: BTreeSet<String>,
    pub votes: BTreeMap<String, (String, String)>,
}

/// What there is to see of it, and who has the votes that were delegated.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Stand {
    pub seen: Seen,
    delegates: BTreeMap<String, String>,
}

/// What was answered.
#[derive(Debug, Clone, PartialEq)]
pub enum Told {
    Approval(Seen),
    Done,
    Refused(String),
}

/// The rules of an approval.
pub struct Rules;

/// Why not: the codes that could say so. Who does not see what it is about is told that it is not there.
type Refused = &'static [&'static str];

impl Stand {
    /// An approval that these are asked for, and on which nobody has voted.
    pub fn new(voters: &[&str]) -> Stand {
        let seats = voters.iter().map(|voter| (*voter).to_owned()).collect();
        let seen = Seen { state: "open".to_owned(), seats, votes: BTreeMap::new() };
        Stand { seen, delegates: BTreeMap::new() }
    }

    fn is_open(&self) -> bool {
        self.seen.state == "open"
    }

    /// Whether somebody has the vote that is asked of somebody; none when it was given.
    fn has(&self, vote: &str, by: &str) -> Option<bool> {
        let open = self.is_open() && self.seen.seats.contains(vote) && !self.seen.votes.contains_key(vote);
        open.then(|| self.delegates.get(vote).map_or(vote, String::as_str) == by)
    }

    fn has_voted(&self, by: &str) -> bool {
        self.seen.votes.values().any(|(voter, _)| voter == by)
    }

    fn could_vote(&self, by: &str) -> bool {
        !self.has_voted(by) && self.seen.seats.iter().any(|vote| self.has(vote, by) == Some(true))
    }

    fn decided(&self, vote: &str, by: &str, decision: &str) -> Stand {
        let mut next = self.clone();
        next.seen.votes.insert(vote.to_owned(), (by.to_owned(), decision.to_owned()));
        let agreed = next.seen.votes.values().filter(|(_, decision)| decision == "approve").count();
        let still = next.seen.seats.len() - next.seen.votes.len();
        let state = match () {
            () if agreed >= QUORUM => "approved",
            () if agreed + still < QUORUM || still == 0 => "rejected",
            () => "open",
        };
        next.seen.state = state.to_owned();
        // Nobody is asked any more at a level that has agreed.
        if state == "approved" {
            next.seen.seats.clear();
        }
        next
    }

    fn after(&self, Asked { by, call }: &Asked) -> Result<Stand, Refused> {
        match call {
            Call::Get => Ok(self.clone()),
            Call::Decide { vote, decision } => match self.has(vote, by) {
                // The task of a vote that is not asked for any more is for nobody.
                None => Err(&["task_not_open", "not_found"]),
                Some(false) => Err(&["task_of_another", "not_found"]),
                Some(true) if self.has_voted(by) => Err(&["voted_already"]),
                Some(true) => Ok(self.decided(vote, by, decision)),
            },
            Call::Delegate { vote, to } => match self.has(vote, by) {
                None => Err(&["task_not_open", "not_found"]),
                Some(false) => Err(&["task_of_another", "not_found"]),
                Some(true) if self.delegates.contains_key(*vote) => Err(&["delegation_pending"]),
                Some(true) if to == by => Err(&["delegated_to_oneself"]),
                Some(true) if *to == SUBMITTER => Err(&["separation_of_duties"]),
                Some(true) if self.has_voted(to) => Err(&["voted_already"]),
                Some(true) => {
                    let mut next = self.clone();
                    next.delegates.insert((*vote).to_owned(), (*to).to_owned());
                    Ok(next)
                }
            },
            Call::Resolve { vote } => match self.has(vote, by) {
                None => Err(&["task_not_open", "not_found"]),
                Some(_) => Err(&["task_is_a_vote", "not_found"]),
            },
            Call::Add(_) if !self.is_open() => Err(&["approval_not_open", "not_found"]),
            Call::Add(_) if !self.could_vote(by) => Err(&["may_not_add_approver", "not_found"]),
            Call::Add(user) if *user == SUBMITTER => Err(&["separation_of_duties"]),
            Call::Add(user) if self.seen.seats.contains(*user) || self.has_voted(user) => Err(&["approver_there"]),
            Call::Add(user) => {
                let mut next = self.clone();
                next.seen.seats.insert((*user).to_owned());
                Ok(next)
            }
            Call::Withdraw if !self.is_open() => Err(&["approval_not_open"]),
            Call::Withdraw if !self.seen.votes.is_empty() => Err(&["approval_decided"]),
            Call::Withdraw => {
                let mut next = self.clone();
                next.seen.state = "returned".to_owned();
                Ok(next)
            }
        }
    }
}

impl Told {
    /// Reads an answer; a failure of the server is none.
    pub fn read(call: &Call, answer: &Answer) -> Told {
        let body = answer.json();
        match (answer.status, call) {
            (200, Call::Decide { decision, .. }) => {
                let ended = (&body["state"], &body["outcome"]);
                assert_eq!(ended, (&"completed".into(), &Value::from(*decision)), "{body}");
                Told::Done
            }
            (200, Call::Delegate { to, .. }) => {
                assert_eq!(body["assignee"], *to, "{body}");
                Told::Done
            }
            // What is shown is the approval of a moment later.
            (200, Call::Add(user)) => {
                let added = body["added"].as_array().unwrap_or_else(|| panic!("nobody was added: {body}"));
                assert!(added.iter().any(|one| one["user"] == *user), "{body}");
                Told::Done
            }
            (200, Call::Get | Call::Withdraw) => {
                let word = |vote: &Value, name: &str| vote[name].as_str().map(str::to_owned);
                let votes = body["votes"].as_array().unwrap_or_else(|| panic!("no approval: {body}"));
                let read = |vote| Some((word(vote, "for")?, (word(vote, "by")?, word(vote, "decision")?)));
                let votes = votes.iter().map(read).collect::<Option<_>>().unwrap_or_else(|| panic!("no votes: {body}"));
                let state = body["state"].as_str().unwrap_or_default().to_owned();
                Told::Approval(Seen { state, seats: seats(&body), votes })
            }
            (400..500, _) => Told::Refused(body["code"].as_str().unwrap_or_else(|| panic!("{body}")).to_owned()),
            (status, _) => panic!("{status}: {body}"),
        }
    }
}

/// Who is asked.
fn seats(approval: &Value) -> BTreeSet<String> {
    let seats = approval["seats"].as_array().unwrap_or_else(|| panic!("no seats: {approval}"));
    seats.iter().filter_map(|seat| seat["user"].as_str().map(str::to_owned)).collect()
}

impl Model for Rules {
    type State = Stand;
    type Call = Asked;
    type Answer = Told;

    fn step(&self, approval: &Stand, asked: &Asked, told: &Told) -> Option<Stand> {
        match (approval.after(asked), told) {
            (Ok(next), Told::Approval(seen)) => (next.seen == *seen).then_some(next),
            (Ok(next), Told::Done) => Some(next),
            (Err(codes), Told::Refused(code)) => codes.contains(&code.as_str()).then(|| approval.clone()),
            _ => None,
        }
    }
}
