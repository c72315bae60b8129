//! What a changed record type could break about the records that are there: only this is asked of them, so that a record
//! is never blamed for what an earlier revision let through.

use crate::model::field::{Field, FieldKind, FileRule};
use crate::model::lens::Lens;
use crate::model::record_type::{Check, Column, RecordType, Sum, Unique};
use crate::plugins::records::stamp::same_keys;

/// Characters that every kind of text that names something fits in.
const NAME_MOST: usize = 200;

/// What is asked of the records of a changed type.
#[derive(Debug, Clone, Default)]
pub struct Concerns {
    /// Fields whose kind may not hold what it held.
    pub kinds: Vec<Field>,
    /// Fields that are required now and have no default.
    pub required: Vec<Field>,
    /// Fields that name users, units, records or files, others than before.
    pub references: Vec<Field>,
    /// Conditions that are new.
    pub checks: Vec<Check>,
    /// Sums that are new.
    pub sums: Vec<Sum>,
    /// Whether derived fields come out otherwise.
    pub derive: bool,
    /// Unique rules that are new, or of fields that come out otherwise.
    pub unique: Vec<Unique>,
    /// Fields that may not lead back to the record itself, and might.
    pub acyclic: Vec<String>,
    /// Well-known columns that are filled from another field than before.
    pub columns: Vec<(Column, String)>,
}

impl Concerns {
    /// What changes from one type to the next; `step` says how the fields read.
    pub fn of(old: &RecordType, new: &RecordType, step: &Lens) -> Concerns {
        let before = |field: &Field| old.fields.iter().find(|old| step.name(&old.name) == field.name);
        let is_derived = |field: &str| new.derive.iter().any(|rule| rule.field == field);
        let derive = same_keys(&old.stamp) != same_keys(&new.stamp) && !new.derive.is_empty();
        let mut concerns = Concerns { derive, ..Concerns::default() };
        for field in new.fields.iter().filter(|field| !is_derived(&field.name)) {
            let held = before(field);
            if let Some(held) = held.filter(|held| !holds_all(&field.kind, &held.kind)) {
                concerns.kinds.push(field.clone());
                if names_others(&field.kind, &held.kind) {
                    concerns.references.push(field.clone());
                }
            }
            if field.required && field.default.is_none() && !held.is_some_and(|held| held.required) {
                concerns.required.push(field.clone());
            }
            if is_acyclic(field, new) && !held.is_some_and(|held| is_acyclic(held, old)) {
                concerns.acyclic.push(field.name.clone());
            }
        }
        let known = |check: &&Check| !derive && old.checks.iter().any(|old| same(&old.condition, &check.condition));
        concerns.checks = new.checks.iter().filter(|check| !known(check)).cloned().collect();
        let known = |sum: &&Sum| {
            old.sums.iter().any(|old| (&old.list, &old.field, old.total) == (&sum.list, &sum.field, sum.total))
        };
        concerns.sums = new.sums.iter().filter(|sum| !known(sum)).cloned().collect();
        let known = |rule: &&Unique| {
            let kept = |old: &Unique| {
                let fields: Vec<&str> = old.fields.iter().map(|field| step.name(field)).collect();
                let condition = |rule: &Unique| rule.condition.as_ref().map(|condition| condition.source.clone());
                fields == rule.fields && condition(old) == condition(rule)
            };
            let otherwise = derive && rule.fields.iter().any(|field| is_derived(field));
            let filled = rule.fields.iter().any(|field| step.defaults.contains_key(field));
            !otherwise && !filled && old.unique.iter().any(kept)
        };
        concerns.unique = new.unique.iter().filter(|rule| !known(rule)).cloned().collect();
        let kept = |column: &Column, field: &String| old.columns.get(column).is_some_and(|old| step.name(old) == field);
        let filled = new.columns.iter().filter(|(column, field)| !kept(column, field));
        concerns.columns = filled.map(|(column, field)| (*column, field.clone())).collect();
        concerns
    }

    /// Whether nothing is asked.
    pub fn is_empty(&self) -> bool {
        !self.ask_each() && self.unique.is_empty() && self.acyclic.is_empty() && self.columns.is_empty()
    }

    /// Whether records have to be looked at one by one.
    pub fn ask_each(&self) -> bool {
        let Concerns { kinds, required, references, checks, sums, derive, unique: _, acyclic: _, columns: _ } = self;
        *derive
            || !(kinds.is_empty()
                && required.is_empty()
                && references.is_empty()
                && checks.is_empty()
                && sums.is_empty())
    }
}

fn same(one: &crate::model::expression::Expression, other: &crate::model::expression::Expression) -> bool {
    one.source == other.source
}

/// Whether a field leads from a record to another of the same type and never back.
fn is_acyclic(field: &Field, of: &RecordType) -> bool {
    matches!(&field.kind, FieldKind::Ref(reference) if reference.acyclic && reference.record == of.name)
}

/// Whether a kind holds everything that another one held, as it is written.
fn holds_all(new: &FieldKind, old: &FieldKind) -> bool {
    use FieldKind::*;
    match (new, old) {
        (Json, _) | (Decimal | Percent, Int | Decimal | Percent) => true,
        (String { max }, String { max: old }) => max >= old,
        (String { max }, User | OrgUnit | Ref(_) | File(_)) => *max >= NAME_MOST,
        (String { max }, Date | Datetime) => *max >= 40,
        (String { max }, Stage(list)) => list.codes().all(|code| code.chars().count() <= *max),
        // A stage that its list no longer has stays in the records that stand in it, until they move on.
        (Stage(list), Stage(old)) => list.name == old.name || old.codes().all(|code| list.position(code).is_some()),
        (Stage(list), Enum(old)) => old.iter().all(|value| list.position(value).is_some()),
        (Enum(values), Stage(old)) => old.codes().all(|code| values.iter().any(|value| value == code)),
        (String { max }, Enum(values)) => values.iter().all(|value| value.chars().count() <= *max),
        (Text, String { .. } | Text | User | OrgUnit | Ref(_) | File(_) | Date | Datetime | Enum(_) | Stage(_)) => true,
        (Enum(values), Enum(old)) => old.iter().all(|value| values.contains(value)),
        (Ref(reference), Ref(old)) => reference.record == old.record,
        (List(of), List(old)) => holds_all(of, old),
        (Map(fields), Map(old)) => {
            let held = |old: &Field| fields.iter().any(|new| new.name == old.name && holds_all(&new.kind, &old.kind));
            let had = |new: &&Field| old.iter().any(|old| old.name == new.name && old.required);
            old.iter().all(held) && fields.iter().filter(|new| new.required).all(|new| had(&new))
        }
        (Int, Int) | (Money, Money) | (Bool, Bool) | (Date, Date) | (Datetime, Datetime) => true,
        (User, User) | (OrgUnit, OrgUnit) => true,
        (File(rule), File(old)) => takes_all(rule, old),
        _ => false,
    }
}

/// Whether a rule takes every file that another one took.
fn takes_all(new: &FileRule, old: &FileRule) -> bool {
    let takes = |media_type: &String| new.accept.contains(media_type);
    let any = new.accept.is_empty();
    new.max_bytes >= old.max_bytes && (any || !old.accept.is_empty() && old.accept.iter().all(takes))
}

/// Whether a kind names users, units, records or files where the old one named others or none.
fn names_others(new: &FieldKind, old: &FieldKind) -> bool {
    match (new, old) {
        (FieldKind::User, FieldKind::User) | (FieldKind::OrgUnit, FieldKind::OrgUnit) => false,
        (FieldKind::Ref(new), FieldKind::Ref(old)) => new.record != old.record,
        (FieldKind::File(new), FieldKind::File(old)) => !takes_all(new, old),
        (FieldKind::User | FieldKind::OrgUnit | FieldKind::Ref(_) | FieldKind::File(_), _) => true,
        (FieldKind::List(new), FieldKind::List(old)) => names_others(new, old),
        (FieldKind::List(_) | FieldKind::Map(_), _) => true,
        _ => false,
    }
}
