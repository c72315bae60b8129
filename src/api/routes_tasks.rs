//! The part of the table that is about who has a task and when.

use super::route::{Route, row};
use super::routes::{PATCH, POST};
use super::task_verbs::{self, AssignTask, CreateSubTask, DelegateTask, PatchTask, ResolveTask};
use super::view::task::TaskView;
use crate::model::scope::Scope::TasksWrite;

/// Tasks: given to others, delegated, resolved, planned.
#[rustfmt::skip] // a table reads in rows
pub(super) fn tasks() -> Vec<Route> {
    vec![
        row(PATCH, "/user-tasks/{id}", "patchUserTask", TasksWrite, task_verbs::patch, "Say how urgent a task is, when it is due or to be looked at again")
            .takes::<PatchTask>().gives::<TaskView>(200).versioned(),
        row(POST, "/user-tasks/{id}/assign", "assignUserTask", TasksWrite, task_verbs::assign, "Give a task to somebody, or back to its candidates; for process administrators and superiors")
            .takes::<AssignTask>().gives::<TaskView>(200).versioned(),
        row(POST, "/user-tasks/{id}/delegate", "delegateUserTask", TasksWrite, task_verbs::delegate, "Let somebody else do your task, and answer for it")
            .takes::<DelegateTask>().gives::<TaskView>(200).versioned(),
        row(POST, "/user-tasks/{id}/resolve", "resolveUserTask", TasksWrite, task_verbs::resolve, "Give a task back done to who delegated it")
            .takes::<ResolveTask>().gives::<TaskView>(200).versioned(),
        row(POST, "/user-tasks/{id}/sub-tasks", "createSubTask", TasksWrite, task_verbs::create_sub_task, "Give somebody a part of your task")
            .takes::<CreateSubTask>().gives::<TaskView>(201).tagged(),
    ]
}
