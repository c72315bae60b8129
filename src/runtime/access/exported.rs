//! Which fields leave the house in an export, and how: the one place that says so.

use crate::model::actor::Actor;
use crate::model::field::Field;
use crate::model::record_access::Relation;
use crate::model::record_type::RecordType;

/// What stands in an export for what is there and not shown.
pub const MASK: &str = "***";

/// How a field leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exported {
    /// As it is.
    Shown,
    /// As [`MASK`], where it has a value.
    Masked,
    /// Not at all; who asks for it by name is refused.
    Hidden,
}

/// How a field of all records of a type leaves. A right that depends on the single record is no right to a column: a
/// field with readers of its own is shown to those who are readers of every record. Only they see personal data whole.
pub fn exported(actor: &Actor, declared: &RecordType, field: &Field) -> Exported {
    let own = declared.access.fields.get(&field.name).and_then(|rights| rights.read.as_ref());
    match own {
        Some(readers) if readers.iter().any(|relation| always(actor, relation)) => Exported::Shown,
        Some(_) => Exported::Hidden,
        None if field.personal => Exported::Masked,
        None => Exported::Shown,
    }
}

fn always(actor: &Actor, relation: &Relation) -> bool {
    match relation {
        Relation::Anyone => true,
        Relation::Role(role) => actor.roles.contains(role),
        Relation::Person(_)
        | Relation::Superior(_)
        | Relation::DirectSuperior(_)
        | Relation::Member(_)
        | Relation::Reader(_) => false,
    }
}
