//! How an approval goes: it is opened, the people of a level are asked for and seated, votes come in, the next level is
//! asked, until it ends. What is approved is looked at again whenever something moves.
//!
//! Every seat is a user task of its own. Who the people are is asked of the runtime: the directory decides in the moment in
//! which a level begins.

mod adding;
mod bound;
mod levels;
mod people;
mod reapprove;
mod subject;
mod tally;
mod voter;

pub(super) use adding::add;
pub use adding::may_add_approver;
pub(super) use bound::look_again;
pub(super) use reapprove::take_back;
pub(super) use subject::changed as subject_changed;
pub(super) use voter::{may_vote, no_voters};

use super::nodes::{Entered, fail, finish, user_task};
use super::subscriptions;
use super::task_clock;
use super::work::Work;
use crate::model::action::{ActionCall, ActionResult, Ask};
use crate::model::approval::{APPROVED, Approval, Mode, REJECTED, RETURNED};
use crate::model::event::Event;
use crate::model::incident::Failure;
use crate::model::instance::TokenId;
use crate::model::process::NodeKind;
use crate::model::task::{TaskState, UserTask};
use crate::model::voting::{Choice, Ended, Seat, Subject, Vote, Voting, VotingEvent};
use serde_json::json;
use tally::Tally;

/// The action that finds the people of a level.
const APPROVERS: &str = "org.approvers";

/// A token comes to an approval.
pub(super) fn enter(work: &mut Work, token: TokenId, definition: &Approval) -> Result<Entered, Failure> {
    match definition.subject {
        Some(_) => subject::ask(work, token)?,
        None => open(work, token, definition, None)?,
    }
    Ok(Entered::Waits)
}

/// What is approved is known: it begins.
fn open(work: &mut Work, token: TokenId, definition: &Approval, subject: Option<Subject>) -> Result<(), Failure> {
    let voting = levels::opened(work, token, definition, subject)?;
    emit(work, token, VotingEvent::Opened(Box::new(voting)));
    ask(work, token, definition);
    Ok(())
}

/// Asks who sits at the level at work; when there is none left, all have agreed.
fn ask(work: &mut Work, token: TokenId, definition: &Approval) {
    let Some(voting) = work.instance.votings.get(&token) else { return };
    match voting.levels.get(voting.level) {
        Some(level) => {
            let input = people::wanted(voting, level, definition);
            work.ask = Some(Ask::Action(ActionCall { token, task: None, action: APPROVERS.to_owned(), input }));
        }
        None => close(work, token, APPROVED.to_owned(), None),
    }
}

/// The runtime has read the record, or found the people.
pub(super) fn acted(work: &mut Work, call: &ActionCall, result: &ActionResult) {
    let Some(definition) = definition(work, call.token) else { return };
    match &definition.subject {
        Some(of) if call.action == subject::LOCK => {
            let read = subject::read(work, call.token, of, result);
            known(work, call, &definition, read);
        }
        _ => found(work, call, &definition, result),
    }
}

/// What the record is now: the approval begins, or what it was asked for is looked at again.
fn known(work: &mut Work, call: &ActionCall, definition: &Approval, read: Result<Subject, Failure>) {
    let token = call.token;
    let goes_on = work.instance.votings.contains_key(&token);
    let done = read.and_then(|subject| match goes_on {
        true => {
            emit(work, token, VotingEvent::SubjectRead(subject));
            Ok(())
        }
        false => open(work, token, definition, Some(subject)),
    });
    if let Err(failure) = done {
        give_up(work, token, failure.with_input(call.input.clone()));
    }
}

fn found(work: &mut Work, call: &ActionCall, definition: &Approval, result: &ActionResult) {
    let token = call.token;
    let seated = result
        .clone()
        .map_err(|failure| failure.with_input(call.input.clone()))
        .and_then(|found| people::seats(work, token, definition, &found));
    match seated {
        Ok((seats, votes)) => {
            emit(work, token, VotingEvent::Seated { seats, votes });
            go_on(work, token, definition);
        }
        Err(failure) => give_up(work, token, failure),
    }
}

/// What the votes of the level come to now: it is asked further, or the next one is, or the approval ends.
pub(super) fn go_on(work: &mut Work, token: TokenId, definition: &Approval) {
    let Some(voting) = work.instance.votings.get(&token) else { return };
    let mode = voting.levels.get(voting.level).map_or(Mode::Any, |level| level.mode.clone());
    match tally::tally(&mode, &voting.seats) {
        Tally::Open => match give_tasks(work, token, definition, &mode) {
            Ok(()) => listen(work, token),
            Err(failure) => give_up(work, token, failure),
        },
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
        emit(work, token, VotingEvent::Closed(Ended { outcome, reason, at, voided_at: None }));
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
fn give_tasks(work: &mut Work, token: TokenId, definition: &Approval, mode: &Mode) -> Result<(), Failure> {
    let Some(voting) = work.instance.votings.get(&token).cloned() else { return Ok(()) };
    let open = voting.seats.iter().enumerate().filter(|(_, seat)| seat.decision.is_none());
    let at_once = if *mode == Mode::Sequential { 1 } else { voting.seats.len() };
    for (number, seat) in open.take(at_once) {
        let given = |task: &UserTask| task.token == token && task.seat == Some(number);
        if !work.instance.tasks.values().any(given) {
            let due = user_task::due(work, token, &definition.timing)?;
            let task = UserTask { due, ..task(work, &voting, definition, number, seat) };
            let id = task.id.clone();
            work.emit(Event::TaskCreated { task: Box::new(task) });
            task_clock::set(work, &id);
        }
    }
    Ok(())
}

fn task(work: &Work, voting: &Voting, definition: &Approval, number: usize, seat: &Seat) -> UserTask {
    UserTask {
        state: TaskState::Claimed,
        assignee: Some(seat.user.clone()),
        form: definition.form.clone(),
        outcomes: choices(definition).iter().map(|choice| choice.name().to_owned()).collect(),
        priority: definition.priority,
        seat: Some(number),
        ..work.new_task(voting.token, voting.title.clone())
    }
}

/// What an approver can decide: to send it back only where the process says what follows.
pub(super) fn choices(definition: &Approval) -> Vec<Choice> {
    let back = definition.outcomes.iter().any(|outcome| outcome.starts_with(RETURNED));
    Choice::ALL.into_iter().filter(|choice| back || *choice != Choice::Return).collect()
}

fn cancel_tasks(work: &mut Work, token: TokenId) {
    let open = work.instance.tasks.values().filter(|task| task.token == token);
    let open: Vec<UserTask> = open.cloned().collect();
    for task in open {
        if task.parent.is_none() {
            task_clock::stop(work, &task);
        }
        work.emit(Event::TaskCancelled { task: task.id });
    }
}

/// The events at its edge are waited for once people are asked.
fn listen(work: &mut Work, token: TokenId) {
    let Some(place) = work.place(token).filter(|_| !work.token(token).listening) else { return };
    if let Ok(planned) = subscriptions::at_edge(work, token, &place.process, place.node()) {
        subscriptions::open(work, token, planned);
    }
}
