//! What is less than what: the operators `<` `<=` `>` `>=` and `sort`.
//!
//! rhai answers *false* when two values cannot be compared, so that `missing > 10` quietly takes the wrong branch.
//! Here it is an error.

use crate::model::money::Money;
use rhai::{Dynamic, Engine, EvalAltResult, ImmutableString};
use rust_decimal::Decimal;
use std::cmp::Ordering;

/// What rhai gives to the built-in operators of the same names.
const PRECEDENCE: u8 = 110;

/// Registers the four operators for all values.
pub(super) fn register(engine: &mut Engine) {
    operator(engine, "<", Ordering::is_lt);
    operator(engine, "<=", Ordering::is_le);
    operator(engine, ">", Ordering::is_gt);
    operator(engine, ">=", Ordering::is_ge);
}

fn operator(engine: &mut Engine, name: &str, holds: fn(Ordering) -> bool) {
    // the way that rhai offers to put an operator of one's own before the built-in one
    engine.disable_symbol(name);
    engine.register_custom_operator(name, PRECEDENCE).expect("a disabled symbol is free for a custom operator");
    engine.register_fn(name, move |a: Dynamic, b: Dynamic| -> Result<bool, Box<EvalAltResult>> {
        compare(&a, &b).map(holds).map_err(Into::into)
    });
    // the common kinds by their own types: rhai finds these at its first look
    engine.register_fn(name, move |a: i64, b: i64| holds(a.cmp(&b)));
    engine.register_fn(name, move |a: Decimal, b: Decimal| holds(a.cmp(&b)));
    engine.register_fn(name, move |a: i64, b: Decimal| holds(Decimal::from(a).cmp(&b)));
    engine.register_fn(name, move |a: Decimal, b: i64| holds(a.cmp(&Decimal::from(b))));
    engine.register_fn(name, move |a: ImmutableString, b: ImmutableString| holds(a.cmp(&b)));
}

/// Orders two values of the same kind: numbers, text, money of one currency, true and false.
pub(super) fn compare(a: &Dynamic, b: &Dynamic) -> Result<Ordering, String> {
    if let (Ok(a), Ok(b)) = (a.as_int(), b.as_int()) {
        return Ok(a.cmp(&b));
    }
    if let (Some(a), Some(b)) = (number(a), number(b)) {
        return Ok(a.cmp(&b));
    }
    if let (Some(a), Some(b)) = (text(a), text(b)) {
        return Ok(a.cmp(&b));
    }
    if let (Some(a), Some(b)) = (a.read_lock::<Money>(), b.read_lock::<Money>()) {
        same_currency(&a, &b)?;
        return Ok(a.minor.cmp(&b.minor));
    }
    if let (Ok(a), Ok(b)) = (a.as_bool(), b.as_bool()) {
        return Ok(a.cmp(&b));
    }
    Err(format!("{} cannot be compared with {}", describe(a), describe(b)))
}

/// The exact decimal of a whole number or decimal.
pub(super) fn number(value: &Dynamic) -> Option<Decimal> {
    value.as_decimal().ok().or_else(|| value.as_int().ok().map(Decimal::from))
}

fn text(value: &Dynamic) -> Option<String> {
    let text = value.as_immutable_string_ref().ok().map(|text| text.to_string());
    text.or_else(|| value.as_char().ok().map(String::from))
}

/// Amounts of two currencies never mix.
pub(super) fn same_currency(a: &Money, b: &Money) -> Result<(), String> {
    if a.currency == b.currency {
        return Ok(());
    }
    Err(format!("{} and {} are amounts of two currencies; convert one of them first", shown(a), shown(b)))
}

/// A value as a sentence names it: `nothing`, `money (5.00 CNY)`, `a text`.
pub(super) fn describe(value: &Dynamic) -> String {
    if let Some(money) = value.read_lock::<Money>() {
        return format!("money ({})", shown(&money));
    }
    match number(value) {
        Some(number) => format!("the number {number}"),
        None if value.is_unit() => "nothing (a value that is missing)".to_owned(),
        None if value.is_string() || value.is_char() => "a text".to_owned(),
        None if value.is_array() => "a list".to_owned(),
        None if value.is_map() => "a map".to_owned(),
        None if value.is_bool() => "true or false".to_owned(),
        None => format!("a value of type {}", value.type_name()),
    }
}

/// `1234.50 CNY`.
pub(super) fn shown(money: &Money) -> String {
    format!("{} {}", money.amount(), money.currency)
}
