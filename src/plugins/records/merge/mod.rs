//! Merging two records of one type, and taking that back. The loser becomes a redirect to the winner, what referred to
//! it refers to the winner, and a journal keeps what an undo needs. Who may do it is decided above.

mod apply;
mod choose;
mod closed;
mod conflict;
mod parents;
mod repoint;
mod restore;
mod undo;

pub use undo::undo;

use super::keep::Replaced;
use super::{cycle, pinned, shown, write};
use crate::model::ids::{MergeId, RecordId};
use crate::model::json::{Json, JsonMap};
use crate::model::merge::{Choices, Merge, Part, Wanted, Written, changed};
use crate::model::record::Record;
use crate::model::record_type::RecordType;
use crate::model::refusal::Refusal;
use crate::plugins::desk::{Desk, Stop};
use crate::store::records;
use apply::Rewrite;
use closed::Standing;
use conflict::Conflict;
use serde::Deserialize;
use serde_json::json;

/// What came of a merge or of its undo.
#[derive(Debug, Clone, PartialEq)]
pub struct Merged {
    /// The merge.
    pub merge: Merge,
    /// The winner as it is now.
    pub record: Record,
    /// The fields of the winner that changed.
    pub changed: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Arguments {
    r#type: String,
    winner: RecordId,
    loser: RecordId,
    #[serde(default)]
    fields: Option<Choices>,
    reason: String,
}

/// `records.merge`: `{id, version, fields, merge}`.
pub fn act(desk: &mut Desk, arguments: Arguments) -> Result<Json, Stop> {
    let Arguments { r#type: record_type, winner, loser, fields, reason } = arguments;
    let lens = pinned::lens(desk, &*desk.record_type(&record_type)?)?;
    let choices = fields.unwrap_or_default().into_iter().map(|(field, choice)| (pinned::path(&lens, &field), choice));
    let wanted = Wanted { record_type, winner, loser, choices: choices.collect(), reason };
    let merged = merge(desk, &wanted).map_err(conflict::told)?;
    let mut shown = pinned::told(&lens, shown(&merged.record));
    shown["merge"] = json!(merged.merge.id);
    Ok(shown)
}

/// Merges two records, wholly or not at all.
pub fn merge(desk: &mut Desk, wanted: &Wanted) -> Result<Merged, Stop> {
    let declared = desk.record_type(&wanted.record_type)?;
    reasoned(&wanted.reason)?;
    if wanted.winner == wanted.loser {
        return Err(Refusal::invalid("merge_same", "a record cannot be merged with itself; name two").into());
    }
    let (winner, loser) = both(desk, wanted)?;
    let why = format!("{} was merged into {}: {}", loser.id, winner.id, wanted.reason);
    let after = chosen(desk, &declared, &winner, &loser, wanted)?;
    let gone = Record { merged_into: Some(winner.id.clone()), ..apply::next(desk, &loser) };
    let mut conflicts = Vec::new();
    for (before, after) in [(&winner, &after.fields), (&loser, &JsonMap::new())] {
        if let Standing::Closed(field) = closed::standing(desk, &declared, before, after)? {
            conflicts.push(Conflict::of(before, field.filter(|_| before.id == winner.id)));
        }
    }
    let mut rewrites = vec![
        Rewrite { declared: declared.clone(), before: winner.clone(), after },
        Rewrite { declared: declared.clone(), before: loser.clone(), after: gone },
    ];
    let moved = repoint::repoint(desk, &declared.name, &loser.id, &winner.id, &why)?;
    conflicts.extend(moved.closed);
    if !conflicts.is_empty() {
        let sentence = match conflicts.len() {
            1 => "1 record that would change is closed to changes; nothing was merged".to_owned(),
            number => format!("{number} records that would change are closed to changes; nothing was merged"),
        };
        return Err(conflict::refusal("merge_closed", sentence, &conflicts).into());
    }
    rewrites.extend(moved.rewrites);
    let repointed = i64::try_from(rewrites.len() - 2).unwrap_or(i64::MAX);
    if let Some((name, held)) = apply::apply(desk, &rewrites, &why)?.into_iter().next() {
        let sentence = format!(
            "{name} {} and another one would have the same {}; merge or change these two first",
            held.holder, held.rule
        );
        return Err(Refusal::conflict("merge_not_unique", sentence).into());
    }
    not_in_a_circle(desk, &declared, &rewrites[0])?;
    let merge = Merge {
        business: desk.business.clone(),
        id: MergeId((desk.new_id)()),
        record_type: declared.name.clone(),
        winner: winner.id.clone(),
        loser: loser.id.clone(),
        at: desk.now,
        by: desk.actor.clone(),
        reason: wanted.reason.clone(),
        instance: desk.instance.map(|instance| instance.0.clone()),
        choices: wanted.choices.clone(),
        repointed,
        undone: None,
    };
    let written: Vec<Written> = rewrites.iter().map(|rewrite| written(&merge, rewrite)).collect();
    records::merges::insert(desk.conn, &merge, &written)?;
    Ok(merged(merge, &rewrites))
}

/// The winner with what was chosen, in keeping with the rules of its type.
fn chosen(
    desk: &mut Desk,
    declared: &RecordType,
    winner: &Record,
    loser: &Record,
    wanted: &Wanted,
) -> Result<Record, Stop> {
    let patch = choose::choose(desk, declared, winner, loser, &wanted.choices)?;
    let mut fields = winner.fields.clone();
    for (name, value) in write::checked(declared, &patch)? {
        fields.insert(name, value);
    }
    fields.retain(|name, _| patch.get(name).is_none_or(|value| !value.is_null()));
    let fields = write::found(desk, declared, &fields, &patch)?;
    let is_excepted = matches!(closed::standing(desk, declared, winner, &fields)?, Standing::Excepted);
    let after = write::altered(desk, declared, winner, fields, Some(&wanted.reason), is_excepted)?;
    // A merge is a new version of the winner also when its fields stay as they are.
    Ok(after.unwrap_or_else(|| apply::next(desk, winner)))
}

/// Whatever led to the loser leads to the winner now, so every way up is looked at, not only those that changed.
fn not_in_a_circle(desk: &mut Desk, declared: &RecordType, winner: &Rewrite) -> Result<(), Stop> {
    let before = Record { fields: JsonMap::new(), ..winner.before.clone() };
    cycle::refuse(desk, declared, &Replaced { before, after: winner.after.clone() })
}

fn merged(merge: Merge, rewrites: &[Rewrite]) -> Merged {
    let winner = &rewrites[0];
    let changed = changed(&winner.before.fields, &winner.after.fields).into_keys().collect();
    Merged { merge, record: winner.after.clone(), changed }
}

/// Both records, locked; neither is a redirect already.
fn both(desk: &mut Desk, wanted: &Wanted) -> Result<(Record, Record), Stop> {
    let of = &wanted.record_type;
    let which = [wanted.winner.clone(), wanted.loser.clone()];
    let found = records::lock_for_deletion(desk.conn, desk.business, of, &which)?;
    for record in &found {
        if let Some(into) = &record.merged_into {
            let sentence = format!("{of} {} is merged into {into} already", record.id);
            let present = json!({ "type": of, "id": record.id, "mergedInto": into });
            return Err(Refusal::conflict("merged_already", sentence).with_present(present).into());
        }
    }
    let one =
        |id: &RecordId| found.iter().find(|record| record.id == *id).cloned().ok_or_else(|| Refusal::not_found(of, id));
    Ok((one(&wanted.winner)?, one(&wanted.loser)?))
}

fn written(merge: &Merge, rewrite: &Rewrite) -> Written {
    let (before, after) = (&rewrite.before, &rewrite.after);
    let part = match (before.record_type == merge.record_type, &before.id) {
        (true, id) if *id == merge.winner => Part::Winner,
        (true, id) if *id == merge.loser => Part::Loser,
        _ => Part::Repointed,
    };
    Written {
        record_type: before.record_type.clone(),
        record: before.id.clone(),
        part,
        version: after.version,
        before: (part != Part::Repointed).then(|| before.fields.clone()),
        changes: changed(&before.fields, &after.fields),
    }
}

fn reasoned(reason: &str) -> Result<(), Refusal> {
    if reason.trim().is_empty() {
        return Err(Refusal::invalid("reason_required", "say why; the reason stands in the history of every record"));
    }
    Ok(())
}
