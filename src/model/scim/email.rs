//! The email addresses of a user: what edits do to them, and which of them a filter means.

use super::edit::{Edit, Verb, get};
use super::filter::{Filter, Operator, Test};
use super::{filter, path, text, truth, wrong};
use crate::model::json::Json;
use crate::model::refusal::Refusal;
use serde::{Deserialize, Serialize};

/// Addresses of a user at most.
const MOST: usize = 50;

/// An address.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Email {
    /// The address.
    pub value: String,
    /// `work`, `home`.
    pub kind: Option<String>,
    /// Whether it is the one to write to.
    pub primary: bool,
}

/// Carries out an edit of addresses.
pub fn edit(emails: &mut Vec<Email>, edit: &Edit) -> Result<(), Refusal> {
    let parts = |value: &Json| match value {
        Json::Object(parts) => Ok(parts.clone()),
        _ => Err(wrong("an email is an object with a \"value\"")),
    };
    match (edit.verb, &edit.path.filter, edit.path.part.as_deref()) {
        (_, None, Some(_)) => {
            return Err(path::invalid("which email is meant? write emails[type eq \"work\"].value"));
        }
        (Verb::Remove, None, None) => emails.clear(),
        (Verb::Remove, Some(filter), part) => {
            let meant = meant(emails, filter)?;
            let mut at = 0..;
            match part {
                None | Some("value") => emails.retain(|_| !at.next().is_some_and(|at| meant.contains(&at))),
                Some(part) => meant.iter().try_for_each(|at| set(emails, *at, part, &Json::Null))?,
            }
        }
        (Verb::Add | Verb::Replace, None, None) => {
            if edit.verb == Verb::Replace {
                emails.clear();
            }
            let values = match &edit.value {
                Json::Null => Vec::new(),
                Json::Array(values) => values.clone(),
                one => vec![one.clone()],
            };
            for value in values {
                let parts = parts(&value)?;
                let address = get(&parts, "value").and_then(Json::as_str).unwrap_or_default();
                let kind = get(&parts, "type").and_then(Json::as_str).map(str::to_ascii_lowercase);
                let known = |email: &Email| email.value.eq_ignore_ascii_case(address) && email.kind == kind;
                let at = emails.iter().position(known).unwrap_or_else(|| new(emails));
                parts.iter().try_for_each(|(part, value)| set(emails, at, part, value))?;
            }
        }
        (Verb::Add | Verb::Replace, Some(filter), part) => {
            let mut meant = meant(emails, filter)?;
            if meant.is_empty() {
                // Directories name what is to be made by what it shall be found by.
                let at = new(emails);
                described(filter)?.into_iter().try_for_each(|(part, value)| set(emails, at, part, value))?;
                meant.push(at);
            }
            for at in meant {
                match part {
                    Some(part) => set(emails, at, part, &edit.value)?,
                    None => parts(&edit.value)?.iter().try_for_each(|(part, value)| set(emails, at, part, value))?,
                }
            }
        }
    }
    match emails.iter().any(|email| email.value.is_empty()) {
        true => Err(wrong("an email is an object with a \"value\"")),
        false if emails.len() > MOST => Err(wrong(format!("a user has at most {MOST} emails"))),
        false => Ok(()),
    }
}

fn new(emails: &mut Vec<Email>) -> usize {
    emails.push(Email::default());
    emails.len() - 1
}

/// Sets a part of an address; parts that are not kept are passed over.
fn set(emails: &mut [Email], at: usize, part: &str, value: &Json) -> Result<(), Refusal> {
    match part.to_ascii_lowercase().as_str() {
        "value" => emails[at].value = text("emails.value", value)?.unwrap_or_default(),
        "type" => emails[at].kind = text("emails.type", value)?.map(|kind| kind.to_ascii_lowercase()),
        "primary" => {
            let primary = !value.is_null() && truth("emails.primary", value)?;
            // There is one at most: the last one that was said to be it.
            emails.iter_mut().enumerate().for_each(|(other, email)| {
                email.primary = if other == at { primary } else { email.primary && !primary };
            });
        }
        _ => {}
    }
    Ok(())
}

/// The places of the addresses that a filter means.
fn meant(emails: &[Email], filter: &Filter) -> Result<Vec<usize>, Refusal> {
    let held = emails.iter().enumerate().map(|(at, email)| Ok((at, fits(email, filter)?)));
    let held: Vec<(usize, bool)> = held.collect::<Result<_, Refusal>>()?;
    Ok(held.into_iter().filter(|(_, fits)| *fits).map(|(at, _)| at).collect())
}

fn fits(email: &Email, filter: &Filter) -> Result<bool, Refusal> {
    Ok(match filter {
        Filter::All(parts) => {
            parts.iter().map(|part| fits(email, part)).collect::<Result<Vec<_>, _>>()?.iter().all(|fits| *fits)
        }
        Filter::Any(parts) => {
            parts.iter().map(|part| fits(email, part)).collect::<Result<Vec<_>, _>>()?.iter().any(|fits| *fits)
        }
        Filter::Not(part) => !fits(email, part)?,
        Filter::Entry { .. } => return Err(filter::invalid("an email has no lists inside")),
        Filter::Test(test) if test.attribute == "primary" => match test.operator {
            Operator::Eq => email.primary == truth("emails.primary", &test.value)?,
            Operator::Ne => email.primary != truth("emails.primary", &test.value)?,
            Operator::Pr => true,
            _ => return Err(unserved(test)),
        },
        Filter::Test(test) => {
            let held = match test.attribute.as_str() {
                "value" => Some(email.value.to_ascii_lowercase()),
                "type" => email.kind.clone(),
                _ => return Err(unserved(test)),
            };
            let wanted = test.value.as_str().unwrap_or_default().to_ascii_lowercase();
            let like = |compare: fn(&str, &str) -> bool| held.as_deref().is_some_and(|held| compare(held, &wanted));
            match test.operator {
                Operator::Eq => like(|held, wanted| held == wanted),
                Operator::Ne => !like(|held, wanted| held == wanted),
                Operator::Co => like(|held, wanted| held.contains(wanted)),
                Operator::Sw => like(|held, wanted| held.starts_with(wanted)),
                Operator::Ew => like(|held, wanted| held.ends_with(wanted)),
                Operator::Pr => held.is_some(),
                Operator::Gt | Operator::Ge | Operator::Lt | Operator::Le => return Err(unserved(test)),
            }
        }
    })
}

fn unserved(test: &Test) -> Refusal {
    filter::invalid(format!("emails cannot be chosen by \"{}\" like this", test.attribute))
}

/// What an address is like that a filter of equalities describes.
fn described(filter: &Filter) -> Result<Vec<(&str, &Json)>, Refusal> {
    match filter {
        Filter::Test(Test { attribute, operator: Operator::Eq, value }) => Ok(vec![(attribute, value)]),
        Filter::All(parts) => {
            let parts: Vec<Vec<(&str, &Json)>> = parts.iter().map(described).collect::<Result<_, _>>()?;
            Ok(parts.concat())
        }
        _ => Err(Refusal::invalid("scim_target", "no email is like this, and it does not say how to make one")),
    }
}
