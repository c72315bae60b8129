//! A form: what a user task shows and asks for.

use super::expression::Place;
use super::json::{Json, JsonMap};
use super::process::Mapping;
use super::text::Text;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A form of a user task.
#[derive(Debug, Clone)]
pub struct Form {
    /// Its name, unique in the revision.
    pub name: String,
    /// Its title.
    pub title: Text,
    /// JSON Schema (2020-12) of what the person enters; an object.
    pub schema: Json,
    /// Labels of the properties.
    pub labels: BTreeMap<String, Text>,
    /// Labels of the values of properties that are codes: by property and value.
    pub values: BTreeMap<String, BTreeMap<String, Text>>,
    /// Labels of the outcomes of tasks that show it.
    pub outcomes: BTreeMap<String, Text>,
    /// Order of the properties on the page; those not named follow.
    pub order: Vec<String>,
    /// Process variables shown beside the form, read-only.
    pub shows: Vec<String>,
    /// Properties that are computed from the variables and from what is typed, and never entered.
    pub computed: Mapping,
    /// Where `form:` was written.
    pub at: Place,
}

/// A form as somebody sees it who is to fill it in, for a task or for the start of a process.
#[derive(Debug, Clone)]
pub struct SeenForm {
    /// The form.
    pub form: Arc<Form>,
    /// The revision that it is of: that of the instance, or the one that a start goes by.
    pub revision: i64,
    /// The variables that are shown beside it.
    pub shown: JsonMap,
    /// The variables that its properties are named for, as they are now.
    pub present: JsonMap,
    /// The outcomes to choose from.
    pub outcomes: Vec<String>,
}

impl Form {
    /// The properties that are shown and not entered: `readOnly` in the schema.
    pub fn read_only(&self) -> impl Iterator<Item = &str> {
        let properties = self.schema.get("properties").and_then(Json::as_object).into_iter().flatten();
        properties
            .filter(|(_, property)| property.get("readOnly") == Some(&Json::Bool(true)))
            .map(|(name, _)| name.as_str())
    }

    /// The names of its properties.
    pub fn properties(&self) -> impl Iterator<Item = &String> {
        self.schema.get("properties").and_then(Json::as_object).into_iter().flat_map(|properties| properties.keys())
    }

    /// SHA-256 of all that a client draws of it, in hex: two forms with one hash are drawn alike.
    pub fn hash(&self) -> String {
        let Form { name, title, schema, labels, values, outcomes, order, shows, computed, at: _ } = self;
        let computed: BTreeMap<&String, &str> = computed.iter().map(|(name, how)| (name, &*how.source)).collect();
        let all = serde_json::json!([name, title, schema, labels, values, outcomes, order, shows, computed]);
        Sha256::digest(all.to_string()).iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"))
    }
}
