//! Ordered index ranges that hold every task of a list, one for each group, person, process and state: the list is what
//! comes first in any of them.

use super::super::connection::Connection;
use super::super::error::StoreError;
use super::super::statement::Statement;
use super::super::visible::Visible;
use super::order::{Key, NEVER, Place, TaskOrder};
use super::term::{Bounds, Column, Term, Value};
use super::{TaskQuery, TaskState};
use crate::model::ids::UserId;
use diesel::sql_types::{BigInt, Text};

/// Ranges that one statement reads; SQLite takes no more than 500 parts of one.
const AT_ONCE: usize = 100;

/// A range of an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Way<'a> {
    pub of: Of<'a>,
    pub state: TaskState,
    /// Only those of this process; the index of candidates then has one order, by due.
    pub process: Option<&'a str>,
}

/// What the tasks of a range have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Of<'a> {
    /// Open for this person by name.
    User(&'a str),
    /// Open for the members of this group.
    Group(&'a str),
    /// Escalated to this person by name.
    RaisedTo(&'a str),
    /// Escalated to the members of this group.
    RaisedToGroup(&'a str),
    /// This person has it.
    Assignee(&'a str),
    /// Of this process.
    Process(&'a str),
    /// Nothing but their business.
    All,
}

/// The ranges of a list, and the conditions that they do not meet by themselves: those that are looked at row by row.
pub(super) fn ways(query: &TaskQuery) -> (Vec<Way<'_>>, Vec<&Term>) {
    ranges(query, query.order.by == Key::Due)
}

/// The ranges that hold the fewest tasks beside those of a list, whatever its order.
pub(super) fn narrowest(query: &TaskQuery) -> Vec<Way<'_>> {
    ranges(query, true).0
}

fn ranges<'a>(query: &'a TaskQuery, of_one_process: bool) -> (Vec<Way<'a>>, Vec<&'a Term>) {
    let states = states(query);
    let open: Vec<TaskState> =
        states.iter().copied().filter(|state| matches!(state, TaskState::Created | TaskState::Claimed)).collect();
    let free = |term: &&Term| !matches!(term, Term::In(Column::State, _)) && !is_key(term, query.order.by);
    let rest: Vec<&Term> = query.terms.iter().filter(free).collect();
    let without = |taken: &[&Term]| {
        let taken = |term: &Term| taken.iter().any(|one| std::ptr::eq(*one, term));
        rest.iter().copied().filter(|term| !taken(term)).collect::<Vec<&'a Term>>()
    };
    let (process, its_term) = one_process(query).filter(|_| of_one_process).unzip();
    let of_process = |ways: Vec<Way<'a>>| ways.into_iter().map(|way| Way { process, ..way }).collect();
    if query.actionable {
        let Visible { user, roles, stands_in, .. } = &query.visible;
        let mut found = inbox(user, roles, &open);
        found.extend(stands_in.iter().flat_map(|one| inbox(&one.user, &one.roles, &open)));
        return (of_process(found), without(its_term.as_slice()));
    }
    for term in &query.terms {
        if let Term::Group(groups) = term {
            let found = each(groups.iter().map(|group| Of::Group(group)).collect(), &open);
            let met: Vec<&Term> = its_term.into_iter().chain([term]).collect();
            return (of_process(found), without(&met));
        }
    }
    for term in &query.terms {
        if let Term::In(Column::Assignee, values) = term {
            return (each(texts(values).map(Of::Assignee).collect(), &states), without(&[term]));
        }
    }
    for term in &query.terms {
        if let Term::In(Column::Process, values) = term {
            return (each(texts(values).map(Of::Process).collect(), &states), without(&[term]));
        }
    }
    (each(vec![Of::All], &states), rest)
}

/// The one process that is asked for, with the condition that says so.
pub(super) fn one_process(query: &TaskQuery) -> Option<(&str, &Term)> {
    query.terms.iter().find_map(|term| match term {
        Term::In(Column::Process, values) if values.len() == 1 => texts(values).next().map(|process| (process, term)),
        _ => None,
    })
}

/// What somebody has, may take, or may take from somebody else because it was escalated.
fn inbox<'a, R>(user: &'a UserId, roles: &'a R, open: &[TaskState]) -> Vec<Way<'a>>
where
    &'a R: IntoIterator<Item = &'a String>,
{
    let only = |wanted: TaskState| open.iter().copied().filter(|state| *state == wanted).collect::<Vec<_>>();
    let (free, taken) = (only(TaskState::Created), only(TaskState::Claimed));
    let (user, groups) = (user.as_str(), || roles.into_iter().map(String::as_str));
    let mut found = each(vec![Of::Assignee(user)], open);
    found.extend(each(std::iter::once(Of::User(user)).chain(groups().map(Of::Group)).collect(), &free));
    found.extend(each(std::iter::once(Of::RaisedTo(user)).chain(groups().map(Of::RaisedToGroup)).collect(), &taken));
    found
}

fn each<'a>(ofs: Vec<Of<'a>>, states: &[TaskState]) -> Vec<Way<'a>> {
    ofs.into_iter().flat_map(|of| states.iter().map(move |state| Way { of, state: *state, process: None })).collect()
}

impl Way<'_> {
    /// Whether its index has this order.
    pub(super) fn has(&self, key: Key) -> bool {
        match self.of {
            _ if self.process.is_some() => key == Key::Due,
            Of::User(_) | Of::Group(_) | Of::RaisedTo(_) | Of::RaisedToGroup(_) | Of::Assignee(_) | Of::All => true,
            Of::Process(_) => key == Key::Due,
        }
    }
}

/// The states that are asked for.
pub(super) fn states(query: &TaskQuery) -> Vec<TaskState> {
    let asked = |state: &TaskState| {
        query.terms.iter().all(|term| match term {
            Term::In(Column::State, values) => texts(values).any(|text| text == state.name()),
            _ => true,
        })
    };
    TaskState::ALL.into_iter().filter(asked).collect()
}

fn texts(values: &[Value]) -> impl Iterator<Item = &str> {
    values.iter().filter_map(|value| if let Value::Text(text) = value { Some(text.as_str()) } else { None })
}

/// Whether a condition is a range of what the list is ordered by: then it is a part of the range that is read.
fn is_key(term: &Term, key: Key) -> bool {
    matches!(
        (term, key),
        (Term::Between(Column::Due, _), Key::Due)
            | (Term::Between(Column::CreatedAt, _), Key::Created)
            | (Term::Between(Column::Priority, _), Key::Priority)
    )
}

fn bounds(query: &TaskQuery) -> impl Iterator<Item = &Bounds> {
    query.terms.iter().filter(|term| is_key(term, query.order.by)).filter_map(|term| match term {
        Term::Between(_, bounds) => Some(bounds),
        _ => None,
    })
}

/// The next places of these ranges together, in order, each once; fewer than `limit` only at the end.
pub(super) fn next(
    conn: &mut Connection,
    query: &TaskQuery,
    ways: &[Way<'_>],
    after: Option<&Place>,
    limit: i64,
) -> Result<Vec<Place>, StoreError> {
    let mut all: Vec<Place> = Vec::new();
    for phase in phases(query, after) {
        let more = limit.saturating_sub(i64::try_from(all.len()).unwrap_or(limit));
        let mut found: Vec<Place> = Vec::new();
        for some in ways.chunks(AT_ONCE).filter(|_| more > 0) {
            let mut statement = Statement::default();
            places(&mut statement, query, some, phase, after, more);
            let rows = statement.load::<(BigInt, Text), (i64, String)>(conn)?;
            found.extend(rows.into_iter().map(|(key, id)| Place { key, id }));
        }
        query.order.arrange(&mut found);
        found.dedup();
        found.truncate(usize::try_from(more).unwrap_or(0));
        all.extend(found);
    }
    Ok(all)
}

/// A part of the way through a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// The whole of it.
    Whole,
    /// What is due at some time.
    Dated,
    /// What is never due.
    Never,
}

/// The index has what is never due at its end: from there on it would come first.
pub(super) fn phases(query: &TaskQuery, after: Option<&Place>) -> Vec<Phase> {
    if query.order.by != Key::Due || !query.order.descending {
        return vec![Phase::Whole];
    }
    let over = after.is_some_and(|after| after.key == NEVER);
    let all = [(Phase::Dated, !over), (Phase::Never, bounds(query).next().is_none())];
    all.into_iter().filter(|(_, wanted)| *wanted).map(|(phase, _)| phase).collect()
}

/// The statement of [`next`] for some of the ranges.
pub(super) fn places<'a>(
    statement: &mut Statement<'a>,
    query: &'a TaskQuery,
    ways: &[Way<'a>],
    phase: Phase,
    after: Option<&'a Place>,
    limit: i64,
) {
    let direction = query.order.direction();
    statement.sql("SELECT w.place, w.id FROM (");
    for (position, way) in ways.iter().enumerate() {
        // Brackets around a part are not known to SQLite.
        statement.sql(if position == 0 { "SELECT * FROM (" } else { " UNION ALL SELECT * FROM (" });
        range(statement, query, way, phase, after);
        let (key, id) = (way.of.key(query.order), way.of.id());
        statement.sql(format!(" ORDER BY {key}{direction}, {id}{direction} LIMIT ")).int(limit);
        statement.sql(format!(") AS w{position}"));
    }
    statement.sql(format!(") AS w GROUP BY w.place, w.id ORDER BY w.place{direction}, w.id{direction} LIMIT "));
    statement.int(limit);
}

/// `SELECT` of the ids in these ranges, at most so many of each; one may come several times.
pub(super) fn ids<'a>(statement: &mut Statement<'a>, query: &'a TaskQuery, ways: &[Way<'a>], most: i64) {
    if ways.is_empty() {
        statement.sql("SELECT '' AS id WHERE FALSE");
    }
    for (position, way) in ways.iter().enumerate() {
        statement.sql(if position == 0 { "SELECT a.id FROM (" } else { " UNION ALL SELECT a.id FROM (" });
        range(statement, query, way, Phase::Whole, None);
        statement.sql(" LIMIT ").int(most).sql(") AS a");
    }
}

fn range<'a>(
    statement: &mut Statement<'a>,
    query: &'a TaskQuery,
    way: &Way<'a>,
    phase: Phase,
    after: Option<&'a Place>,
) {
    let (key, id) = (way.of.key(query.order), way.of.id());
    let table = if way.of.is_candidate() { "task_candidates" } else { "user_tasks" };
    let place = if phase == Phase::Never { NEVER.to_string() } else { key.to_owned() };
    statement.sql(format!("SELECT {place} AS place, {id} AS id FROM {table} AS o WHERE o.business = "));
    statement.text(query.business.as_str());
    match way.of {
        Of::User(user) => statement.sql(" AND o.kind = 'user' AND o.value = ").text(user),
        Of::Group(group) => statement.sql(" AND o.kind = 'group' AND o.value = ").text(group),
        Of::RaisedTo(user) => statement.sql(" AND o.kind = 'raised_user' AND o.value = ").text(user),
        Of::RaisedToGroup(group) => statement.sql(" AND o.kind = 'raised_group' AND o.value = ").text(group),
        Of::Assignee(user) => statement.sql(" AND o.assignee = ").text(user),
        Of::Process(process) => statement.sql(" AND o.process = ").text(process),
        Of::All => statement,
    };
    if let Some(process) = way.process {
        // The tasks of a person are few; the index of the process would have many.
        statement.sql(if way.of.is_candidate() { " AND o.process = " } else { " AND o.process || '' = " });
        statement.text(process);
    }
    statement.sql(" AND o.state = ").text(way.state.name());
    for Bounds { least, most } in bounds(query) {
        if let Some((Value::Number(least), with)) = least {
            statement.sql(format!(" AND {key} {} ", if *with { ">=" } else { ">" })).int(*least);
        }
        match most {
            Some((Value::Number(most), with)) => {
                statement.sql(format!(" AND {key} {} ", if *with { "<=" } else { "<" })).int(*most);
            }
            // What is never due stands at the end of time, and in no range.
            _ => {
                statement.sql(format!(" AND {key} < ")).int(i64::MAX);
            }
        }
    }
    let behind = if query.order.descending { "<" } else { ">" };
    match phase {
        Phase::Whole => {}
        Phase::Dated => {
            statement.sql(format!(" AND {key} < ")).int(i64::MAX);
        }
        Phase::Never => {
            statement.sql(format!(" AND {key} = ")).int(i64::MAX);
            if let Some(after) = after.filter(|after| after.key == NEVER) {
                statement.sql(format!(" AND {id} {behind} ")).text(after.id.as_str());
            }
            return;
        }
    }
    if let Some(after) = after {
        statement.sql(format!(" AND ({key}, {id}) {behind} (")).int(after.key).sql(", ");
        statement.text(after.id.as_str()).sql(")");
    }
}

impl Of<'_> {
    fn is_candidate(self) -> bool {
        matches!(self, Of::User(_) | Of::Group(_) | Of::RaisedTo(_) | Of::RaisedToGroup(_))
    }

    fn id(self) -> &'static str {
        if self.is_candidate() { "o.task" } else { "o.id" }
    }

    fn key(self, order: TaskOrder) -> &'static str {
        match (order.by, self.is_candidate()) {
            (Key::Due, true) => "o.due",
            (Key::Due, false) => "COALESCE(o.due, 9223372036854775807)",
            (Key::Created, _) => "o.created_at",
            (Key::Priority, _) => "o.priority",
        }
    }
}

/// Whether all of them are of what this person has or may take.
pub(super) fn own(ways: &[Way<'_>], user: &UserId, roles: &[String]) -> bool {
    ways.iter().all(|way| match way.of {
        Of::User(of) | Of::Assignee(of) => of == user.as_str(),
        Of::Group(group) => roles.iter().any(|role| role == group),
        // Whether what was escalated can still be taken is asked of each.
        Of::RaisedTo(_) | Of::RaisedToGroup(_) | Of::Process(_) | Of::All => false,
    })
}
