//! Examples for the routes of an outside directory.

use super::world::{Example, Things};
use kamflow::model::json::Json;
use serde_json::json;

/// A request that must be answered well.
pub fn example(things: &Things, operation: &str) -> Option<Example> {
    let (user, group) = (vec![things.colleague.clone()], vec![things.group.clone()]);
    let patch = |path: &str, value: Json| json!({"Operations": [{"op": "replace", "path": path, "value": value}]});
    // What is told of the kinds is the same for all; another business has others, as far as these tests go.
    let kind = if things.name == "trip" { "User" } else { things.name };
    let (ids, body) = match operation {
        "getScimUsers" | "getScimGroups" | "getScimConfig" | "getScimResourceTypes" | "getScimSchemas" => {
            (vec![], Json::Null)
        }
        "createScimUser" => (vec![], json!({"userName": "new.comer", "externalId": "x-1"})),
        "getScimUser" | "deleteScimUser" => (user, Json::Null),
        "putScimUser" => (user, json!({"userName": things.colleague, "displayName": "Colleague"})),
        "patchScimUser" => (user, patch("active", json!("False"))),
        "createScimGroup" => (vec![], json!({"displayName": "a new group"})),
        "getScimGroup" | "deleteScimGroup" => (group, Json::Null),
        "putScimGroup" => (group, json!({"displayName": "another name"})),
        "patchScimGroup" => (group, patch("members", json!([{"value": things.user}]))),
        "getScimResourceType" => (vec![kind.to_owned()], Json::Null),
        "getScimSchema" => (vec![format!("urn:ietf:params:scim:schemas:core:2.0:{kind}")], Json::Null),
        _ => return None,
    };
    Some(Example { ids, body })
}
