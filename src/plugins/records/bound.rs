//! Records that approvals are about. What was approved stays as it was until its process lets go of it; who is still asked
//! looks again, in this transaction.

use crate::model::ids::{RecordId, root_of};
use crate::model::record::Record;
use crate::model::record_type::RecordType;
use crate::model::refusal::{FieldError, Refusal};
use crate::plugins::desk::{Desk, Stop};
use crate::store::bindings::{self, Binding};
use serde_json::json;

/// A record as it was and as it will be; none: it is deleted.
pub(super) type Moved<'r> = (&'r Record, Option<&'r Record>);

/// Refuses a change of what somebody else holds as it was approved, and has whom it concerns look again: who is still asked,
/// and whoever is to approve anew what somebody else changes.
pub(super) fn moved(desk: &mut Desk, record_type: &RecordType, moved: &[Moved]) -> Result<(), Stop> {
    let concerned = concerned(desk, record_type, moved)?;
    let own = desk.instance.map(|instance| root_of(instance.as_str()));
    let is_others = |one: &Binding| own.as_ref() != Some(&one.root);
    let refuses = |one: &Binding| one.held && !one.reapprove && is_others(one);
    if let Some((held, fields)) = concerned.iter().find(|(one, _)| refuses(one)) {
        return Err(refused(record_type, held, fields).into());
    }
    Ok(look_again(desk, &concerned, is_others)?)
}

/// The same where nobody asks whether it may be: what the rules of a type make of its records.
pub(super) fn rederived(desk: &mut Desk, record_type: &RecordType, moved: &[Moved]) -> Result<(), Stop> {
    let concerned = concerned(desk, record_type, moved)?;
    Ok(look_again(desk, &concerned, |_| true)?)
}

fn look_again(
    desk: &mut Desk,
    concerned: &[(Binding, Vec<String>)],
    is_others: impl Fn(&Binding) -> bool,
) -> Result<(), crate::store::StoreError> {
    let looks = |one: &Binding| !one.held || one.reapprove && is_others(one);
    let asked: Vec<&str> =
        concerned.iter().filter(|(one, _)| looks(one)).map(|(one, _)| one.approval.as_str()).collect();
    bindings::touch(desk.conn, desk.business, &asked)
}

/// The approvals for which something changes, each with the fields that do.
fn concerned(desk: &mut Desk, record_type: &RecordType, moved: &[Moved]) -> Result<Vec<(Binding, Vec<String>)>, Stop> {
    let ids: Vec<&RecordId> = moved.iter().map(|(before, _)| &before.id).collect();
    let found = bindings::of(desk.conn, desk.business, &record_type.name, &ids)?;
    let changed = |binding: Binding| {
        let (before, after) = moved.iter().find(|(before, _)| before.id == binding.record)?;
        let whole = after.is_none_or(|after| after.merged_into != before.merged_into);
        // A process that was begun earlier may know a field by an earlier name: then any change is one of it.
        let known = |name: &String| record_type.fields.iter().any(|field| field.name == *name);
        let differs = |name: &String| match after {
            Some(after) if known(name) => before.fields.get(name) != after.fields.get(name),
            Some(after) => before.fields != after.fields,
            None => true,
        };
        let fields: Vec<String> = binding.fields.iter().filter(|name| whole || differs(name)).cloned().collect();
        (!fields.is_empty()).then_some((binding, fields))
    };
    Ok(found.into_iter().filter_map(changed).collect())
}

fn refused(record_type: &RecordType, held: &Binding, fields: &[String]) -> Refusal {
    let Binding { approval, instance, until, .. } = held;
    let until = until.as_ref().map_or("it ends".to_owned(), |node| format!("\"{node}\" is done"));
    let names = fields.join(", ");
    let sentence = format!(
        "{names} of {} {} was approved ({approval}) and stays as it is for instance {instance} until {until}",
        record_type.name, held.record
    );
    let errors = fields.iter().map(|name| FieldError {
        pointer: format!("/fields/{name}"),
        code: "approved".into(),
        detail: format!("approval {approval} of instance {instance} holds \"{name}\""),
    });
    let present = json!({ "approval": approval, "instance": instance });
    Refusal::conflict("record_approved", sentence).with_errors(errors.collect()).with_present(present)
}
