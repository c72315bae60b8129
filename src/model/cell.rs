//! What a cell of a table can hold: one tree for the fields of a record type and for the start variables of a process,
//! so that a file is read in one way whatever it is for. `a.b` names the part `b` of `a`.

use super::field::{Field, FieldKind};
use super::json::Json;
use super::stage::StageList;
use std::sync::Arc;

/// What a cell holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CellKind {
    /// Text as it stands.
    Text,
    /// A whole number.
    Whole,
    /// An exact decimal number.
    Number,
    /// `1234.50 CNY`; its parts are `amount` and `currency`.
    Money,
    /// `true` or `false`.
    Bool,
    /// A calendar date.
    Date,
    /// An instant.
    Datetime,
    /// One of these words.
    OneOf(Vec<String>),
    /// A stage of this list, by its code or its title.
    Stage(Arc<StageList>),
    /// A list: `x|y`, or JSON.
    List(Box<CellKind>),
    /// Parts with names, each in a column of its own; whole, as JSON.
    Map(Vec<(String, CellKind)>),
    /// Any JSON.
    Json,
}

/// The parts of money.
const MONEY: [&str; 2] = ["amount", "currency"];

/// The fields of a record type.
pub fn of_fields(fields: &[Field]) -> CellKind {
    CellKind::Map(fields.iter().map(|field| (field.name.clone(), of_field(&field.kind))).collect())
}

fn of_field(kind: &FieldKind) -> CellKind {
    match kind {
        FieldKind::String { .. }
        | FieldKind::Text
        | FieldKind::User
        | FieldKind::OrgUnit
        | FieldKind::Ref(_)
        | FieldKind::File(_) => CellKind::Text,
        FieldKind::Int => CellKind::Whole,
        FieldKind::Decimal | FieldKind::Percent => CellKind::Number,
        FieldKind::Money => CellKind::Money,
        FieldKind::Bool => CellKind::Bool,
        FieldKind::Date => CellKind::Date,
        FieldKind::Datetime => CellKind::Datetime,
        FieldKind::Enum(values) => CellKind::OneOf(values.clone()),
        FieldKind::Stage(list) => CellKind::Stage(Arc::clone(list)),
        FieldKind::List(of) => CellKind::List(Box::new(of_field(of))),
        FieldKind::Map(fields) => of_fields(fields),
        FieldKind::Json => CellKind::Json,
    }
}

/// What a JSON Schema of an object or a value takes.
pub fn of_schema(schema: &Json) -> CellKind {
    let words: Option<Vec<String>> = schema
        .get("enum")
        .and_then(Json::as_array)
        .and_then(|values| values.iter().map(|value| value.as_str().map(str::to_owned)).collect());
    if let Some(words) = words {
        return CellKind::OneOf(words);
    }
    let types = match schema.get("type") {
        Some(Json::Array(types)) => types.iter().filter_map(Json::as_str).find(|name| *name != "null"),
        other => other.and_then(Json::as_str),
    };
    match (types, schema.get("format").and_then(Json::as_str)) {
        (Some("integer"), _) => CellKind::Whole,
        (Some("number"), _) => CellKind::Number,
        (Some("boolean"), _) => CellKind::Bool,
        (Some("array"), _) => CellKind::List(Box::new(schema.get("items").map_or(CellKind::Text, of_schema))),
        (Some("object"), _) => match schema.get("properties").and_then(Json::as_object) {
            Some(parts) if parts.len() == 2 && MONEY.iter().all(|part| parts.contains_key(*part)) => CellKind::Money,
            Some(parts) => {
                CellKind::Map(parts.iter().map(|(name, schema)| (name.clone(), of_schema(schema))).collect())
            }
            None => CellKind::Json,
        },
        (Some("string"), Some("date")) => CellKind::Date,
        (Some("string"), Some("date-time")) => CellKind::Datetime,
        _ => CellKind::Text,
    }
}

impl CellKind {
    /// The values that it takes, of a list those of its entries; none when they are not counted up.
    pub fn words(&self) -> Option<Vec<&str>> {
        match self {
            CellKind::OneOf(words) => Some(words.iter().map(String::as_str).collect()),
            CellKind::Stage(list) => Some(list.codes().collect()),
            CellKind::List(of) => of.words(),
            _ => None,
        }
    }

    /// The kind at a path, `contact.name`.
    pub fn at(&self, path: &str) -> Option<&CellKind> {
        let (first, rest) = path.split_once('.').map_or((path, None), |(first, rest)| (first, Some(rest)));
        let part = match self {
            CellKind::Map(parts) => parts.iter().find(|(name, _)| name == first).map(|(_, kind)| kind),
            CellKind::Money if MONEY.contains(&first) => Some(&CellKind::Text),
            _ => None,
        }?;
        rest.map_or(Some(part), |rest| part.at(rest))
    }

    /// The paths that a table has columns for, in order: every part of a map has its own.
    pub fn columns(&self) -> Vec<(String, &CellKind)> {
        let mut columns = Vec::new();
        self.collect("", &mut columns);
        columns
    }

    fn collect<'a>(&'a self, at: &str, columns: &mut Vec<(String, &'a CellKind)>) {
        match self {
            CellKind::Map(parts) if at.is_empty() || !parts.is_empty() => {
                for (name, kind) in parts {
                    let path = if at.is_empty() { name.clone() } else { format!("{at}.{name}") };
                    kind.collect(&path, columns);
                }
            }
            kind => columns.push((at.to_owned(), kind)),
        }
    }

    /// Every path that can be named: those of [`CellKind::columns`], whole maps, and the parts of money.
    pub fn paths(&self) -> Vec<String> {
        let mut paths = Vec::new();
        self.named("", &mut paths);
        paths
    }

    fn named(&self, at: &str, paths: &mut Vec<String>) {
        let below = |name: &str| if at.is_empty() { name.to_owned() } else { format!("{at}.{name}") };
        if !at.is_empty() {
            paths.push(at.to_owned());
        }
        match self {
            CellKind::Map(parts) => parts.iter().for_each(|(name, kind)| kind.named(&below(name), paths)),
            CellKind::Money => paths.extend(MONEY.map(below)),
            _ => {}
        }
    }
}
