//! How a record is looked at for being one that is there already: the words of `match:`.

use super::expression::arguments;
use super::known::{Known, known as check_name};
use super::load::Loaded;
use super::shape::matching::{MatchShape, StepShape};
use super::shape::record::RecordShape;
use super::spot::At;
use crate::model::finding::Finding;
use crate::model::matching::{Band, Matching, Step, Suspect};
use crate::model::record_type::RecordType;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The rule of `match:`; none when a function is not there.
pub fn matching(shape: &MatchShape, at: At, known: &Known, findings: &mut Vec<Finding>) -> Option<Matching> {
    known.record(&shape.suspect.record, at.key("suspect").key("record"), findings);
    let mut step = |shape: &StepShape, at: At| {
        let function = known.function(&shape.function, &shape.input, at, "function", findings)?;
        Some(Step { function, input: arguments(&shape.input, at.key("in")) })
    };
    let (find, decide) = (step(&shape.find, at.key("find")), step(&shape.decide, at.key("decide")));
    let suspect = Suspect {
        record: shape.suspect.record.clone(),
        fields: arguments(&shape.suspect.fields, at.key("suspect").key("fields")),
    };
    let refuse = shape.refuse.clone().unwrap_or_else(|| vec![Band::Same]);
    Some(Matching { find: find?, decide: decide?, refuse, suspect })
}

/// Finds records of suspicions that cannot be kept: fields that are not there, a type that would keep a pair twice or
/// would be looked at itself.
pub fn check(
    files: &BTreeMap<String, Loaded<RecordShape>>,
    types: &BTreeMap<String, Arc<RecordType>>,
    findings: &mut Vec<Finding>,
) {
    for file in files.values() {
        let Some(shape) = &file.shape.matching else { continue };
        let Some(suspect) = types.get(&shape.suspect.record) else { continue };
        let at = file.at().key("match").key("suspect");
        for name in shape.suspect.fields.keys() {
            let fields = suspect.fields.iter().map(|field| field.name.as_str());
            check_name(
                &format!("field of {} called", suspect.name),
                name,
                fields,
                "",
                at.key("fields").key(name),
                findings,
            );
        }
        let given = |name: &String| shape.suspect.fields.contains_key(name);
        let wrong = if suspect.matching.is_some() {
            format!("\"{}\" has a \"match\" itself; a suspicion is kept as a record that has none", suspect.name)
        } else if !suspect.unique.iter().any(|rule| rule.fields.iter().all(given)) {
            format!("\"{}\" needs a \"unique\" over fields that are given here: a pair is kept once", suspect.name)
        } else {
            continue;
        };
        findings.push(Finding::error(at.key("record").place(), wrong));
    }
}
