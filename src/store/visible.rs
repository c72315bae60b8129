//! Who sees which tasks and instances, as one SQL predicate for get, search and count alike.
//!
//! Who is granted what is decided above; here stands how people and work hang together in the tables.

use super::break_glass;
use super::candidates::Candidates;
use super::stand_ins;
use super::statement::Statement;
use crate::model::actor::StandsIn;
use crate::model::break_glass::Right;
use crate::model::ids::{BusinessId, UserId};
use crate::model::time::Timestamp;

/// What a caller sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visible {
    /// The caller.
    pub user: UserId,
    /// The caller's roles: the groups of tasks.
    pub roles: Vec<String>,
    /// For whom the caller stands in: the open tasks that they have or may take are seen, too.
    pub stands_in: Vec<StandsIn>,
    /// The instant at which the hierarchy counts.
    pub at: Timestamp,
    /// What is seen of processes: an instance or task is seen when a rule for its process says so.
    pub rules: Vec<Rule>,
    /// Whether what was opened to the caller beyond the rules is seen, too.
    pub opened: bool,
    /// Tasks with a rule of their own, in place of that of their process.
    pub nodes: Vec<NodeRule>,
}

/// What is seen of some processes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Which.
    pub of: Which,
    /// What.
    pub ties: Ties,
}

/// What is seen of the tasks of one node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeRule {
    /// The process.
    pub process: String,
    /// The node.
    pub node: String,
    /// What.
    pub ties: Ties,
}

/// The processes that a rule is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// These.
    These(Vec<String>),
    /// All but these.
    Others(Vec<String>),
}

/// How somebody must stand to an instance or task to see it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ties {
    /// In no way: all are seen.
    All,
    /// In one of these ways.
    Some(Reaches),
}

/// What makes somebody see it.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reaches {
    /// By who started it.
    pub starter: Reach,
    /// By who has a task of it, or completed one.
    pub assignee: Reach,
    /// By who may take a task of it.
    pub candidate: Reach,
}

/// Whether the caller or somebody below plays a part.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reach {
    /// The caller.
    pub own: bool,
    /// Somebody below.
    pub below: Option<Below>,
}

/// How far below.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Below {
    /// Next below.
    Direct,
    /// At any distance.
    Any,
}

impl Visible {
    /// Everything in the business: for the engine itself.
    pub fn all(user: UserId) -> Visible {
        let all = Rule { of: Which::Others(Vec::new()), ties: Ties::All };
        let (roles, stands_in, nodes) = (Vec::new(), Vec::new(), Vec::new());
        Visible { user, roles, stands_in, at: Timestamp(0), rules: vec![all], opened: false, nodes }
    }

    pub(super) fn everything(&self) -> bool {
        let all = |rule: &Rule| rule.ties == Ties::All && rule.of == Which::Others(Vec::new());
        self.rules.iter().any(all) && self.nodes.is_empty()
    }

    /// Whether every task that the caller has or may take is seen, whatever process it is of.
    pub(super) fn sees_own_work(&self) -> bool {
        self.ties().all(|ties| match ties {
            Ties::All => true,
            Ties::Some(reaches) => reaches.assignee.own && reaches.candidate.own,
        })
    }

    /// How one must stand to tasks to see them, rule by rule.
    pub(super) fn ties(&self) -> impl Iterator<Item = &Ties> {
        self.rules.iter().map(|rule| &rule.ties).chain(self.nodes.iter().map(|node| &node.ties))
    }
}

/// `AND …` for tasks `t`.
pub(super) fn tasks<'a>(statement: &mut Statement<'a>, business: &'a BusinessId, visible: &'a Visible) {
    if visible.everything() {
        return;
    }
    statement.sql(" AND (FALSE");
    for rule in &visible.rules {
        statement.sql(" OR (TRUE");
        of(statement, &rule.of);
        for NodeRule { process, node, .. } in &visible.nodes {
            statement.sql(" AND NOT (t.process = ").text(process.as_str());
            statement.sql(" AND t.node = ").text(node.as_str()).sql(")");
        }
        task_ties(statement, business, visible, &rule.ties);
        statement.sql(")");
    }
    for NodeRule { process, node, ties } in &visible.nodes {
        statement.sql(" OR (t.process = ").text(process.as_str()).sql(" AND t.node = ").text(node.as_str());
        task_ties(statement, business, visible, ties);
        statement.sql(")");
    }
    opened(statement, business, visible);
    statement.sql(")");
}

/// `AND …` for instances `t`: by their starter, and by the tasks of their root.
pub(super) fn instances<'a>(statement: &mut Statement<'a>, business: &'a BusinessId, visible: &'a Visible) {
    if visible.everything() {
        return;
    }
    statement.sql(" AND (FALSE");
    for Rule { of: which, ties } in &visible.rules {
        statement.sql(" OR (TRUE");
        of(statement, which);
        if let Ties::Some(reaches) = ties {
            statement.sql(" AND (FALSE");
            for who in whos(&reaches.starter) {
                is(statement.sql(" OR t.starter"), business, visible, who);
            }
            statement.sql(" OR t.root IN (");
            concerned(statement, "root", business, visible, &Reaches { starter: Reach::default(), ..reaches.clone() });
            statement.sql("))");
        }
        statement.sql(")");
    }
    opened(statement, business, visible);
    statement.sql(")");
}

/// `OR …`: what belongs to an instance that was opened to the caller.
fn opened<'a>(statement: &mut Statement<'a>, business: &'a BusinessId, visible: &'a Visible) {
    if visible.opened {
        statement.sql(" OR t.root IN (");
        break_glass::open(statement, business, None, &visible.user, Right::Read, visible.at);
        statement.sql(")");
    }
}

/// `AND …`: the instance in this column is seen.
pub(super) fn within<'a>(
    statement: &mut Statement<'a>,
    column: &'static str,
    business: &'a BusinessId,
    visible: &'a Visible,
) {
    if visible.everything() {
        return;
    }
    statement.sql(format!(" AND {column} IN (SELECT t.id FROM instances AS t WHERE t.business = "));
    statement.text(business.as_str());
    instances(statement, business, visible);
    statement.sql(")");
}

fn of<'a>(statement: &mut Statement<'a>, which: &'a Which) {
    match which {
        Which::Others(others) if others.is_empty() => {}
        Which::Others(others) => {
            statement.sql(" AND NOT (t.process").any_of(others).sql(")");
        }
        Which::These(these) => {
            statement.sql(" AND t.process").any_of(these);
        }
    }
}

/// `AND …` for a task `t` itself: asked of one row, so that a list may be walked in any order.
fn task_ties<'a>(statement: &mut Statement<'a>, business: &'a BusinessId, visible: &'a Visible, ties: &Ties) {
    let Ties::Some(reaches) = ties else { return };
    statement.sql(" AND (FALSE");
    for (column, reach) in columns(reaches) {
        for who in whos(reach) {
            is(statement.sql(format!(" OR t.{column}")), business, visible, who);
        }
    }
    if reaches.candidate != Reach::default() {
        let named = |statement: &mut Statement<'a>| {
            for who in whos(&reaches.candidate) {
                is(statement.sql(" OR e.value"), business, visible, who);
            }
        };
        let groups: &[String] = if reaches.candidate.own { &visible.roles } else { &[] };
        Candidates::All.match_any(statement.sql(" OR "), named, groups);
    }
    if reaches.assignee.own {
        stand_ins::has(statement, visible);
    }
    if reaches.candidate.own {
        stand_ins::may_take(statement, visible, Candidates::All);
    }
    statement.sql(")");
}

/// The people of a task, by their columns, and how one must stand to them.
pub(super) fn columns(reaches: &Reaches) -> impl Iterator<Item = (&'static str, &Reach)> {
    let worked = ["assignee", "completed_by", "owner", "acting_for", "completed_for"];
    let worked = worked.into_iter().map(|name| (name, &reaches.assignee));
    std::iter::once(("starter", &reaches.starter)).chain(worked)
}

/// A column of the tasks that concern the caller. Each branch has an index of its own, where one condition with OR
/// would have none.
fn concerned<'a>(
    statement: &mut Statement<'a>,
    column: &str,
    business: &'a BusinessId,
    visible: &'a Visible,
    reaches: &Reaches,
) {
    statement.sql("SELECT NULL WHERE FALSE");
    let own = |name: &str| format!(" UNION ALL SELECT o.{column} FROM user_tasks AS o WHERE o.{name}");
    for (name, reach) in columns(reaches) {
        for who in whos(reach) {
            is(statement.sql(own(name)), business, visible, who);
            statement.sql(" AND o.business = ").text(business.as_str());
        }
    }
    let candidates = format!(
        "SELECT o.{column} FROM task_candidates AS c JOIN user_tasks AS o ON o.business = c.business AND o.id = c.task"
    );
    for who in whos(&reaches.candidate) {
        statement.sql(format!(" UNION ALL {candidates} WHERE c.kind = 'user' AND c.business = "));
        is(statement.text(business.as_str()).sql(" AND c.value"), business, visible, who);
    }
    if reaches.candidate.own && !visible.roles.is_empty() {
        statement.sql(format!(" UNION ALL {candidates} WHERE c.kind = 'group' AND c.business = "));
        statement.text(business.as_str()).sql(" AND c.value").any_of(&visible.roles);
    }
    stand_ins::tasks(statement, column, business, visible, reaches);
}

/// Whom a branch asks for.
#[derive(Clone, Copy)]
pub(super) enum Who {
    Caller,
    Below(Below),
}

pub(super) fn whos(reach: &Reach) -> impl Iterator<Item = Who> {
    reach.own.then_some(Who::Caller).into_iter().chain(reach.below.map(Who::Below))
}

/// Goes on after a column of people with who it must be.
pub(super) fn is<'a>(statement: &mut Statement<'a>, business: &'a BusinessId, visible: &'a Visible, who: Who) {
    match who {
        Who::Caller => {
            statement.sql(" = ").text(visible.user.as_str());
        }
        Who::Below(below) => {
            statement.sql(" IN (SELECT s.user_id FROM superiors AS s WHERE s.business = ").text(business.as_str());
            statement.sql(" AND s.superior = ").text(visible.user.as_str());
            statement.sql(" AND s.valid_from <= ").int(visible.at.0).sql(" AND s.valid_to > ").int(visible.at.0);
            statement.sql(if below == Below::Direct { " AND s.depth = 1)" } else { ")" });
        }
    }
}
