//! Turns what a JSON Schema refuses into sentences at their places, and says how the typing mistakes among them can be
//! mended, so that the rest of the file can be judged too.

use super::spot::At;
use crate::model::finding::Finding;
use crate::model::json::Json;
use crate::model::kinds::{self, expected};
use crate::model::nearest::{hint, nearest};
use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind;

/// What an object is called in a file that a person writes.
const MAP: &str = "a map of keys";

/// A problem, and the mend when it is a mistyped name.
pub struct Problem {
    /// The sentence at its place.
    pub finding: Finding,
    /// How to read on as if it had been typed right.
    pub mend: Option<Mend>,
}

/// A change of what was read.
#[derive(Debug, Clone)]
pub struct Mend {
    /// The path to the value.
    pub path: Vec<String>,
    /// The change there.
    pub change: Change,
}

/// What to change.
#[derive(Debug, Clone)]
pub enum Change {
    /// This key of the map was meant to be another.
    Rename(String, String),
    /// This key of the map means nothing.
    Drop(String),
    /// The text was meant to be this.
    Replace(String),
}

/// Explains one error of a validator. `schema` is the schema that it was made from.
pub fn explain(error: &ValidationError, schema: &Json, root: At, problems: &mut Vec<Problem>) {
    let path = segments(error.instance_path().as_str());
    let at = path.iter().fold(root, |at, step| at.step(step));
    let found = error.instance().as_ref();
    let what = subject(&path);
    let sentence = match error.kind() {
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            let valid = beside(error, schema, "properties");
            let planned = planned(error, schema);
            for key in unexpected {
                let problem = if planned.contains(&key.as_str()) {
                    planned_key(key, &path, at)
                } else {
                    unknown_key(key, &valid, &path, at, found)
                };
                problems.push(problem);
            }
            return;
        }
        ValidationErrorKind::OneOfNotValid { context } | ValidationErrorKind::AnyOf { context } => {
            return branches(error, context, schema, root, problems);
        }
        ValidationErrorKind::Required { property } => {
            format!("missing key {property}{}", inside(&path))
        }
        ValidationErrorKind::Type { kind } => wrong_type(&what, &expected(kind, MAP), found, at),
        ValidationErrorKind::Enum { options } => {
            let options: Vec<&str> = options.as_array().into_iter().flatten().filter_map(Json::as_str).collect();
            problems.push(unknown_value(&what, &options, &path, at, found));
            return;
        }
        ValidationErrorKind::Constant { expected_value } => format!("{what} must be {expected_value}"),
        ValidationErrorKind::Minimum { limit } => format!("{what} must be at least {limit}"),
        ValidationErrorKind::Maximum { limit } => format!("{what} must be at most {limit}"),
        ValidationErrorKind::ExclusiveMinimum { limit } => format!("{what} must be more than {limit}"),
        ValidationErrorKind::MinItems { limit } => format!("{what} needs at least {limit} {}", plural(*limit, "entry")),
        ValidationErrorKind::MaxItems { limit } => format!("{what} has more than {limit} entries"),
        ValidationErrorKind::MinProperties { limit } => {
            format!("{what} needs at least {limit} {}", plural(*limit, "key"))
        }
        ValidationErrorKind::MinLength { .. } => format!("{what} is empty"),
        ValidationErrorKind::MaxLength { limit } => format!("{what} has more than {limit} characters"),
        ValidationErrorKind::UniqueItems => format!("{what} names an entry twice"),
        _ => format!("{what}: {error}"),
    };
    problems.push(Problem { finding: Finding::error(at.place(), sentence), mend: None });
}

fn unknown_key(key: &str, valid: &[&str], path: &[String], at: At, found: &Json) -> Problem {
    let sentence = format!("unknown key \"{key}\"{}", hint(key, valid.iter().copied()));
    let meant = nearest(key, valid.iter().copied()).filter(|meant| found.get(meant).is_none());
    let change = match meant {
        Some(meant) => Change::Rename(key.to_owned(), meant.to_owned()),
        None => Change::Drop(key.to_owned()),
    };
    let finding = Finding::error(at.key(key).key_place(), sentence);
    Problem { finding, mend: Some(Mend { path: path.to_vec(), change }) }
}

/// A key that is fixed but not built yet: nobody is to think that it works.
fn planned_key(key: &str, path: &[String], at: At) -> Problem {
    let sentence = format!("\"{key}\" belongs to the language but is not built yet; take it away");
    let finding = Finding::error(at.key(key).key_place(), sentence);
    Problem { finding, mend: Some(Mend { path: path.to_vec(), change: Change::Drop(key.to_owned()) }) }
}

fn unknown_value(what: &str, options: &[&str], path: &[String], at: At, found: &Json) -> Problem {
    let Some(text) = found.as_str() else {
        let sentence = wrong_type(what, &format!("one of {}", options.join(", ")), found, at);
        return Problem { finding: Finding::error(at.place(), sentence), mend: None };
    };
    let sentence = format!("unknown value \"{text}\" of {what}{}", hint(text, options.iter().copied()));
    let mend = nearest(text, options.iter().copied())
        .map(|meant| Mend { path: path.to_vec(), change: Change::Replace(meant.to_owned()) });
    Problem { finding: Finding::error(at.place(), sentence), mend }
}

/// None of several shapes fits: finds the one that was meant.
fn branches(
    error: &ValidationError,
    context: &[Vec<ValidationError<'static>>],
    schema: &Json,
    root: At,
    problems: &mut Vec<Problem>,
) {
    let path = segments(error.instance_path().as_str());
    let at = path.iter().fold(root, |at, step| at.step(step));
    let found = error.instance().as_ref();
    let choices = schema.pointer(error.schema_path().as_str()).and_then(Json::as_array);
    let constant = |choice: &Json, pointer: &str| choice.pointer(pointer).and_then(Json::as_str).map(str::to_owned);
    let words: Vec<String> = choices.into_iter().flatten().filter_map(|choice| constant(choice, "/const")).collect();
    let types: Vec<String> =
        choices.into_iter().flatten().filter_map(|choice| constant(choice, "/properties/type/const")).collect();
    if words.len() == context.len() {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        problems.push(unknown_value(&subject(&path), &words, &path, at, found));
    } else if types.len() == context.len() {
        match found.get("type").and_then(Json::as_str) {
            Some(name) => match types.iter().position(|word| word == name) {
                Some(chosen) => context[chosen].iter().for_each(|error| explain(error, schema, root, problems)),
                None => problems.push(unknown_node(name, &types, path, at)),
            },
            None => {
                let sentence = match found.get("type") {
                    Some(other) => wrong_type("\"type\"", "text", other, at.key("type")),
                    None if found.is_object() => format!("missing key \"type\"{}", inside(&path)),
                    None => wrong_type(&subject(&path), "a map of keys", found, at),
                };
                problems.push(Problem { finding: Finding::error(at.key("type").place(), sentence), mend: None });
            }
        }
    } else {
        let here = error.instance_path().as_str();
        let wrong_here = |error: &ValidationError| {
            error.instance_path().as_str() == here && matches!(error.kind(), ValidationErrorKind::Type { .. })
        };
        match context.iter().find(|errors| !errors.iter().any(wrong_here)) {
            Some(meant) => meant.iter().for_each(|error| explain(error, schema, root, problems)),
            None => {
                let kinds: Vec<String> = context
                    .iter()
                    .flatten()
                    .filter_map(|error| match error.kind() {
                        ValidationErrorKind::Type { kind } => Some(expected(kind, MAP)),
                        _ => None,
                    })
                    .collect();
                let sentence = wrong_type(&subject(&path), &kinds.join(" or "), found, at);
                problems.push(Problem { finding: Finding::error(at.place(), sentence), mend: None });
            }
        }
    }
}

fn unknown_node(name: &str, types: &[String], mut path: Vec<String>, at: At) -> Problem {
    let sentence = format!("unknown node type \"{name}\"{}", hint(name, types.iter().map(String::as_str)));
    path.push("type".to_owned());
    let mend = nearest(name, types.iter().map(String::as_str))
        .map(|meant| Mend { path, change: Change::Replace(meant.to_owned()) });
    Problem { finding: Finding::error(at.key("type").place(), sentence), mend }
}

fn wrong_type(what: &str, expected: &str, found: &Json, at: At) -> String {
    let word = found.as_str().unwrap_or_default();
    if expected == "true or false" && ["yes", "no", "on", "off", "y", "n"].contains(&word.to_lowercase().as_str()) {
        return format!("{what} is {word}, which is text; write true or false");
    }
    let typed = at.scalar().map(|scalar| scalar.text.as_str()).unwrap_or_default();
    match found {
        Json::Null => format!("{what} has no value; it must be {expected}, or leave the key out"),
        Json::Bool(_) | Json::Number(_) if expected == "text" => {
            format!("{what} must be text; write \"{typed}\" with quotes")
        }
        _ => format!("{what} must be {expected}, not {}", kinds::found(found, MAP)),
    }
}

/// The keys that the shape says are planned.
fn planned<'a>(error: &ValidationError, schema: &'a Json) -> Vec<&'a str> {
    let path = error.schema_path().as_str();
    let parent = path.rsplit_once('/').map_or("", |(parent, _)| parent);
    let keys = schema.pointer(parent).and_then(|parent| parent.get("x-planned")).and_then(Json::as_array);
    keys.into_iter().flatten().filter_map(Json::as_str).collect()
}

/// The keys of the map that stands beside the failing keyword in the schema.
fn beside<'a>(error: &ValidationError, schema: &'a Json, keyword: &str) -> Vec<&'a str> {
    let path = error.schema_path().as_str();
    let parent = path.rsplit_once('/').map_or("", |(parent, _)| parent);
    let map = schema.pointer(parent).and_then(|parent| parent.get(keyword)).and_then(Json::as_object);
    map.into_iter().flat_map(|map| map.keys().map(String::as_str)).collect()
}

/// What a sentence speaks of: the key at the end of the path, or an entry of a list.
fn subject(path: &[String]) -> String {
    match path {
        [] => "the file".to_owned(),
        [.., list, last] if is_position(last) => format!("entry {} of \"{list}\"", position(last)),
        [.., last] => format!("\"{last}\""),
    }
}

fn inside(path: &[String]) -> String {
    match path {
        [] => String::new(),
        path => format!(" in {}", subject(path)),
    }
}

fn is_position(step: &str) -> bool {
    step.bytes().all(|byte| byte.is_ascii_digit())
}

fn position(step: &str) -> usize {
    step.parse::<usize>().map_or(0, |position| position + 1)
}

fn plural(count: u64, word: &str) -> String {
    match (count, word) {
        (1, word) => word.to_owned(),
        (_, "entry") => "entries".to_owned(),
        (_, word) => format!("{word}s"),
    }
}

fn segments(pointer: &str) -> Vec<String> {
    pointer.split('/').skip(1).map(|step| step.replace("~1", "/").replace("~0", "~")).collect()
}
