//! Users and groups in the shape of SCIM (RFC 7643 4).

use crate::model::scim::person::Profile;
use crate::model::scim::{ENTERPRISE, GROUP, GROUP_ROLES, USER, group, person};
use crate::model::time::Timestamp;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A user of the directory. What a directory sends beside this is passed over; `id`, `groups`, `roles` and `meta` are
/// ours.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ScimUser, example = json!({
    "schemas": [USER], "userName": "li.na", "externalId": "00u1", "displayName": "李娜", "active": true,
    "emails": [{"value": "li.na@example.com", "type": "work", "primary": true}]
}))]
pub(in crate::api) struct UserResource {
    /// Which schemas it has attributes of.
    schemas: Vec<&'static str>,
    /// The login.
    id: String,
    /// What the directory knows the user by.
    #[serde(skip_serializing_if = "Option::is_none")]
    external_id: Option<String>,
    /// The login, which cannot be changed.
    user_name: String,
    /// The parts of the name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(value_type = Object)]
    name: BTreeMap<String, String>,
    /// The name that is shown; made from `name` when it is not said.
    display_name: String,
    /// What the user is called at work.
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    /// Whether the user can sign in and is given work.
    active: bool,
    /// Addresses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    emails: Vec<EmailPart>,
    /// The groups that the user is in.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    groups: Vec<MemberPart>,
    /// All roles of the user, through groups and otherwise.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    roles: Vec<RolePart>,
    /// What a company says of its people.
    #[serde(
        rename = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
        skip_serializing_if = "Option::is_none"
    )]
    #[schema(value_type = EnterprisePart, required = false)]
    enterprise: Option<EnterprisePart>,
    /// Where it is, and at which version.
    meta: MetaPart,
}

/// An address of a user.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ScimEmail)]
pub(in crate::api) struct EmailPart {
    /// The address.
    value: String,
    /// `work`, `home`.
    #[serde(skip_serializing_if = "Option::is_none")]
    r#type: Option<String>,
    /// Whether it is the one to write to.
    primary: bool,
}

/// A user in a group, or a group of a user.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ScimMember)]
pub(in crate::api) struct MemberPart {
    /// The id.
    value: String,
    /// The name.
    display: String,
    /// Where it is.
    #[serde(rename = "$ref")]
    reference: String,
}

/// A role of a user.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ScimRole)]
pub(in crate::api) struct RolePart {
    /// Its name.
    value: String,
}

/// What a company says of its people.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ScimEnterprise)]
pub(in crate::api) struct EnterprisePart {
    /// The number that the company gave the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    employee_number: Option<String>,
    /// The department.
    #[serde(skip_serializing_if = "Option::is_none")]
    department: Option<String>,
}

/// Where a user or group is, and at which version.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ScimMeta)]
pub(in crate::api) struct MetaPart {
    /// `User` or `Group`.
    resource_type: &'static str,
    /// When it was created.
    created: String,
    /// Where it is.
    location: String,
    /// Its version; also its ETag.
    version: String,
}

/// A group of the directory.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ScimGroup, example = json!({
    "schemas": [GROUP], "displayName": "sales_rep", "externalId": "g-17", "members": [{"value": "li.na"}]
}))]
pub(in crate::api) struct GroupResource {
    /// Which schemas it has attributes of.
    schemas: Vec<&'static str>,
    /// Its id.
    id: String,
    /// What the directory knows it by.
    #[serde(skip_serializing_if = "Option::is_none")]
    external_id: Option<String>,
    /// Its name, unique in the business. It says which roles the members have.
    display_name: String,
    /// Who is in it; users only.
    #[serde(skip_serializing_if = "Option::is_none")]
    members: Option<Vec<MemberPart>>,
    /// What the group gives.
    #[serde(rename = "urn:kamflow:params:scim:schemas:extension:2.0:Group")]
    gives: GivesPart,
    /// Where it is, and at which version.
    meta: MetaPart,
}

/// What a group gives.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ScimGroupRoles)]
pub(in crate::api) struct GivesPart {
    /// The roles that its members have through it.
    roles: Vec<String>,
}

/// A part of a list.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ScimList)]
pub(in crate::api) struct ListView {
    /// The schema of lists.
    pub schemas: [&'static str; 1],
    /// How many there are in all, exactly.
    pub total_results: i64,
    /// The first one that is shown, counted from 1.
    pub start_index: i64,
    /// How many are shown.
    pub items_per_page: usize,
    /// Users or groups.
    #[serde(rename = "Resources")]
    #[schema(value_type = Vec<Object>)]
    pub resources: Vec<crate::model::json::Json>,
}

/// The edits of a user or group.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ScimPatch, example = json!({
    "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
    "Operations": [{"op": "replace", "path": "active", "value": false}]
}))]
pub(in crate::api) struct PatchBody {
    /// The schema of edits.
    schemas: Vec<String>,
    /// `{op, path, value}` one after the other: `add`, `replace` or `remove`.
    #[serde(rename = "Operations")]
    #[schema(value_type = Vec<Object>)]
    operations: Vec<crate::model::json::Json>,
}

/// Shows a user.
pub(in crate::api) fn user(found: person::Provisioned) -> UserResource {
    let person::Provisioned { user, profile, groups } = found;
    let Profile { external_id, name, title, emails, employee_number, department } = profile;
    let company = employee_number.is_some() || department.is_some();
    UserResource {
        schemas: if company { vec![USER, ENTERPRISE] } else { vec![USER] },
        external_id,
        user_name: user.id.0.clone(),
        name,
        display_name: user.name,
        title,
        active: user.active,
        emails: emails
            .into_iter()
            .map(|email| EmailPart { value: email.value, r#type: email.kind, primary: email.primary })
            .collect(),
        groups: groups.into_iter().map(|(id, name)| member("Groups", id, name)).collect(),
        roles: user.roles.into_iter().map(|value| RolePart { value }).collect(),
        enterprise: company.then_some(EnterprisePart { employee_number, department }),
        meta: meta("User", location("Users", user.id.as_str()), user.created_at, user.version),
        id: user.id.0,
    }
}

/// Shows a group.
pub(in crate::api) fn group(found: group::Provisioned) -> GroupResource {
    let group::Provisioned { group, members } = found;
    let member = |(user, name): (crate::model::ids::UserId, String)| member("Users", user.0, name);
    GroupResource {
        schemas: vec![GROUP, GROUP_ROLES],
        external_id: group.external_id,
        display_name: group.name,
        members: members.map(|members| members.into_iter().map(member).collect()),
        gives: GivesPart { roles: group.roles },
        meta: meta("Group", location("Groups", &group.id), group.created_at, group.version),
        id: group.id,
    }
}

/// Where a user or group is. Logins may have letters that a header cannot hold.
pub(in crate::api) fn location(kind: &str, id: &str) -> String {
    let escaped = id.bytes().map(|byte| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'_' | b'-' | b'@' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    });
    format!("/scim/v2/{kind}/{}", escaped.collect::<String>())
}

fn member(kind: &str, value: String, display: String) -> MemberPart {
    MemberPart { reference: location(kind, &value), value, display }
}

fn meta(resource_type: &'static str, location: String, created: Timestamp, version: i64) -> MetaPart {
    MetaPart { resource_type, created: created.rfc3339(), location, version: crate::api::etag::of(version) }
}
