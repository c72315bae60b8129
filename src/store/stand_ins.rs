//! The tasks that somebody sees for others: as their substitute, and because they were escalated. Parts of the predicate
//! of `visible`, each with an index of its own.

use super::candidates::Candidates;
use super::statement::Statement;
use super::visible::{Reaches, Visible};
use crate::model::actor::StandsIn;
use crate::model::ids::BusinessId;

/// `UNION ALL …`: a column of the open tasks of those for whom the caller stands in: what they have and what they may take.
pub(super) fn tasks<'a>(
    statement: &mut Statement<'a>,
    column: &str,
    business: &'a BusinessId,
    visible: &'a Visible,
    reaches: &Reaches,
) {
    for one in &visible.stands_in {
        if reaches.assignee.own {
            statement.sql(format!(" UNION ALL SELECT o.{column} FROM user_tasks AS o WHERE o.business = "));
            statement.text(business.as_str()).sql(" AND o.assignee = ").text(one.user.as_str());
            statement.sql(" AND o.state = 'claimed' AND o.acting_for IS NULL");
            covered(statement, "o.process", one);
        }
        if !reaches.candidate.own {
            continue;
        }
        let candidates = format!(
            " UNION ALL SELECT o.{column} FROM task_candidates AS c JOIN user_tasks AS o ON o.business = c.business AND o.id = c.task \
             WHERE c.business = "
        );
        statement.sql(candidates.clone()).text(business.as_str());
        statement.sql(" AND c.kind = 'user' AND c.value = ").text(one.user.as_str());
        covered(statement, "o.process", one);
        if !one.roles.is_empty() {
            statement.sql(candidates).text(business.as_str());
            statement.sql(" AND c.kind = 'group' AND c.value").any_of(&one.roles);
            covered(statement, "o.process", one);
        }
    }
}

/// `OR …` for an open task `t` of somebody for whom the caller stands in.
pub(super) fn has<'a>(statement: &mut Statement<'a>, visible: &'a Visible) {
    for one in &visible.stands_in {
        statement.sql(" OR (t.state = 'claimed' AND t.acting_for IS NULL AND t.assignee = ").text(one.user.as_str());
        covered(statement, "t.process", one);
        statement.sql(")");
    }
}

/// `OR …` for a task `t` that somebody may take for whom the caller stands in: by name or by role.
pub(super) fn may_take<'a>(statement: &mut Statement<'a>, visible: &'a Visible, candidates: Candidates) {
    for one in &visible.stands_in {
        statement.sql(" OR (");
        candidates.are(statement, one.user.as_str(), &one.roles);
        covered(statement, "t.process", one);
        statement.sql(")");
    }
}

/// `AND …`: the process in this column is one that the substitution is for.
pub(super) fn covered<'a>(statement: &mut Statement<'a>, column: &'static str, one: &'a StandsIn) {
    if let Some(processes) = &one.processes {
        statement.sql(" AND ").sql(column).any_of(processes);
    }
}
