//! One row of an import as a record: found and changed, or created.

use super::batch::{Work, carried_out};
use crate::model::ids::RecordId;
use crate::model::import::{LedTo, Row, RowDone};
use crate::model::json::{Json, JsonMap};
use crate::model::record::Record;
use crate::model::refusal::{FieldError, Refusal, RefusalKind};
use crate::plugins::records::{find_by, unique_keys};
use crate::plugins::{Desk, Stop};
use crate::runtime::request::{Change, Outcome};
use crate::runtime::transfer::ID;
use crate::runtime::{changes, ids};
use crate::store::records::{self, KeyOf};

impl Work<'_> {
    /// Updates the record that the row names, or creates one.
    pub(super) fn record(&mut self, name: &str, row: &Row, values: &JsonMap) -> Result<(RowDone, Vec<LedTo>), Stop> {
        let by_id = self.batch.plan.update_by.as_deref() == Some(ID);
        let updated = self.found(name, row, values)?.map(|id| self.updated(name, row, values, &id));
        let done = match updated {
            // One that the caller may not see is not there: the row is as new as a request of its own would be.
            Some(Err(Stop::Refused(refusal))) if refusal.kind == RefusalKind::NotFound && !by_id => {
                self.created(name, row, values)?
            }
            Some(done) => done?,
            None => self.created(name, row, values)?,
        };
        Ok((done, Vec::new()))
    }

    /// The record that is there already.
    fn found(&mut self, name: &str, row: &Row, values: &JsonMap) -> Result<Option<RecordId>, Stop> {
        match self.batch.plan.update_by.as_deref() {
            None => Ok(None),
            Some(ID) => Ok(row.id.clone()),
            Some(field) => {
                let Some(value) = values.get(field).filter(|value| !value.is_null()).cloned() else { return Ok(None) };
                let field = field.to_owned();
                self.at_desk(|desk| find_by(desk, name, &field, &value))
            }
        }
    }

    fn updated(&mut self, name: &str, row: &Row, values: &JsonMap, id: &RecordId) -> Result<RowDone, Stop> {
        let present = records::find(self.conn, &self.job.actor.business, name, id)?;
        let before = present.as_ref().map(|record| record.version);
        let mut fields = values.clone();
        for path in &row.blank {
            put_null(&mut fields, path);
        }
        for part in &self.batch.plan.parts {
            let there = present.as_ref().and_then(|record| record.fields.get(part)).and_then(Json::as_object);
            if let (Some(there), Some(Json::Object(given))) = (there, fields.get_mut(part)) {
                *given = joined(there, given);
            }
        }
        let change = Change::UpdateRecord {
            record_type: name.to_owned(),
            id: id.clone(),
            fields,
            reason: Some(self.batch.plan.reason()),
        };
        let Outcome::Record(seen) = carried_out(self, change, row.version)? else { return Err(other().into()) };
        let record = seen.record;
        Ok(if Some(record.version) == before { RowDone::Unchanged(record.id) } else { RowDone::Updated(record.id) })
    }

    fn created(&mut self, name: &str, row: &Row, values: &JsonMap) -> Result<RowDone, Stop> {
        let earlier = self.created_before(values);
        match (self.written(name, values), earlier) {
            // In truth the row changes the record that the earlier one makes, which has what is required.
            (Ok(_), Some(line)) => Ok(RowDone::Updated(format!("line {line}").into())),
            (Err(Stop::Refused(refusal)), Some(line)) if lacks_only(&refusal) => {
                Ok(RowDone::Updated(format!("line {line}").into()))
            }
            (Ok(record), None) => {
                self.alone(&record.id, name, row, values)?;
                Ok(RowDone::Created(record.id))
            }
            (Err(stop), _) => Err(stop),
        }
    }

    /// A new record, as a request of its own would make it.
    fn written(&mut self, name: &str, values: &JsonMap) -> Result<Record, Stop> {
        let change = Change::CreateRecord { record_type: name.to_owned(), fields: values.clone() };
        let part = self.job.part(change, None, Some(self.batch.plan.reason()));
        let library = self.shared.libraries.writing(self.conn, &part.actor.business)?;
        changes::created(&library, self.conn, &part, name, values, self.now)
    }

    /// In a dry run: the line of the row that would have created the record that this one names.
    fn created_before(&self, values: &JsonMap) -> Option<i64> {
        let seen = self.batch.plan.trial.as_ref()?.lock().ok()?;
        let named = self.named(values)?;
        let first = self.batch.rows.first()?.line;
        seen.line(&named).filter(|line| *line < first)
    }

    /// What the row is found by, as a dry run remembers it.
    fn named(&self, values: &JsonMap) -> Option<String> {
        let field = self.batch.plan.update_by.as_ref()?;
        Some(format!("by\0{}", values.get(field)?))
    }

    /// In a dry run: whether the record is alone with its unique values, in the rows before this batch too.
    fn alone(&mut self, id: &RecordId, name: &str, row: &Row, values: &JsonMap) -> Result<(), Stop> {
        let Some(seen) = self.batch.plan.trial.clone() else { return Ok(()) };
        let keys = self.at_desk(|desk| {
            let declared = desk.record_type(name)?;
            let record = records::find(desk.conn, desk.business, name, id)?;
            let fields = record.map(|record| record.fields).unwrap_or_default();
            Ok(unique_keys(desk, &declared, id, &fields)?)
        })?;
        let first = self.batch.rows.first().map_or(0, |row| row.line);
        let named = self.named(values);
        let Ok(mut seen) = seen.lock() else { return Ok(()) };
        let mut errors = Vec::new();
        for KeyOf { rule, value, .. } in &keys {
            let value = format!("{rule}\0{value}");
            if let Some(line) = seen.line(&value).filter(|line| *line < first) {
                let pointer = format!("/fields/{}", rule.split(',').next().unwrap_or_default());
                let detail = format!("line {line} of the file already has this {rule}");
                errors.push(FieldError { pointer, code: "not_unique".into(), detail });
            }
        }
        if !errors.is_empty() {
            let sentence = format!("this {name} is already there");
            return Err(Refusal::conflict("not_unique", sentence).with_errors(errors).into());
        }
        for value in keys.iter().map(|KeyOf { rule, value, .. }| format!("{rule}\0{value}")).chain(named) {
            seen.keep(&value, row.line)?;
        }
        Ok(())
    }

    fn at_desk<T>(&mut self, work: impl FnOnce(&mut Desk) -> Result<T, Stop>) -> Result<T, Stop> {
        let library = self.shared.libraries.writing(self.conn, &self.job.actor.business)?;
        work(&mut library.desk(self.conn, &self.job.actor, self.now, &mut ids::new))
    }
}

/// Whether nothing is wrong with a row but that required fields are not given.
fn lacks_only(refusal: &Refusal) -> bool {
    !refusal.errors.is_empty() && refusal.errors.iter().all(|error| error.code == "required")
}

/// The parts that are there, and over them those that are given.
fn joined(there: &JsonMap, given: &JsonMap) -> JsonMap {
    let mut all = there.clone();
    for (name, value) in given {
        let value = match (all.get(name), value) {
            (Some(Json::Object(there)), Json::Object(given)) => Json::Object(joined(there, given)),
            (_, value) => value.clone(),
        };
        all.insert(name.clone(), value);
    }
    all
}

fn put_null(fields: &mut JsonMap, path: &str) {
    crate::runtime::transfer::put(fields, path, Json::Null);
}

fn other() -> Refusal {
    Refusal::new(RefusalKind::Internal, "internal", "a record had another outcome")
}
