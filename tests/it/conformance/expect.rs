//! The steps that look: what must be true of the instances of the run, and of their histories.

use super::drive::{self, Waits};
use super::format::{EndState, Expect};
use super::look;
use super::play::Wrong;
use super::player::Player;
use super::steps::{ExpectState, ExpectVars, ExpectWaits, ListTasks, State, Verb};
use super::story::{self, Story};
use kamflow::model::instance::{Instance, InstanceState};
use kamflow::model::task::UserTask;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

/// Whether what a step looks for is so.
pub fn holds(player: &mut Player, verb: &Verb) -> Result<(), Wrong> {
    let roots = player.look();
    let open = look::open_tasks(&roots);
    match verb {
        Verb::ExpectOpen(expected) | Verb::ExpectOpenAll(expected) => {
            same("open tasks", &some(expected), &by_node(player, &open))
        }
        Verb::ExpectOpenWhere(wanted) => {
            let names = &player.rendered.names;
            let fits = |root: &&Instance| {
                let variables = look::variables(root);
                let is = |(name, value): (&String, _)| {
                    variables.get(&names.variable(name)).is_some_and(|found| look::same(found, value))
                };
                wanted.variables.iter().all(is)
            };
            let chosen: Vec<Instance> = roots.iter().filter(fits).cloned().collect();
            if chosen.is_empty() {
                return Err(Wrong::Trace("no instance has these values".to_owned()));
            }
            same("open tasks", &some(&wanted.open), &by_node(player, &look::open_tasks(&chosen)))
        }
        Verb::ExpectOpenTotal(expected) => same("number of open tasks", expected, &open.len()),
        Verb::ExpectOpenNames(expected) => {
            same("titles of open tasks", &some(expected), &count(open.iter().map(|task| task.title.en.clone())))
        }
        Verb::ExpectInstances(expected) => same("number of instances", expected, &look::alive(&roots)),
        Verb::ExpectState(expected) => state(player, expected),
        Verb::ExpectMarks(expected) => {
            let marks = count(told(player).marks(player.rendered).into_iter());
            same("marks", &some(expected), &marks)
        }
        Verb::ExpectMarkOrder(expected) => {
            let marks = told(player).marks(player.rendered);
            let these: Vec<String> = marks.iter().filter(|mark| expected.contains(mark)).cloned().collect();
            same("marks in their order", expected, &these)
        }
        Verb::ExpectVars(expected) => variables(player, expected),
        Verb::ExpectAssignee(expected) => {
            let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
            let ours: BTreeMap<String, String> =
                expected.keys().map(|node| (player.rendered.names.node(node), node.clone())).collect();
            found.extend(expected.keys().map(|node| (node.clone(), Vec::new())));
            for task in &open {
                if let (Some(node), Some(assignee)) = (ours.get(task.node.as_str()), &task.assignee) {
                    found.entry(node.clone()).or_default().push(assignee.0.clone());
                }
            }
            let sorted = |all: &BTreeMap<String, Vec<String>>| {
                let mut all = all.clone();
                all.values_mut().for_each(|users| users.sort());
                all
            };
            same("assignees", &sorted(expected), &sorted(&found))
        }
        Verb::ExpectWaits(expected) => waits(&roots, expected),
        Verb::ExpectAudit(expected) => {
            let found = told(player).actors(&player.rendered.names.node(&expected.node));
            same("actors", &expected.actors.iter().cloned().collect::<BTreeSet<_>>(), &found)
        }
        Verb::ListTasks(list) => list_tasks(player, list),
        other => Err(Wrong::Runner(format!("{other:?} looks at nothing"))),
    }
}

fn told(player: &mut Player) -> Story {
    let roots = player.roots.clone();
    story::read(player.engine, &player.business, &roots)
}

fn main_of(player: &mut Player) -> Result<Instance, Wrong> {
    let main = player.main.clone();
    let found = player.look().into_iter().find(|root| Some(&root.id) == main.as_ref());
    found.ok_or_else(|| Wrong::Trace("nothing was started".to_owned()))
}

fn state(player: &mut Player, expected: &ExpectState) -> Result<(), Wrong> {
    let main = main_of(player)?;
    let wanted = match expected.expect_state {
        State::Active => InstanceState::Active,
        State::Completed => InstanceState::Completed,
        State::Cancelled => InstanceState::Cancelled,
        State::Failed | State::EndedWithError => InstanceState::EndedWithError,
    };
    let parked = expected.or_incident && !main.incidents.is_empty();
    if parked || wanted == InstanceState::EndedWithError {
        player.failure_is_meant = true;
    }
    if parked { Ok(()) } else { same("state", &wanted, &main.state) }
}

fn variables(player: &mut Player, expected: &ExpectVars) -> Result<(), Wrong> {
    let found = look::variables(&main_of(player)?);
    let names = &player.rendered.names;
    for (name, value) in &expected.expect_vars {
        let found = found.get(&names.variable(name));
        if !found.is_some_and(|found| look::same(found, value)) {
            return Err(Wrong::Trace(format!("variable {name}: expected {value}, found {found:?}")));
        }
    }
    match expected.absent.iter().find(|name| found.contains_key(&names.variable(name))) {
        Some(name) => Err(Wrong::Trace(format!("variable {name} is there, and must not be"))),
        None => Ok(()),
    }
}

fn waits(roots: &[Instance], expected: &ExpectWaits) -> Result<(), Wrong> {
    let mut all = Waits::default();
    for one in roots.iter().filter(|root| root.state == InstanceState::Active).map(drive::waits) {
        all.signals.extend(one.signals);
        all.messages.extend(one.messages);
        all.timers += one.timers;
    }
    let sorted = |names: &[String]| {
        let mut names = names.to_vec();
        names.sort();
        names
    };
    if let Some(signals) = &expected.signal {
        same("signals waited for", &sorted(signals), &sorted(&all.signals))?;
    }
    if let Some(messages) = &expected.message {
        same("messages waited for", &sorted(messages), &sorted(&all.messages))?;
    }
    expected.timers.map_or(Ok(()), |timers| same("timers", &timers, &all.timers))
}

fn list_tasks(player: &mut Player, list: &ListTasks) -> Result<(), Wrong> {
    let hand = player.hand(list.by.as_deref());
    let found = drive::tasks_for(&hand).map_err(|stop| Wrong::stopped("the list of tasks", stop))?;
    let found = found.iter().map(|node| case_node(player, node));
    same("tasks in the list", &count(list.expect.iter().cloned()), &count(found))
}

/// What must be true when the run is idle.
pub fn at_end(player: &mut Player, expected: &Expect) -> Result<(), Wrong> {
    if let Some(state) = expected.state {
        end_state(player, state, expected.or_incident)?;
    }
    let story = told(player);
    let mut marks = count(story.marks(player.rendered).into_iter());
    marks.retain(|mark, _| !expected.ignore_marks.contains(mark));
    if let Some(wanted) = &expected.marks {
        let logged: BTreeSet<&String> = player.rendered.marks.values().flatten().collect();
        if let Some((mark, _)) = wanted.iter().find(|(mark, count)| **count > 0 && !logged.contains(mark)) {
            return Err(Wrong::Runner(format!("no node of this case logs {mark}: it cannot be met")));
        }
        if !expected.marks_exact {
            marks.retain(|mark, _| wanted.contains_key(mark));
        }
        same("marks", &some(wanted), &marks)?;
    }
    match expected.overlap.iter().find(|(one, other)| !story.overlap(player.rendered, one, other)) {
        Some((one, other)) => Err(Wrong::Trace(format!("{one} and {other} do not overlap"))),
        None => Ok(()),
    }
}

fn end_state(player: &mut Player, state: EndState, or_incident: bool) -> Result<(), Wrong> {
    let main = main_of(player)?;
    let parked = or_incident && !main.incidents.is_empty();
    let wanted = match state {
        EndState::Completed => InstanceState::Completed,
        EndState::Stuck => InstanceState::Active,
        EndState::Failed | EndState::EndedWithError | EndState::RejectedOrFailed => InstanceState::EndedWithError,
    };
    if parked || wanted == InstanceState::EndedWithError {
        player.failure_is_meant = true;
    }
    if parked {
        return Ok(());
    }
    same("state", &wanted, &main.state)?;
    if state == EndState::Stuck && !(main.tasks.is_empty() && main.timers.is_empty()) {
        return Err(Wrong::Trace("it is to be stuck, and waits for a person or for a time".to_owned()));
    }
    Ok(())
}

fn by_node(player: &Player, open: &[UserTask]) -> BTreeMap<String, usize> {
    count(open.iter().map(|task| case_node(player, task.node.as_str())))
}

fn case_node(player: &Player, ours: &str) -> String {
    player.rendered.names.node_of_case(ours).cloned().unwrap_or_else(|| ours.to_owned())
}

/// How often each is there.
fn count(all: impl Iterator<Item = String>) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    all.for_each(|one| *counts.entry(one).or_default() += 1);
    counts
}

/// Those that are to be there at all.
fn some(expected: &BTreeMap<String, usize>) -> BTreeMap<String, usize> {
    expected.iter().filter(|(_, count)| **count > 0).map(|(name, count)| (name.clone(), *count)).collect()
}

fn same<T: PartialEq + Debug>(what: &str, expected: &T, found: &T) -> Result<(), Wrong> {
    let differ = || Wrong::Trace(format!("{what}: expected {expected:?}, found {found:?}"));
    if expected == found { Ok(()) } else { Err(differ()) }
}
