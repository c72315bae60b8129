//! The order of a search: by a column, by a declared index, or by what only the records themselves tell.

use super::entries;
use super::places::Place;
use super::sortable;
use super::terms::{Asking, Terms, found, in_order, refused};
use crate::model::field::FieldKind;
use crate::model::refusal::Refusal;
use crate::store::records::{By, Order, Slot};

/// The order, and whether the database has it.
pub fn order(asking: Asking, sort: Option<&(String, bool)>, terms: &Terms) -> Result<(Order, bool), Refusal> {
    let Some((field, descending)) = sort else { return Ok((Order::made(), true)) };
    let place = found(asking, field, "wrong_sort", "/sort/0")?;
    let listless = matches!(place.kind, FieldKind::Text | FieldKind::Map(_) | FieldKind::Json | FieldKind::File(_));
    if place.many || listless {
        return Err(refused("wrong_sort", format!("\"{field}\" has no order to sort by"), "/sort/0"));
    }
    let (by, lacking, known) = by(asking, &place, terms);
    Ok((Order { by, lacking, descending: *descending }, known))
}

fn by(asking: Asking, place: &Place, terms: &Terms) -> (By, Option<Slot>, bool) {
    let lacking = || Slot::Entry(entries::lacking_name(place.path));
    let (simple, lacks, known) = match &place.column {
        Some(Slot::Id) => return (By::Id, None, true),
        Some(slot @ (Slot::CreatedAt | Slot::UpdatedAt | Slot::CreatedBy)) => {
            return (By::Columns(vec![slot.clone()]), None, true);
        }
        Some(Slot::Amount) => (By::Columns(vec![Slot::Currency, Slot::Amount]), Slot::Currency, true),
        Some(slot) => (By::Columns(vec![slot.clone()]), slot.clone(), true),
        None => (By::Entries { name: place.entry(), within: None }, lacking(), place.sorted),
    };
    (within(asking, place, terms).unwrap_or(simple), Some(lacks), known)
}

/// An index of several fields that ends with this one, when all fields before it are compared with one value.
fn within(asking: Asking, place: &Place, terms: &Terms) -> Option<By> {
    asking.record_type.indexes.iter().find_map(|index| {
        let (_, first) = index.split_last().filter(|(last, first)| *last == place.path && !first.is_empty())?;
        let texts = in_order(asking.record_type, first, index.len(), &terms.equal)?;
        let names: Vec<&str> = index.iter().map(String::as_str).collect();
        Some(By::Entries { name: entries::sorted_name(&names), within: Some(sortable::beginning(&texts)) })
    })
}
