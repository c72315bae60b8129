//! What a body says, as a list of edits: a whole user or group is one edit an attribute, and so is a PATCH (RFC 7644
//! 3.5.2), with the liberties that directories take.

use super::path::{self, Path};
use super::{ENTERPRISE, PATCH};
use crate::model::json::{Json, JsonMap};
use crate::model::refusal::Refusal;

/// Attributes that are ours alone; in a whole user or group they are passed over (RFC 7644 3.5.1).
const READ_ONLY: [&str; 5] = ["id", "meta", "schemas", "groups", "roles"];

/// One edit.
#[derive(Debug, Clone, PartialEq)]
pub struct Edit {
    /// What is done.
    pub verb: Verb,
    /// Where.
    pub path: Path,
    /// With what; null for none.
    pub value: Json,
}

/// What an edit does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// Beside what is there.
    Add,
    /// In place of what is there.
    Replace,
    /// Takes away what is there.
    Remove,
}

/// The edits of a whole user or group.
pub fn whole(body: &JsonMap) -> Result<Vec<Edit>, Refusal> {
    let mut edits = Vec::new();
    spread(Verb::Replace, body, &mut edits)?;
    Ok(edits)
}

/// The edits of a PATCH.
pub fn patch(body: &JsonMap) -> Result<Vec<Edit>, Refusal> {
    let schemas = get(body, "schemas").and_then(Json::as_array);
    if schemas.is_some_and(|all| !all.iter().any(|schema| schema == PATCH)) {
        return Err(syntax(format!("a PATCH has the schema {PATCH}")));
    }
    let Some(Json::Array(operations)) = get(body, "Operations") else {
        return Err(syntax("a PATCH has a list of \"Operations\""));
    };
    let mut edits = Vec::new();
    for operation in operations {
        let Json::Object(operation) = operation else { return Err(syntax("an operation is an object")) };
        let named = get(operation, "op").and_then(Json::as_str).unwrap_or_default();
        let verbs = [("add", Verb::Add), ("replace", Verb::Replace), ("remove", Verb::Remove)];
        let Some((_, verb)) = verbs.into_iter().find(|(name, _)| named.eq_ignore_ascii_case(name)) else {
            return Err(syntax("the \"op\" of an operation is add, replace or remove"));
        };
        let value = get(operation, "value").cloned().unwrap_or_default();
        match (get(operation, "path"), value) {
            (Some(Json::String(text)), Json::Object(parts)) if path::plain(text) == ENTERPRISE.to_ascii_lowercase() => {
                spread(verb, &parts, &mut edits)?;
            }
            (Some(Json::String(text)), value) => {
                let path = path::parse(text)?;
                if path.part.is_none() && path.filter.is_none() && READ_ONLY.contains(&path.attribute.as_str()) {
                    return Err(fixed(&path.attribute));
                }
                edits.push(Edit { verb, path, value });
            }
            (None | Some(Json::Null), Json::Object(parts)) if verb != Verb::Remove => {
                spread(verb, &parts, &mut edits)?;
            }
            (None | Some(Json::Null), _) if verb == Verb::Remove => {
                return Err(Refusal::invalid("scim_target", "to remove something takes a \"path\""));
            }
            _ => return Err(syntax("an operation has a \"path\" that is a text, or a \"value\" that is an object")),
        }
    }
    Ok(edits)
}

/// The value of a key in any case.
pub fn get<'b>(body: &'b JsonMap, key: &str) -> Option<&'b Json> {
    body.iter().find(|(name, _)| name.eq_ignore_ascii_case(key)).map(|(_, value)| value)
}

/// An attribute that cannot be changed (`mutability`).
pub(super) fn fixed(attribute: &str) -> Refusal {
    Refusal::invalid("scim_mutability", format!("\"{attribute}\" cannot be changed"))
}

/// One edit for each key; the keys are paths.
fn spread(verb: Verb, body: &JsonMap, edits: &mut Vec<Edit>) -> Result<(), Refusal> {
    for (key, value) in body {
        match value {
            Json::Object(parts) if key.eq_ignore_ascii_case(ENTERPRISE) => spread(verb, parts, edits)?,
            _ if READ_ONLY.contains(&path::plain(key).as_str()) => {}
            // What another schema says is not kept; its name need not be a path.
            _ if path::plain(key).starts_with("urn:") => {}
            _ => edits.push(Edit { verb, path: path::parse(key)?, value: value.clone() }),
        }
    }
    Ok(())
}

fn syntax(sentence: impl Into<String>) -> Refusal {
    Refusal::invalid("scim_syntax", sentence)
}
