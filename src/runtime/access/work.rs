//! Which instances and tasks a caller sees: the `access:` of processes and tasks of the active revision as a predicate.

use super::{PROCESS_ADMIN, break_glass, has};
use crate::engine;
use crate::model::actor::Actor;
use crate::model::definitions::Definitions;
use crate::model::process::NodeKind;
use crate::model::task::UserTask;
use crate::model::time::Timestamp;
use crate::model::work_access::{Part, Stand};
use crate::plugins::Stop;
use crate::runtime::shared::Shared;
use crate::store::Connection;
use crate::store::visible::{Below, NodeRule, Reach, Reaches, Rule, Ties, Visible, Which};
use std::collections::BTreeMap;

/// What the caller sees of tasks and instances now. Access is live: the active revision decides, whatever revision an
/// instance is pinned to.
pub fn visible(conn: &mut Connection, shared: &Shared, actor: &Actor) -> Result<Visible, Stop> {
    let library = shared.libraries.perhaps(conn, &actor.business)?;
    Ok(seen(actor, library.as_ref().map(|library| &library.definitions), shared.clock.now()))
}

/// Whether an open task is the caller's, or one that the caller may take: then it is seen without asking the store.
pub fn concerns(actor: &Actor, task: &UserTask) -> bool {
    engine::has(task, actor) || engine::may_claim(task, actor)
}

pub(super) fn seen(actor: &Actor, definitions: Option<&Definitions>, at: Timestamp) -> Visible {
    let (mut declared, mut nodes) = (BTreeMap::<Ties, Vec<String>>::new(), Vec::new());
    for process in definitions.iter().flat_map(|definitions| definitions.processes.values()) {
        if let Some(readers) = &process.readers {
            declared.entry(ties(actor, readers)).or_default().push(process.key.clone());
        }
        for node in &process.nodes {
            if let NodeKind::UserTask(task) = &node.kind
                && let Some(readers) = &task.readers
            {
                let (process, node) = (process.key.clone(), node.id.to_string());
                nodes.push(NodeRule { process, node, ties: ties(actor, readers) });
            }
        }
    }
    let opened = break_glass::may_ask_for_instances(actor, definitions);
    let others = Which::Others(declared.values().flatten().cloned().collect());
    let mut rules = vec![Rule { of: others, ties: ties(actor, &undeclared()) }];
    rules.extend(declared.into_iter().map(|(ties, processes)| Rule { of: Which::These(processes), ties }));
    let (user, stands_in) = (actor.user.clone(), actor.stands_in.clone());
    Visible { user, roles: actor.roles.iter().cloned().collect(), stands_in, at, rules, opened, nodes }
}

/// Who sees a process that does not say who: those who start it or work on it, those above them, and who mends it.
fn undeclared() -> Vec<Stand> {
    let parts = [Part::Starter, Part::Assignee, Part::Candidate];
    let mut stands: Vec<Stand> = parts.into_iter().flat_map(|part| [Stand::Is(part), Stand::Superior(part)]).collect();
    stands.push(Stand::Role(PROCESS_ADMIN.to_owned()));
    stands
}

fn ties(actor: &Actor, stands: &[Stand]) -> Ties {
    let mut reaches = Reaches::default();
    for stand in stands {
        match stand {
            Stand::Anyone => return Ties::All,
            Stand::Role(role) if has(actor, role) => return Ties::All,
            Stand::Role(_) => {}
            Stand::Is(part) => reach(&mut reaches, *part).own = true,
            Stand::Superior(part) => reach(&mut reaches, *part).below = Some(Below::Any),
            Stand::DirectSuperior(part) => {
                reach(&mut reaches, *part).below.get_or_insert(Below::Direct);
            }
        }
    }
    Ties::Some(reaches)
}

fn reach(reaches: &mut Reaches, part: Part) -> &mut Reach {
    match part {
        Part::Starter => &mut reaches.starter,
        Part::Assignee => &mut reaches.assignee,
        Part::Candidate => &mut reaches.candidate,
    }
}
