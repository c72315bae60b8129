//! Comparing the record types of a revision with those of the active one, and with the records that are there: done on
//! readers, in pieces, while everybody goes on writing.

use super::{each, together};
use crate::model::definitions::Definitions;
use crate::model::finding::Severity;
use crate::model::ids::{BusinessId, RecordId};
use crate::model::impact::{Impact, Report, SHOWN};
use crate::model::lens::{Lens, Rename};
use crate::model::record_type::{Column, RecordType};
use crate::model::refusal::Refusal;
use crate::model::time::Timestamp;
use crate::plugins::Stop;
use crate::plugins::records::{Concerns, migrate};
use crate::runtime::Runtime;
use crate::runtime::library::Library;
use crate::runtime::shared::Shared;
use crate::store::{Connection, businesses, records};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Milliseconds before a look began from which on changes are looked at again by the writer: transactions that were open
/// then end within this time, and clocks of nodes do not differ by more.
const MARGIN: i64 = 60_000;

/// What changes from the active revision to another one.
#[derive(Debug)]
pub struct Comparison {
    /// The number of the active revision that was compared with; none: nothing was deployed.
    pub base: Option<i64>,
    /// Records that were changed at this time or later are looked at again by the writer.
    pub since: Timestamp,
    /// The other revision.
    pub library: Arc<Library>,
    /// The record types that differ.
    pub changes: Vec<Arc<TypeChange>>,
    /// What it would do to the records that are there.
    pub report: Report,
}

/// A record type that differs.
#[derive(Debug)]
pub struct TypeChange {
    /// Its name.
    pub name: String,
    /// As it is; none: it is new.
    pub old: Option<Arc<RecordType>>,
    /// As it is to be; none: it is removed.
    pub new: Option<Arc<RecordType>>,
    /// How its records read then.
    pub step: Lens,
    /// What is asked of them.
    pub concerns: Concerns,
    /// How many there are.
    pub rows: i64,
}

impl Runtime {
    /// Compares a revision with the active one and all records with its types.
    pub(in crate::runtime) async fn compare(
        &self,
        business: &BusinessId,
        library: Arc<Library>,
    ) -> Result<Comparison, Refusal> {
        let since = Timestamp(self.now().0 - MARGIN);
        let (of, new) = (business.clone(), library.clone());
        let (base, changes, mut impacts) = self.read(move |conn, shared| types(conn, shared, &of, &new)).await?;
        for change in changes.iter().filter(|change| change.rows > 0 && change.new.is_some()) {
            impacts.extend(each::look(self, business, &library, change).await?);
            impacts.extend(together::look(self, business, &library, change).await?);
        }
        let order = |impact: &Impact| {
            (
                impact.record_type.clone(),
                impact.severity == Severity::Warning,
                impact.field.clone(),
                impact.code.clone(),
            )
        };
        impacts.sort_by_key(order);
        Ok(Comparison { base, since, library, changes, report: Report { impacts } })
    }
}

type Types = (Option<i64>, Vec<Arc<TypeChange>>, Vec<Impact>);

/// The types that differ, and what that means without looking at single records.
fn types(conn: &mut Connection, shared: &Shared, business: &BusinessId, new: &Library) -> Result<Types, Stop> {
    let active = businesses::active_revisions(conn, std::slice::from_ref(business))?;
    let Some(base) = active.first().map(|(_, number)| *number) else {
        return Ok((None, differing(conn, business, None, &new.definitions)?, Vec::new()));
    };
    let old = shared.libraries.get(conn, business, base)?;
    let changes = differing(conn, business, Some(&old.definitions), &new.definitions)?;
    let mut impacts = Vec::new();
    for change in &changes {
        if change.rows > 0 {
            impacts.extend(of_type(conn, business, change)?);
        }
    }
    Ok((Some(base), changes, impacts))
}

fn differing(
    conn: &mut Connection,
    business: &BusinessId,
    old: Option<&Definitions>,
    new: &Definitions,
) -> Result<Vec<Arc<TypeChange>>, Stop> {
    let names = old.iter().flat_map(|old| old.records.keys()).chain(new.records.keys());
    let mut changes = Vec::new();
    for name in names.collect::<BTreeSet<_>>() {
        let before = old.and_then(|old| old.records.get(name)).cloned();
        let after = new.records.get(name).cloned();
        let (mut step, mut concerns) = (Lens::default(), Concerns::default());
        if let (Some(before), Some(after)) = (&before, &after) {
            let renames = records::renames(conn, business, name)?;
            step = migrate::step(before, after, &renames);
            concerns = Concerns::of(before, after, &step);
            if before.stamp == after.stamp && step.is_plain() && concerns.is_empty() {
                continue;
            }
        }
        let rows = records::number(conn, business, name)?;
        changes.push(Arc::new(TypeChange { name: name.clone(), old: before, new: after, step, concerns, rows }));
    }
    Ok(changes)
}

fn of_type(conn: &mut Connection, business: &BusinessId, change: &TypeChange) -> Result<Vec<Impact>, Stop> {
    let first = records::every(conn, business, &change.name, None, SHOWN as i64)?;
    let first: Vec<RecordId> = first.into_iter().map(|record| record.id).collect();
    let impact = |field: Option<&str>, code, sentence: String| {
        Impact::new(&change.name, field, code, sentence).of(change.rows, first.clone())
    };
    let Some(new) = &change.new else {
        let sentence = "the type is removed and has records: delete them first, or keep the type";
        return Ok(vec![impact(None, "type_removed", sentence.into())]);
    };
    let mut impacts = Vec::new();
    for field in &change.step.gone {
        let sentence = "the field is removed: its values leave the records and stay readable in their history";
        impacts.push(impact(Some(field), "field_removed", sentence.into()).as_warning());
    }
    for (column, field) in &change.concerns.columns {
        let sentence = format!(
            "the column \"{}\" is filled from this field from now on: until every record is brought there, searches and \
             rights go by what it holds now",
            word(*column)
        );
        impacts.push(impact(Some(field), "column_changed", sentence).as_warning());
    }
    let reached: BTreeSet<&String> = change.step.names.values().collect();
    let had = change.old.iter().flat_map(|old| migrate::declared(old)).collect::<BTreeSet<&str>>();
    for field in new.fields.iter().filter(|field| !had.contains(field.name.as_str()) && !reached.contains(&field.name))
    {
        if let Some(was) = &field.was {
            let sentence = format!("no record has a field \"{was}\", so this one is new; \"was\" says nothing");
            impacts.push(Impact::new(&change.name, Some(&field.name), "was_unknown", sentence).as_warning());
        }
    }
    let declared = migrate::declared(new);
    let mut clashing: BTreeSet<String> = BTreeSet::new();
    for (_, lens) in records::lenses(conn, business, &change.name)? {
        clashing.extend(lens.then(&change.step, &declared).clashes(&declared).into_iter().map(str::to_owned));
    }
    if let Some(old) = &change.old {
        let aliases = migrate::aliases(old, &change.step, &records::aliases(conn, business, &change.name)?);
        let plain = |name: String| name.trim_matches(['[', ']', '!', '~']).split([',', '.']).next().map(str::to_owned);
        clashing.extend(migrate::clashes(new, &aliases).into_iter().filter_map(plain));
    }
    for name in clashing {
        let sentence = "records are still being brought to the name that this field got before: deploy again when that \
                        is done";
        impacts.push(Impact::new(&change.name, Some(&name), "name_still_used", sentence));
    }
    Ok(impacts)
}

fn word(column: Column) -> &'static str {
    match column {
        Column::Owner => "owner",
        Column::Status => "status",
        Column::Stage => "stage",
        Column::Amount => "amount",
        Column::Parent => "parent",
        Column::Due => "due",
        Column::Name => "name",
    }
}

impl TypeChange {
    /// What becomes of the names, to be kept.
    pub fn renamed(&self, at: Timestamp) -> Vec<Rename> {
        self.old.as_ref().map(|old| migrate::renamed(old, &self.step, at)).unwrap_or_default()
    }
}
