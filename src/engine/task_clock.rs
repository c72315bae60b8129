//! The clock of a user task, be it work or a vote: reminders and escalations. Its timers are held by the token of the task
//! and stand for its own node, where those of boundary events stand for the event. Votes share a token: the trigger of a
//! timer says whose seat it is for.

use super::approvals;
use super::work::Work;
use crate::model::action::{ActionCall, ActionResult, Ask};
use crate::model::event::Event;
use crate::model::ids::{TaskId, TimerId, UserId};
use crate::model::instance::TokenId;
use crate::model::json::Json;
use crate::model::process::NodeKind;
use crate::model::task::UserTask;
use crate::model::task_change::{TaskChange, TaskChanged};
use crate::model::task_timing::{EscalateTo, Timing};
use crate::model::time::Timestamp;
use crate::model::timer::Timer;
use serde_json::json;

/// The action that knows who stands above whom.
const ABOVE: &str = "org.above";

/// What a timer of a task is for, by what its trigger leaves when it is divided by [`PURPOSES`]; the whole is the seat.
const ESCALATE: usize = 0;
const BEFORE: usize = 1;
const AFTER: usize = 2;
const PURPOSES: usize = 3;

/// Sets the timers of a task. What is over already is not reminded of.
pub(super) fn set(work: &mut Work, task: &TaskId) {
    let Some(task) = work.instance.tasks.get(task).cloned() else { return };
    let Some(timing) = timing(work, task.token) else { return };
    let (base, now) = (task.due.unwrap_or(task.created_at), work.context.now);
    let remind = timing.remind.as_ref();
    let before = remind.and_then(|remind| remind.before.as_ref()).zip(task.due);
    let before = before.map(|(before, due)| before.before(due)).filter(|at| *at > now);
    let after = remind.and_then(|remind| remind.after.as_ref()).map(|after| after.after(base));
    let most = remind.filter(|remind| remind.every.is_some()).map_or(1, |remind| remind.most);
    let escalate = timing.escalate.as_ref().map(|escalate| escalate.after.after(base));
    for (trigger, due, left) in [(BEFORE, before, 0), (AFTER, after, most.saturating_sub(1)), (ESCALATE, escalate, 0)] {
        if let Some(due) = due {
            wait(work, &task, trigger, due, left);
        }
    }
}

/// Takes the timers of a task away: it is done, or its times are others.
pub(super) fn stop(work: &mut Work, task: &UserTask) {
    let own = |timer: &&Timer| {
        timer.holder == task.token && timer.node == task.node && timer.trigger / PURPOSES == seat(task)
    };
    let own = work.instance.timers.values().filter(own);
    let gone: Vec<TimerId> = own.map(|timer| timer.id.clone()).collect();
    gone.into_iter().for_each(|timer| work.emit(Event::TimerCancelled { timer }));
}

/// Whether a timer is one of a task: it stands for the user task that its token is at.
pub(super) fn is_own(work: &Work, timer: &Timer) -> bool {
    let at = work.instance.tokens.get(&timer.holder).filter(|token| token.node == timer.node);
    at.is_some_and(|token| timing(work, token.id).is_some())
}

/// A timer of a task has fired.
pub(super) fn fire(work: &mut Work, timer: &Timer) {
    let token = timer.holder;
    let (Some(task), Some(timing)) = (task_of(work, timer).cloned(), timing(work, token)) else { return };
    if timer.trigger % PURPOSES != ESCALATE {
        again(work, &task, timer, &timing);
        let (users, groups) = concerned(&task);
        return changed(work, &task, TaskChange::Reminded { users, groups });
    }
    match timing.escalate.map(|escalate| escalate.to) {
        Some(EscalateTo::Superior) => {
            let (users, roles) = concerned(&task);
            let mut besides = task.raised.map(|raised| raised.users).unwrap_or_default();
            besides.extend(approvals::no_voters(work, token));
            let input = json!({ "users": users, "roles": roles, "besides": besides });
            let (action, task) = (ABOVE.to_owned(), Some(task.id));
            work.ask = Some(Ask::Action(ActionCall { token, task, action, input }));
        }
        Some(EscalateTo::Role(role)) => {
            changed(work, &task, TaskChange::Escalated { users: Vec::new(), groups: vec![role] });
        }
        None => {}
    }
}

/// Who stands above is known: these may take the task, and those above them when it is still not done. At the top of the
/// hierarchy it ends.
pub(super) fn above(work: &mut Work, task: &TaskId, result: &ActionResult) {
    let Some(task) = work.instance.tasks.get(task).cloned() else { return };
    let Some(escalate) = timing(work, task.token).and_then(|timing| timing.escalate) else { return };
    let users = match result {
        Ok(Json::Array(found)) => found.iter().filter_map(Json::as_str).map(UserId::from).collect(),
        Ok(_) => Vec::new(),
        // The directory could not be asked: the next time comes.
        Err(_) => return wait(work, &task, ESCALATE, escalate.after.after(work.context.now), 0),
    };
    if users.is_empty() {
        return;
    }
    changed(work, &task, TaskChange::Escalated { users, groups: Vec::new() });
    wait(work, &task, ESCALATE, escalate.after.after(work.context.now), 0);
}

/// The next reminder counts from when this one was due; those that were missed meanwhile are not made up for.
fn again(work: &mut Work, task: &UserTask, timer: &Timer, timing: &Timing) {
    let every = timing.remind.as_ref().and_then(|remind| remind.every.as_ref());
    let (Some(every), Some(mut left)) = (every.filter(|_| timer.trigger % PURPOSES == AFTER), timer.left) else {
        return;
    };
    let mut due = timer.due;
    while left > 0 {
        (due, left) = (every.after(due), left - 1);
        if due > work.context.now {
            return wait(work, task, AFTER, due, left);
        }
    }
}

/// Who is to act: who has it, else who may take it.
fn concerned(task: &UserTask) -> (Vec<UserId>, Vec<String>) {
    match &task.assignee {
        Some(user) => (vec![user.clone()], Vec::new()),
        None => (task.candidate_users.clone(), task.candidate_groups.clone()),
    }
}

fn changed(work: &mut Work, task: &UserTask, change: TaskChange) {
    let by = work.context.actor.user.clone();
    work.emit(Event::TaskChanged(TaskChanged { task: task.id.clone(), by, change }));
}

fn wait(work: &mut Work, task: &UserTask, purpose: usize, due: Timestamp, left: u32) {
    let (id, holder, node) = (TimerId(work.next_id()), task.token, task.node.clone());
    let trigger = seat(task) * PURPOSES + purpose;
    work.emit(Event::TimerSet { timer: Timer { id, holder, node, trigger, due, left: Some(left) } });
}

fn seat(task: &UserTask) -> usize {
    task.seat.unwrap_or_default()
}

/// The task that a timer is for.
fn task_of<'w>(work: &'w Work, timer: &Timer) -> Option<&'w UserTask> {
    let here = |task: &&UserTask| task.token == timer.holder && task.parent.is_none();
    work.instance.tasks.values().filter(here).find(|task| seat(task) == timer.trigger / PURPOSES)
}

fn timing(work: &Work, token: TokenId) -> Option<Timing> {
    work.instance.tokens.get(&token)?;
    match &work.place(token)?.node().kind {
        NodeKind::UserTask(definition) => Some(Timing::clone(&definition.timing)),
        NodeKind::Approval(definition) => Some(Timing::clone(&definition.timing)),
        _ => None,
    }
}
