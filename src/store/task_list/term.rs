//! Conditions on tasks as data, and as SQL, the same on both databases.

use super::super::instances::inside;
use super::super::records::{between, one_of};
use super::super::slots;
use super::super::statement::Statement;
use crate::model::ids::root_of;
pub use crate::store::records::{Bounds, Value};

/// What of a task is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Column {
    /// Its state, by name.
    State,
    /// Who has it.
    Assignee,
    /// Who completed it.
    CompletedBy,
    /// Its process.
    Process,
    /// Its node.
    Node,
    /// Its instance.
    Instance,
    /// The task that it is a part of.
    Parent,
    /// The record that it is about, by id.
    Subject,
    /// The business key of its root.
    BusinessKey,
    /// How it was completed.
    Outcome,
    /// Its priority: a number.
    Priority,
    /// When it is due: a number.
    Due,
    /// When it was created: a number.
    CreatedAt,
    /// When it ended: a number.
    EndedAt,
    /// When whoever has it wants to come back to it: a number.
    FollowUp,
    /// A search variable, by its place in the list of its process, from 0.
    Slot {
        /// The process.
        process: String,
        /// The place.
        place: usize,
    },
}

/// A condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Term {
    /// Has one of these values.
    In(Column, Vec<Value>),
    /// Has a value in this range.
    Between(Column, Bounds),
    /// Has a value.
    Has(Column),
    /// Is open for the members of one of these groups.
    Group(Vec<String>),
    /// Has this word in its title.
    Word(String),
    /// Does not meet this, or what it would be met by is not there.
    Not(Box<Term>),
    /// Meets all of these.
    All(Vec<Term>),
    /// Meets one of these.
    Any(Vec<Term>),
}

impl Column {
    /// As SQL, of the table that is called so; none for a slot that there is not.
    fn sql(&self, table: &str) -> Option<String> {
        let name = match self {
            Column::State => "state",
            Column::Assignee => "assignee",
            Column::CompletedBy => "completed_by",
            Column::Process => "process",
            Column::Node => "node",
            Column::Instance => "instance",
            Column::Parent => "parent",
            Column::Subject => "subject",
            Column::BusinessKey => "business_key",
            Column::Outcome => "outcome",
            Column::Priority => "priority",
            Column::Due => "due",
            Column::CreatedAt => "created_at",
            Column::EndedAt => "ended_at",
            Column::FollowUp => "follow_up",
            Column::Slot { place, .. } => slots::column(*place)?,
        };
        Some(format!("{table}.{name}"))
    }

    /// Whether an index finds the tasks with one value of it.
    fn is_indexed(&self) -> bool {
        match self {
            Column::Assignee
            | Column::CompletedBy
            | Column::Process
            | Column::Instance
            | Column::Parent
            | Column::Subject
            | Column::BusinessKey
            | Column::Slot { .. } => true,
            Column::State
            | Column::Node
            | Column::Outcome
            | Column::Priority
            | Column::Due
            | Column::CreatedAt
            | Column::EndedAt
            | Column::FollowUp => false,
        }
    }
}

impl Term {
    /// Whether it leaves so few tasks as a rule that they are better looked up than come upon.
    pub(super) fn leads_alone(&self) -> bool {
        match self {
            Term::In(
                Column::Instance | Column::Parent | Column::Subject | Column::BusinessKey | Column::Slot { .. },
                _,
            ) => true,
            Term::All(terms) => terms.iter().any(Term::leads_alone),
            _ => false,
        }
    }

    /// Whether an index of tasks finds exactly those that meet it, each once.
    pub(super) fn finds_rows(&self) -> bool {
        match self {
            Term::In(Column::Instance | Column::Parent, _) => false,
            Term::In(..) | Term::Between(..) => self.leads(),
            _ => false,
        }
    }

    /// Whether an index finds the tasks that meet it, or a little more.
    pub(super) fn leads(&self) -> bool {
        match self {
            Term::In(column, _) => column.is_indexed(),
            Term::Between(Column::Slot { .. }, _) | Term::Group(_) => true,
            Term::Between(..) | Term::Has(_) | Term::Word(_) | Term::Not(_) => false,
            Term::All(terms) => terms.iter().any(Term::leads),
            Term::Any(terms) => !terms.is_empty() && terms.iter().all(Term::leads),
        }
    }
}

/// Where a condition is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    /// Of tasks `i`, which an index finds.
    ByIndex,
    /// Of a task `t` that was found already. No index is to be tried for it: of two that seem to leave one row each,
    /// PostgreSQL might take that of the condition, and read all it leaves for each task.
    OfRow,
}

/// The condition on a row `t` of `user_tasks`.
pub(super) fn condition<'a>(statement: &mut Statement<'a>, term: &'a Term) {
    asked(statement, Asked::OfRow, term);
}

fn asked<'a>(statement: &mut Statement<'a>, at: Asked, term: &'a Term) {
    match term {
        Term::In(column, values) => compared(statement, at, column, |statement, sql| {
            one_of(statement, sql, values);
        }),
        Term::Between(column, bounds) => compared(statement, at, column, |statement, sql| {
            between(statement, &sql, bounds);
        }),
        Term::Has(column) => compared(statement, at, column, |statement, sql| {
            statement.sql(format!("{sql} IS NOT NULL"));
        }),
        Term::Group(groups) => {
            let table = at.table();
            statement.sql(format!(
                "EXISTS (SELECT 1 FROM task_candidates AS g WHERE g.business = {table}.business AND g.task = {table}.id \
                 AND CASE g.kind WHEN 'group' THEN g.value"
            ));
            statement.any_of(groups).sql(" END)");
        }
        // A word is letters and digits: nothing in it has a meaning of its own.
        Term::Word(word) => {
            statement.sql(format!("{}.words LIKE ", at.table())).text(format!("% {word} %"));
        }
        Term::Not(term) => {
            statement.sql("(");
            asked(statement, at, term);
            statement.sql(") IS NOT TRUE");
        }
        Term::All(terms) => several(statement, at, terms, "TRUE", " AND "),
        Term::Any(terms) => several(statement, at, terms, "FALSE", " OR "),
    }
}

impl Asked {
    fn table(self) -> &'static str {
        match self {
            Asked::ByIndex => "i",
            Asked::OfRow => "t",
        }
    }

    /// A column with an index, as it is compared here.
    fn indexed(self, sql: String) -> String {
        match self {
            Asked::ByIndex => sql,
            Asked::OfRow => format!("(CASE WHEN t.id <> '' THEN {sql} END)"),
        }
    }
}

fn compared<'a>(
    statement: &mut Statement<'a>,
    at: Asked,
    column: &'a Column,
    compare: impl FnOnce(&mut Statement<'a>, String),
) {
    let Some(sql) = column.sql(at.table()) else {
        statement.sql("FALSE");
        return;
    };
    statement.sql("(");
    if let Column::Slot { process, .. } = column {
        let column = at.indexed(format!("{}.process", at.table()));
        statement.sql(format!("{column} = ")).text(process.as_str()).sql(" AND ");
    }
    // PostgreSQL does not see by itself that a list of values leaves the rows without one out.
    let partial = column.is_indexed() && !matches!(column, Column::Process | Column::Instance | Column::Parent);
    if partial && at == Asked::ByIndex {
        statement.sql(format!("{sql} IS NOT NULL AND "));
    }
    compare(statement, if column.is_indexed() { at.indexed(sql) } else { sql });
    statement.sql(")");
}

fn several<'a>(statement: &mut Statement<'a>, at: Asked, terms: &'a [Term], none: &'static str, word: &'static str) {
    if terms.is_empty() {
        statement.sql(none);
        return;
    }
    for (position, term) in terms.iter().enumerate() {
        statement.sql(if position == 0 { "(" } else { word });
        asked(statement, at, term);
    }
    statement.sql(")");
}

/// `SELECT` of the ids of these tasks, or a little more, at most so many; only of a term that [`Term::leads`].
pub(super) fn ids<'a>(statement: &mut Statement<'a>, business: &'a str, term: &'a Term, most: i64) {
    match term {
        Term::Any(terms) => {
            for (position, term) in terms.iter().enumerate() {
                statement.sql(if position == 0 { "SELECT a.id FROM (" } else { " UNION ALL SELECT a.id FROM (" });
                ids(statement, business, term, most);
                statement.sql(") AS a");
            }
        }
        Term::All(terms) => {
            if let Some(term) = terms.iter().find(|term| term.leads()) {
                ids(statement, business, term, most);
            }
        }
        Term::Group(groups) => {
            statement.sql("SELECT c.task AS id FROM task_candidates AS c WHERE c.business = ").text(business);
            statement.sql(" AND c.kind = 'group' AND c.value").any_of(groups).sql(" LIMIT ").int(most);
        }
        Term::In(column @ (Column::Instance | Column::Parent), values) => {
            let name = if *column == Column::Parent { "parent" } else { "instance" };
            for (position, value) in values.iter().enumerate() {
                let Value::Text(around) = value else { continue };
                statement.sql(if position == 0 { "SELECT a.id FROM (" } else { " UNION ALL SELECT a.id FROM (" });
                statement.sql("SELECT i.id FROM user_tasks AS i WHERE i.business = ").text(business);
                inside(statement, "i.id", &root_of(around));
                statement.sql(format!(" AND i.{name} = ")).text(around.as_str()).sql(" LIMIT ").int(most).sql(") AS a");
            }
        }
        term => found(statement, "i.id", business, term, most),
    }
}

/// `SELECT` of the rows themselves, at most so many; only of a term that [`Term::finds_rows`].
pub(super) fn rows<'a>(statement: &mut Statement<'a>, business: &'a str, term: &'a Term, most: i64) {
    found(statement, "i.*", business, term, most);
}

fn found<'a>(statement: &mut Statement<'a>, what: &str, business: &'a str, term: &'a Term, most: i64) {
    statement.sql(format!("SELECT {what} FROM user_tasks AS i WHERE i.business = ")).text(business).sql(" AND ");
    asked(statement, Asked::ByIndex, term);
    statement.sql(" LIMIT ").int(most);
}
