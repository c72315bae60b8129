//! Who gives tasks to others and plans them: a process administrator, and who stands above those who have the task or may
//! take it, by the directory at that moment.

use super::PROCESS_ADMIN;
use crate::engine;
use crate::model::actor::Actor;
use crate::model::ids::UserId;
use crate::model::refusal::Refusal;
use crate::model::task::{TaskVerb, UserTask};
use crate::model::task_change::{Person, TaskUpdate};
use crate::model::time::Timestamp;
use crate::plugins::Stop;
use crate::store::{Connection, StoreError, standing, superiors};
use std::collections::BTreeSet;

/// Over whose tasks a caller has the say.
pub enum Say {
    /// Over all.
    All,
    /// Over those of people below.
    Below {
        /// Those of the people who were asked for.
        users: BTreeSet<UserId>,
        /// The roles that somebody below has, of those that were asked for.
        roles: BTreeSet<String>,
        /// The caller, who has the say over what the caller made.
        caller: UserId,
    },
}

impl Say {
    /// What a caller has the say over, as far as these tasks go.
    pub fn of<'t>(
        conn: &mut Connection,
        actor: &Actor,
        tasks: impl Iterator<Item = &'t UserTask> + Clone,
        at: Timestamp,
    ) -> Result<Say, StoreError> {
        if actor.roles.contains(PROCESS_ADMIN) {
            return Ok(Say::All);
        }
        let users: BTreeSet<&UserId> = tasks.clone().flat_map(people).collect();
        let roles: BTreeSet<&String> = tasks.flat_map(groups).collect();
        let (business, superior) = (&actor.business, &actor.user);
        Ok(Say::Below {
            users: superiors::among_below(conn, business, superior, &users, at)?,
            roles: superiors::roles_below(conn, business, superior, &roles, at)?,
            caller: superior.clone(),
        })
    }

    /// Whether it is over this task: of who has it or delegated it; where nobody has it, of one who may take it; of who made
    /// it by itself.
    pub fn over(&self, task: &UserTask) -> bool {
        match self {
            Say::All => true,
            Say::Below { users, roles, caller } => {
                let made = task.is_standalone() && task.starter.as_ref() == Some(caller);
                made || people(task).any(|user| users.contains(user)) || groups(task).any(|role| roles.contains(role))
            }
        }
    }
}

fn people(task: &UserTask) -> impl Iterator<Item = &UserId> {
    let had = task.assignee.iter().chain(&task.owner);
    had.chain(task.candidate_users.iter().filter(|_| task.assignee.is_none()))
}

fn groups(task: &UserTask) -> impl Iterator<Item = &String> {
    task.candidate_groups.iter().filter(|_| task.assignee.is_none())
}

/// Adds what the directory lets a caller do with open tasks.
pub(super) fn add_verbs(say: &Say, actor: &Actor, task: &UserTask, verbs: &mut Vec<TaskVerb>) {
    let possible = |verb| engine::capacities(task, verb, actor).is_ok();
    let over = say.over(task);
    if over && possible(TaskVerb::Assign) {
        verbs.push(TaskVerb::Assign);
    }
    if (over || task.assignee.as_ref() == Some(&actor.user)) && possible(TaskVerb::Update) {
        verbs.push(TaskVerb::Update);
    }
}

/// Refuses a caller who may not give this open task to others.
pub fn may_assign(conn: &mut Connection, actor: &Actor, task: &UserTask, at: Timestamp) -> Result<(), Stop> {
    if Say::of(conn, actor, std::iter::once(task), at)?.over(task) {
        return Ok(());
    }
    let sentence = format!(
        "task {} is given to others by who stands above those who have it or may take it; {} does not",
        task.id, actor.user
    );
    Err(Refusal::forbidden("may_not_assign", sentence).into())
}

/// Refuses a caller who may not say this of an open task: who has it says when to come back to it; how urgent it is and
/// when it is due is for who may give it to others, so that nobody puts off what would be escalated.
pub fn may_update(
    conn: &mut Connection,
    actor: &Actor,
    task: &UserTask,
    update: &TaskUpdate,
    at: Timestamp,
) -> Result<(), Stop> {
    let only_follow_up = update.priority.is_none() && update.due.is_none();
    if only_follow_up && task.assignee.as_ref() == Some(&actor.user) {
        return Ok(());
    }
    may_assign(conn, actor, task, at).map_err(|stop| match stop {
        Stop::Refused(refusal) if task.assignee.as_ref() == Some(&actor.user) => {
            let detail = format!("of task {} you can change \"followUp\"; the rest is for those above you", task.id);
            Refusal { code: "may_not_update".to_owned(), detail, ..refusal }.into()
        }
        Stop::Refused(refusal) => Refusal { code: "may_not_update".to_owned(), ..refusal }.into(),
        stop => stop,
    })
}

/// A person who is to be given a task: an active user of the business, with the roles of now.
pub fn person(conn: &mut Connection, actor: &Actor, user: &UserId) -> Result<Person, Stop> {
    match standing::find(conn, &actor.business, user)? {
        Some(found) if found.active => Ok(Person { user: user.clone(), roles: found.roles.into_iter().collect() }),
        Some(_) => {
            Err(Refusal::invalid("inactive_user", format!("{user} is not active and cannot be given a task")).into())
        }
        None => Err(Refusal::invalid("not_there", format!("there is no user \"{user}\"")).into()),
    }
}
