//! A file of scenarios to stories: every name in it is there, and every step does one thing.

use super::known::{Known, known};
use super::load::Loaded;
use super::names;
use super::shape::scenario::{GivenShape, NewRecordShape, ScenarioShape, StepShape};
use super::spot::At;
use crate::model::finding::Finding;
use crate::model::ids::UserId;
use crate::model::instance::InstanceState;
use crate::model::scenario::{Act, Case, Given, NewRecord, Person, Scenario, Step, Then};
use crate::model::time::Timestamp;
use std::collections::BTreeSet;

/// The first Monday of 2026, nine o'clock UTC.
const MONDAY: Timestamp = Timestamp(1_767_603_600_000);

/// The things that a step can do.
const ACTS: [&str; 7] = ["start", "claim", "complete", "retry", "create", "update", "wait"];

/// The names that a story has so far.
#[derive(Default, Clone)]
struct Names {
    instances: BTreeSet<String>,
    records: BTreeSet<String>,
}

/// The scenario that a file declares.
pub fn convert(name: &str, file: &Loaded<ScenarioShape>, names_of: &Known, findings: &mut Vec<Finding>) -> Scenario {
    let (shape, at) = (&file.shape, file.at());
    names::key("scenario", &shape.scenario, name, at.key("scenario"), findings);
    let mut named = Names::default();
    let given = given(&shape.given, names_of, &mut named, at.key("given"), findings);
    let cases = shape.cases.iter().enumerate().map(|(position, case)| {
        let at = at.key("cases").item(position);
        let mut named = named.clone();
        let steps = case.steps.iter().enumerate().filter_map(|(position, shape)| {
            let at = at.key("steps").item(position);
            step(shape, &given, names_of, &mut named, at, findings)
        });
        Case { name: case.name.clone(), steps: steps.collect(), at: at.key("name").place() }
    });
    let cases = cases.collect();
    Scenario { name: shape.scenario.clone(), given, cases }
}

fn given(shape: &GivenShape, names: &Known, named: &mut Names, at: At, findings: &mut Vec<Finding>) -> Given {
    let now = shape.now.as_deref().map_or(Some(MONDAY), Timestamp::parse);
    if now.is_none() {
        let sentence = "write an instant such as 2026-03-02T09:00:00+08:00";
        findings.push(Finding::error(at.key("now").place(), sentence));
    }
    let people = shape.people.iter().map(|(login, person)| {
        let at = at.key("people").key(login);
        for (position, role) in person.roles.iter().enumerate() {
            names.role(role, at.key("roles").item(position), findings);
        }
        if let Some(manager) = &person.manager {
            known("person", manager, shape.people.keys().map(String::as_str), "", at.key("manager"), findings);
        }
        let manager = person.manager.as_deref().map(UserId::from);
        let person = Person { roles: person.roles.clone(), manager, attributes: person.attributes.clone() };
        (UserId::from(login.as_str()), person)
    });
    let people = people.collect();
    let records = shape.records.iter().enumerate();
    let records = records.map(|(position, record)| {
        new_record(record, names, named, at.key("records").item(position), "record", findings)
    });
    Given { now: now.unwrap_or(MONDAY), people, records: records.collect() }
}

fn new_record(
    shape: &NewRecordShape,
    names: &Known,
    named: &mut Names,
    at: At,
    key: &str,
    findings: &mut Vec<Finding>,
) -> NewRecord {
    names.record(&shape.record, at.key(key), findings);
    named.records.extend(shape.name.clone());
    NewRecord {
        record_type: shape.record.clone(),
        fields: shape.fields.clone(),
        name: shape.name.clone(),
        at: at.key(key).place(),
    }
}

fn step(
    shape: &StepShape,
    given: &Given,
    names: &Known,
    named: &mut Names,
    at: At,
    findings: &mut Vec<Finding>,
) -> Option<Step> {
    let (key, act) = act(shape, names, named, at, findings)?;
    let takes: &[&str] = match act {
        Act::Start { .. } => &["by", "as", "variables"],
        Act::Complete { .. } => &["by", "outcome", "variables"],
        Act::Claim { .. } | Act::Retry { .. } => &["by"],
        Act::Create(_) => &["by", "as", "fields"],
        Act::Update { .. } => &["by", "fields", "reason"],
        Act::Wait(_) => &[],
    };
    for other in
        at.keys().into_iter().filter(|other| ![key, "then", "refused"].contains(other) && !takes.contains(other))
    {
        findings.push(Finding::error(at.key(other).key_place(), format!("\"{key}\" takes no \"{other}\"")));
    }
    if let Some(login) = &shape.by {
        known(
            "person",
            login,
            given.people.keys().map(UserId::as_str),
            "; add it under \"given\"",
            at.key("by"),
            findings,
        );
    }
    let then = then(shape, names, named, at.key("then"), findings);
    let by = shape.by.as_deref().map(UserId::from);
    Some(Step { act, by, refused: shape.refused.clone(), then, at: at.key(key).key_place() })
}

/// What the step does, and the key that says so.
fn act(
    shape: &StepShape,
    names: &Known,
    named: &mut Names,
    at: At,
    findings: &mut Vec<Finding>,
) -> Option<(&'static str, Act)> {
    let said: Vec<&str> = at.keys().into_iter().filter(|key| ACTS.contains(key)).collect();
    let (variables, fields) = (shape.variables.clone().unwrap_or_default(), shape.fields.clone().unwrap_or_default());
    Some(match said.as_slice() {
        ["start"] => {
            let process = shape.start.clone()?;
            known("process", &process, names.processes.keys().map(String::as_str), "", at.key("start"), findings);
            named.instances.extend(shape.name.clone());
            ("start", Act::Start { process, variables, name: shape.name.clone() })
        }
        ["claim"] => ("claim", Act::Claim { node: shape.claim.clone()? }),
        ["complete"] => {
            ("complete", Act::Complete { node: shape.complete.clone()?, outcome: shape.outcome.clone(), variables })
        }
        ["retry"] => ("retry", Act::Retry { node: shape.retry.clone()? }),
        ["create"] => {
            let record = NewRecordShape { record: shape.create.clone()?, name: shape.name.clone(), fields };
            ("create", Act::Create(new_record(&record, names, named, at, "create", findings)))
        }
        ["update"] => {
            let record = shape.update.clone()?;
            known(
                "record of that name",
                &record,
                named.records.iter().map(String::as_str),
                "",
                at.key("update"),
                findings,
            );
            ("update", Act::Update { record, fields, reason: shape.reason.clone() })
        }
        ["wait"] => match shape.wait.as_deref()?.parse() {
            Ok(duration) => ("wait", Act::Wait(duration)),
            Err(sentence) => {
                findings.push(Finding::error(at.key("wait").place(), sentence));
                return None;
            }
        },
        _ => {
            let sentence = format!("a step does one of these: {}", ACTS.join(", "));
            findings.push(Finding::error(at.place(), sentence));
            return None;
        }
    })
}

fn then(shape: &StepShape, names: &Known, named: &Names, at: At, findings: &mut Vec<Finding>) -> Then {
    let shape = &shape.then;
    if let Some(of) = &shape.of {
        known("instance of that name", of, named.instances.iter().map(String::as_str), "", at.key("of"), findings);
    }
    if let Some(state) = &shape.state
        && InstanceState::parse(state).is_none()
    {
        let sentence = "the state is active, suspended, completed, ended_with_error or cancelled";
        findings.push(Finding::error(at.key("state").place(), sentence));
    }
    for record_type in shape.records.keys() {
        if !names.records.contains(record_type) {
            names.record(record_type, at.key("records").key(record_type), findings);
        }
    }
    Then {
        of: shape.of.clone(),
        state: shape.state.clone(),
        waits: shape.waits.clone(),
        variables: shape.variables.clone(),
        tasks: shape.tasks.clone(),
        records: shape.records.clone(),
        incidents: shape.incidents.clone(),
    }
}
