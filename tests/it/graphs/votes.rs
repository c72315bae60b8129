//! Approvals of random graphs: what somebody does with a vote, and what must be true of how each approval went, counted here
//! by heads and not as the engine does it.

use crate::cases::player::Answer;
use crate::support::random::Random;
use kamflow::model::approval::{APPROVED, Mode, REJECTED};
use kamflow::model::command::Command;
use kamflow::model::event::Event;
use kamflow::model::ids::{NodeId, TaskId, TokenId, UserId};
use kamflow::model::instance::{Instance, InstanceState, TokenState};
use kamflow::model::task_change::Person;
use kamflow::model::voting::{Approver, Choice, Decide, Seat, VotingEvent, VotingLevel};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

const PEOPLE: [&str; 6] = ["alice", "bob", "carol", "dave", "erin", "finn"];

/// Those who are asked, each with a role.
pub const VOTERS: [(&str, &str); 3] = [("bob", "sales"), ("carol", "manager"), ("dave", "sales")];

/// What the directory gives whenever it is asked for approvers.
pub fn people() -> BTreeMap<String, Vec<Answer>> {
    let person =
        |(user, role)| json!({"user": user, "roles": [role], "attributes": {"votes": i32::from(user == "bob") + 1}});
    let found = json!({"approvers": VOTERS.map(person), "superior": null, "otherwise": []});
    let answer: Answer = serde_json::from_value(json!({ "gives": found })).expect("an answer");
    BTreeMap::from([("org.approvers".to_owned(), vec![answer]), ("records.lock".to_owned(), vec![order(0)])])
}

/// The record that is approved, as it stands.
pub fn order(amount: usize) -> Answer {
    serde_json::from_value(json!({"gives": {"id": "o-1", "fields": {"amount": amount}}})).expect("an answer")
}

/// The approvals of this state that are about the record.
pub fn about_the_record(state: &Instance) -> Vec<TokenId> {
    state.approvals().into_iter().filter(|(_, voting)| voting.subject.is_some()).map(|(token, _)| token).collect()
}

/// What is asked for and what counts is of what stands; nothing is left waiting for nobody, nobody is asked twice.
pub fn stand(state: &Instance, amount: usize) -> Result<(), String> {
    let mut live = BTreeSet::new();
    for task in state.tasks.values() {
        let Some(number) = task.seat else { continue };
        let voting = state.votings.get(&task.token).ok_or(format!("{} is a vote of no open approval", task.id))?;
        let seat = voting.seats.get(number).ok_or(format!("{} is a vote without a seat", task.id))?;
        if seat.decision.is_some() || !live.insert((task.token, number)) {
            return Err(format!("{} is a second vote of seat {number}", task.id));
        }
    }
    if state.state != InstanceState::Active {
        return Ok(());
    }
    for (token, voting) in state.approvals() {
        let Some(subject) = &voting.subject else { continue };
        let open = state.votings.contains_key(&token);
        // What cannot go on waits for whoever mends it.
        if open && state.tokens.get(&token).is_some_and(|token| token.state == TokenState::Failed) {
            continue;
        }
        if subject.stale || subject.fields.get("amount") != Some(&json!(amount)) {
            return Err(format!("approval {token} is of {subject:?}, and {amount} stands"));
        }
        if open && !state.tasks.values().any(|task| task.token == token) {
            return Err(format!("approval {token} waits for nobody"));
        }
    }
    Ok(())
}

/// Who has the task, or tries to.
pub fn assignee(state: &Instance, task: &TaskId) -> UserId {
    let assignee = state.tasks.get(task).and_then(|task| task.assignee.clone());
    assignee.unwrap_or_else(|| "alice".into())
}

/// What becomes of a vote that is asked for.
pub fn next(random: &mut Random, state: &Instance, task: &TaskId) -> Command {
    let token = state.tasks[task].token;
    let one = |random: &mut Random| PEOPLE[random.below(PEOPLE.len())];
    match random.below(20) {
        0 => Command::Withdraw { approval: token, reason: None },
        1 | 2 => {
            let user: UserId = one(random).into();
            let to = Person { user, roles: BTreeSet::new() };
            Command::DelegateTask { task: task.clone(), to, comment: None }
        }
        3 | 4 => {
            let (user, attributes) = (one(random).into(), json!({ "votes": 1 + random.below(2) }));
            let person = Approver { user, roles: vec!["sales".to_owned()], attributes, above: Vec::new() };
            Command::AddApprover { approval: token, person, reason: "by chance".to_owned() }
        }
        _ => {
            let known = state.votings.get(&token).map(|voting| voting.digest.clone()).unwrap_or_default();
            let digest = if random.below(20) == 0 { "another".to_owned() } else { known };
            let choice = match random.below(10) {
                0 => Choice::Reject,
                1 => Choice::Return,
                2 => Choice::Abstain,
                _ => Choice::Approve,
            };
            Command::Decide { task: task.clone(), decide: Decide { choice, to: None, reason: None, digest } }
        }
    }
}

/// Who does it: whoever has the vote, now and then somebody else; everything else is done by one person.
pub fn who(random: &mut Random, state: &Instance, command: &Command) -> UserId {
    let has = |task: &TaskId| state.tasks.get(task).filter(|task| task.seat.is_some())?.assignee.clone();
    let asked = match command {
        Command::Decide { task, .. } | Command::DelegateTask { task, .. } => has(task),
        Command::AddApprover { approval, .. } => {
            state.tasks.values().find(|task| task.token == *approval).and_then(|task| task.assignee.clone())
        }
        _ => return "alice".into(),
    };
    let stranger = PEOPLE[random.below(PEOPLE.len())].into();
    asked.filter(|_| random.below(12) > 0).unwrap_or(stranger)
}

/// How far an approval is, by its history.
#[derive(Default)]
struct Run {
    levels: Vec<VotingLevel>,
    level: usize,
    seats: Vec<Seat>,
    digest: String,
    submitter: Option<UserId>,
    /// Who has voted at this level, in person.
    voters: BTreeSet<UserId>,
    tasks: BTreeSet<TaskId>,
}

/// Every approval of this history went as its votes say; how many ended by their votes.
pub fn check(events: &[Event]) -> Result<usize, String> {
    let (mut runs, mut voted) = (BTreeMap::<TokenId, Run>::new(), 0);
    let (mut approved, mut stale) = (BTreeSet::<TokenId>::new(), BTreeSet::<NodeId>::new());
    let mut until = BTreeMap::<TokenId, NodeId>::new();
    for event in events {
        match event {
            Event::Voting(token, VotingEvent::Voided { .. }) => {
                if !approved.remove(token) {
                    return Err(format!("approval {token} is void and was not given"));
                }
                if let Some(until) = until.get(token) {
                    stale.remove(until);
                }
            }
            Event::Voting(token, VotingEvent::SubjectChanged) if approved.contains(token) => {
                stale.extend(until.get(token).cloned());
            }
            Event::NodeCompleted { node, .. } if stale.contains(node) => {
                return Err(format!("\"{node}\" was done on what is approved no more"));
            }
            Event::Voting(token, event) => {
                let run = runs.entry(*token).or_default();
                run.happens(event).map_err(|sentence| format!("approval {token}: {sentence} ({event:?})"))?;
                if let VotingEvent::Opened(voting) = event {
                    let node = voting.subject.as_ref().and_then(|subject| subject.until.clone());
                    until.extend(node.map(|node| (*token, node)));
                }
                if let VotingEvent::Closed(ended) = event {
                    runs.remove(token);
                    if ended.outcome.as_deref() == Some(APPROVED) {
                        approved.insert(*token);
                    }
                    voted += usize::from(ended.outcome.is_some());
                }
            }
            Event::TaskCreated { task } if task.seat.is_some() => {
                let run = runs.get_mut(&task.token).ok_or("a vote is asked for where no approval is open")?;
                run.tasks.insert(task.id.clone());
            }
            Event::TaskCompleted { task, .. } | Event::TaskCancelled { task } => {
                runs.values_mut().for_each(|run| {
                    run.tasks.remove(task);
                });
            }
            _ => {}
        }
    }
    Ok(voted)
}

impl Run {
    fn happens(&mut self, event: &VotingEvent) -> Result<(), &'static str> {
        let holds = |fact: bool, sentence: &'static str| if fact { Ok(()) } else { Err(sentence) };
        match event {
            VotingEvent::Opened(voting) => {
                holds(self.levels.is_empty() && voting.votes.is_empty(), "it begins without votes")?;
                self.levels.clone_from(&voting.levels);
                self.digest.clone_from(&voting.digest);
                self.submitter = Some(voting.submitter.clone());
            }
            VotingEvent::Seated { seats, votes } => {
                holds(self.seats.is_empty(), "the seats of a level are asked for once")?;
                holds(votes.iter().all(|vote| vote.digest == self.digest), "a vote of before is on what it is now")?;
                self.seats.clone_from(seats);
            }
            VotingEvent::ApproverAdded { seat, asked, .. } => {
                holds(self.seats.iter().all(|one| one.user != asked.user), "nobody sits twice")?;
                holds(Some(&asked.user) != self.submitter.as_ref(), "who asks does not sit")?;
                holds(self.outcome().is_none(), "nobody is added to what is decided")?;
                self.seats.insert(*seat, asked.clone());
            }
            VotingEvent::Voted { seat, vote } => {
                let by = vote.by.clone().ok_or("somebody votes")?;
                holds(vote.digest == self.digest, "a vote is on what is approved")?;
                holds(Some(&by) != self.submitter.as_ref(), "who asks does not vote")?;
                holds(self.voters.insert(by), "nobody votes twice at a level")?;
                let one = self.seats.get_mut(*seat).ok_or("a vote has a seat")?;
                holds(one.decision.is_none() && one.user == vote.for_user, "each seat has one vote")?;
                one.decision = Some(vote.choice);
            }
            VotingEvent::LevelPassed => {
                holds(self.outcome() == Some(true), "a level has agreed by its votes")?;
                holds(self.tasks.is_empty(), "nobody is asked at a level that has agreed")?;
                self.level += 1;
                self.seats.clear();
                self.voters.clear();
            }
            VotingEvent::Reopened { digest, levels, .. } => {
                holds(*digest != self.digest, "it begins anew with something else")?;
                holds(self.tasks.is_empty(), "nobody is asked while it begins anew")?;
                *self = Run {
                    levels: levels.clone(),
                    digest: digest.clone(),
                    submitter: self.submitter.take(),
                    ..Run::default()
                };
            }
            VotingEvent::Closed(ended) => {
                holds(self.tasks.is_empty(), "nobody is asked when it is over")?;
                match ended.outcome.as_deref() {
                    Some(APPROVED) => holds(self.level == self.levels.len(), "all levels have agreed")?,
                    Some(REJECTED) => holds(self.outcome() == Some(false), "a level has not agreed by its votes")?,
                    _ => {}
                }
            }
            VotingEvent::SubjectChanged | VotingEvent::SubjectRead(_) => {
                holds(!self.levels.is_empty(), "the record of an approval is looked at while it goes on")?;
            }
            VotingEvent::Voided { .. } => return Err("what goes on is begun anew, not void"),
        }
        Ok(())
    }

    /// What the votes of the level come to: yes, no, or nothing yet.
    fn outcome(&self) -> Option<bool> {
        let any = |choice: Choice| self.seats.iter().any(|seat| seat.decision == Some(choice));
        let (yes, no) = (any(Choice::Approve), any(Choice::Reject));
        let open = self.seats.iter().any(|seat| seat.decision.is_none());
        match &self.levels.get(self.level)?.mode {
            Mode::Any if yes => Some(true),
            Mode::Any | Mode::All | Mode::Sequential if no => Some(false),
            Mode::Any | Mode::All | Mode::Sequential if open => None,
            Mode::Any | Mode::All | Mode::Sequential => Some(yes),
            Mode::Quorum(quorum) => {
                let weight = |choice: Option<Choice>| -> i64 {
                    self.seats.iter().filter(|seat| seat.decision == choice).map(|seat| seat.weight).sum()
                };
                let (agreed, still) = (weight(Some(Choice::Approve)), weight(None));
                let stopped = self.seats.iter().any(|seat| seat.veto && seat.decision == Some(Choice::Reject));
                let may_stop = self.seats.iter().any(|seat| seat.veto && seat.decision.is_none());
                match () {
                    () if stopped || agreed + still < quorum.quorum => Some(false),
                    () if agreed >= quorum.quorum && !may_stop => Some(true),
                    () => None,
                }
            }
        }
    }
}
