//! What must be true after a step, and how it is otherwise.

use super::stage::{Scene, told};

use crate::model::instance::Instance;
use crate::model::json::{Json, JsonMap};
use crate::model::refusal::Refusal;
use crate::model::scenario::Then;
use crate::model::task::UserTask;
use crate::scripts::contained;
use crate::store::records::{self, RecordQuery, Sight};
use serde_json::json;

/// Looks at everything that must be true; the sentence about the first thing that is not.
pub fn all_is_so(scene: &Scene, then: &Then) -> Result<(), String> {
    let of = match &then.of {
        Some(name) => scene.names.instances.get(name).cloned(),
        None => scene.names.latest.clone(),
    };
    match of {
        Some(id) => {
            let instance = scene.instance(&id).map_err(|refusal| told(&refusal))?;
            instance_is_so(scene, then, &instance)?;
        }
        None if then.state.is_some()
            || then.waits.is_some()
            || then.jobs.is_some()
            || !then.variables.is_empty()
            || !then.tasks.is_empty() =>
        {
            return Err("no process was started yet".to_owned());
        }
        None => {}
    }
    for (record_type, expected) in &then.records {
        let found = all(scene, record_type).map_err(|refusal| told(&refusal))?;
        if found.len() != expected.len() {
            let (found_names, many) = (Json::from(found.clone()), found.len());
            return Err(format!("{record_type}: expected {} records, there are {many}: {found_names}", expected.len()));
        }
        for (number, (expected, found)) in expected.iter().zip(&found).enumerate() {
            let expected = Json::Object(scene.names.filled(expected));
            contained(&format!("/records/{record_type}/{number}"), &expected, found)?;
        }
    }
    Ok(())
}

fn instance_is_so(scene: &Scene, then: &Then, instance: &Instance) -> Result<(), String> {
    let failed: Vec<String> = instance.incidents.values().map(|incident| incident.node.to_string()).collect();
    if sorted(failed) != sorted(then.incidents.clone()) {
        let told =
            instance.incidents.values().map(|incident| format!("{}: {}", incident.node, incident.failure.message));
        let told: Vec<String> = told.collect();
        return Err(format!("incidents: expected {:?}, there are {told:?}", then.incidents));
    }
    let state = instance.state.name();
    if let Some(expected) = then.state.as_ref().filter(|expected| *expected != state) {
        return Err(format!("state: expected {expected}, it is {state}; it waits at {:?}", waits(instance)));
    }
    if let Some(expected) = &then.waits
        && sorted(expected.clone()) != waits(instance)
    {
        return Err(format!("waits: expected {expected:?}, it waits at {:?} and is {state}", waits(instance)));
    }
    if let Some(expected) = &then.jobs {
        let open = sorted(instance.jobs.values().map(|job| job.job_type.clone()).collect());
        if sorted(expected.clone()) != open {
            return Err(format!("jobs: expected {expected:?}, there are {open:?}"));
        }
    }
    let variables = instance.scopes.values().find(|scope| scope.parent.is_none()).map(|scope| scope.variables.clone());
    let expected = Json::Object(scene.names.filled(&then.variables));
    contained("/variables", &expected, &Json::Object(variables.unwrap_or_default()))?;
    for (node, expected) in &then.tasks {
        let task = instance.tasks.values().find(|task| task.parent.is_none() && task.node.as_str() == node);
        let task = task.ok_or_else(|| format!("there is no open task at {node}; it waits at {:?}", waits(instance)))?;
        contained(&format!("/tasks/{node}"), expected, &shown(task))?;
    }
    Ok(())
}

/// The nodes with open tasks, by name.
fn waits(instance: &Instance) -> Vec<String> {
    sorted(instance.tasks.values().map(|task| task.node.to_string()).collect())
}

fn sorted(mut names: Vec<String>) -> Vec<String> {
    names.sort();
    names
}

fn shown(task: &UserTask) -> Json {
    json!({
        "state": task.state, "assignee": task.assignee, "candidateUsers": task.candidate_users,
        "candidateGroups": task.candidate_groups, "due": task.due.map(|due| due.rfc3339()), "priority": task.priority,
        "form": task.form, "owner": task.owner, "delegation": task.delegation,
        "followUp": task.follow_up.map(|at| at.rfc3339()),
        "escalatedToUsers": task.raised.as_ref().map(|raised| &raised.users),
        "escalatedToGroups": task.raised.as_ref().map(|raised| &raised.groups),
    })
}

/// All records of a type with their ids, in the order in which they were made.
fn all(scene: &Scene, record_type: &str) -> Result<Vec<Json>, Refusal> {
    let query = RecordQuery::of(scene.business.clone(), record_type, Sight::All);
    let found = scene.look(|conn| records::search(conn, &query))?.items;
    let record = |record: crate::model::record::Record| {
        let mut fields: JsonMap = record.fields;
        fields.insert("id".to_owned(), Json::String(record.id.0));
        Json::Object(fields)
    };
    Ok(found.into_iter().map(record).collect())
}
