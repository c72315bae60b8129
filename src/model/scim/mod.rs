//! SCIM 2.0 (RFC 7643, RFC 7644): users and groups as an outside directory sends them and asks for them. What is
//! written stands in the runtime, JSON out in the API.
//!
//! `filter` — the grammar of filters · `condition` — what of it is served · `path` — the place of an edit · `edit` — what
//! a body says, edit by edit · `person`, `email`, `group` — what edits do · `provision` — what can be asked.

pub mod condition;
pub mod edit;
pub mod email;
pub mod filter;
pub mod group;
pub mod path;
pub mod person;
pub mod provision;

use super::json::Json;
use super::refusal::Refusal;

/// The schema of users (RFC 7643 4.1).
pub const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
/// The schema of groups (RFC 7643 4.2).
pub const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
/// The extension of users for companies (RFC 7643 4.3).
pub const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
/// Our extension of groups: the roles that a group gives.
pub const GROUP_ROLES: &str = "urn:kamflow:params:scim:schemas:extension:2.0:Group";
/// The schema of PATCH bodies (RFC 7644 3.5.2).
pub const PATCH: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

/// Characters of a text at most.
const LONGEST: usize = 1_000;

/// A text; null and the empty text are none.
fn text(attribute: &str, value: &Json) -> Result<Option<String>, Refusal> {
    match value {
        Json::Null => Ok(None),
        Json::String(text) if text.trim().is_empty() => Ok(None),
        Json::String(text) if text.chars().count() <= LONGEST => Ok(Some(text.trim().to_owned())),
        Json::String(_) => Err(wrong(format!("\"{attribute}\" has at most {LONGEST} characters"))),
        _ => Err(wrong(format!("\"{attribute}\" takes a text"))),
    }
}

/// A truth value; some directories send it as a text (`"False"`).
fn truth(attribute: &str, value: &Json) -> Result<bool, Refusal> {
    match value {
        Json::Bool(value) => Ok(*value),
        Json::String(text) if text.eq_ignore_ascii_case("true") => Ok(true),
        Json::String(text) if text.eq_ignore_ascii_case("false") => Ok(false),
        _ => Err(wrong(format!("\"{attribute}\" takes true or false"))),
    }
}

/// A value that an attribute cannot take (`invalidValue`).
fn wrong(sentence: impl Into<String>) -> Refusal {
    Refusal::invalid("scim_value", sentence)
}
