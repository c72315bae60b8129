//! What changes of a user task while it is open, as one function for the state and for the rows. Whether it may change is
//! the engine's to say.

use super::event::Event;
use super::ids::{TaskId, UserId};
use super::task::{Delegation, TaskState, UserTask};
use super::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A change of an open task.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TaskChanged {
    /// Which.
    pub task: TaskId,
    /// Who changed it.
    pub by: UserId,
    /// How.
    pub change: TaskChange,
}

/// How an open task changes, other than by being taken and finished.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum TaskChange {
    /// Somebody gave it back.
    Unclaimed,
    /// Somebody was given it; none: it went back to the candidates.
    Assigned {
        /// Who.
        to: Option<UserId>,
    },
    /// Its assignee let somebody else do it.
    Delegated {
        /// Who is to do it.
        to: UserId,
        /// What there is to say of it.
        comment: Option<String>,
    },
    /// The delegate gave it back done.
    Resolved {
        /// For whom, as the substitute of the delegate.
        acting_for: Option<UserId>,
    },
    /// Somebody said how urgent it is, or when.
    Updated(TaskUpdate),
    /// Who has it, or may take it where nobody has, was reminded.
    Reminded {
        /// By name.
        users: Vec<UserId>,
        /// By role.
        groups: Vec<String>,
    },
    /// It was not done in time: these may take it, too.
    Escalated {
        /// By name.
        users: Vec<UserId>,
        /// By role.
        groups: Vec<String>,
    },
}

/// What somebody says of a task; what is not said stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskUpdate {
    /// 0 to 100, higher first.
    pub priority: Option<i64>,
    /// When it is due; `Some(None)`: never.
    pub due: Option<Option<Timestamp>>,
    /// When to come back to it; `Some(None)`: not at all.
    pub follow_up: Option<Option<Timestamp>>,
}

/// A person whom a task is given, by the directory at that moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The login.
    pub user: UserId,
    /// The roles.
    pub roles: BTreeSet<String>,
}

/// The task after an event that is about it.
pub fn fold(task: &mut UserTask, event: &Event) {
    match event {
        Event::TaskClaimed { by, acting_for, .. } => hand(task, Some(by.clone()), acting_for.clone()),
        Event::TaskCompleted { by, acting_for, outcome, .. } => {
            task.state = TaskState::Completed;
            task.completed_by = Some(by.clone());
            task.completed_for.clone_from(acting_for);
            task.outcome.clone_from(outcome);
        }
        Event::TaskCancelled { .. } => task.state = TaskState::Cancelled,
        Event::TaskChanged(TaskChanged { by, change, .. }) => changed(task, by, change),
        _ => return,
    }
    if !matches!(event, Event::TaskChanged(TaskChanged { change: TaskChange::Reminded { .. }, .. })) {
        task.version += 1;
    }
}

fn changed(task: &mut UserTask, by: &UserId, change: &TaskChange) {
    match change {
        // What was delegated goes back to who delegated it.
        TaskChange::Unclaimed => {
            let owner = task.owner.take().filter(|_| task.delegation == Some(Delegation::Pending));
            hand(task, owner, None);
        }
        TaskChange::Assigned { to } => hand(task, to.clone(), None),
        TaskChange::Delegated { to, .. } => {
            let owner = task.owner.take().or(task.assignee.take());
            hand(task, Some(to.clone()), None);
            (task.owner, task.delegation) = (owner, Some(Delegation::Pending));
        }
        TaskChange::Resolved { acting_for } => {
            for helper in [Some(by), acting_for.as_ref()].into_iter().flatten() {
                if !task.helpers.contains(helper) {
                    task.helpers.push(helper.clone());
                }
            }
            let owner = task.owner.take();
            hand(task, owner.clone(), None);
            (task.owner, task.delegation) = (owner, Some(Delegation::Resolved));
        }
        TaskChange::Updated(update) => {
            task.priority = update.priority.unwrap_or(task.priority);
            task.due = update.due.unwrap_or(task.due);
            task.follow_up = update.follow_up.unwrap_or(task.follow_up);
        }
        TaskChange::Reminded { .. } => {}
        TaskChange::Escalated { users, groups } => {
            let raised = task.raised.get_or_insert_default();
            raised.users.extend(users.iter().filter(|user| !raised.users.contains(user)).cloned().collect::<Vec<_>>());
            raised.groups.extend(groups.iter().cloned());
            raised.open = true;
        }
    }
}

/// Somebody has it from now on, or nobody. A delegation is over, and who it was raised to has had their say.
fn hand(task: &mut UserTask, to: Option<UserId>, acting_for: Option<UserId>) {
    task.state = if to.is_some() { TaskState::Claimed } else { TaskState::Created };
    (task.assignee, task.acting_for) = (to, acting_for);
    (task.owner, task.delegation) = (None, None);
    if let Some(raised) = &mut task.raised {
        raised.open = false;
    }
}

/// Everybody who did a task: who completed it, for whom, who delegated it, and who helped; each once.
pub fn performers(task: &UserTask) -> Vec<UserId> {
    let mut people: Vec<UserId> = Vec::new();
    let named = [&task.completed_by, &task.completed_for, &task.owner];
    for user in named.into_iter().flatten().chain(&task.helpers) {
        if !people.contains(user) {
            people.push(user.clone());
        }
    }
    people
}
