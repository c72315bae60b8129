//! Counting tasks: several lists at once, each whole or by what its tasks have in common.

use super::page::Search;

/// A list that is counted.
#[derive(Debug, Clone, PartialEq)]
pub struct CountAsked {
    /// What it is called in the answer.
    pub name: String,
    /// Which tasks.
    pub search: Search,
    /// By what; none: only how many in all.
    pub by: Option<GroupBy>,
    /// Where its filter stands in the request: a JSON pointer.
    pub at: String,
}

/// What tasks are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupBy {
    /// Their process.
    Process,
    /// Their node.
    Node,
    /// Who has them.
    Assignee,
    /// The groups that they are open for.
    CandidateGroup,
    /// Whether they are overdue, due today, later, or never.
    Due,
}

impl GroupBy {
    /// All of them.
    pub const ALL: [GroupBy; 5] =
        [GroupBy::Process, GroupBy::Node, GroupBy::Assignee, GroupBy::CandidateGroup, GroupBy::Due];

    /// The word in JSON.
    pub fn name(self) -> &'static str {
        match self {
            GroupBy::Process => "process",
            GroupBy::Node => "node",
            GroupBy::Assignee => "assignee",
            GroupBy::CandidateGroup => "candidateGroup",
            GroupBy::Due => "due",
        }
    }
}

/// How many there are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskCount {
    /// What the list is called.
    pub name: String,
    /// How many in all, as a page tells it.
    pub total: i64,
    /// How many of each kind; none when not asked for.
    pub groups: Option<Vec<(Option<String>, i64)>>,
}
