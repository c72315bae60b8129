//! Who may do what with the records of a type, by role and by how they stand to the record.

use super::break_glass::{BreakGlassRule, Right};
use std::collections::{BTreeMap, BTreeSet};

/// Who may read, create, update and delete.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Access {
    /// May read.
    pub read: Vec<Relation>,
    /// May create.
    pub create: Vec<Relation>,
    /// May update.
    pub update: Vec<Relation>,
    /// May delete.
    pub delete: Vec<Relation>,
    /// May merge two of them, when so related to both; none: who may update both.
    pub merge: Option<Vec<Relation>>,
    /// Who may do it all the same, with a reason; none: as kamflow has it.
    pub break_glass: Option<BreakGlassRule>,
    /// Rights of single fields, as they are declared.
    pub fields: BTreeMap<String, FieldAccess>,
    /// Which fields not every reader of a record may read: what `fields` says, passed on to what is computed from them.
    pub limits: Vec<Limit>,
}

/// Rights of one field.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldAccess {
    /// Who, of those who may read the record, may read it; none: all of them.
    pub read: Option<Vec<Relation>>,
    /// Who, of those who may create the record, may give it a value other than its default; none: all of them.
    pub create: Option<Vec<Relation>>,
    /// Who may change it, in place of those who may update the record; none: they.
    pub update: Option<Vec<Relation>>,
}

/// Fields that only some readers of the record may read. A field that stands in several limits needs all of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limit {
    /// Who may.
    pub read: Vec<Relation>,
    /// The fields.
    pub fields: BTreeSet<String>,
}

/// Record types in a row at most that are read through one another: the record, the one it belongs to, and so on.
pub const READ_THROUGH_MOST: usize = 4;

/// How somebody must stand to a record.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Relation {
    /// `anyone`: is a user of the business.
    Anyone,
    /// `role:NAME`: has this role.
    Role(String),
    /// `FIELD`: is the person in this field.
    Person(String),
    /// `superior(FIELD)`: stands above the person in this field.
    Superior(String),
    /// `direct_superior(FIELD)`: stands next above the person in this field.
    DirectSuperior(String),
    /// `member(FIELD)`: is in this list of users, or of entries with a `user`.
    Member(String),
    /// `reader(FIELD)`: may read the record in this field.
    Reader(String),
    /// Nothing that is typed: was let in beyond the rules, to do this.
    LetIn(Right),
    /// The same, while nobody stands above the person in this field, who alone could.
    LetInFor(String),
}
