//! The part of the table about who has a task and when, and what is beside user tasks: counts, saved lists, remarks, files.

use super::route::{Route, row};
use super::routes::{DELETE, GET, POST, PUT};
use super::sent::Nothing;
use super::standalone_tasks::{self, CancelTask, CreateTask};
use super::task_counts::CountTasks;
use super::task_filters::SaveTaskFilter;
use super::task_papers::{AttachToTask, WriteComment};
use super::task_verbs::{self, AssignTask, CreateSubTask, DelegateTask, ResolveTask};
use super::view::eligibility::EligibilityView;
use super::view::file::FileView;
use super::view::task::TaskView;
use super::view::task_comment::TaskCommentView;
use super::view::task_count::TaskCountsView;
use super::view::task_filter::TaskFilterView;
use super::{eligibility, task_counts, task_filters, task_papers};
use crate::model::scope::Scope::{TasksRead, TasksWrite};

/// Tasks given to others, delegated, planned; counts and saved lists of tasks, and what people put beside them.
#[rustfmt::skip] // a table reads in rows
pub(super) fn tasks() -> Vec<Route> {
    vec![
        row(POST, "/user-tasks", "createUserTask", TasksWrite, standalone_tasks::create, "Make a task by itself, for somebody or for whoever takes it: it belongs to no deployed process")
            .takes::<CreateTask>().gives::<TaskView>(201).tagged(),
        row(POST, "/user-tasks/{id}/cancel", "cancelUserTask", TasksWrite, standalone_tasks::cancel, "Take back a task that you made by itself")
            .takes_perhaps::<CancelTask>().gives::<TaskView>(200).versioned(),
        row(POST, "/user-tasks/{id}/assign", "assignUserTask", TasksWrite, task_verbs::assign, "Give a task to somebody, or back to its candidates; for process administrators and superiors")
            .takes::<AssignTask>().gives::<TaskView>(200).versioned(),
        row(POST, "/user-tasks/{id}/delegate", "delegateUserTask", TasksWrite, task_verbs::delegate, "Let somebody else do your task, and answer for it")
            .takes::<DelegateTask>().gives::<TaskView>(200).versioned(),
        row(POST, "/user-tasks/{id}/resolve", "resolveUserTask", TasksWrite, task_verbs::resolve, "Give a task back done to who delegated it")
            .takes::<ResolveTask>().gives::<TaskView>(200).versioned(),
        row(POST, "/user-tasks/{id}/sub-tasks", "createSubTask", TasksWrite, task_verbs::create_sub_task, "Give somebody a part of your task")
            .takes::<CreateSubTask>().gives::<TaskView>(201).tagged(),
        row(POST, "/user-tasks/count", "countUserTasks", TasksRead, task_counts::count, "Count the tasks of several lists at once, whole or by what they have in common")
            .takes::<CountTasks>().gives::<TaskCountsView>(200).harmless(),
        row(GET, "/user-tasks/{id}/eligibility", "getTaskEligibility", TasksRead, eligibility::get, "What you, or somebody below you, may do with a task, and why")
            .gives::<EligibilityView>(200).asks(&["user"]),
        row(GET, "/user-tasks/{id}/comments", "listTaskComments", TasksRead, task_papers::list_comments, "The remarks on a task, oldest first")
            .gives_page::<TaskCommentView>().lists(&[]),
        row(POST, "/user-tasks/{id}/comments", "writeTaskComment", TasksWrite, task_papers::write_comment, "Write a remark on a task that you see; it is never changed")
            .takes::<WriteComment>().gives::<TaskCommentView>(201),
        row(GET, "/user-tasks/{id}/attachments", "getTaskAttachments", TasksRead, task_papers::list_files, "The files of a task")
            .gives_list::<FileView>(),
        row(POST, "/user-tasks/{id}/attachments", "attachFileToTask", TasksWrite, task_papers::attach, "Add an uploaded file to a task that you see")
            .takes::<AttachToTask>().gives::<FileView>(201),
        row(DELETE, "/user-tasks/{id}/attachments/{file}", "detachFileFromTask", TasksWrite, task_papers::detach, "Take a file off an open task: who added it, or has the task")
            .takes_nothing().gives::<Nothing>(200),
        row(GET, "/task-filters", "listTaskFilters", TasksRead, task_filters::list, "The saved lists of tasks that are yours, or shared with your roles")
            .gives_page::<TaskFilterView>().lists(&[]),
        row(POST, "/task-filters", "createTaskFilter", TasksWrite, task_filters::create, "Save a list of tasks, perhaps shared with roles of yours")
            .takes::<SaveTaskFilter>().gives::<TaskFilterView>(201).tagged(),
        row(GET, "/task-filters/{id}", "getTaskFilter", TasksRead, task_filters::get, "One saved list")
            .gives::<TaskFilterView>(200).tagged(),
        row(PUT, "/task-filters/{id}", "putTaskFilter", TasksWrite, task_filters::put, "Save a list of yours anew")
            .takes::<SaveTaskFilter>().gives::<TaskFilterView>(200).versioned(),
        row(DELETE, "/task-filters/{id}", "deleteTaskFilter", TasksWrite, task_filters::delete, "Remove a list of yours")
            .takes_nothing().gives::<Nothing>(200).guarded(),
    ]
}
