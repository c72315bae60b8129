//! What is asked of records: conditions on columns and index entries, as data. Which field lies where is known above.

use crate::model::ids::RecordId;

/// Where a value of a record lies.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Slot {
    /// Its id.
    Id,
    /// Its primary owner.
    Owner,
    /// Its state.
    Status,
    /// Its stage.
    Stage,
    /// Its amount in minor units: a number.
    Amount,
    /// The currency of its amount.
    Currency,
    /// The record above it.
    Parent,
    /// When it is due, as text that sorts.
    Due,
    /// Its name.
    Name,
    /// When it was created: a number.
    CreatedAt,
    /// Who created it.
    CreatedBy,
    /// When it was last changed: a number.
    UpdatedAt,
    /// Among the index entries under this name.
    Entry(String),
}

/// A value that is compared.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    /// A number, of a slot that holds numbers.
    Number(i64),
    /// A text.
    Text(String),
}

/// The ends of a range, each with whether it belongs to the range.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bounds {
    /// The lower end.
    pub least: Option<(Value, bool)>,
    /// The upper end.
    pub most: Option<(Value, bool)>,
}

/// A condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Term {
    /// Has one of these values.
    In(Slot, Vec<Value>),
    /// Has a value in this range.
    Between(Slot, Bounds),
    /// Has a value.
    Has(Slot),
    /// Has none.
    Lacks(Slot),
    /// Names, in this slot, this record or one below it. Records stand below one another by their parents.
    Below {
        /// [`Slot::Id`] or [`Slot::Parent`].
        slot: Slot,
        /// The type of the record above.
        record_type: String,
        /// The record above.
        root: RecordId,
    },
    /// Has this word among its index entries under one of these names.
    Word {
        /// The names.
        entries: Vec<String>,
        /// The word.
        word: String,
    },
    /// Does not meet this, or what it would be met by is not there.
    Not(Box<Term>),
    /// Meets all of these.
    All(Vec<Term>),
    /// Meets one of these.
    Any(Vec<Term>),
}

impl Slot {
    /// Whether it holds numbers.
    pub fn is_number(&self) -> bool {
        matches!(self, Slot::Amount | Slot::CreatedAt | Slot::UpdatedAt)
    }

    /// Its column; none for index entries.
    pub(super) fn column(&self) -> Option<&'static str> {
        Some(match self {
            Slot::Id => "id",
            Slot::Owner => "owner",
            Slot::Status => "status",
            Slot::Stage => "stage",
            Slot::Amount => "amount",
            Slot::Currency => "currency",
            Slot::Parent => "parent",
            Slot::Due => "due",
            Slot::Name => "name",
            Slot::CreatedAt => "created_at",
            Slot::CreatedBy => "created_by",
            Slot::UpdatedAt => "updated_at",
            Slot::Entry(_) => return None,
        })
    }
}

impl Term {
    /// Whether it asks of columns only.
    pub(super) fn of_columns(&self) -> bool {
        match self {
            Term::Word { .. } => false,
            Term::Not(term) => term.of_columns(),
            Term::All(terms) | Term::Any(terms) => terms.iter().all(Term::of_columns),
            term => term.slots().into_iter().all(|slot| slot.column().is_some()),
        }
    }

    /// The slots that it asks of; words have none.
    pub(super) fn slots(&self) -> Vec<&Slot> {
        match self {
            Term::In(slot, _) | Term::Between(slot, _) | Term::Has(slot) | Term::Lacks(slot) => vec![slot],
            Term::Below { slot, .. } => vec![slot],
            Term::Word { .. } => Vec::new(),
            Term::Not(term) => term.slots(),
            Term::All(terms) | Term::Any(terms) => terms.iter().flat_map(Term::slots).collect(),
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Value {
        Value::Text(text)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Value {
        Value::Number(number)
    }
}
