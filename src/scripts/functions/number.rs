//! Numbers: whole (64 bits) and exact decimal (28 digits). There are no binary floats.

use super::{Given, HostFunction, fail, put};
use crate::scripts::convert::decimal_from_text;
use crate::scripts::order::{compare, describe, number};
use rhai::{Dynamic, Module};
use rust_decimal::Decimal;

pub(super) const TABLE: &[HostFunction] = &[
    HostFunction {
        name: "decimal",
        signature: "decimal(x) -> decimal",
        text: "The exact decimal of a number or a text; `decimal(7) / 2` is 3.5 where `7 / 2` is 3.",
        add: |module| put(module, "decimal", decimal),
    },
    HostFunction {
        name: "parse_decimal",
        signature: "parse_decimal(text) -> decimal",
        text: "Reads an exact decimal, spaces around it allowed; nothing is rounded.",
        add: |module| put(module, "parse_decimal", |text: &str| parse_decimal(text)),
    },
    HostFunction {
        name: "parse_int",
        signature: "parse_int(text) -> whole number",
        text: "Reads a whole number, spaces around it allowed.",
        add: |module| {
            put(module, "parse_int", |text: &str| -> Given<i64> {
                text.trim().parse().or_else(|_| fail(format!("\"{}\" is not a whole number of 64 bits", cut(text))))
            });
        },
    },
    HostFunction {
        name: "round",
        signature: "round(x, digits) -> number",
        text: "Rounds half to even; without digits to a whole value. Whole numbers stay as they are.",
        add: |module| {
            put(module, "round", |x: i64| x);
            put(module, "round", |x: i64, _: i64| x);
        },
    },
    HostFunction {
        name: "floor",
        signature: "floor(x) -> number",
        text: "The largest whole value that is not above x; the kind of number stays.",
        add: |module| put(module, "floor", |x: i64| x),
    },
    HostFunction {
        name: "ceil",
        signature: "ceil(x) -> number",
        text: "The smallest whole value that is not below x; the kind of number stays.",
        add: |module| {
            put(module, "ceil", |x: Decimal| x.ceil());
            put(module, "ceil", |x: i64| x);
            put(module, "ceiling", |x: i64| x);
        },
    },
    HostFunction {
        name: "abs",
        signature: "abs(x) -> number",
        text: "Without its sign.",
        // abs of both kinds of number is rhai's own
        add: |_| {},
    },
    HostFunction {
        name: "min",
        signature: "min(a, b) -> the smaller",
        text: "Of two numbers, texts or amounts of one currency.",
        add: |module| extreme(module, "min", std::cmp::Ordering::is_le),
    },
    HostFunction {
        name: "max",
        signature: "max(a, b) -> the greater",
        text: "Of two numbers, texts or amounts of one currency.",
        add: |module| extreme(module, "max", std::cmp::Ordering::is_ge),
    },
];

fn extreme(module: &mut Module, name: &str, first: fn(std::cmp::Ordering) -> bool) {
    put(module, name, move |a: Dynamic, b: Dynamic| -> Given<Dynamic> {
        Ok(if first(compare(&a, &b)?) { a } else { b })
    });
}

fn decimal(value: Dynamic) -> Given<Decimal> {
    match number(&value) {
        Some(number) => Ok(number),
        None => match value.as_immutable_string_ref() {
            Ok(text) => parse_decimal(&text),
            Err(_) => fail(format!("decimal() takes a number or a text, not {}", describe(&value))),
        },
    }
}

fn parse_decimal(text: &str) -> Given<Decimal> {
    decimal_from_text(text.trim()).or_else(|_| fail(format!("\"{}\" is not an exact decimal", cut(text))))
}

fn cut(text: &str) -> String {
    text.chars().take(40).collect()
}
