//! Whether the separation of duties of a process can be satisfied by the people there are: for every task somebody who may
//! take it and is, or is not, who did another one. The workflow satisfiability problem, small: people with the same roles
//! are alike, and of each kind no more are needed than there are tasks.

use crate::model::definitions::Definitions;
use crate::model::finding::Finding;
use crate::model::ids::UserId;
use crate::model::process::{Node, NodeKind, Process, UserTask};
use std::collections::{BTreeMap, BTreeSet};

/// Active people with their roles.
pub type People = BTreeMap<UserId, BTreeSet<String>>;

/// Attempts after which a process counts as one that can be satisfied: it has very many tasks that depend on one another.
const ATTEMPTS: u32 = 100_000;

/// A warning for each pair of tasks that nobody could do, or else for a process that nobody could get through.
pub fn of_duties(definitions: &Definitions, people: &People) -> Vec<Finding> {
    definitions.processes.values().flat_map(|process| of_process(process, people)).collect()
}

/// Another task that a task is compared with.
#[derive(Clone, Copy)]
struct Rule {
    task: usize,
    other: usize,
    same: bool,
}

fn of_process(process: &Process, people: &People) -> Vec<Finding> {
    let tasks: Vec<(&Node, &UserTask)> = process.nodes.iter().filter_map(for_roles_alone).collect();
    let rules: Vec<Rule> = tasks.iter().enumerate().flat_map(|(at, (_, task))| rules(&tasks, at, task)).collect();
    let ruled: BTreeSet<usize> = rules.iter().flat_map(|rule| [rule.task, rule.other]).collect();
    let who: Vec<Vec<&UserId>> = tasks
        .iter()
        .enumerate()
        .map(
            |(at, (_, task))| {
                if ruled.contains(&at) { members(people, &task.candidate_groups, ruled.len()) } else { Vec::new() }
            },
        )
        .collect();
    let apart: Vec<Finding> = rules
        .iter()
        .filter(|rule| !possible(&[**rule], &[rule.other, rule.task], &who))
        .map(|rule| of_pair(&tasks, *rule, people))
        .collect();
    let order: Vec<usize> = ruled.into_iter().collect();
    if !apart.is_empty() || possible(&rules, &order, &who) {
        return apart;
    }
    let named: Vec<String> = order.iter().map(|at| told(tasks[*at])).collect();
    let sentence = format!(
        "the people there are cannot get through \"{}\": too few for {}; each alone would be possible",
        process.key,
        named.join(", ")
    );
    vec![Finding::warning(process.at.clone(), sentence)]
}

/// A user task that is only for the members of roles; whom an expression names is not known before it runs.
fn for_roles_alone(node: &Node) -> Option<(&Node, &UserTask)> {
    match &node.kind {
        NodeKind::UserTask(task)
            if task.assignee.is_none() && task.candidate_users.is_none() && task.groups_given.is_none() =>
        {
            Some((node, task))
        }
        _ => None,
    }
}

fn rules<'a>(tasks: &'a [(&'a Node, &'a UserTask)], task: usize, of: &'a UserTask) -> impl Iterator<Item = Rule> + 'a {
    let others = of.not_same_as.iter().map(|other| (other, false)).chain(of.same_as.iter().map(|other| (other, true)));
    others.filter_map(move |(id, same)| {
        let other = tasks.iter().position(|(node, _)| node.id == *id).filter(|other| *other != task)?;
        Some(Rule { task, other, same })
    })
}

/// The members of these roles; of those who have the same roles no more than are needed.
fn members<'p>(people: &'p People, groups: &[String], needed: usize) -> Vec<&'p UserId> {
    let mut kinds: BTreeMap<&BTreeSet<String>, usize> = BTreeMap::new();
    let member = |roles: &BTreeSet<String>| groups.iter().any(|group| roles.contains(group));
    let members = people.iter().filter(|(_, roles)| member(roles));
    members
        .filter(|(_, roles)| {
            let seen = kinds.entry(roles).or_default();
            *seen += 1;
            *seen <= needed
        })
        .map(|(user, _)| user)
        .collect()
}

/// Whether each of these tasks can have somebody, so that all rules hold.
fn possible(rules: &[Rule], order: &[usize], who: &[Vec<&UserId>]) -> bool {
    let mut left = ATTEMPTS;
    search(rules, order, who, &mut BTreeMap::new(), &mut left)
}

fn search<'p>(
    rules: &[Rule],
    order: &[usize],
    who: &[Vec<&'p UserId>],
    chosen: &mut BTreeMap<usize, &'p UserId>,
    left: &mut u32,
) -> bool {
    let Some((task, rest)) = order.split_first() else { return true };
    for user in &who[*task] {
        if *left == 0 {
            return true;
        }
        *left -= 1;
        chosen.insert(*task, user);
        let holds = |rule: &&Rule| match (chosen.get(&rule.task), chosen.get(&rule.other)) {
            (Some(one), Some(other)) => (one == other) == rule.same,
            _ => true,
        };
        if rules.iter().filter(holds).count() == rules.len() && search(rules, rest, who, chosen, left) {
            return true;
        }
        chosen.remove(task);
    }
    false
}

fn of_pair(tasks: &[(&Node, &UserTask)], rule: Rule, people: &People) -> Finding {
    let (task, other) = (tasks[rule.task], tasks[rule.other]);
    let must = if rule.same { "must be done by who does" } else { "must not be done by who does" };
    let mut groups = task.1.candidate_groups.clone();
    groups.extend(other.1.candidate_groups.iter().cloned());
    let there = match members(people, &groups, 2).as_slice() {
        [] => "nobody has these roles".to_owned(),
        [one] => format!("only {one} has these roles"),
        _ if rule.same => "nobody has both".to_owned(),
        _ => "one of the two is for nobody".to_owned(),
    };
    let sentence = format!("{} {must} {}, which is impossible today: {there}", told(task), told(other));
    Finding::warning(task.0.at.clone(), sentence)
}

/// `"approve" (for manager, boss)`.
fn told((node, task): (&Node, &UserTask)) -> String {
    format!("\"{}\" (for {})", node.id, task.candidate_groups.join(", "))
}
