//! The test cases of plugins: an input, and what must come out.

use super::Scripts;
use crate::engine::evaluator::Evaluator;
use crate::model::definitions::Definitions;
use crate::model::expression::{FunctionRef, Place};
use crate::model::json::Json;
use crate::model::plugin::PluginTest;
use rust_decimal::Decimal;

/// What came of a test case.
#[derive(Debug, Clone, PartialEq)]
pub struct TestReport {
    /// The plugin.
    pub plugin: String,
    /// What the case shows.
    pub name: String,
    /// Where it stands.
    pub at: Place,
    /// Why it failed; none when it passed.
    pub failure: Option<String>,
}

/// Runs all test cases of all plugins, in order.
pub fn run_tests(definitions: &Definitions, scripts: &Scripts) -> Vec<TestReport> {
    let tests = definitions.plugins.values().flat_map(|plugin| plugin.tests.iter().map(move |test| (plugin, test)));
    tests
        .map(|(plugin, test)| TestReport {
            plugin: plugin.id.clone(),
            name: test.name.clone(),
            at: test.at.clone(),
            failure: run(&plugin.id, test, scripts).err(),
        })
        .collect()
}

fn run(plugin: &str, test: &PluginTest, scripts: &Scripts) -> Result<(), String> {
    let function = FunctionRef { plugin: plugin.to_owned(), function: test.function.clone() };
    match (scripts.call(&function, &test.input), &test.error) {
        (Ok(output), None) => test.expect.as_ref().map_or(Ok(()), |expect| contained("", expect, &output)),
        (Ok(output), Some(error)) => Err(format!("expected the error \"{error}\", got {output}")),
        (Err(failure), Some(error)) if failure.message.contains(error) => Ok(()),
        (Err(failure), Some(error)) => Err(format!("expected the error \"{error}\", got: {}", failure.message)),
        (Err(failure), None) => Err(failure.message),
    }
}

/// Whether all that was expected is in what came: every field said, lists as long and in order, numbers by value.
pub fn contained(path: &str, expected: &Json, got: &Json) -> Result<(), String> {
    let differs = || {
        let path = if path.is_empty() { "/" } else { path };
        Err(format!("{path}: expected {expected}, got {got}"))
    };
    match (expected, got) {
        (Json::Object(expected), Json::Object(got)) => expected.iter().try_for_each(|(key, value)| {
            let path = format!("{path}/{}", key.replace('~', "~0").replace('/', "~1"));
            match got.get(key) {
                Some(got) => contained(&path, value, got),
                None => Err(format!("{path}: expected {value}, got nothing")),
            }
        }),
        (Json::Array(expected), Json::Array(got)) if expected.len() == got.len() => {
            let pairs = expected.iter().zip(got).enumerate();
            pairs.into_iter().try_for_each(|(i, (expected, got))| contained(&format!("{path}/{i}"), expected, got))
        }
        (Json::Number(expected), Json::Number(got)) => {
            let same = number(&expected.to_string()).zip(number(&got.to_string())).is_some_and(|(a, b)| a == b);
            if same { Ok(()) } else { differs() }
        }
        (expected, got) if expected == got => Ok(()),
        _ => differs(),
    }
}

fn number(text: &str) -> Option<Decimal> {
    super::convert::decimal_from_text(text).ok()
}
