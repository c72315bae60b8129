//! The tests that plugins bring along: run by `kamflow test` and before every deployment.

use super::library::Library;
use crate::model::refusal::{FieldError, Refusal};
use crate::scripts::{self, TestReport};

/// Every test case of a library's plugins with what came of it.
pub fn run(library: &Library) -> Vec<TestReport> {
    scripts::run_tests(&library.definitions, &library.scripts)
}

/// Refuses a library one of whose tests fails.
pub fn passed(library: &Library) -> Result<(), Refusal> {
    let failed: Vec<FieldError> = run(library)
        .into_iter()
        .filter_map(|report| {
            let detail = format!("{}: {}: {}", report.at, report.name, report.failure?);
            Some(FieldError { pointer: format!("/plugins/{}", report.plugin), code: "test_failed".into(), detail })
        })
        .collect();
    if failed.is_empty() {
        return Ok(());
    }
    let sentence = format!("{} tests of the plugins fail; nothing was deployed", failed.len());
    Err(Refusal::invalid("tests_failed", sentence).with_errors(failed))
}
