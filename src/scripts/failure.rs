//! Errors of rhai as one sentence: the file, line and column where it happened, what happened, and who called whom.

use super::sandbox::REFUSED;
use crate::model::expression::{Expression, Place};
use crate::model::incident::Failure;
use rhai::{Dynamic, EvalAltResult, LexError, ParseError, ParseErrorType, Position};
use std::sync::Arc;

/// The failure of an expression.
pub(super) fn of_expression(error: EvalAltResult, expression: &Expression) -> Failure {
    let (cause, position, chain) = unwound(error);
    let at = within(expression, position);
    match cause {
        EvalAltResult::ErrorVariableNotFound(name, _) => {
            Failure::new("variable", format!("{at}: the variable \"{name}\" was never set"))
        }
        cause => Failure::new("script", format!("{at}: {}{}", sentence(cause), called(&chain))),
    }
}

/// The failure of a plugin's function. `place_of` knows where each function is defined.
pub(super) fn of_function(error: EvalAltResult, function: &str, place_of: impl Fn(&str) -> Option<Place>) -> Failure {
    let (cause, position, inner) = unwound(error);
    let chain: Vec<String> = std::iter::once(function.to_owned()).chain(inner).collect();
    let defined = chain.iter().rev().find_map(|name| place_of(name));
    let at = match defined {
        Some(defined) if position.is_none() => defined.to_string(),
        Some(defined) => inside(&defined.file, position).to_string(),
        None => function.to_owned(),
    };
    Failure::new("script", format!("{at}: {}{}", sentence(cause), called(&chain)))
}

/// The cause, where it happened, and the functions that were running, outermost first.
fn unwound(error: EvalAltResult) -> (EvalAltResult, Position, Vec<String>) {
    let (mut error, mut chain, mut outer) = (error, Vec::new(), Position::NONE);
    while let EvalAltResult::ErrorInFunctionCall(name, _, inner, position) = error {
        chain.push(name);
        outer = if position.is_none() { outer } else { position };
        error = *inner;
    }
    let position = error.position();
    error.set_position(Position::NONE);
    (error, if position.is_none() { outer } else { position }, chain)
}

/// ` (in score, called by decide)`.
fn called(chain: &[String]) -> String {
    let names: Vec<&str> =
        chain.iter().rev().map(|name| if name.starts_with("anon$") { "a closure" } else { name }).collect();
    if names.is_empty() { String::new() } else { format!(" (in {})", names.join(", called by ")) }
}

/// What happened, without a place.
fn sentence(cause: EvalAltResult) -> String {
    match cause {
        EvalAltResult::ErrorRuntime(thrown, _) => thrown_text(&thrown),
        EvalAltResult::ErrorTerminated(reason, _) => format!("the script was stopped: {reason}"),
        EvalAltResult::ErrorStackOverflow(_) => format!(
            "functions call one another more than {} levels deep; look for an endless recursion",
            super::limits::MAX_CALL_LEVELS
        ),
        EvalAltResult::ErrorDataTooLarge(what, _) => format!("a value grew beyond the limit ({what})"),
        EvalAltResult::ErrorTooManyVariables(_) => {
            format!("more than {} variables exist at the same time", super::limits::MAX_VARIABLES)
        }
        EvalAltResult::ErrorDataRace(_, _) => {
            "a closure uses the very value that its method is called on; make a copy first (let copy = x;)".to_owned()
        }
        EvalAltResult::ErrorVariableNotFound(name, _) => format!("unknown variable \"{name}\""),
        EvalAltResult::ErrorFunctionNotFound(signature, _) => {
            format!("no function takes these values: {}", signature.replace("i64", "whole number"))
        }
        other => other.to_string(),
    }
}

/// What a script threw: its text, the `message` of a map, else the value as it is printed.
fn thrown_text(thrown: &Dynamic) -> String {
    if thrown.is_unit() {
        return "the script threw an error without a text".to_owned();
    }
    let message = thrown.as_map_ref().ok().and_then(|map| map.get("message").map(ToString::to_string));
    message.unwrap_or_else(|| match super::convert::to_json(thrown) {
        Ok(serde_json::Value::String(text)) => text,
        Ok(json) => json.to_string(),
        Err(_) => thrown.to_string(),
    })
}

/// A place inside an expression: on its first line the column counts from where the expression stands.
pub(super) fn within(expression: &Expression, position: Position) -> Place {
    let (line, column) = (number(position.line()), number(position.position()));
    let at = &expression.at;
    match line {
        0 => at.clone(),
        1 => Place { column: at.column + column.max(1) - 1, ..at.clone() },
        _ => Place { line: at.line + line - 1, column: column.max(1), ..at.clone() },
    }
}

/// A place inside a script file.
pub(super) fn inside(file: &Arc<str>, position: Position) -> Place {
    Place { file: file.clone(), line: number(position.line()).max(1), column: number(position.position()).max(1) }
}

fn number(part: Option<usize>) -> u32 {
    part.and_then(|part| part.try_into().ok()).unwrap_or(0)
}

/// What does not parse, as a sentence without its place.
pub(super) fn of_parsing(error: &ParseError) -> String {
    match error.err_type() {
        ParseErrorType::BadInput(LexError::ImproperSymbol(word, _)) if REFUSED.contains(&word.as_str()) => {
            format!("\"{word}\" is not available in scripts")
        }
        ParseErrorType::Reserved(word) => format!("\"{word}\" is not available in scripts"),
        ParseErrorType::ExprTooDeep => format!(
            "this is nested more than {} levels deep; give a part of it a name of its own",
            super::limits::MAX_EXPRESSION_DEPTH
        ),
        other => other.to_string(),
    }
}
