//! The rules that every record of a type meets: conditions, sums, its number, and when it is closed.

use super::expression::expression;
use super::known::known as check;
use super::shape::record::{CheckShape, ImmutableShape, SumShape};
use super::spot::At;
use crate::model::field::{Field, FieldKind};
use crate::model::finding::Finding;
use crate::model::json::Json;
use crate::model::record_type::{Check, Immutable, NumberPattern, NumberPiece, Sum};
use rust_decimal::Decimal;

/// The conditions of `check:`.
pub fn checks(shapes: &[CheckShape], at: At) -> Vec<Check> {
    let check = |(position, shape): (usize, &CheckShape)| Check {
        condition: expression(&shape.rule, at.item(position).key("rule")),
        message: shape.message.clone(),
    };
    shapes.iter().enumerate().map(check).collect()
}

/// The rules of `sum:`.
pub fn sums(shapes: &[SumShape], at: At, fields: &[Field], findings: &mut Vec<Finding>) -> Vec<Sum> {
    let mut sums = Vec::new();
    for (position, shape) in shapes.iter().enumerate() {
        let at = at.item(position);
        let Some((list, field)) = shape.of.split_once('.').filter(|(list, field)| adds_up(fields, list, field)) else {
            let sentence = format!("\"{}\" is no number in the entries of a list, such as splits.percent", shape.of);
            findings.push(Finding::error(at.key("of").place(), sentence));
            continue;
        };
        let digits = match &shape.is {
            Json::Number(number) => number.to_string(),
            other => other.as_str().unwrap_or_default().to_owned(),
        };
        match Decimal::from_str_exact(&digits) {
            Ok(total) => sums.push(Sum { list: list.to_owned(), field: field.to_owned(), total, at: at.place() }),
            Err(_) => findings.push(Finding::error(at.key("is").place(), "the total must be a decimal number")),
        }
    }
    sums
}

fn adds_up(fields: &[Field], list: &str, field: &str) -> bool {
    let found = fields.iter().find(|known| known.name == list).map(|field| &field.kind);
    let Some(FieldKind::List(of)) = found else { return false };
    let FieldKind::Map(entry) = &**of else { return false };
    let number = |kind: &FieldKind| matches!(kind, FieldKind::Int | FieldKind::Decimal | FieldKind::Percent);
    entry.iter().any(|known| known.name == field && number(&known.kind))
}

/// The pattern of `number:`; it fills the string field `number`.
pub fn number(text: &str, at: At, fields: &[Field], findings: &mut Vec<Finding>) -> Option<NumberPattern> {
    let mut wrong = |sentence: String| findings.push(Finding::error(at.place(), sentence));
    let filled = fields.iter().find(|field| field.name == "number");
    if !filled.is_some_and(|field| matches!(field.kind, FieldKind::String { .. })) {
        wrong("a number fills the field \"number\"; declare it as a string".to_owned());
    }
    let (mut pieces, mut rest) = (Vec::new(), text);
    while !rest.is_empty() {
        let (before, after) = rest.split_once('{').unwrap_or((rest, ""));
        if !before.is_empty() {
            pieces.push(NumberPiece::Text(before.to_owned()));
        }
        if before.len() == rest.len() {
            break;
        }
        let Some((inside, after)) = after.split_once('}') else {
            wrong(format!("\"{text}\" opens a brace and does not close it"));
            return None;
        };
        pieces.push(match inside {
            "yyyy" => NumberPiece::Year,
            "mm" => NumberPiece::Month,
            "dd" => NumberPiece::Day,
            zeros if !zeros.is_empty() && zeros.len() <= 18 && zeros.chars().all(|c| c == '0') => {
                NumberPiece::Counter(zeros.len())
            }
            other => {
                wrong(format!("\"{{{other}}}\" is no part of a number; write {{yyyy}}, {{mm}}, {{dd}} or {{00000}}"));
                return None;
            }
        });
        rest = after;
    }
    if pieces.iter().filter(|piece| matches!(piece, NumberPiece::Counter(_))).count() != 1 {
        wrong(format!("\"{text}\" needs one counter such as {{00000}}"));
        return None;
    }
    Some(NumberPattern { pieces })
}

/// The rule of `immutable:`.
pub fn immutable(shape: &ImmutableShape, at: At, fields: &[Field], findings: &mut Vec<Finding>) -> Immutable {
    for (position, name) in shape.except.iter().enumerate() {
        let at = at.key("except").item(position);
        check("field", name, fields.iter().map(|field| field.name.as_str()), "", at, findings);
    }
    Immutable { when: expression(&shape.when, at.key("when")), except: shape.except.clone() }
}
