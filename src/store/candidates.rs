//! Who may take an open task, asked of its row `t`, which names its candidates: no index is looked at for each task that a
//! list comes upon. From the side of a person they are found in `task_candidates`.

use super::statement::Statement;

/// The columns of a row, and what inside of them lists names.
type Lists = [(&'static str, Option<&'static str>)];

/// Candidates of a task.
#[derive(Clone, Copy)]
pub(super) enum Candidates {
    /// All: as the process says, and those that it was escalated to.
    All,
    /// Those that it was escalated to.
    Raised,
}

impl Candidates {
    fn users(self) -> &'static Lists {
        match self {
            Candidates::All => &[("t.candidate_users", None), ("t.raised", Some("users"))],
            Candidates::Raised => &[("t.raised", Some("users"))],
        }
    }

    fn groups(self) -> &'static Lists {
        match self {
            Candidates::All => &[("t.candidate_groups", None), ("t.raised", Some("groups"))],
            Candidates::Raised => &[("t.raised", Some("groups"))],
        }
    }

    /// The task is open for this person by name, or for the members of one of these groups.
    pub fn are<'a>(self, statement: &mut Statement<'a>, user: &'a str, groups: impl IntoIterator<Item = &'a String>) {
        let named = |statement: &mut Statement<'a>| {
            statement.sql(" OR e.value = ").text(user);
        };
        self.match_any(statement, named, groups);
    }

    /// The task is open for somebody who is `named`, which adds `OR` and a condition on `e.value`, or for the members of one of
    /// these groups.
    pub fn match_any<'a>(
        self,
        statement: &mut Statement<'a>,
        named: impl Fn(&mut Statement<'a>),
        groups: impl IntoIterator<Item = &'a String>,
    ) {
        let groups: Vec<&String> = groups.into_iter().collect();
        statement.sql("(t.state IN ('created', 'claimed') AND (FALSE");
        any(statement, self.users(), named);
        if !groups.is_empty() {
            any(statement, self.groups(), |statement| {
                statement.sql(" OR e.value").any_of(groups.iter().copied());
            });
        }
        statement.sql("))");
    }
}

fn any<'a>(statement: &mut Statement<'a>, lists: &'static Lists, or: impl Fn(&mut Statement<'a>)) {
    for (column, inside) in lists {
        // Most tasks have none: then no list is read.
        let there = if inside.is_some() { "IS NOT NULL" } else { "<> '[]'" };
        statement.sql(format!(" OR {column} {there} AND EXISTS (SELECT 1 FROM ")).items(column, *inside);
        or(statement.sql(" WHERE FALSE"));
        statement.sql(")");
    }
}
