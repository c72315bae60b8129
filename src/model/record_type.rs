//! A record type: fields, keys and rules of a business record, declared in the pack.

use super::expression::{Expression, FunctionRef, Place};
use super::field::Field;
use super::matching::Matching;
use super::process::Mapping;
use super::record_access::Access;
use super::text::Text;
use std::collections::BTreeMap;

/// The list of files that every record has.
pub const ATTACHMENTS: &str = "attachments";

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
    /// Fields whose pieces find records that are alike (`records.candidates`): a text is cut, a list is taken item by item.
    pub similar: Vec<String>,
    /// How a record is looked at for being one that is there already.
    pub matching: Option<Matching>,
    /// Rules that no two records may break together.
    pub unique: Vec<Unique>,
    /// Fields that can be filtered on, each list one index.
    pub indexes: Vec<Vec<String>>,
    /// Well-known meanings of fields, kept in real columns.
    pub columns: BTreeMap<Column, String>,
    /// Conditions that every record meets.
    pub checks: Vec<Check>,
    /// Numbers in lists that add up.
    pub sums: Vec<Sum>,
    /// The pattern of the number that every new record gets, `OPP-{yyyy}-{00000}`, in its field `number`.
    pub number: Option<NumberPattern>,
    /// Whether a record is never changed or deleted once it is there: a ledger.
    pub append_only: bool,
    /// When a record is closed to changes.
    pub immutable: Option<Immutable>,
    /// What a merge of two of them does beside choosing values.
    pub merge: MergeRule,
    /// Whether every change of a field is kept.
    pub history: bool,
    /// Who may do what.
    pub access: Access,
    /// By which rules records are derived, `{keys}-{all}`: equal texts, equal rules. Empty until the scripts of the
    /// revision are compiled.
    pub stamp: String,
    /// Where `record:` was written.
    pub at: Place,
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

/// A condition that every record meets.
#[derive(Debug, Clone)]
pub struct Check {
    /// Must be true, over the fields; a field without a value is `()`.
    pub condition: Expression,
    /// What is said when it is not.
    pub message: Text,
}

/// Numbers that add up to one total.
#[derive(Debug, Clone)]
pub struct Sum {
    /// The list field.
    pub list: String,
    /// The number in each of its entries.
    pub field: String,
    /// What they add up to, exactly; an empty list is outside the rule.
    pub total: rust_decimal::Decimal,
    /// Where the rule was written.
    pub at: Place,
}

/// The pattern of a number: text, parts of the day, and a counter that begins anew whenever they change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberPattern {
    /// Its pieces, in order.
    pub pieces: Vec<NumberPiece>,
}

/// A piece of a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NumberPiece {
    /// These characters.
    Text(String),
    /// `{yyyy}`
    Year,
    /// `{mm}`
    Month,
    /// `{dd}`
    Day,
    /// `{00000}`: the counter, with at least so many digits.
    Counter(usize),
}

/// When a record is closed to changes.
#[derive(Debug, Clone)]
pub struct Immutable {
    /// While this is true of what is kept.
    pub when: Expression,
    /// Fields that may change all the same.
    pub except: Vec<String>,
}

/// What a merge does beside choosing the value of one of two records.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MergeRule {
    /// Lists that get the items of both.
    pub unite: Vec<String>,
    /// Field to list: the value that was not chosen is added to the list, a name to the other names.
    pub into: BTreeMap<String, String>,
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
    /// The stage of a funnel.
    Stage,
    /// What it is worth.
    Amount,
    /// The record above it.
    Parent,
    /// When it is due.
    Due,
    /// What people call it.
    Name,
}
