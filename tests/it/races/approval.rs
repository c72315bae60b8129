//! An approval of one level, two of four who agree are enough, as it behaves when calls come one after the other.

use super::linear::Model;
use crate::support::app::Answer;
use serde_json::Value;
use std::collections::BTreeMap;

/// How many have to agree.
pub const QUORUM: usize = 2;

/// What is asked of an approval.
#[derive(Debug, Clone, PartialEq)]
pub enum Call {
    Get,
    Decide(&'static str),
    Withdraw,
}

/// Who asks what.
#[derive(Debug, Clone)]
pub struct Asked {
    pub by: &'static str,
    pub call: Call,
}

/// How far it is, and who said what.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Seen {
    pub state: String,
    pub votes: BTreeMap<String, String>,
}

/// What was answered.
#[derive(Debug, Clone, PartialEq)]
pub enum Told {
    Approval(Seen),
    /// The vote was counted.
    Counted,
    Refused(String),
}

/// The rules of an approval; it is asked of this many.
pub struct Rules {
    pub voters: usize,
}

impl Seen {
    /// An approval on which nobody has voted.
    pub fn new() -> Seen {
        Seen { state: "open".to_owned(), votes: BTreeMap::new() }
    }
}

impl Told {
    /// Reads an answer; a failure of the server is none.
    pub fn read(call: &Call, answer: &Answer) -> Told {
        let body = answer.json();
        match (answer.status, call) {
            (200, Call::Decide(decision)) => {
                assert_eq!(
                    (&body["state"], &body["outcome"]),
                    (&"completed".into(), &Value::from(*decision)),
                    "{body}"
                );
                Told::Counted
            }
            (200, Call::Get | Call::Withdraw) => {
                let word = |vote: &Value, name: &str| vote[name].as_str().map(str::to_owned);
                let votes = body["votes"].as_array().unwrap_or_else(|| panic!("no approval: {body}"));
                let votes = votes.iter().map(|vote| Some((word(vote, "by")?, word(vote, "decision")?)));
                let votes = votes.collect::<Option<_>>().unwrap_or_else(|| panic!("no votes: {body}"));
                Told::Approval(Seen { state: body["state"].as_str().unwrap_or_default().to_owned(), votes })
            }
            (400..500, _) => Told::Refused(body["code"].as_str().unwrap_or_else(|| panic!("{body}")).to_owned()),
            (status, _) => panic!("{status}: {body}"),
        }
    }
}

impl Rules {
    fn decided(&self, approval: &Seen, by: &str, decision: &str) -> Seen {
        let mut votes = approval.votes.clone();
        votes.insert(by.to_owned(), decision.to_owned());
        let agreed = votes.values().filter(|decision| *decision == "approve").count();
        let still = self.voters - votes.len();
        let state = match () {
            () if agreed >= QUORUM => "approved",
            () if agreed + still < QUORUM || still == 0 => "rejected",
            () => "open",
        };
        Seen { state: state.to_owned(), votes }
    }

    fn after(&self, approval: &Seen, Asked { by, call }: &Asked) -> Result<Seen, &'static [&'static str]> {
        let open = approval.state == "open";
        match call {
            Call::Get => Ok(approval.clone()),
            // The task of a vote that is not asked for any more is for nobody.
            Call::Decide(_) if !open => Err(&["task_not_open", "not_found"]),
            Call::Decide(_) if approval.votes.contains_key(*by) => Err(&["task_not_open"]),
            Call::Decide(decision) => Ok(self.decided(approval, by, decision)),
            Call::Withdraw if !open => Err(&["approval_not_open"]),
            Call::Withdraw if !approval.votes.is_empty() => Err(&["approval_decided"]),
            Call::Withdraw => Ok(Seen { state: "returned".to_owned(), ..approval.clone() }),
        }
    }
}

impl Model for Rules {
    type State = Seen;
    type Call = Asked;
    type Answer = Told;

    fn step(&self, approval: &Seen, asked: &Asked, told: &Told) -> Option<Seen> {
        match (self.after(approval, asked), told) {
            (Ok(next), Told::Approval(seen)) => (next == *seen).then_some(next),
            (Ok(next), Told::Counted) => Some(next),
            (Err(codes), Told::Refused(code)) => codes.contains(&code.as_str()).then(|| approval.clone()),
            _ => None,
        }
    }
}
