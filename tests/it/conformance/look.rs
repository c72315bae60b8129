//! The instances of a case as the store has them now, in the order in which they were started.

use super::engine::Engine;
use kamflow::model::ids::{BusinessId, InstanceId, UserId};
use kamflow::model::instance::{Instance, InstanceState, InstanceSummary};
use kamflow::model::json::{Json, JsonMap};
use kamflow::model::task::UserTask;
use kamflow::store::instances::{self, InstanceQuery};
use kamflow::store::visible::Visible;
use std::collections::BTreeMap;

/// Instances of one case at most.
const MOST: i64 = 500;

/// The root instances of a business; those that are known already keep their places, others follow.
pub fn roots(engine: &mut Engine, business: &BusinessId, known: &[InstanceId]) -> Vec<Instance> {
    let query = InstanceQuery {
        business: business.clone(),
        visible: Visible::all(UserId::from("conformance")),
        process: None,
        state: None,
        business_key: None,
        starter: None,
        parent: None,
        built_in: false,
        search: Vec::new(),
        after: None,
        limit: MOST,
    };
    let found = instances::search(&mut engine.conn, &query).unwrap().items;
    let mut new: Vec<InstanceSummary> =
        found.into_iter().filter(|found| found.parent.is_none() && !known.contains(&found.id)).collect();
    new.sort_by(|a, b| (a.started_at, &a.id).cmp(&(b.started_at, &b.id)));
    let ids: Vec<InstanceId> = known.iter().cloned().chain(new.into_iter().map(|new| new.id)).collect();
    let keys: Vec<_> = ids.iter().map(|id| (business.clone(), id.clone())).collect();
    let loaded = instances::load(&mut engine.conn, &keys).unwrap();
    let mut by_id: BTreeMap<InstanceId, Instance> =
        loaded.into_iter().map(|(instance, _)| (instance.id.clone(), instance)).collect();
    ids.iter().filter_map(|id| by_id.remove(id)).collect()
}

/// The open tasks of all of them, oldest first.
pub fn open_tasks(roots: &[Instance]) -> Vec<UserTask> {
    let of = |root: &Instance| {
        let mut tasks: Vec<UserTask> = root.tasks.values().cloned().collect();
        tasks.sort_by_key(|task| task.token);
        tasks
    };
    roots.iter().flat_map(of).collect()
}

/// How many instances are alive, called ones included.
pub fn alive(roots: &[Instance]) -> usize {
    let active = roots.iter().filter(|root| root.state == InstanceState::Active);
    active.map(|root| root.scopes.values().filter(|scope| scope.node.is_none()).count()).sum()
}

/// The variables of the process itself; of one that ended, those it ended with.
pub fn variables(root: &Instance) -> JsonMap {
    let scope = root.scopes.values().find(|scope| scope.owner.is_none());
    let mut variables = scope.map(|scope| scope.variables.clone()).unwrap_or_default();
    // What it was started with, under a name of the language.
    variables.remove("input");
    variables
}

/// The same value, where 42 and 42.0 are the same number.
pub fn same(a: &Json, b: &Json) -> bool {
    match (a, b) {
        (Json::Number(one), Json::Number(other)) => {
            let decimal = |number: &serde_json::Number| number.to_string().parse::<rust_decimal::Decimal>().ok();
            one == other || decimal(one).is_some_and(|one| decimal(other) == Some(one))
        }
        (Json::Array(a), Json::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Json::Object(a), Json::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| same(a, b)))
        }
        _ => a == b,
    }
}

/// What went wrong in them and waits for a person, as `node: sentence`.
pub fn incidents(roots: &[Instance]) -> Vec<String> {
    let all = roots.iter().flat_map(|root| root.incidents.values());
    all.map(|incident| format!("{}: {}", incident.node, incident.failure.message)).collect()
}
