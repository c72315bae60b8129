//! The tasks that a caller sees or can work on, found from the caller's side: by index, each at most so many times.
//! Whether one of them is really seen is decided by [`visible`](super::super::visible) alone.

use super::super::break_glass;
use super::super::candidates::Candidates;
use super::super::connection::Connection;
use super::super::error::StoreError;
use super::super::stand_ins;
use super::super::statement::Statement;
use super::super::visible::{Reaches, Ties, Visible, columns, is, whos};
use super::{TaskQuery, TaskState, ways};
use crate::model::break_glass::Right;
use crate::model::ids::BusinessId;
use diesel::sql_types::Integer;

/// Whether all that is seen hangs together with the caller in some way.
pub(super) fn is_tied(visible: &Visible) -> bool {
    visible.ties().all(|ties| matches!(ties, Ties::Some(_)))
}

/// `SELECT` of the ids of tasks in these states that are seen, or a little more, at most so many a way; one may come
/// several times. Only for a sight that [`is_tied`].
pub(super) fn ids<'a>(statement: &mut Statement<'a>, query: &'a TaskQuery, states: &[TaskState], most: i64) {
    let TaskQuery { business, visible, .. } = query;
    let mut all = Reaches::default();
    for ties in visible.ties() {
        if let Ties::Some(Reaches { starter, assignee, candidate }) = ties {
            for (wide, reach) in
                [(&mut all.starter, starter), (&mut all.assignee, assignee), (&mut all.candidate, candidate)]
            {
                wide.own |= reach.own;
                wide.below = wide.below.max(reach.below);
            }
        }
    }
    let states = states.iter().map(|state| format!("'{}'", state.name())).collect::<Vec<_>>().join(", ");
    let states = if states.is_empty() { "''".to_owned() } else { states };
    statement.sql("SELECT '' AS id WHERE FALSE");
    for (column, reach) in columns(&all) {
        // Their indexes have no state; one that has would be taken, and all open tasks be looked at.
        let state = if column.starts_with("completed") { "o.state || ''" } else { "o.state" };
        for who in whos(reach) {
            statement.sql(" UNION ALL SELECT a.id FROM (SELECT o.id FROM user_tasks AS o WHERE o.business = ");
            is(statement.text(business.as_str()).sql(format!(" AND o.{column}")), business, visible, who);
            statement.sql(format!(" AND {state} IN ({states}) LIMIT ")).int(most).sql(") AS a");
        }
    }
    let process = ways::one_process(query).map(|(process, _)| process);
    let candidate = |statement: &mut Statement<'a>| {
        statement.sql(" UNION ALL SELECT a.id FROM (SELECT c.task AS id FROM task_candidates AS c WHERE c.business = ");
        statement.text(business.as_str());
        if let Some(process) = process {
            statement.sql(" AND c.process = ").text(process);
        }
    };
    for who in whos(&all.candidate) {
        candidate(statement);
        statement.sql(" AND c.kind = 'user' AND c.value");
        is(statement, business, visible, who);
        statement.sql(format!(" AND c.state IN ({states}) LIMIT ")).int(most).sql(") AS a");
    }
    if all.candidate.own && !visible.roles.is_empty() {
        candidate(statement);
        statement.sql(" AND c.kind = 'group' AND c.value");
        statement.any_of(&visible.roles).sql(format!(" AND c.state IN ({states}) LIMIT ")).int(most).sql(") AS a");
    }
    stand_ins::tasks(statement, "id", business, visible, &all);
    if visible.opened {
        statement.sql(" UNION ALL SELECT a.id FROM (SELECT o.id FROM (");
        break_glass::open(statement, business, None, &visible.user, Right::Read, visible.at);
        // What is inside a root: ids that begin with its id and a point; `/` comes right after it.
        statement.sql(") AS b CROSS JOIN user_tasks AS o WHERE o.business = ").text(business.as_str());
        statement.sql(" AND o.id > b.target || '.' AND o.id < b.target || '/' LIMIT ").int(most).sql(") AS a");
    }
}

/// `AND …` for a task `t` that the caller can work on now: open, the caller's own, of somebody for whom the caller stands
/// in, free to take or escalated to the caller, and not suspended. Nobody is a substitute in what he started.
pub(super) fn actionable<'a>(statement: &mut Statement<'a>, query: &'a TaskQuery) {
    let TaskQuery { business, visible, .. } = query;
    let user = visible.user.as_str();
    statement.sql(" AND (t.state IN ('created', 'claimed') AND t.assignee = ").text(user);
    if !visible.stands_in.is_empty() {
        statement.sql(" OR t.starter <> ").text(user).sql(" AND (FALSE");
        stand_ins::has(statement, visible);
        statement.sql(")");
    }
    for (open, candidates) in
        [("t.state = 'created' AND t.assignee IS NULL", Candidates::All), ("t.escalated", Candidates::Raised)]
    {
        statement.sql(format!(" OR {open} AND ("));
        candidates.are(statement, user, &visible.roles);
        if !visible.stands_in.is_empty() {
            statement.sql(" OR t.starter <> ").text(user).sql(" AND (FALSE");
            stand_ins::may_take(statement, visible, candidates);
            statement.sql(")");
        }
        statement.sql(")");
    }
    statement.sql(") AND NOT EXISTS (SELECT 1 FROM instances AS r WHERE r.business = t.business AND r.id = t.root");
    statement.sql(" AND r.state = 'suspended' AND r.business = ").text(business.as_str()).sql(")");
}

/// Whether an instance of a business is suspended.
pub(super) fn anything_suspended(conn: &mut Connection, business: &BusinessId) -> Result<bool, StoreError> {
    let mut statement = Statement::new("SELECT 1 FROM instances AS r WHERE r.business = ");
    statement.text(business.as_str()).sql(" AND r.state = 'suspended' LIMIT 1");
    Ok(!statement.load::<Integer, i32>(conn)?.is_empty())
}
