//! A field of a business record: what it holds, and what holds for it.

use super::expression::Place;
use super::json::Json;
use super::stage::StageList;
use super::text::Text;
use std::sync::Arc;

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
    /// The name that it had before, for records that were written then.
    pub was: Option<String>,
    /// Whether who changes it must say why.
    pub reason: bool,
    /// Whether it is about a natural person: masked in logs, exports and explanations.
    pub personal: bool,
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
    /// The code of a stage of this list.
    Stage(Arc<StageList>),
    /// A user's login.
    User,
    /// The id of a unit of the organisation.
    OrgUnit,
    /// The id of a record.
    Ref(Reference),
    /// A file that was uploaded.
    File(FileRule),
    /// A list of one kind.
    List(Box<FieldKind>),
    /// An object with fields of its own.
    Map(Vec<Field>),
    /// Any JSON: a raw payload.
    Json,
}

impl FieldKind {
    /// The fields of the objects that it holds; empty when it holds none.
    pub fn inner(&self) -> &[Field] {
        match self {
            FieldKind::Map(fields) => fields,
            FieldKind::List(of) => of.inner(),
            _ => &[],
        }
    }
}

/// A reference to a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The type of the record.
    pub record: String,
    /// What happens to this record when that one is deleted.
    pub on_delete: OnDelete,
    /// Whether following the field may never lead back to the record itself.
    pub acyclic: bool,
}

/// What the deletion of a record means for one that refers to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OnDelete {
    /// The deletion is refused.
    #[default]
    Refuse,
    /// The reference is cleared.
    Clear,
    /// It is deleted, too.
    Cascade,
}

/// What a file may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileRule {
    /// Bytes at most.
    pub max_bytes: u64,
    /// Media types, `application/pdf` or `image/*`; empty: any.
    pub accept: Vec<String>,
}
