//! How an approval goes: it is opened, the people of a level are asked for and seated, votes come in, the next level is
//! asked, until it ends. What is approved is looked at again whenever something moves.
//!
//! Every seat is a user task of its own. Who the people are is asked of the runtime: the directory decides in the moment in
//! which a level begins.

mod bound;
mod levels;
mod people;
mod tally;

pub(super) use bound::look_again;
pub(super) use people::barred;

use super::nodes::{Entered, fail, finish};
use super::subscriptions;
use super::work::Work;
use crate::model::action::{ActionCall, ActionResult, Ask};
use crate::model::approval::{APPROVED, Approval, Mode, REJECTED, RETURNED};
use crate::model::event::Event;
use crate::model::ids::{TaskId, UserId};
use crate::model::incident::Failure;
use crate::model::instance::TokenId;
use crate::model::process::NodeKind;
use crate::model::task::{TaskState, UserTask};
use crate::model::voting::{Choice, Ended, Seat, Vote, Voting, VotingEvent};
use serde_json::json;
use tally::Tally;

/// The action that finds the people of a level.
const APPROVERS: &str = "org.approvers";

/// A token comes to an approval.
pub(super) fn enter(work: &mut Work, token: TokenId, definition: &Approval) -> Result<Entered, Failure> {
    let voting = levels::opened(work, token, definition)?;
    emit(work, token, VotingEvent::Opened(Box::new(voting)));
    ask(work, token, definition);
    Ok(Entered::Waits)
}

/// Asks who sits at the level at work; when there is none left, all have agreed.
fn ask(work: &mut Work, token: TokenId, definition: &Approval) {
    let Some(voting) = work.instance.votings.get(&token) else { return };
    match voting.levels.get(voting.level) {
        Some(level) => {
            let input = people::wanted(voting, level, definition);
            work.ask = Some(Ask::Action(ActionCall { token, action: APPROVERS.to_owned(), input }));
        }
        None => close(work, token, APPROVED.to_owned(), None),
    }
}

/// The runtime found the people.
pub(super) fn acted(work: &mut Work, call: &ActionCall, result: &ActionResult) {
    let token = call.token;
    let Some(definition) = definition(work, token) else { return };
    let seated = result
        .clone()
        .map_err(|failure| failure.with_input(call.input.clone()))
        .and_then(|found| people::seats(work, token, &definition, &found));
    match seated {
        Ok((seats, votes)) => {
            emit(work, token, VotingEvent::Seated { seats, votes });
            go_on(work, token, &definition);
        }
        Err(failure) => give_up(work, token, failure),
    }
}

/// What the votes of the level come to now: it is asked further, or the next one is, or the approval ends.
pub(super) fn go_on(work: &mut Work, token: TokenId, definition: &Approval) {
    let Some(voting) = work.instance.votings.get(&token) else { return };
    let mode = voting.levels.get(voting.level).map_or(Mode::Any, |level| level.mode.clone());
    match tally::tally(&mode, &voting.seats) {
        Tally::Open => {
            give_tasks(work, token, definition, &mode);
            listen(work, token);
        }
        Tally::Agreed => {
            cancel_tasks(work, token);
            emit(work, token, VotingEvent::LevelPassed);
            ask(work, token, definition);
        }
        Tally::Refused => close(work, token, REJECTED.to_owned(), None),
    }
}

/// The approval ends with an outcome; its `out` variables are set, and its token goes on.
pub(super) fn close(work: &mut Work, token: TokenId, outcome: String, reason: Option<String>) {
    let Some(voting) = work.instance.votings.get(&token) else { return };
    let votes: Vec<&Vote> = voting.counting().collect();
    let result = json!({ "outcome": outcome, "reason": reason, "digest": voting.digest, "votes": votes });
    end(work, token, Some(outcome), reason);
    finish(work, token, result);
}

/// The approval is over; its activity may go on, be cancelled, or have failed.
pub(super) fn end(work: &mut Work, token: TokenId, outcome: Option<String>, reason: Option<String>) {
    if work.instance.votings.contains_key(&token) {
        cancel_tasks(work, token);
        let at = work.context.now;
        emit(work, token, VotingEvent::Closed(Ended { outcome, reason, at }));
    }
}

/// It cannot go on: a person has to mend something, then it is asked for anew.
fn give_up(work: &mut Work, token: TokenId, failure: Failure) {
    end(work, token, None, Some(failure.message.clone()));
    fail(work, token, failure);
}

/// The approval that a token stands at, as its process says it.
pub(super) fn definition(work: &Work, token: TokenId) -> Option<Approval> {
    match &work.place(token)?.node().kind {
        NodeKind::Approval(approval) => Some(Approval::clone(approval)),
        _ => None,
    }
}

/// Keeps what happened with an approval.
pub(super) fn emit(work: &mut Work, token: TokenId, event: VotingEvent) {
    work.emit(Event::Voting(token, event));
}

/// Every undecided seat gets its task; one after the other where the mode says so.
fn give_tasks(work: &mut Work, token: TokenId, definition: &Approval, mode: &Mode) {
    let Some(voting) = work.instance.votings.get(&token).cloned() else { return };
    let open = voting.seats.iter().enumerate().filter(|(_, seat)| seat.decision.is_none());
    let at_once = if *mode == Mode::Sequential { 1 } else { voting.seats.len() };
    for (number, seat) in open.take(at_once) {
        let given = |task: &UserTask| task.token == token && task.seat == Some(number);
        if !work.instance.tasks.values().any(given) {
            let task = task(work, &voting, definition, number, seat);
            work.emit(Event::TaskCreated { task: Box::new(task) });
        }
    }
}

fn task(work: &Work, voting: &Voting, definition: &Approval, number: usize, seat: &Seat) -> UserTask {
    UserTask {
        state: TaskState::Claimed,
        assignee: Some(seat.user.clone()),
        form: definition.form.clone(),
        outcomes: choices(definition).iter().map(|choice| choice.name().to_owned()).collect(),
        priority: definition.priority,
        due: definition.due.as_ref().map(|due| due.after(work.context.now)),
        seat: Some(number),
        ..work.new_task(voting.token, voting.title.clone())
    }
}

/// What an approver can decide: to send it back only where the process says what follows.
pub(super) fn choices(definition: &Approval) -> Vec<Choice> {
    let back = definition.outcomes.iter().any(|outcome| outcome.starts_with(RETURNED));
    Choice::ALL.into_iter().filter(|choice| back || *choice != Choice::Return).collect()
}

/// Whoever has voted at the level at work, in person.
pub(super) fn has_voted(voting: &Voting, user: &UserId) -> bool {
    voting.counting().any(|vote| vote.level == voting.level && vote.by.as_ref() == Some(user))
}

fn cancel_tasks(work: &mut Work, token: TokenId) {
    let open = work.instance.tasks.values().filter(|task| task.token == token);
    let open: Vec<TaskId> = open.map(|task| task.id.clone()).collect();
    for task in open {
        work.emit(Event::TaskCancelled { task });
    }
}

/// The events at its edge are waited for once people are asked.
fn listen(work: &mut Work, token: TokenId) {
    let Some(place) = work.place(token).filter(|_| !work.token(token).listening) else { return };
    if let Ok(planned) = subscriptions::at_edge(work, token, &place.process, place.node()) {
        subscriptions::open(work, token, planned);
    }
}
