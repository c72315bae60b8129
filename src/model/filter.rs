//! Filters: what a search asks of each item, read from `{"amount": {"$gte": 1}, "$or": [{…}, {…}]}`.

use super::json::{Json, JsonMap};
use super::refusal::FieldError;

/// Conditions of a filter at most, those inside `$or` included.
pub const CONDITIONS_MOST: usize = 100;
/// Values of `$in` and `$nin` at most.
pub const VALUES_MOST: usize = 500;
/// Levels of `$or` inside `$or` at most.
pub const DEEPEST: usize = 4;

/// One part of a filter; all parts must hold.
#[derive(Debug, Clone, PartialEq)]
pub enum Filter {
    /// One field is compared.
    Where(Condition),
    /// `$or`: all parts of one of these lists hold.
    Any(Vec<Vec<Filter>>),
    /// `$text`: all words occur.
    Text {
        /// The words.
        words: String,
        /// Where they stand in the request: a JSON pointer, or `?name`.
        at: String,
    },
}

/// One condition of a filter: `{"state": {"$in": ["created", "claimed"]}}`.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    /// The field.
    pub field: String,
    /// How it is compared.
    pub operator: Operator,
    /// With what.
    pub value: Json,
    /// Where it stands in the request: a JSON pointer, or `?name`.
    pub at: String,
}

/// Comparisons of a filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// `$eq`
    Eq,
    /// `$neq`: another value, or none.
    Neq,
    /// `$in`
    In,
    /// `$nin`: none of these values, or none at all.
    Nin,
    /// `$gt`
    Gt,
    /// `$gte`
    Gte,
    /// `$lt`
    Lt,
    /// `$lte`
    Lte,
    /// `$like`: a prefix, `Huaxin%`
    Like,
    /// `$exists`: whether there is a value.
    Exists,
    /// `$under`: this record, or one below it.
    Under,
}

/// The operators by name, without their `$`.
pub const OPERATORS: [(&str, Operator); 11] = [
    ("eq", Operator::Eq),
    ("neq", Operator::Neq),
    ("in", Operator::In),
    ("nin", Operator::Nin),
    ("gt", Operator::Gt),
    ("gte", Operator::Gte),
    ("lt", Operator::Lt),
    ("lte", Operator::Lte),
    ("like", Operator::Like),
    ("exists", Operator::Exists),
    ("under", Operator::Under),
];

impl Operator {
    /// The operator of this name, without its `$`.
    pub fn named(name: &str) -> Option<Operator> {
        OPERATORS.iter().find(|(known, _)| *known == name).map(|(_, operator)| *operator)
    }

    /// Its name, with its `$`.
    pub fn name(self) -> String {
        let named = OPERATORS.iter().find(|(_, known)| *known == self).map_or("", |(name, _)| name);
        format!("${named}")
    }
}

/// Reads a filter that stands at this pointer; the error says what cannot be read.
pub fn parse(filter: JsonMap, at: &str) -> Result<Vec<Filter>, FieldError> {
    let mut left = CONDITIONS_MOST;
    all(filter, at, DEEPEST, &mut left)
}

fn all(filter: JsonMap, at: &str, deep: usize, left: &mut usize) -> Result<Vec<Filter>, FieldError> {
    let mut parts = Vec::new();
    for (name, value) in filter {
        let pointer = format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
        match name.as_str() {
            "$or" => parts.push(any(value, &pointer, deep, left)?),
            "$text" => {
                take(left, &pointer)?;
                let Json::String(words) = value else {
                    return Err(wrong(pointer, "invalid_operand", "$text takes a text"));
                };
                parts.push(Filter::Text { words, at: pointer });
            }
            _ if name.starts_with('$') => return Err(unknown(&name, pointer)),
            _ => {
                for condition in conditions(&name, value, &pointer)? {
                    take(left, &condition.at)?;
                    parts.push(Filter::Where(condition));
                }
            }
        }
    }
    Ok(parts)
}

fn any(value: Json, at: &str, deep: usize, left: &mut usize) -> Result<Filter, FieldError> {
    let Some(deep) = deep.checked_sub(1) else {
        let sentence = format!("$or inside $or goes at most {DEEPEST} levels deep");
        return Err(wrong(at.to_owned(), "filter_too_large", sentence));
    };
    let takes = || "$or takes a list of filters, each with at least one condition";
    let Json::Array(items) = value else { return Err(wrong(at.to_owned(), "invalid_operand", takes())) };
    let mut branches = Vec::new();
    for (position, item) in items.into_iter().enumerate() {
        let pointer = format!("{at}/{position}");
        match item {
            Json::Object(map) if !map.is_empty() => branches.push(all(map, &pointer, deep, left)?),
            _ => return Err(wrong(pointer, "invalid_operand", takes())),
        }
    }
    if branches.is_empty() { Err(wrong(at.to_owned(), "invalid_operand", takes())) } else { Ok(Filter::Any(branches)) }
}

/// `{"$gte": 1, "$lte": 5}` is two conditions; anything that is no object of operators is compared as it is.
fn conditions(field: &str, value: Json, at: &str) -> Result<Vec<Condition>, FieldError> {
    let operators = match value {
        Json::Object(map) if map.keys().any(|key| key.starts_with('$')) => map,
        value => return Ok(vec![Condition { field: field.into(), operator: Operator::Eq, value, at: at.into() }]),
    };
    let condition = |(name, value): (String, Json)| {
        let at = format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
        let operator = name.strip_prefix('$').and_then(Operator::named);
        let operator = operator.ok_or_else(|| unknown(&name, at.clone()))?;
        let condition = Condition { field: field.into(), operator, value, at };
        fits(&condition)?;
        Ok(condition)
    };
    operators.into_iter().map(condition).collect()
}

/// Refuses a value that the operator cannot take, whatever the field holds.
pub fn fits(condition: &Condition) -> Result<(), FieldError> {
    let Condition { operator, value, at, .. } = condition;
    let sentence = match operator {
        Operator::In | Operator::Nin => match value.as_array() {
            None => format!("{} takes a list", operator.name()),
            Some(values) if values.len() > VALUES_MOST => {
                format!("{} takes at most {VALUES_MOST} values", operator.name())
            }
            Some(_) => return Ok(()),
        },
        Operator::Like if !value.is_string() => "$like takes a text such as \"Huaxin%\"".to_owned(),
        Operator::Exists if !value.is_boolean() => "$exists takes true or false".to_owned(),
        _ => return Ok(()),
    };
    Err(wrong(at.clone(), "invalid_operand", sentence))
}

fn take(left: &mut usize, at: &str) -> Result<(), FieldError> {
    *left = left.checked_sub(1).ok_or_else(|| {
        let sentence = format!("a filter has at most {CONDITIONS_MOST} conditions");
        wrong(at.to_owned(), "filter_too_large", sentence)
    })?;
    Ok(())
}

/// An operator that nobody knows.
pub fn unknown(name: &str, at: String) -> FieldError {
    let list: Vec<String> = OPERATORS.iter().map(|(name, _)| format!("${name}")).collect();
    let sentence = format!("the operator \"{name}\" is not known; known are {}, $or, $text", list.join(", "));
    wrong(at, "unknown_operator", sentence)
}

fn wrong(pointer: String, code: &str, detail: impl Into<String>) -> FieldError {
    FieldError { pointer, code: code.to_owned(), detail: detail.into() }
}
