//! Which fields leave the house in an export, and how: the one place that says so.

use super::FieldRights;
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

/// How a field of all records of a type leaves. One that the caller may not read on every record that he sees does not;
/// personal data leaves whole only for those whom the field names as its readers, whatever record it is in.
pub fn exported(actor: &Actor, rights: &FieldRights, declared: &RecordType, field: &Field) -> Exported {
    if !rights.readable_everywhere(&field.name) {
        return Exported::Hidden;
    }
    let own = declared.access.fields.get(&field.name).and_then(|rights| rights.read.as_ref());
    let named = own.is_some_and(|readers| readers.iter().any(|relation| always(actor, relation)));
    if field.personal && !named { Exported::Masked } else { Exported::Shown }
}

fn always(actor: &Actor, relation: &Relation) -> bool {
    match relation {
        Relation::Anyone => true,
        Relation::Role(role) => actor.roles.contains(role),
        Relation::Person(_)
        | Relation::Superior(_)
        | Relation::DirectSuperior(_)
        | Relation::Member(_)
        | Relation::Reader(_)
        | Relation::LetIn(_)
        | Relation::LetInFor(_) => false,
    }
}
