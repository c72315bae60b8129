//! The schemas of what is kept (RFC 7643 7): a directory can read here what it may send.

use crate::model::json::Json;
use crate::model::scim::person::NAME;
use crate::model::scim::{ENTERPRISE, GROUP, GROUP_ROLES, USER};
use serde_json::json;

/// The schema of lists (RFC 7644 3.4.2).
pub(in crate::api) const LIST: &str = "urn:ietf:params:scim:api:messages:2.0:ListResponse";

/// All schemas, by URN.
pub(in crate::api) fn all() -> [(&'static str, Json); 4] {
    [
        schema(USER, "User", user()),
        schema(GROUP, "Group", group()),
        schema(
            ENTERPRISE,
            "EnterpriseUser",
            vec![
                text("employeeNumber", "The number that the company gave the user"),
                text("department", "The department"),
            ],
        ),
        schema(
            GROUP_ROLES,
            "GroupRoles",
            vec![ours(many(text("roles", "The roles that members have through the group")))],
        ),
    ]
}

fn schema(urn: &'static str, name: &str, attributes: Vec<Json>) -> (&'static str, Json) {
    let shown = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"],
        "id": urn, "name": name, "attributes": attributes,
        "meta": {"resourceType": "Schema", "location": format!("/scim/v2/Schemas/{urn}")}
    });
    (urn, shown)
}

fn user() -> Vec<Json> {
    let user_name = text("userName", "The login; it stays");
    let name = NAME.map(|part| text(part, "A part of the name")).to_vec();
    let email = vec![
        text("value", "The address"),
        text("type", "work, home"),
        truth("primary", "Whether it is the one to write to"),
    ];
    vec![
        with(
            user_name,
            &[("required", json!(true)), ("mutability", json!("immutable")), ("uniqueness", json!("server"))],
        ),
        complex("name", "The parts of the name", name),
        text("displayName", "The name that is shown; made from the name when it is not said"),
        text("title", "What the user is called at work"),
        truth("active", "Whether the user can sign in and is given work"),
        many(complex("emails", "Addresses", email)),
        ours(many(complex("groups", "The groups that the user is in", referring()))),
        ours(many(complex("roles", "All roles of the user", vec![text("value", "The name of the role")]))),
    ]
}

fn group() -> Vec<Json> {
    let name = text("displayName", "The name, which says what roles members have");
    vec![
        with(name, &[("required", json!(true)), ("uniqueness", json!("server"))]),
        many(complex("members", "Users of the group", referring())),
    ]
}

fn referring() -> Vec<Json> {
    vec![text("value", "The id"), ours(text("display", "The name")), ours(text("$ref", "Where it is"))]
}

fn text(name: &str, about: &str) -> Json {
    json!({
        "name": name, "type": "string", "multiValued": false, "description": about, "required": false,
        "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none"
    })
}

fn truth(name: &str, about: &str) -> Json {
    with(text(name, about), &[("type", json!("boolean"))])
}

fn complex(name: &str, about: &str, parts: Vec<Json>) -> Json {
    with(text(name, about), &[("type", json!("complex")), ("subAttributes", json!(parts))])
}

fn many(attribute: Json) -> Json {
    with(attribute, &[("multiValued", json!(true))])
}

/// An attribute that a directory cannot set.
fn ours(attribute: Json) -> Json {
    with(attribute, &[("mutability", json!("readOnly"))])
}

fn with(mut attribute: Json, parts: &[(&str, Json)]) -> Json {
    for (part, value) in parts {
        attribute[*part] = value.clone();
    }
    attribute
}
