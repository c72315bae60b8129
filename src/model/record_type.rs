//! A record type: fields, keys and rules of a business record, declared in the pack.

use super::expression::{Expression, FunctionRef, Place};
use super::json::Json;
use super::process::Mapping;
use super::text::Text;
use std::collections::BTreeMap;

/// A type of business record.
#[derive(Debug, Clone)]
pub struct RecordType {
    /// Its name, `customer`.
    pub name: String,
    /// Its title.
    pub title: Text,
    /// Its fields, in document order.
    pub fields: Vec<Field>,
    /// Fields computed by scripts on every write.
    pub derive: Vec<Derive>,
    /// Fields whose values find candidates (`records.candidates`); a list gives one key a value.
    pub keys: Vec<String>,
    /// Rules that no two records may break together.
    pub unique: Vec<Unique>,
    /// Fields that can be filtered on, each list one index.
    pub indexes: Vec<Vec<String>>,
    /// Well-known meanings of fields, kept in real columns.
    pub columns: BTreeMap<Column, String>,
    /// Who may do what.
    pub access: Access,
    /// Where `record:` was written.
    pub at: Place,
}

/// A field.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// Its label.
    pub title: Option<Text>,
    /// What it holds.
    pub kind: FieldKind,
    /// Whether a record may lack it.
    pub required: bool,
    /// Whether it takes part in text search.
    pub search: bool,
    /// The value of a new record that gives none.
    pub default: Option<Json>,
    /// Where it was declared.
    pub at: Place,
}

/// What a field holds.
#[derive(Debug, Clone, PartialEq)]
pub enum FieldKind {
    /// One line of text, at most `max` characters.
    String {
        /// Characters at most.
        max: usize,
    },
    /// Long text.
    Text,
    /// A 64-bit integer.
    Int,
    /// An exact decimal.
    Decimal,
    /// An amount with currency.
    Money,
    /// An exact percentage.
    Percent,
    /// True or false.
    Bool,
    /// A calendar date, `2026-01-31`.
    Date,
    /// An instant, RFC 3339.
    Datetime,
    /// One of these values.
    Enum(Vec<String>),
    /// A user's login.
    User,
    /// The id of a record of this type.
    Ref(String),
    /// A list of one kind.
    List(Box<FieldKind>),
    /// An object with fields of its own.
    Map(Vec<Field>),
    /// Any JSON: a raw payload.
    Json,
}

/// A field computed by a script from the other fields.
#[derive(Debug, Clone)]
pub struct Derive {
    /// The field that is set.
    pub field: String,
    /// The function.
    pub function: FunctionRef,
    /// Its arguments: expressions over the fields.
    pub input: Mapping,
    /// The value: an expression over `result`.
    pub value: Expression,
}

/// Fields that together are held by at most one record.
#[derive(Debug, Clone)]
pub struct Unique {
    /// The fields; a record that lacks one of them is outside the rule.
    pub fields: Vec<String>,
    /// The rule holds while this is true.
    pub condition: Option<Expression>,
}

/// A well-known meaning that has a real, indexed column.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Column {
    /// The primary owner.
    Owner,
    /// The state.
    Status,
    /// The record above it.
    Parent,
    /// When it is due.
    Due,
    /// What people call it.
    Name,
}

/// Who may read, create and update.
#[derive(Debug, Clone, Default)]
pub struct Access {
    /// May read.
    pub read: Vec<Relation>,
    /// May create.
    pub create: Vec<Relation>,
    /// May update.
    pub update: Vec<Relation>,
}

/// How somebody must stand to a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Relation {
    /// Has this role.
    Role(String),
    /// Is the owner.
    Owner,
}
