//! Small things that store tests are told with.

use kamflow::model::ids::{BusinessId, InstanceId, root_of};
use kamflow::model::instance::{Instance, InstanceState};
use kamflow::model::json::{Json, JsonMap};
use kamflow::model::record::Record;
use kamflow::model::task::{TaskState, UserTask};
use kamflow::model::text::Text;
use kamflow::model::time::Timestamp;
use kamflow::store::slots::Slots;
use kamflow::store::writes::{Changed, Created, Inside, Root, Task};
use serde_json::json;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

pub fn acme() -> BusinessId {
    BusinessId::from("acme")
}

pub fn instance(id: &str) -> Instance {
    Instance {
        id: id.into(),
        business: acme(),
        revision: 1,
        process: "customer-intake".to_owned(),
        business_key: None,
        starter: "anna".into(),
        started_at: Timestamp(1_000),
        state: InstanceState::Active,
        serial: 1,
        sequence: 1,
        moves: 0,
        ready: VecDeque::new(),
        scopes: Default::default(),
        tokens: Default::default(),
        tasks: BTreeMap::new(),
        jobs: BTreeMap::new(),
        timers: BTreeMap::new(),
        subscriptions: BTreeMap::new(),
        votings: BTreeMap::new(),
        approved: BTreeMap::new(),
        incidents: BTreeMap::new(),
    }
}

pub fn root(instance: Instance) -> Root {
    Root { instance: Arc::new(instance), error: None, ended_at: None, search: JsonMap::new(), slots: Slots::default() }
}

pub fn created(instance: Instance) -> Created {
    Created { claims_key: instance.business_key.is_some(), root: root(instance) }
}

pub fn changed(instance: Instance, expected: i64) -> Changed {
    Changed { root: root(instance), expected, releases_key: false }
}

pub fn task(id: &str) -> UserTask {
    UserTask {
        id: id.into(),
        instance: root_of(id),
        process: "customer-intake".to_owned(),
        token: 1,
        node: "review".into(),
        title: Text { en: "Review".to_owned(), zh: "复核".to_owned() },
        state: TaskState::Created,
        assignee: None,
        candidate_users: Vec::new(),
        candidate_groups: vec!["sales_ops".to_owned()],
        form: None,
        outcomes: vec!["same".to_owned(), "new".to_owned()],
        priority: 50,
        due: None,
        search: JsonMap::new(),
        subject: None,
        created_at: Timestamp(1_000),
        ended_at: None,
        completed_by: None,
        outcome: None,
        version: 1,
        suspended: false,
        papers: None,
        owner: None,
        delegation: None,
        acting_for: None,
        completed_for: None,
        helpers: Vec::new(),
        follow_up: None,
        parent: None,
        starter: Some("starter".into()),
        raised: None,
        seat: None,
        description: Some("By hand.".to_owned()),
    }
}

pub fn inside<T>(root: &str, item: T) -> Inside<T> {
    Inside { business: acme(), root: InstanceId::from(root), item }
}

pub fn task_write(task: UserTask) -> Inside<Task> {
    inside(
        root_of(task.id.as_str()).as_str(),
        Task { task, slots: Slots::default(), starter: "starter".into(), business_key: None },
    )
}

pub fn record(id: &str, fields: Json) -> Record {
    let Json::Object(fields) = fields else { panic!("fields are an object") };
    Record {
        business: acme(),
        record_type: "customer".to_owned(),
        id: id.into(),
        fields,
        version: 1,
        created_at: Timestamp(1_000),
        created_by: "anna".into(),
        updated_at: Timestamp(1_000),
        updated_by: "anna".into(),
        derived: None,
        merged_into: None,
    }
}

pub fn map(value: Json) -> JsonMap {
    value.as_object().cloned().unwrap_or_default()
}

/// Many digits, a quote, a backslash, Chinese and an emoji: what must come back as it went in.
pub fn awkward() -> Json {
    let number: Json = serde_json::from_str("12345678901234567890.123456789012345678901234567890").unwrap();
    json!({"exact": number, "text": "\"客户\" \\u0000 😀\n", "none": null, "list": [1, "a", {"b": false}]})
}
