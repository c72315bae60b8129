//! A user task for whoever has a role, as it behaves when calls come one after the other.

use super::linear::Model;
use crate::support::app::Answer;
use serde_json::Value;

/// What is asked of a task.
#[derive(Debug, Clone, PartialEq)]
pub enum Call {
    Get,
    Claim,
    Unclaim,
    Complete,
    Resolve,
    Delegate(&'static str),
}

/// Who asks what.
#[derive(Debug, Clone)]
pub struct Asked {
    pub by: &'static str,
    pub call: Call,
}

/// What there is to see of a task.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Seen {
    pub state: String,
    pub assignee: Option<String>,
    pub owner: Option<String>,
    pub delegation: Option<String>,
    pub version: i64,
}

/// What was answered: the task, or why not.
#[derive(Debug, Clone, PartialEq)]
pub enum Told {
    Task(Seen),
    Refused { code: String, present: Option<Seen> },
}

/// The rules of a task.
pub struct Rules;

impl Seen {
    /// A task that nobody has taken.
    pub fn new() -> Seen {
        Seen { state: "created".to_owned(), assignee: None, owner: None, delegation: None, version: 1 }
    }

    fn read(task: &Value) -> Option<Seen> {
        let text = |name: &str| task[name].as_str().map(str::to_owned);
        let (state, version) = (text("state")?, task["version"].as_i64()?);
        Some(Seen { state, assignee: text("assignee"), owner: text("owner"), delegation: text("delegation"), version })
    }

    fn has(&self, user: &str) -> bool {
        self.assignee.as_deref() == Some(user)
    }

    fn is_pending(&self) -> bool {
        self.delegation.as_deref() == Some("pending")
    }

    fn hand(&self, to: Option<String>) -> Seen {
        let state = if to.is_some() { "claimed" } else { "created" };
        Seen { state: state.to_owned(), assignee: to, owner: None, delegation: None, version: self.version + 1 }
    }
}

impl Told {
    /// Reads an answer; a failure of the server is none.
    pub fn read(answer: &Answer) -> Told {
        let body = answer.json();
        match answer.status {
            200 => Told::Task(Seen::read(&body).unwrap_or_else(|| panic!("no task: {body}"))),
            400..500 => {
                let code = body["code"].as_str().unwrap_or_else(|| panic!("no problem: {body}")).to_owned();
                Told::Refused { code, present: Seen::read(&body["present"]) }
            }
            status => panic!("{status}: {body}"),
        }
    }
}

/// The task afterwards, or the codes with which this can be refused.
fn after(task: &Seen, Asked { by, call }: &Asked) -> Result<Seen, &'static [&'static str]> {
    if task.state == "completed" {
        // Who had no hand in it does not see it any more.
        return if *call == Call::Get { Ok(task.clone()) } else { Err(&["task_not_open", "not_found"]) };
    }
    let taken = task.state == "claimed";
    let mine = task.has(by);
    match call {
        Call::Get => Ok(task.clone()),
        Call::Claim if !taken => Ok(task.hand(Some((*by).to_owned()))),
        Call::Claim if task.is_pending() && task.owner.as_deref() == Some(*by) => Ok(task.hand(Some((*by).to_owned()))),
        Call::Claim => Err(&["task_already_claimed"]),
        _ if !taken => Err(&["task_not_claimed"]),
        Call::Complete if task.is_pending() && (mine || task.owner.as_deref() == Some(*by)) => {
            Err(&["delegation_pending"])
        }
        _ if !mine => Err(&["task_of_another"]),
        Call::Unclaim => Ok(task.hand(task.owner.clone().filter(|_| task.is_pending()))),
        Call::Complete => Ok(Seen { state: "completed".to_owned(), version: task.version + 1, ..task.clone() }),
        Call::Resolve if !task.is_pending() => Err(&["not_delegated"]),
        Call::Resolve => Ok(Seen {
            owner: task.owner.clone(),
            delegation: Some("resolved".to_owned()),
            ..task.hand(task.owner.clone())
        }),
        Call::Delegate(_) if task.is_pending() => Err(&["delegation_pending"]),
        Call::Delegate(to) if to == by => Err(&["delegated_to_oneself"]),
        Call::Delegate(to) => Ok(Seen {
            owner: task.owner.clone().or(task.assignee.clone()),
            delegation: Some("pending".to_owned()),
            ..task.hand(Some((*to).to_owned()))
        }),
    }
}

impl Model for Rules {
    type State = Seen;
    type Call = Asked;
    type Answer = Told;

    fn step(&self, task: &Seen, asked: &Asked, told: &Told) -> Option<Seen> {
        match (after(task, asked), told) {
            (Ok(next), Told::Task(seen)) => (next == *seen).then_some(next),
            // A task that is over is seen by who had a hand in it alone.
            (Ok(_), Told::Refused { code, .. }) if asked.call == Call::Get => {
                (task.state == "completed" && code == "not_found").then(|| task.clone())
            }
            (Err(codes), Told::Refused { code, present }) => {
                let fits = codes.contains(&code.as_str()) && present.as_ref().is_none_or(|seen| seen == task);
                fits.then(|| task.clone())
            }
            _ => None,
        }
    }
}
