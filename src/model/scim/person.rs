//! What a directory says of a user, and what edits do to it. Attributes that are not kept are passed over.

use super::edit::{self, Edit, Verb};
use super::email::{self, Email};
use super::{path, text, truth, wrong};
use crate::model::directory::User;
use crate::model::ids::UserId;
use crate::model::json::{Json, JsonMap};
use crate::model::refusal::Refusal;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The parts of a name that are kept (RFC 7643 4.1.1).
pub const NAME: [&str; 6] =
    ["formatted", "familyName", "givenName", "middleName", "honorificPrefix", "honorificSuffix"];

/// What is kept of a user beside the user itself.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Profile {
    /// What the directory knows the user by.
    pub external_id: Option<String>,
    /// Parts of the name, by [`NAME`].
    pub name: BTreeMap<String, String>,
    /// What the user is called at work: Vice President.
    pub title: Option<String>,
    /// Addresses.
    pub emails: Vec<Email>,
    /// The number that the company gave the user.
    pub employee_number: Option<String>,
    /// The department.
    pub department: Option<String>,
}

/// A user under edits.
#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    /// The login, which stays.
    pub login: UserId,
    /// The name that is shown; none: made from the parts of the name.
    pub display_name: Option<String>,
    /// Whether the user can sign in.
    pub active: bool,
    /// Everything else.
    pub profile: Profile,
}

/// A user as it is shown to a directory.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Provisioned {
    /// The user.
    pub user: User,
    /// What the directory said of it.
    pub profile: Profile,
    /// The groups that it is in: id and name.
    pub groups: Vec<(String, String)>,
}

/// The login that edits of a new user say.
pub fn login(edits: &[Edit]) -> Result<UserId, Refusal> {
    let said = edits.iter().find(|edit| edit.path.attribute == "username");
    let login = said.map(|edit| text("userName", &edit.value)).transpose()?.flatten();
    login.map(UserId).ok_or_else(|| wrong("a user has a \"userName\""))
}

impl Person {
    /// Somebody of whom nothing is said yet.
    pub fn new(login: UserId) -> Person {
        Person { login, display_name: None, active: true, profile: Profile::default() }
    }

    /// Carries out edits.
    pub fn with(mut self, edits: &[Edit]) -> Result<Person, Refusal> {
        for edit in edits {
            self.edit(edit)?;
        }
        Ok(self)
    }

    /// The name that is shown: as it was said, or from its parts, or the login.
    pub fn shown_name(&self) -> String {
        let part = |name: &str| self.profile.name.get(name).cloned();
        let parts: Vec<String> = ["givenName", "familyName"].into_iter().filter_map(part).collect();
        let joined = (!parts.is_empty()).then(|| parts.join(" "));
        self.display_name.clone().or(part("formatted")).or(joined).unwrap_or_else(|| self.login.0.clone())
    }

    fn edit(&mut self, edit: &Edit) -> Result<(), Refusal> {
        let none = Json::Null;
        let value = if edit.verb == Verb::Remove { &none } else { &edit.value };
        let profile = &mut self.profile;
        match (edit.path.attribute.as_str(), &edit.path.part) {
            ("username", _) => match text("userName", value)? {
                Some(login) if login.eq_ignore_ascii_case(self.login.as_str()) => {}
                // History, tasks and records name people by their login.
                _ => return Err(edit::fixed("userName")),
            },
            ("active", _) => self.active = truth("active", value)?,
            ("displayname", _) => self.display_name = text("displayName", value)?,
            ("externalid", _) => profile.external_id = text("externalId", value)?,
            ("title", _) => profile.title = text("title", value)?,
            ("employeenumber", _) => profile.employee_number = text("employeeNumber", value)?,
            ("department", _) => profile.department = text("department", value)?,
            ("emails", _) => email::edit(&mut profile.emails, edit)?,
            ("name", Some(part)) => set(&mut profile.name, part, value)?,
            ("name", None) => match value {
                Json::Null => profile.name.clear(),
                Json::Object(parts) => all(&mut profile.name, parts)?,
                _ => return Err(wrong("\"name\" takes an object such as {\"givenName\": \"…\"}")),
            },
            _ => {}
        }
        match (&edit.path.filter, edit.path.attribute.as_str()) {
            (None, _) | (Some(_), "emails") => Ok(()),
            (Some(_), "username" | "active" | "displayname" | "externalid" | "title" | "name") => {
                Err(path::invalid(format!("\"{}\" is not a list", edit.path.attribute)))
            }
            (Some(_), _) => Ok(()),
        }
    }
}

fn all(name: &mut BTreeMap<String, String>, parts: &JsonMap) -> Result<(), Refusal> {
    parts.iter().try_for_each(|(part, value)| set(name, part, value))
}

/// Sets a part of the name; parts that are not kept are passed over.
fn set(name: &mut BTreeMap<String, String>, part: &str, value: &Json) -> Result<(), Refusal> {
    let Some(known) = NAME.into_iter().find(|known| known.eq_ignore_ascii_case(part)) else { return Ok(()) };
    match text(&format!("name.{known}"), value)? {
        Some(value) => drop(name.insert(known.to_owned(), value)),
        None => drop(name.remove(known)),
    }
    Ok(())
}
