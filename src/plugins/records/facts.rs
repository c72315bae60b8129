//! What a record itself tells: whether it meets conditions, and where it stands in an order, for fields that no index
//! has. It tells what its columns and index entries would.

use super::places::{Place, place, values_at};
use super::{entries, operand, sortable};
use crate::model::record::Record;
use crate::model::record_type::RecordType;
use crate::store::records::{After, Bounds, By, Columns, Order, Slot, Term, Value};
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// The facts of one record.
pub struct Facts {
    columns: Columns,
    made: [Value; 4],
    entries: BTreeMap<String, Vec<String>>,
}

impl Facts {
    /// Of a record, with entries for these fields without an index.
    pub fn of(record_type: &RecordType, record: &Record, missing: &[String]) -> Facts {
        let mut entries: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, value) in entries::index(record_type, &record.fields) {
            entries.entry(name).or_default().push(value);
        }
        for place in missing.iter().filter_map(|field| place(record_type, field)) {
            let values = values_at(&record.fields, place.path);
            let name = if values.is_empty() { entries::lacking_name(place.path) } else { place.entry() };
            // What does not compare is there all the same.
            let text = |value| sortable::text(&place.kind, value, sortable::ROOM).unwrap_or_default();
            let values = if values.is_empty() { vec![String::new()] } else { values.into_iter().map(text).collect() };
            entries.insert(name, values);
        }
        let made = [
            Value::Text(record.id.0.clone()),
            Value::Number(record.created_at.0),
            Value::Text(record.created_by.0.clone()),
            Value::Number(record.updated_at.0),
        ];
        Facts { columns: entries::columns(record_type, &record.fields), made, entries }
    }

    /// Whether a condition is met. Records below others are given by their ids before.
    pub fn meet(&self, term: &Term) -> bool {
        match term {
            Term::In(slot, values) => self.values(slot).iter().any(|value| values.contains(value)),
            Term::Between(slot, bounds) => self.values(slot).iter().any(|value| inside(value, bounds)),
            Term::Has(slot) => !self.values(slot).is_empty(),
            Term::Lacks(slot) => self.values(slot).is_empty(),
            Term::Below { .. } => false,
            Term::Word { entries, word } => entries.iter().any(|name| self.entry(name).contains(word)),
            Term::Not(term) => !self.meet(term),
            Term::All(terms) => terms.iter().all(|term| self.meet(term)),
            Term::Any(terms) => terms.iter().any(|term| self.meet(term)),
        }
    }

    /// Where the record stands in an order.
    pub fn place(&self, order: &Order, record: &Record) -> After {
        let key = match &order.by {
            By::Id => Vec::new(),
            By::Columns(slots) => slots.iter().flat_map(|slot| self.values(slot)).collect(),
            By::Entries { name, .. } => self.entry(name).iter().take(1).cloned().map(Value::Text).collect(),
        };
        After { key, id: record.id.clone() }
    }

    fn values(&self, slot: &Slot) -> Vec<Value> {
        let Columns { owner, status, parent, due, name, stage, amount, currency } = &self.columns;
        let text = |text: &Option<String>| text.iter().cloned().map(Value::Text).collect();
        match slot {
            Slot::Id => vec![self.made[0].clone()],
            Slot::CreatedAt => vec![self.made[1].clone()],
            Slot::CreatedBy => vec![self.made[2].clone()],
            Slot::UpdatedAt => vec![self.made[3].clone()],
            Slot::Owner => text(owner),
            Slot::Status => text(status),
            Slot::Stage => text(stage),
            Slot::Amount => amount.iter().copied().map(Value::Number).collect(),
            Slot::Currency => text(currency),
            Slot::Parent => text(parent),
            Slot::Due => text(due),
            Slot::Name => text(name),
            Slot::Entry(name) => self.entry(name).iter().cloned().map(Value::Text).collect(),
        }
    }

    fn entry(&self, name: &str) -> &[String] {
        self.entries.get(name).map(Vec::as_slice).unwrap_or_default()
    }
}

/// The order of two places: those without a value last, whatever the direction.
pub fn compare(one: &After, other: &After, order: &Order) -> Ordering {
    let lacking = (one.key.is_empty(), other.key.is_empty());
    let turned = |ordering: Ordering| if order.descending { ordering.reverse() } else { ordering };
    lacking.0.cmp(&lacking.1).then_with(|| turned((&one.key, &one.id).cmp(&(&other.key, &other.id))))
}

/// The one value of a field as text that sorts.
pub fn sorted(place: &Place, record: &Record) -> Option<String> {
    let value = values_at(&record.fields, place.path).into_iter().next()?;
    match &place.column {
        Some(slot) => match operand::held(place, slot, value)? {
            Value::Text(text) => Some(text),
            Value::Number(_) => None,
        },
        None => sortable::text(&place.kind, value, sortable::ROOM),
    }
}

fn inside(value: &Value, bounds: &Bounds) -> bool {
    let least = bounds.least.as_ref().is_none_or(|(least, with)| value > least || *with && value == least);
    let most = bounds.most.as_ref().is_none_or(|(most, with)| value < most || *with && value == most);
    least && most
}
