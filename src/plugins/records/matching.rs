//! Whether a record is one that is there already, by the functions of its type: asked of a new record that comes from
//! outside a process, and of every record by a rescan. A process asks by steps of its own.

use super::candidates::{self, MOST, Wanted};
use super::derive::with_absent;
use super::{shown, write};
use crate::engine::evaluator::{Evaluator, Names};
use crate::model::incident::Failure;
use crate::model::json::{Json, JsonMap};
use crate::model::matching::{Band, Matching, Step};
use crate::model::process::Mapping;
use crate::model::record::Record;
use crate::model::record_type::RecordType;
use crate::model::refusal::{FieldError, Refusal, RefusalKind};
use crate::plugins::desk::{Desk, Stop};
use crate::store::{records, savepoint};

/// Two records that may be one.
#[derive(Debug, Clone, PartialEq)]
pub struct Suspicion {
    /// How sure the rules are.
    pub band: Band,
    /// The id of the other one.
    pub other: String,
    /// The fields of the record that keeps it.
    pub fields: JsonMap,
}

/// The rules by which records of a type are looked at, as a text that only the same rules have; none for a type without.
pub fn rules_of(record_type: &RecordType, scripts: &dyn Evaluator) -> Option<String> {
    let Matching { find, decide, .. } = record_type.matching.as_ref()?;
    let hash = |step: &Step| scripts.script_hash(&step.function);
    Some(format!("{} {} {}", record_type.stamp, hash(find), hash(decide)))
}

/// Records that may be this one, in the order of `decide`. Nothing is locked.
pub fn suspicions(desk: &mut Desk, record_type: &RecordType, record: &Record) -> Result<Vec<Suspicion>, Stop> {
    let Some(matching) = &record_type.matching else { return Ok(Vec::new()) };
    let known = with_absent(record_type, &record.fields);
    let identity = ask(desk, &matching.find, &[&known])?;
    let wanted: Wanted = read(&matching.find, identity.clone())?;
    let found = candidates::find(desk, record_type, &wanted, MOST + 1)?;
    let others = found.records.iter().filter(|(other, _)| other.id != record.id);
    let others: Vec<Json> = others.map(|(other, matched)| wanted.told(shown(other), matched)).collect();
    if others.is_empty() {
        return Ok(Vec::new());
    }
    let mut given = JsonMap::new();
    given.insert("found".into(), identity);
    given.insert("candidates".into(), others.into());
    given.insert("cut".into(), found.cut.into());
    let decided = ask(desk, &matching.decide, &[&given, &known])?;
    let told: Vec<JsonMap> = read(&matching.decide, decided["candidates"].clone())?;
    told.into_iter().filter_map(|told| suspicion(desk, matching, record, told).transpose()).collect()
}

/// Locks the look for records of a type that are there already, until the end of the transaction: before the first of
/// them is written, as processes do.
pub(super) fn lock(desk: &mut Desk, record_type: &RecordType) -> Result<(), Stop> {
    if is_asked(desk, record_type).is_some() {
        records::lock_look(desk.conn, desk.business, &record_type.name)?;
    }
    Ok(())
}

/// Refuses a new record that is one that is there, and keeps what else is suspected of it.
pub(super) fn created(desk: &mut Desk, record_type: &RecordType, record: &Record) -> Result<(), Stop> {
    let Some(matching) = is_asked(desk, record_type) else { return Ok(()) };
    let suspicions = suspicions(desk, record_type, record)?;
    let (refused, kept): (Vec<_>, Vec<_>) =
        suspicions.into_iter().partition(|suspicion| matching.refuse.contains(&suspicion.band));
    if !refused.is_empty() {
        let errors = refused.iter().map(|Suspicion { other, .. }| FieldError {
            pointer: "/fields".into(),
            code: "duplicate".into(),
            detail: format!("{} {other} is the same", record_type.name),
        });
        let sentence = format!("this {} is there already, in another writing", record_type.name);
        return Err(Refusal::conflict("duplicate", sentence).with_errors(errors.collect()).into());
    }
    for suspicion in &kept {
        keep(desk, &matching.suspect.record, &suspicion.fields)?;
    }
    Ok(())
}

/// Keeps a suspicion, unless the pair is known; whether it was new.
pub fn keep(desk: &mut Desk, record_type: &str, fields: &JsonMap) -> Result<bool, Stop> {
    savepoint::set(desk.conn)?;
    match write::insert(desk, record_type, fields) {
        Ok(_) => {
            savepoint::release(desk.conn)?;
            Ok(true)
        }
        Err(Stop::Refused(refusal)) => {
            savepoint::rollback(desk.conn)?;
            if refusal.code == "not_unique" { Ok(false) } else { Err(refusal.into()) }
        }
        Err(error) => Err(error),
    }
}

/// How its records are looked at, when whoever is at the desk is asked.
fn is_asked<'t>(desk: &Desk, record_type: &'t RecordType) -> Option<&'t Matching> {
    record_type.matching.as_ref().filter(|_| desk.instance.is_none())
}

fn suspicion(desk: &Desk, matching: &Matching, record: &Record, told: JsonMap) -> Result<Option<Suspicion>, Stop> {
    let word = |name: &str| told.get(name).and_then(Json::as_str);
    let (Some(other), Some(band)) = (word("id").map(str::to_owned), word("band")) else {
        return Err(wrong(&matching.decide, "has a candidate without \"id\" or \"band\"").into());
    };
    let band = match band {
        "same" => Band::Same,
        "review" => Band::Review,
        _ => return Ok(None),
    };
    let own = record.id.as_str();
    let (first, second) = if own < other.as_str() { (own, other.as_str()) } else { (other.as_str(), own) };
    let mut names = JsonMap::new();
    names.insert("first".into(), first.into());
    names.insert("second".into(), second.into());
    names.insert("found".into(), told.into());
    let fields = evaluated(desk, &matching.suspect.fields, &[&names]).map_err(refused)?;
    Ok(Some(Suspicion { band, other, fields }))
}

fn ask(desk: &Desk, step: &Step, names: &[&JsonMap]) -> Result<Json, Stop> {
    let input = evaluated(desk, &step.input, names).map_err(refused)?;
    Ok(desk.scripts.call(&step.function, &Json::Object(input)).map_err(refused)?)
}

fn evaluated(desk: &Desk, mapping: &Mapping, names: &[&JsonMap]) -> Result<JsonMap, Failure> {
    let names = Names::new(names.to_vec());
    mapping.iter().map(|(name, expression)| Ok((name.clone(), desk.scripts.evaluate(expression, &names)?))).collect()
}

fn read<T: serde::de::DeserializeOwned>(step: &Step, answer: Json) -> Result<T, Refusal> {
    serde_json::from_value(answer).map_err(|error| wrong(step, &format!("cannot be understood: {error}")))
}

fn wrong(step: &Step, what: &str) -> Refusal {
    Refusal::invalid("bad_answer", format!("what {} answers {what}", step.function))
}

fn refused(failure: Failure) -> Refusal {
    Refusal::new(RefusalKind::Invalid, &failure.code, failure.message)
}
