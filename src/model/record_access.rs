//! Who may do what with the records of a type, by role and by how they stand to the record.

use super::break_glass::BreakGlassRule;
use std::collections::BTreeMap;

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
    /// Who may do it all the same, with a reason; none: as kamflow has it.
    pub break_glass: Option<BreakGlassRule>,
    /// Narrower rights of single fields.
    pub fields: BTreeMap<String, FieldAccess>,
}

/// Rights of one field, within those of its record.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldAccess {
    /// May read it; none: who may read the record.
    pub read: Option<Vec<Relation>>,
    /// May change it; none: who may update the record.
    pub update: Option<Vec<Relation>>,
}

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
}
