//! Where a field of a record type can be looked for: its column, its index, its key, or nowhere without reading records.

use super::{entries, sortable};
use crate::model::field::{Field, FieldKind};
use crate::model::json::{Json, JsonMap};
use crate::model::record_type::{Column, RecordType};
use crate::store::records::Slot;
use crate::store::slots;

/// Names that every record has besides its fields.
pub const BUILT_IN: [(&str, Slot, FieldKind); 4] = [
    ("id", Slot::Id, FieldKind::User),
    ("createdAt", Slot::CreatedAt, FieldKind::Datetime),
    ("createdBy", Slot::CreatedBy, FieldKind::User),
    ("updatedAt", Slot::UpdatedAt, FieldKind::Datetime),
];

/// A field that is asked for.
#[derive(Debug, Clone)]
pub struct Place<'a> {
    /// Its path, `amount` or `team.user`.
    pub path: &'a str,
    /// What one value of it is.
    pub kind: FieldKind,
    /// Whether it can have several values.
    pub many: bool,
    /// Whether the type declares it; every record has the others.
    pub declared: bool,
    /// Its column; the amount of money has that of the currency beside it.
    pub column: Option<Slot>,
    /// Whether its values stand in the index in the order of values.
    pub sorted: bool,
    /// Whether its values stand in the index as they are.
    pub named: bool,
    /// Whether they stand there as candidate keys.
    pub key: bool,
}

/// The field at this path; none when there is none.
pub fn place<'a>(record_type: &RecordType, path: &'a str) -> Option<Place<'a>> {
    if let Some((kind, many)) = kind_at(&record_type.fields, path) {
        let column =
            record_type.columns.iter().find(|(_, field)| field.as_str() == path).map(|(column, _)| slot(*column));
        let named = names_something(&kind);
        return Some(Place {
            path,
            many,
            declared: true,
            sorted: record_type.indexes.iter().flatten().any(|field| field == path),
            named,
            key: record_type.keys.iter().any(|field| field == path),
            kind,
            column,
        });
    }
    let (_, slot, kind) = BUILT_IN.iter().find(|(name, ..)| *name == path)?;
    let (column, kind) = (Some(slot.clone()), kind.clone());
    Some(Place { path, kind, many: false, declared: false, column, sorted: false, named: false, key: false })
}

impl Place<'_> {
    /// The name of the index entries that have its values in order; of what is not declared they are made when needed.
    pub fn entry(&self) -> String {
        if self.sorted && self.named { self.path.to_owned() } else { entries::sorted_name(&[self.path]) }
    }
}

/// The column of a meaning.
fn slot(column: Column) -> Slot {
    match column {
        Column::Owner => Slot::Owner,
        Column::Status => Slot::Status,
        Column::Stage => Slot::Stage,
        Column::Amount => Slot::Amount,
        Column::Parent => Slot::Parent,
        Column::Due => Slot::Due,
        Column::Name => Slot::Name,
    }
}

/// Whether values of a kind name a person, a unit, a record or a file, and are in the index for that.
pub fn names_something(kind: &FieldKind) -> bool {
    matches!(kind, FieldKind::User | FieldKind::OrgUnit | FieldKind::Ref(_) | FieldKind::File(_))
}

/// Whether `indexes` may name a field of this kind.
pub fn can_be_indexed(kind: &FieldKind) -> bool {
    !matches!(kind, FieldKind::Text | FieldKind::File(_) | FieldKind::List(_) | FieldKind::Map(_) | FieldKind::Json)
}

/// The kind of the values at a path, and whether there can be several.
fn kind_at(fields: &[Field], path: &str) -> Option<(FieldKind, bool)> {
    let (name, rest) = path.split_once('.').map_or((path, None), |(name, rest)| (name, Some(rest)));
    let field = fields.iter().find(|field| field.name == name)?;
    let (mut kind, mut many) = (&field.kind, false);
    while let FieldKind::List(of) = kind {
        (kind, many) = (of, true);
    }
    match (rest, kind) {
        (None, kind) => Some((kind.clone(), many)),
        (Some(rest), FieldKind::Map(inner)) => kind_at(inner, rest).map(|(kind, deeper)| (kind, many || deeper)),
        (Some(_), _) => None,
    }
}

/// The values at a path, those inside lists one by one.
pub fn values_at<'a>(fields: &'a JsonMap, path: &str) -> Vec<&'a Json> {
    let (name, rest) = path.split_once('.').map_or((path, None), |(name, rest)| (name, Some(rest)));
    let mut open: Vec<&Json> = fields.get(name).into_iter().collect();
    let mut values = Vec::new();
    while let Some(value) = open.pop() {
        match (value, rest) {
            (Json::Array(items), _) => open.extend(items.iter().rev()),
            (value, None) => values.push(value),
            (Json::Object(inner), Some(rest)) => values.extend(values_at(inner, rest)),
            (_, Some(_)) => {}
        }
    }
    values
}

/// A value as it stands in a column of texts.
pub fn in_column(slot: &Slot, kind: &FieldKind, value: &Json) -> Option<String> {
    match slot {
        Slot::Status | Slot::Stage => slots::text(value).map(|text| sortable::words(&text, COLUMN_ROOM)),
        Slot::Due => sortable::text(kind, value, sortable::ROOM),
        Slot::Name => slots::text(value).map(|name| name.chars().take(NAME_MOST).collect()),
        _ => slots::text(value),
    }
}

/// Bytes that a state or stage is told apart by without its hash: several of them stand in one index.
const COLUMN_ROOM: usize = 200;
/// Characters of a name that it is sorted and found by.
pub const NAME_MOST: usize = 200;
