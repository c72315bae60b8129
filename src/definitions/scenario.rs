//! A file of scenarios to stories: what is given, and the cases. What a step does stands in `scenario_step`.

use super::known::{Known, known};
use super::load::Loaded;
use super::names;
use super::scenario_step::step;
use super::shape::scenario::{GivenShape, NewRecordShape, ScenarioShape};
use super::spot::At;
use crate::model::finding::Finding;
use crate::model::ids::UserId;
use crate::model::scenario::{Case, Given, NewRecord, Person, Scenario};
use crate::model::time::Timestamp;
use std::collections::BTreeSet;

/// The first Monday of 2026, nine o'clock UTC.
const MONDAY: Timestamp = Timestamp(1_767_603_600_000);

/// The names that a story has so far.
#[derive(Default, Clone)]
pub struct Names {
    /// Of instances.
    pub instances: BTreeSet<String>,
    /// Of records.
    pub records: BTreeSet<String>,
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

/// A record that is made, in `given` or by a step.
pub fn new_record(
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
