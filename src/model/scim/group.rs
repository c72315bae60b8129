//! Groups of an outside directory: what edits do to one. Which roles a group gives is decided in the runtime.

use super::edit::{Edit, Verb, get};
use super::filter::{Filter, Operator, Test};
use super::{path, text, wrong};
use crate::model::ids::{BusinessId, UserId};
use crate::model::json::Json;
use crate::model::refusal::Refusal;
use crate::model::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What the configuration says that groups give: for each business roles by the name of a group.
pub type GroupRoles = BTreeMap<BusinessId, BTreeMap<String, Vec<String>>>;

/// A group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Group {
    /// Its id.
    pub id: String,
    /// Its name, unique in the business in any case of its letters.
    pub name: String,
    /// What the directory knows it by.
    pub external_id: Option<String>,
    /// The roles that its members have through it.
    pub roles: Vec<String>,
    /// When it was created.
    pub created_at: Timestamp,
    /// Counts its changes: the entity tag.
    pub version: i64,
}

/// A group under edits.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Draft {
    /// Its name; none yet for a new one.
    pub name: Option<String>,
    /// What the directory knows it by.
    pub external_id: Option<String>,
    /// Who is in it.
    pub members: BTreeSet<UserId>,
}

/// A group as it is shown to a directory.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Provisioned {
    /// The group.
    pub group: Group,
    /// Who is in it: login and name; none when nobody asked.
    pub members: Option<Vec<(UserId, String)>>,
}

impl Draft {
    /// Carries out edits.
    pub fn with(mut self, edits: &[Edit]) -> Result<Draft, Refusal> {
        for edit in edits {
            self.edit(edit)?;
        }
        Ok(self)
    }

    /// The name, which a group must have.
    pub fn named(&self) -> Result<&str, Refusal> {
        self.name.as_deref().ok_or_else(|| wrong("a group has a \"displayName\""))
    }

    fn edit(&mut self, edit: &Edit) -> Result<(), Refusal> {
        let none = Json::Null;
        let value = if edit.verb == Verb::Remove { &none } else { &edit.value };
        match edit.path.attribute.as_str() {
            "displayname" => match text("displayName", value)? {
                Some(name) => self.name = Some(name),
                None => return Err(wrong("a group has a \"displayName\"")),
            },
            "externalid" => self.external_id = text("externalId", value)?,
            "members" => self.edit_members(edit)?,
            _ => {}
        }
        Ok(())
    }

    fn edit_members(&mut self, edit: &Edit) -> Result<(), Refusal> {
        match (edit.verb, &edit.path.filter, &edit.path.part) {
            (Verb::Remove, Some(filter), None) => {
                for member in chosen(filter)? {
                    self.members.remove(&member);
                }
            }
            (_, None, None) => {
                let named = members(&edit.value)?;
                match edit.verb {
                    Verb::Add => self.members.extend(named),
                    Verb::Replace => self.members = named,
                    Verb::Remove if edit.value.is_null() => self.members.clear(),
                    Verb::Remove => self.members.retain(|member| !named.contains(member)),
                }
            }
            _ => return Err(path::invalid("members are added and removed whole: members[value eq \"…\"]")),
        }
        Ok(())
    }
}

/// The members that a list names: `[{"value": "li.na"}]`.
fn members(value: &Json) -> Result<BTreeSet<UserId>, Refusal> {
    let one = |member: &Json| {
        let Json::Object(member) = member else { return Err(wrong("a member is an object with a \"value\"")) };
        if get(member, "type").and_then(Json::as_str).is_some_and(|kind| !kind.eq_ignore_ascii_case("User")) {
            return Err(wrong("the members of a group are users; groups in groups are not kept"));
        }
        let id = get(member, "value").map(|value| text("members.value", value)).transpose()?.flatten();
        id.map(UserId).ok_or_else(|| wrong("a member is an object with a \"value\""))
    };
    match value {
        Json::Null => Ok(BTreeSet::new()),
        Json::Array(values) => values.iter().map(one).collect(),
        value => one(value).map(|member| BTreeSet::from([member])),
    }
}

/// The members that a path chooses, each by its id.
fn chosen(filter: &Filter) -> Result<Vec<UserId>, Refusal> {
    match filter {
        Filter::Test(Test { attribute, operator: Operator::Eq, value: Json::String(id) }) if attribute == "value" => {
            Ok(vec![UserId(id.clone())])
        }
        Filter::Any(parts) => {
            let parts: Vec<Vec<UserId>> = parts.iter().map(chosen).collect::<Result<_, _>>()?;
            Ok(parts.concat())
        }
        _ => Err(path::invalid("members are chosen by their value: members[value eq \"…\"]")),
    }
}
