//! Scenarios of a pack, played on the real engine: a database of their own, a business for each case, a clock that is
//! moved. Run by `kamflow test` and before every deployment.

mod look;
mod names;
mod outside;
mod people;
mod play;
mod stage;
mod time;
mod votes;

use super::library::Library;
use crate::definitions;
use crate::model::ids::NodeId;
use crate::model::refusal::{FieldError, Refusal};
use crate::model::scenario::Played;
use quick_cache::sync::Cache;
use stage::Stage;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// What came of playing scenarios.
#[derive(Debug, Default)]
pub struct Performance {
    /// Every case that was played.
    pub played: Vec<Played>,
    /// The nodes that they came by, each with its process.
    pub reached: BTreeSet<(String, NodeId)>,
}

/// Plays every case of a library's scenarios; only those of files that are chosen. Blocks.
///
/// Err says why none could be played: there was no place for the database.
pub fn run(library: &Library, chosen: impl Fn(&str) -> bool) -> Result<Performance, String> {
    let scenarios = library.definitions.scenarios.values().filter(|scenario| chosen(&scenario.name));
    let cases: Vec<_> =
        scenarios.flat_map(|scenario| scenario.cases.iter().map(move |case| (scenario, case))).collect();
    if cases.is_empty() {
        return Ok(Performance::default());
    }
    let stage = Stage::open(library)?;
    let played = cases.into_iter().enumerate().map(|(number, (scenario, case))| {
        let failed = stage.set(number, &scenario.given).and_then(|scene| play::case(scene, case)).err();
        let (at, failure) = match failed {
            Some((at, sentence)) => (at.unwrap_or_else(|| case.at.clone()), Some(sentence)),
            None => (case.at.clone(), None),
        };
        Played { scenario: scenario.name.clone(), name: case.name.clone(), at, failure }
    });
    Ok(Performance { played: played.collect(), reached: stage.reached()? })
}

/// Sets of files whose scenarios passed, remembered at most.
const REMEMBERED: usize = 256;

/// Refuses a library one of whose scenarios fails. What comes of them depends on the files alone, so the same files are
/// not played again.
pub fn passed(library: &Library) -> Result<(), Refusal> {
    static PASSED: LazyLock<Cache<String, ()>> = LazyLock::new(|| Cache::new(REMEMBERED));
    let hash = definitions::hash(&library.files);
    PASSED.get_or_insert_with(&hash, || all_pass(library))
}

fn all_pass(library: &Library) -> Result<(), Refusal> {
    let performance = run(library, |_| true).map_err(|reason| super::internal(&reason))?;
    let failed: Vec<FieldError> = performance
        .played
        .into_iter()
        .filter_map(|played| {
            let detail = format!("{}: {}: {}", played.at, played.name, played.failure?);
            Some(FieldError {
                pointer: format!("/scenarios/{}", played.scenario),
                code: "scenario_failed".into(),
                detail,
            })
        })
        .collect();
    if failed.is_empty() {
        return Ok(());
    }
    let sentence = format!("{} scenarios fail; nothing was deployed", failed.len());
    Err(Refusal::invalid("scenarios_failed", sentence).with_errors(failed))
}
