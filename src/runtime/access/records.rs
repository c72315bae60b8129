//! Which records of a type a caller may read, create, update or delete: the relations of the type as a predicate.

use super::break_glass;
use super::has;
use crate::model::actor::Actor;
use crate::model::break_glass::Right;
use crate::model::definitions::Definitions;
use crate::model::field::{FieldKind, Reference};
use crate::model::record_access::{READ_THROUGH_MOST, Relation};
use crate::model::record_type::{Column, RecordType};
use crate::model::refusal::Refusal;
use crate::model::time::Timestamp;
use crate::store::records::{Of, Place, Sight, Tie};

/// The records for which the caller has one of these relations at an instant.
pub fn sight(
    actor: &Actor,
    definitions: &Definitions,
    declared: &RecordType,
    relations: &[Relation],
    at: Timestamp,
) -> Sight {
    through(actor, definitions, declared, relations, at, READ_THROUGH_MOST - 1)
}

/// The record type, when the caller may do anything with it; else as if it were not there.
pub fn record_type<'d>(
    actor: &Actor,
    definitions: &'d Definitions,
    name: &str,
    at: Timestamp,
) -> Result<&'d RecordType, Refusal> {
    let found = definitions.records.get(name).filter(|found| {
        let access = &found.access;
        let fields = access.fields.values().filter_map(|field| field.update.as_ref());
        let relations = [&access.read, &access.create, &access.update, &access.delete];
        relations
            .into_iter()
            .chain(fields)
            .any(|relations| !sight(actor, definitions, found, relations, at).is_nothing())
    });
    found.map(|found| &**found).ok_or_else(|| Refusal::not_found("record type", name))
}

fn through(
    actor: &Actor,
    definitions: &Definitions,
    declared: &RecordType,
    relations: &[Relation],
    at: Timestamp,
    far: usize,
) -> Sight {
    let below = |direct| Of::Below { superior: actor.user.clone(), at, direct };
    let may_be_let_in = || break_glass::may_ask(actor, &break_glass::of_records(definitions, &declared.name)).is_ok();
    let let_in = |right, unless_above| Tie {
        place: Place::Id,
        of: Of::LetIn { user: actor.user.clone(), right, at, unless_above },
    };
    let mut ties = Vec::new();
    for relation in relations {
        let (field, of) = match relation {
            Relation::LetIn(right) => {
                ties.extend(may_be_let_in().then(|| let_in(*right, None)));
                continue;
            }
            Relation::LetInFor(field) => {
                let above = Some(Box::new(place(declared, field)));
                ties.extend(may_be_let_in().then(|| let_in(Right::Update, above)));
                continue;
            }
            Relation::Anyone => return Sight::All,
            Relation::Role(role) if has(actor, role) => return Sight::All,
            Relation::Role(_) => continue,
            Relation::Person(field) | Relation::Member(field) => (field, Of::Person(actor.user.clone())),
            Relation::Superior(field) => (field, below(false)),
            Relation::DirectSuperior(field) => (field, below(true)),
            Relation::Reader(field) => {
                let Some(referred) = referred(declared, field).and_then(|name| definitions.records.get(name)) else {
                    continue;
                };
                if far == 0 {
                    continue;
                }
                match through(actor, definitions, referred, &referred.access.read, at, far - 1) {
                    nothing if nothing.is_nothing() => continue,
                    sight => (field, Of::Seen { record_type: referred.name.clone(), sight: Box::new(sight) }),
                }
            }
        };
        ties.push(Tie { place: place(declared, field), of });
    }
    Sight::Any(ties)
}

/// Where the people or records of a field are found.
fn place(declared: &RecordType, field: &String) -> Place {
    let is = |column| declared.columns.get(&column) == Some(field);
    if is(Column::Owner) {
        return Place::Owner;
    }
    if is(Column::Parent) {
        return Place::Parent;
    }
    let kind = declared.fields.iter().find(|declared| declared.name == *field).map(|field| &field.kind);
    let entries = matches!(kind, Some(FieldKind::List(of)) if matches!(**of, FieldKind::Map(_)));
    Place::Indexed(if entries { format!("{field}.user") } else { field.clone() })
}

/// The type of the records that a field refers to.
pub(super) fn referred<'d>(declared: &'d RecordType, field: &str) -> Option<&'d str> {
    declared.fields.iter().find(|declared| declared.name == field).and_then(|field| match &field.kind {
        FieldKind::Ref(Reference { record, .. }) => Some(record.as_str()),
        _ => None,
    })
}
