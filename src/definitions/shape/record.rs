//! `records/<type>.yaml`.

use super::break_glass::BreakGlassShape;
use super::matching::MatchShape;
use super::scalar::{Source, Sources};
use crate::model::field::OnDelete;
use crate::model::json::Json;
use crate::model::text::Text;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

/// A record type.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordShape {
    /// The name of the type: the name of its file.
    pub record: String,
    /// Its title.
    pub title: Text,
    /// Its fields.
    #[schemars(extend("minProperties" = 1))]
    pub fields: BTreeMap<String, FieldShape>,
    /// Fields computed by scripts on every write.
    #[serde(default)]
    pub derive: BTreeMap<String, DeriveShape>,
    /// Fields whose values find candidates.
    #[serde(default)]
    pub keys: Vec<String>,
    /// Fields whose pieces find records that are alike: a text is cut into words and pairs of signs, a list of texts is
    /// taken item by item.
    #[serde(default)]
    pub similar: Vec<String>,
    /// How a record is looked at for being one that is there already.
    #[serde(rename = "match")]
    pub matching: Option<MatchShape>,
    /// Rules that no two records may break together.
    #[serde(default)]
    pub unique: Vec<UniqueShape>,
    /// Fields that can be filtered on; each list is one index.
    #[serde(default)]
    pub indexes: Vec<Vec<String>>,
    /// Fields with a well-known meaning.
    #[serde(default)]
    pub columns: ColumnsShape,
    /// Conditions that every record meets.
    #[serde(default)]
    pub check: Vec<CheckShape>,
    /// Numbers in lists that add up.
    #[serde(default)]
    pub sum: Vec<SumShape>,
    /// The pattern of the number that a new record gets in its field `number`: text, {yyyy}, {mm}, {dd}, and {00000} for
    /// the counter.
    pub number: Option<String>,
    /// Whether a record is never changed or deleted once it is there.
    #[serde(default)]
    pub append_only: bool,
    /// When a record is closed to changes.
    pub immutable: Option<ImmutableShape>,
    /// What a merge of two records does beside choosing values.
    #[serde(default)]
    pub merge: MergeShape,
    /// Whether every change of a field is kept; it is when not said.
    pub history: Option<bool>,
    /// Who may do what.
    #[serde(default)]
    pub access: AccessShape,
}

/// A field.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Field")]
pub struct FieldShape {
    /// What it holds.
    #[serde(rename = "type")]
    pub kind: FieldType,
    /// Its label.
    pub title: Option<Text>,
    /// Whether every record must have it.
    pub required: Option<bool>,
    /// Characters at most; for string.
    #[schemars(range(min = 1))]
    pub max: Option<u32>,
    /// Whether it takes part in text search.
    pub search: Option<bool>,
    /// The value of a new record that gives none.
    pub default: Option<Json>,
    /// The values; for enum.
    pub values: Option<Vec<String>>,
    /// The stage list; for stage. For enum, in place of values: a list of pack.yaml.
    pub list: Option<String>,
    /// The record type; for ref.
    pub record: Option<String>,
    /// What happens to this record when the one it refers to is deleted; for ref. Refused when not said.
    pub on_delete: Option<OnDelete>,
    /// Whether following the reference may never lead back to the record itself; for ref.
    pub acyclic: Option<bool>,
    /// Bytes at most; for file.
    #[schemars(range(min = 1))]
    pub max_bytes: Option<u64>,
    /// Media types such as application/pdf or image/*; for file.
    pub accept: Option<Vec<String>>,
    /// The name that the field had before.
    pub was: Option<String>,
    /// Whether who changes the field must say why.
    pub reason: Option<bool>,
    /// Whether the field is about a natural person: masked in logs, exports and explanations.
    pub personal: Option<bool>,
    /// What it is a list of; for list.
    pub of: Option<Box<FieldShape>>,
    /// The fields inside; for map.
    pub fields: Option<BTreeMap<String, FieldShape>>,
}

/// The types of fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum FieldType {
    /// One line of text.
    String,
    /// Long text.
    Text,
    /// A whole number.
    Int,
    /// An exact decimal.
    Decimal,
    /// An amount with currency.
    Money,
    /// An exact percentage.
    Percent,
    /// True or false.
    Bool,
    /// A calendar date.
    Date,
    /// An instant.
    Datetime,
    /// One of `values`.
    Enum,
    /// The code of a stage of a `list`.
    Stage,
    /// A user's login.
    User,
    /// The id of a unit of the organisation.
    #[serde(rename = "org_unit")]
    OrgUnit,
    /// The id of a `record`.
    Ref,
    /// A file that was uploaded.
    File,
    /// A list `of` one kind.
    List,
    /// An object with `fields`.
    Map,
    /// Any JSON.
    Json,
}

/// How a field is computed.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Derive")]
pub struct DeriveShape {
    /// The function, plugin/function.
    pub function: String,
    /// Argument: expression over the fields.
    #[serde(default, rename = "in")]
    pub input: Sources,
    /// The value: an expression over `result`.
    pub value: Source,
}

/// Fields that together are held by at most one record.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Unique")]
pub struct UniqueShape {
    /// The fields.
    #[schemars(length(min = 1))]
    pub fields: Vec<String>,
    /// The rule holds while this is true.
    #[serde(rename = "where")]
    pub condition: Option<Source>,
}

/// Well-known meanings, each with the field that has it.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Columns")]
pub struct ColumnsShape {
    /// The primary owner: a user field.
    pub owner: Option<String>,
    /// The state: an enum or string field.
    pub status: Option<String>,
    /// The stage of a funnel: a stage, enum or string field.
    pub stage: Option<String>,
    /// What it is worth: a money field.
    pub amount: Option<String>,
    /// The record above it: a ref field.
    pub parent: Option<String>,
    /// When it is due: a date or datetime field.
    pub due: Option<String>,
    /// What people call it: a string field.
    pub name: Option<String>,
}

/// A condition that every record meets.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Check")]
pub struct CheckShape {
    /// Must be true: an expression over the fields; a field without a value is `()`.
    pub rule: Source,
    /// What is said when it is not.
    pub message: Text,
}

/// Numbers that add up to one total.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Sum")]
pub struct SumShape {
    /// A number in the entries of a list, `splits.percent`.
    pub of: String,
    /// What they add up to, exactly.
    pub is: Json,
}

/// When a record is closed to changes.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Immutable")]
pub struct ImmutableShape {
    /// While this is true of what is kept: an expression over the fields.
    pub when: Source,
    /// Fields that may change all the same.
    #[serde(default)]
    pub except: Vec<String>,
}

/// What a merge of two records does beside choosing values.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Merge")]
pub struct MergeShape {
    /// Lists that get the items of both.
    #[serde(default)]
    pub unite: Vec<String>,
    /// Field to list: the value that was not chosen is added to the list, `name: aliases`.
    #[serde(default)]
    pub into: BTreeMap<String, String>,
}

/// Who may do what: anyone, role:NAME, a user field, superior(FIELD), direct_superior(FIELD), member(FIELD) or
/// reader(FIELD).
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Access")]
pub struct AccessShape {
    /// May read.
    #[serde(default)]
    pub read: Vec<String>,
    /// May create, with every field that has no `create` of its own; decided on the record as it then is.
    #[serde(default)]
    pub create: Vec<String>,
    /// May update.
    #[serde(default)]
    pub update: Vec<String>,
    /// May delete.
    #[serde(default)]
    pub delete: Vec<String>,
    /// May merge two of them; who may update both when not said.
    pub merge: Option<Vec<String>>,
    /// Who may do it all the same, with a reason.
    pub break_glass: Option<BreakGlassShape>,
    /// Rights of single fields.
    #[serde(default)]
    pub fields: BTreeMap<String, FieldAccessShape>,
}

/// Rights of one field.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "FieldAccess")]
pub struct FieldAccessShape {
    /// Who, of those who may read the record, may read it; all of them when not said. What is computed from the field is
    /// limited likewise, unless it has a right of its own.
    pub read: Option<Vec<String>>,
    /// Who, of those who may create the record, may give it another value than its default; all of them when not said.
    pub create: Option<Vec<String>>,
    /// May change it, in place of those who may update the record; they when not said.
    pub update: Option<Vec<String>>,
}
