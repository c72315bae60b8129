//! Who sees which tasks and instances, as one SQL predicate for get, search and count alike.

use super::statement::Statement;
use crate::model::ids::{BusinessId, UserId};

/// What a caller sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visible {
    /// The caller.
    pub user: UserId,
    /// The caller's roles: the groups of tasks.
    pub roles: Vec<String>,
    /// Sees everything in the business.
    pub all: bool,
    /// Processes whose tasks and instances the caller sees all of.
    pub processes: Vec<String>,
}

impl Visible {
    /// Everything in the business: for the engine itself and for those whose role says so.
    pub fn all(user: UserId) -> Visible {
        Visible { user, roles: Vec::new(), all: true, processes: Vec::new() }
    }
}

/// `AND …` for tasks `t`: the assignee's, an open one's candidates', its completer's.
pub(super) fn tasks<'a>(statement: &mut Statement<'a>, business: &'a BusinessId, visible: &'a Visible) {
    if visible.all {
        return;
    }
    statement.sql(" AND (t.id IN (");
    concerned(statement, "id", business, visible);
    statement.sql(")");
    of_processes(statement, visible);
    statement.sql(")");
}

/// `AND …` for instances `t`: the starter's, and those whose root has a task that concerns the caller.
pub(super) fn instances<'a>(statement: &mut Statement<'a>, business: &'a BusinessId, visible: &'a Visible) {
    if visible.all {
        return;
    }
    statement.sql(" AND (t.starter = ").text(visible.user.as_str()).sql(" OR t.root IN (");
    concerned(statement, "root", business, visible);
    statement.sql(")");
    of_processes(statement, visible);
    statement.sql(")");
}

fn of_processes<'a>(statement: &mut Statement<'a>, visible: &'a Visible) {
    if !visible.processes.is_empty() {
        statement.sql(" OR t.process").any_of(&visible.processes);
    }
}

/// A column of the tasks that concern the caller. Each branch has an index of its own, where one condition with OR
/// would have none.
fn concerned<'a>(statement: &mut Statement<'a>, column: &str, business: &'a BusinessId, visible: &'a Visible) {
    let (business, user) = (business.as_str(), visible.user.as_str());
    statement.sql(format!("SELECT o.{column} FROM user_tasks AS o WHERE o.business = ")).text(business);
    statement.sql(" AND o.assignee = ").text(user);
    statement.sql(format!(" UNION ALL SELECT o.{column} FROM user_tasks AS o WHERE o.business = ")).text(business);
    statement.sql(" AND o.completed_by = ").text(user);
    // A candidate row names its task; only what else is asked of the task needs the task's own row.
    let candidates = match column {
        "id" => "SELECT c.task FROM task_candidates AS c".to_owned(),
        other => format!(
            "SELECT o.{other} FROM task_candidates AS c JOIN user_tasks AS o ON o.business = c.business AND o.id = c.task"
        ),
    };
    statement.sql(format!(" UNION ALL {candidates} WHERE c.kind = 'user' AND c.business = ")).text(business);
    statement.sql(" AND c.value = ").text(user);
    if !visible.roles.is_empty() {
        statement.sql(format!(" UNION ALL {candidates} WHERE c.kind = 'group' AND c.business = ")).text(business);
        statement.sql(" AND c.value").any_of(&visible.roles);
    }
}
