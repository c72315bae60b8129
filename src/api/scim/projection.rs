//! Which attributes of a user or group are shown: `attributes` and `excludedAttributes` (RFC 7644 3.9).

use crate::model::json::{Json, JsonMap};
use crate::model::scim::{ENTERPRISE, GROUP, GROUP_ROLES, USER};
use serde::Serialize;

/// What is always shown.
const ALWAYS: [&str; 2] = ["id", "schemas"];

/// What is asked for. Names are in lower case, without the URNs of the core.
#[derive(Debug, Clone, Default)]
pub(in crate::api) struct Projection {
    /// Nothing but these; none: everything.
    only: Option<Vec<String>>,
    /// Not these.
    without: Vec<String>,
}

impl Projection {
    /// What these two lists of names ask for.
    pub fn new(attributes: Option<&str>, excluded: Option<&str>) -> Projection {
        let names = |list: &str| -> Vec<String> {
            list.split(',').map(str::trim).filter(|name| !name.is_empty()).map(plain).collect()
        };
        let only = attributes.map(names).filter(|names| !names.is_empty());
        Projection { only, without: excluded.map(names).unwrap_or_default() }
    }

    /// Whether an attribute, in lower case, is shown at all.
    pub fn shows(&self, attribute: &str) -> bool {
        let asked = |names: &Vec<String>| names.iter().any(|name| inside(name, attribute) || inside(attribute, name));
        self.only.as_ref().is_none_or(asked) && !self.without.iter().any(|name| inside(attribute, name))
    }

    /// The view with what is asked for.
    pub fn of(&self, view: impl Serialize) -> Json {
        match serde_json::to_value(view) {
            Ok(Json::Object(all)) => Json::Object(self.part(all, "")),
            Ok(other) => other,
            Err(_) => Json::Null,
        }
    }

    fn part(&self, all: JsonMap, before: &str) -> JsonMap {
        let mut kept = JsonMap::new();
        for (key, value) in all {
            let name = format!("{before}{}", plain(&key));
            if before.is_empty() && ALWAYS.contains(&name.as_str()) {
                kept.insert(key, value);
            } else if self.shows(&name) {
                let value = self.inner(value, &name);
                kept.insert(key, value);
            }
        }
        kept
    }

    fn inner(&self, value: Json, name: &str) -> Json {
        let before = match name.starts_with("urn:") {
            true => format!("{name}:"),
            false => format!("{name}."),
        };
        match value {
            Json::Object(parts) => Json::Object(self.part(parts, &before)),
            Json::Array(entries) => entries.into_iter().map(|entry| self.inner(entry, name)).collect(),
            value => value,
        }
    }
}

/// Whether a name is another one or stands inside of it: `name.givenname` in `name`.
fn inside(name: &str, other: &str) -> bool {
    name.strip_prefix(other).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', ':']))
}

/// In lower case and without the URN of the core; attributes of extensions keep theirs.
fn plain(name: &str) -> String {
    let name = name.to_ascii_lowercase();
    let rest = |urn: &str| name.strip_prefix(&urn.to_ascii_lowercase()).and_then(|rest| rest.strip_prefix(':'));
    let known = [ENTERPRISE, GROUP_ROLES].into_iter().any(|urn| name.starts_with(&urn.to_ascii_lowercase()));
    match known {
        true => name,
        false => [USER, GROUP].into_iter().find_map(rest).map(str::to_owned).unwrap_or(name),
    }
}
