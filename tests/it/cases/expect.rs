//! Compares what a step expects with what came of it.

use super::case::{Expect, Step};
use super::player::{Done, Player};
use kamflow::model::event::Event;
use kamflow::model::instance::Instance;
use kamflow::model::json::{Json, JsonMap};
use kamflow::model::subscription::Awaited;
use std::collections::BTreeMap;
use std::fmt::Debug;

/// The first difference, as a sentence.
pub fn check(player: &Player, step: &Step, done: &Done) -> Result<(), String> {
    let expect = &step.expect;
    match (&expect.refused, &done.refused) {
        (Some(text), Some(refused)) if refused.contains(text) => {}
        (None, None) => {}
        (Some(text), None) => return Err(format!("should be refused with \"{text}\", but was done")),
        (_, Some(refused)) => return Err(format!("refused: {refused}")),
    }
    let state = player.state()?;
    incidents(expect, state)?;
    if let Some(history) = &expect.history {
        equal("history", history, &done.history)?;
    }
    if let Some(expected) = &expect.state {
        equal("state", expected, &state.state.name().to_owned())?;
    }
    if let Some(open) = &expect.open {
        let mut tasks: Vec<_> = state.tasks.values().collect();
        tasks.sort_by_key(|task| task.token);
        equal("open", open, &tasks.into_iter().map(|task| task.node.to_string()).collect())?;
    }
    for (node, part) in expect.tasks.iter().flatten() {
        let task = state.tasks.values().find(|task| task.node.as_str() == node);
        let task = task.ok_or_else(|| format!("tasks: no open task \"{node}\""))?;
        contains(&format!("task \"{node}\""), part, &json(task)?)?;
    }
    if let Some(jobs) = &expect.jobs {
        let open: Vec<&str> = state.jobs.values().map(|job| job.node.as_str()).collect();
        if open.len() != jobs.len() {
            return Err(format!("jobs: expected {:?}, found {open:?}", jobs.keys()));
        }
        for (node, part) in jobs {
            let job = state.jobs.values().find(|job| job.node.as_str() == node);
            contains(
                &format!("job \"{node}\""),
                part,
                &json(job.ok_or_else(|| format!("jobs: none at \"{node}\""))?)?,
            )?;
        }
    }
    if let Some(timers) = &expect.timers {
        let set = state.timers.values().map(|timer| (timer.node.to_string(), timer.due.rfc3339())).collect();
        equal("timers", timers, &set)?;
    }
    if let Some(awaits) = &expect.awaits {
        let waiting = state.subscriptions.values().map(|one| (one.node.to_string(), awaited(&one.awaits))).collect();
        equal("awaits", awaits, &waiting)?;
    }
    variables(expect, player)?;
    if let Some(performed) = &expect.performed {
        equal("performed", performed, &player.performed)?;
    }
    for (node, part) in expect.decisions.iter().flatten() {
        let decision = done.events.iter().find_map(|event| match event {
            Event::DecisionMade { decision } if decision.node.as_str() == node => Some(decision),
            _ => None,
        });
        let decision = decision.ok_or_else(|| format!("decisions: \"{node}\" decided nothing"))?;
        contains(&format!("decision \"{node}\""), part, &json(decision)?)?;
    }
    Ok(())
}

fn incidents(expect: &Expect, state: &Instance) -> Result<(), String> {
    let open: BTreeMap<String, String> =
        state.incidents.values().map(|open| (open.node.to_string(), open.failure.message.clone())).collect();
    let fits = open.len() == state.incidents.len()
        && open.keys().eq(expect.incidents.keys())
        && expect.incidents.iter().all(|(node, text)| open[node].contains(text));
    if fits { Ok(()) } else { Err(format!("incidents: expected {:?}, found {open:?}", expect.incidents)) }
}

/// The variables of the root process; of an ended one those it ended with.
fn variables(expect: &Expect, player: &Player) -> Result<(), String> {
    let state = player.state()?;
    let root = state.scopes.values().find(|scope| scope.owner.is_none());
    let present = root.map(|scope| scope.variables.clone()).unwrap_or_default();
    let none = JsonMap::new();
    for (name, value) in expect.variables.as_ref().unwrap_or(&none) {
        match present.get(name) {
            Some(found) if found == value => {}
            found => return Err(format!("variable \"{name}\": expected {value}, found {found:?}")),
        }
    }
    match expect.unset.iter().flatten().find(|name| present.contains_key(*name)) {
        Some(name) => Err(format!("variable \"{name}\" is set to {}", present[name])),
        None => Ok(()),
    }
}

fn equal<T: PartialEq + Debug>(what: &str, expected: &T, found: &T) -> Result<(), String> {
    if expected == found { Ok(()) } else { Err(format!("{what}:\n  expected {expected:?}\n  found    {found:?}")) }
}

fn json(value: &impl serde::Serialize) -> Result<Json, String> {
    serde_json::to_value(value).map_err(|wrong| wrong.to_string())
}

/// Every field that is said has this value.
fn contains(what: &str, part: &Json, whole: &Json) -> Result<(), String> {
    match (part, whole) {
        (Json::Object(part), Json::Object(whole)) => part.iter().try_for_each(|(key, value)| {
            contains(&format!("{what}, {key}"), value, whole.get(key).unwrap_or(&Json::Null))
        }),
        (part, whole) if part == whole => Ok(()),
        (part, whole) => Err(format!("{what}: expected {part}, found {whole}")),
    }
}

fn awaited(awaits: &Awaited) -> String {
    match awaits {
        Awaited::Message { name, key: Some(key) } => format!("message {name} {key}"),
        Awaited::Message { name, key: None } => format!("message {name}"),
        Awaited::Signal { name } => format!("signal {name}"),
        Awaited::Condition { .. } => "condition".to_owned(),
        Awaited::Call => "call".to_owned(),
    }
}
