//! What users and groups can be filtered by: a filter of which every comparison is known here, or a refusal.

use super::filter::{Filter, Operator, Test, invalid};
use super::truth;
use crate::model::json::Json;
use crate::model::refusal::Refusal;

/// A filter that can be answered.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// All of these hold; none of them: always.
    All(Vec<Condition>),
    /// One of these holds.
    Any(Vec<Condition>),
    /// This does not hold.
    Not(Box<Condition>),
    /// A text is like this.
    Text {
        /// Which.
        field: Field,
        /// How it is compared.
        like: Like,
        /// With what.
        value: String,
    },
    /// There is a text.
    Has(Field),
    /// A truth value is this.
    Is(Field, bool),
    /// Some email address is like this.
    Email(Box<Condition>),
    /// This user is a member.
    Member(String),
}

/// What is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// The id, letter by letter.
    Id,
    /// The login, in any case of its letters.
    UserName,
    /// What the directory knows it by, letter by letter.
    ExternalId,
    /// The name that is shown, in any case of its letters.
    DisplayName,
    /// Whether the user is active.
    Active,
    /// An address, in any case of its letters.
    EmailValue,
    /// Its kind.
    EmailType,
    /// Whether it is the one to write to.
    EmailPrimary,
}

/// How texts are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Like {
    /// The same.
    Equal,
    /// Somewhere inside.
    Contains,
    /// At the beginning.
    Begins,
    /// At the end.
    Ends,
}

/// A filter of users.
pub fn of_users(filter: &Filter) -> Result<Condition, Refusal> {
    read(filter, &|part| match part {
        Filter::Test(test) => match test.attribute.as_str() {
            "id" => text(test, Field::Id),
            "username" => text(test, Field::UserName),
            "displayname" => text(test, Field::DisplayName),
            "externalid" => text(test, Field::ExternalId),
            "active" => boolean(test, Field::Active),
            "emails" => of_email("value", test).map(email),
            attribute => match attribute.strip_prefix("emails.") {
                Some(part) => of_email(part, test).map(email),
                None => Err(unserved(attribute, "id, userName, externalId, displayName, active and emails")),
            },
        },
        Filter::Entry { attribute, filter } if attribute == "emails" => read(filter, &|part| match part {
            Filter::Test(test) => of_email(&test.attribute, test),
            _ => Err(invalid("an email has no lists inside")),
        })
        .map(email),
        Filter::Entry { attribute, .. } => Err(unserved(attribute, "emails")),
        Filter::All(_) | Filter::Any(_) | Filter::Not(_) => of_users(part),
    })
}

/// A filter of groups.
pub fn of_groups(filter: &Filter) -> Result<Condition, Refusal> {
    read(filter, &|part| match part {
        Filter::Test(test) => match test.attribute.as_str() {
            "id" => text(test, Field::Id),
            "displayname" => text(test, Field::DisplayName),
            "externalid" => text(test, Field::ExternalId),
            "members" | "members.value" => member(test),
            attribute => Err(unserved(attribute, "id, displayName, externalId and members")),
        },
        Filter::Entry { attribute, filter } if attribute == "members" => match filter.as_ref() {
            Filter::Test(test) if test.attribute == "value" => member(test),
            _ => Err(invalid("members are filtered by their value alone")),
        },
        Filter::Entry { attribute, .. } => Err(unserved(attribute, "members")),
        Filter::All(_) | Filter::Any(_) | Filter::Not(_) => of_groups(part),
    })
}

/// Goes through what combines, and leaves the rest to `leaf`.
fn read(filter: &Filter, leaf: &dyn Fn(&Filter) -> Result<Condition, Refusal>) -> Result<Condition, Refusal> {
    let each = |parts: &Vec<Filter>| parts.iter().map(|part| read(part, leaf)).collect::<Result<Vec<_>, _>>();
    match filter {
        Filter::All(parts) => each(parts).map(Condition::All),
        Filter::Any(parts) => each(parts).map(Condition::Any),
        Filter::Not(part) => Ok(Condition::Not(Box::new(read(part, leaf)?))),
        Filter::Test(_) | Filter::Entry { .. } => leaf(filter),
    }
}

fn email(inside: Condition) -> Condition {
    Condition::Email(Box::new(inside))
}

fn of_email(part: &str, test: &Test) -> Result<Condition, Refusal> {
    match part {
        "value" => text(test, Field::EmailValue),
        "type" => text(test, Field::EmailType),
        "primary" => boolean(test, Field::EmailPrimary),
        _ => Err(unserved(&format!("emails.{part}"), "emails.value, emails.type and emails.primary")),
    }
}

fn text(test: &Test, field: Field) -> Result<Condition, Refusal> {
    let like = match test.operator {
        Operator::Pr if matches!(field, Field::ExternalId | Field::EmailType) => return Ok(Condition::Has(field)),
        Operator::Pr => return Ok(Condition::All(Vec::new())),
        Operator::Eq | Operator::Ne => Like::Equal,
        Operator::Co => Like::Contains,
        Operator::Sw => Like::Begins,
        Operator::Ew => Like::Ends,
        Operator::Gt | Operator::Ge | Operator::Lt | Operator::Le => return Err(unordered(test)),
    };
    let Json::String(value) = &test.value else {
        return Err(invalid(format!("\"{}\" is compared with a text", test.attribute)));
    };
    let holds = Condition::Text { field, like, value: value.clone() };
    Ok(if test.operator == Operator::Ne { Condition::Not(Box::new(holds)) } else { holds })
}

fn boolean(test: &Test, field: Field) -> Result<Condition, Refusal> {
    let value = || truth(&test.attribute, &test.value).map_err(|refusal| invalid(refusal.detail));
    match test.operator {
        Operator::Eq => Ok(Condition::Is(field, value()?)),
        Operator::Ne => Ok(Condition::Is(field, !value()?)),
        Operator::Pr => Ok(Condition::All(Vec::new())),
        _ => Err(unordered(test)),
    }
}

fn member(test: &Test) -> Result<Condition, Refusal> {
    match (test.operator, &test.value) {
        (Operator::Eq, Json::String(id)) => Ok(Condition::Member(id.clone())),
        _ => Err(invalid("members are compared with eq and an id")),
    }
}

fn unserved(attribute: &str, known: &str) -> Refusal {
    invalid(format!("\"{attribute}\" cannot be filtered by here; possible are {known}"))
}

fn unordered(test: &Test) -> Refusal {
    invalid(format!("\"{}\" cannot be compared like this; possible are eq, ne, co, sw, ew and pr", test.attribute))
}
