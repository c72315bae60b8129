//! Expressions, durations and named expressions with the places where they were written.

use super::names;
use super::shape::scalar::{Source, Sources};
use super::spot::At;
use crate::model::expression::Expression;
use crate::model::finding::Finding;
use crate::model::process::Mapping;
use crate::model::time::Duration;
use std::sync::Arc;

/// An expression.
pub fn expression(source: &Source, at: At) -> Expression {
    Expression { source: Arc::from(source.0.as_str()), at: at.text_place() }
}

/// Arguments by name.
pub fn arguments(sources: &Sources, at: At) -> Mapping {
    sources.iter().map(|(name, source)| (name.clone(), expression(source, at.key(name)))).collect()
}

/// Variables to set, by name.
pub fn variables(sources: &Sources, at: At, findings: &mut Vec<Finding>) -> Mapping {
    for name in sources.keys() {
        names::variable(name, at.key(name), findings);
    }
    arguments(sources, at)
}

/// A duration; none and a finding when it is not written as ISO 8601 asks.
pub fn duration(text: &str, at: At, findings: &mut Vec<Finding>) -> Option<Duration> {
    text.parse().map_err(|sentence: String| findings.push(Finding::error(at.place(), sentence))).ok()
}
