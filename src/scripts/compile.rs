//! Compiles the scripts and expressions of a revision, and finds all that is wrong with them at once.

use super::evaluate::Scripts;
use super::names::{Use, meant, uses};
use super::{expression, failure, plugin, sandbox, stack};
use crate::model::definitions::Definitions;
use crate::model::expression::Place;
use crate::model::finding::{Finding, Severity};
use rhai::Engine;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// What came of compiling.
pub struct Compiled {
    /// The scripts, when no finding is an error.
    pub scripts: Option<Scripts>,
    /// All problems and warnings, by place.
    pub findings: Vec<Finding>,
}

/// Compiles every script of every plugin and every expression of every process and record type.
pub fn compile(definitions: &Definitions) -> Compiled {
    stack::deep(|| compile_here(definitions)).unwrap_or_else(|sentence| Compiled {
        scripts: None,
        findings: vec![Finding::error(definitions.pack.at.clone(), sentence)],
    })
}

fn compile_here(definitions: &Definitions) -> Compiled {
    let mut findings = Vec::new();
    let mut plugins = BTreeMap::new();
    for (id, definition) in &definitions.plugins {
        if let Some(unit) = plugin::compile(definition, &mut findings) {
            plugins.insert(id.clone(), Arc::new(unit));
        }
    }
    let mut engine = sandbox::engine();
    let expressions = compile_expressions(&engine, &uses(definitions), &mut findings);
    sandbox::watch(&mut engine, expressions.values().map(|expression| &expression.ast), BTreeMap::new());
    findings.sort_by(|a, b| key(&a.at).cmp(&key(&b.at)).then_with(|| a.sentence.cmp(&b.sentence)));
    findings.dedup();
    let refused = findings.iter().any(|finding| finding.severity == Severity::Error);
    Compiled { scripts: (!refused).then(|| Scripts::new(engine, expressions, plugins)), findings }
}

fn compile_expressions(
    engine: &Engine,
    uses: &[Use],
    findings: &mut Vec<Finding>,
) -> HashMap<Arc<str>, expression::Compiled> {
    let mut compiled: HashMap<Arc<str>, expression::Compiled> = HashMap::new();
    for Use { expression: written, known } in uses {
        let one =
            match compiled.remove(&written.source).map_or_else(|| expression::compile(engine, &written.source), Ok) {
                Ok(one) => one,
                Err(wrong) => {
                    findings.extend(
                        wrong.into_iter().map(|(at, sentence)| Finding::error(failure::within(written, at), sentence)),
                    );
                    continue;
                }
            };
        for (name, at) in one.reads.iter().filter(|(name, _)| !known.contains(name)) {
            let sentence = format!("unknown variable \"{name}\"{}", meant(name, known.iter().map(String::as_str)));
            findings.push(Finding::error(failure::within(written, *at), sentence));
        }
        compiled.insert(written.source.clone(), one);
    }
    compiled
}

fn key(place: &Place) -> (&str, u32, u32) {
    (&place.file, place.line, place.column)
}
