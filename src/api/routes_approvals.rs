//! The part of the table that is about approvals.

use super::approvals::{self, AddApprover, DecideTask, WithdrawApproval};
use super::route::{Route, row};
use super::routes::{GET, POST};
use super::search::SearchBody;
use super::view::approval::ApprovalView;
use super::view::task::TaskView;
use crate::model::scope::Scope::{TasksRead, TasksWrite};

/// Approvals: looked at, voted on, withdrawn, and more people asked.
#[rustfmt::skip] // a table reads in rows
pub(super) fn approvals() -> Vec<Route> {
    vec![
        row(GET, "/approvals", "listApprovals", TasksRead, approvals::list, "Approvals that you asked for, or of instances that you may see, the newest first")
            .gives_page::<ApprovalView>().lists(&["state", "process", "instance", "submitter"]),
        row(POST, "/approvals/search", "searchApprovals", TasksRead, approvals::search, "Find approvals")
            .takes::<SearchBody>().gives_page::<ApprovalView>().harmless(),
        row(GET, "/approvals/{id}", "getApproval", TasksRead, approvals::get, "One approval: what is to be agreed to, who is asked, and every vote")
            .gives::<ApprovalView>(200),
        row(POST, "/approvals/{id}/withdraw", "withdrawApproval", TasksWrite, approvals::withdraw, "Take back what you asked for, while nobody has voted")
            .takes::<WithdrawApproval>().gives::<ApprovalView>(200),
        row(POST, "/approvals/{id}/approvers", "addApprover", TasksWrite, approvals::add, "Have somebody else asked at the level at work, too")
            .takes::<AddApprover>().gives::<ApprovalView>(200),
        row(POST, "/user-tasks/{id}/decide", "decideUserTask", TasksWrite, approvals::decide, "Vote: with the digest of what you saw")
            .takes::<DecideTask>().gives::<TaskView>(200).versioned(),
    ]
}
