//! What things are called in a story: `$name` stands for the id of a record, everywhere where a value stands.

use crate::model::ids::{InstanceId, RecordId};
use crate::model::json::{Json, JsonMap};
use std::collections::BTreeMap;

/// The names of a story so far.
#[derive(Default)]
pub struct Names {
    /// Records: type and id.
    pub records: BTreeMap<String, (String, RecordId)>,
    /// Instances.
    pub instances: BTreeMap<String, InstanceId>,
    /// The one that is spoken of: what a step started, looked at, or sent something to last.
    pub latest: Option<InstanceId>,
}

impl Names {
    /// The same values with ids in place of names.
    pub fn filled(&self, values: &JsonMap) -> JsonMap {
        values.iter().map(|(key, value)| (key.clone(), self.value(value))).collect()
    }

    fn value(&self, value: &Json) -> Json {
        match value {
            Json::String(text) => match text.strip_prefix('$').and_then(|name| self.records.get(name)) {
                Some((_, id)) => Json::String(id.0.clone()),
                None => value.clone(),
            },
            Json::Array(items) => items.iter().map(|item| self.value(item)).collect(),
            Json::Object(fields) => Json::Object(self.filled(fields)),
            _ => value.clone(),
        }
    }
}
