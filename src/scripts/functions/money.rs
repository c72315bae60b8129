//! Money in scripts: a type of its own. Amounts of two currencies, or an amount and a bare number, never mix.

use super::{Given, HostFunction, fail, put};
use crate::model::money::{Money, scale};
use crate::scripts::order::{describe, number, same_currency, shown};
use rhai::{Dynamic, FuncRegistration, Module};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

pub(super) const TABLE: &[HostFunction] = &[
    HostFunction {
        name: "money",
        signature: "money(amount, currency) -> money",
        text: "An amount, `money(\"1000000.00\", \"CNY\")`; also from a number. More digits than the currency has are refused.",
        add: |module| {
            put(module, "money", |amount: &str, currency: &str| -> Given<Money> {
                Ok(Money::parse(amount, currency)?)
            });
            put(module, "money", |amount: Decimal, currency: &str| -> Given<Money> {
                Ok(Money::parse(&amount.to_string(), currency)?)
            });
            put(module, "money", |amount: i64, currency: &str| -> Given<Money> {
                Ok(Money::parse(&amount.to_string(), currency)?)
            });
        },
    },
    HostFunction {
        name: "money_minor",
        signature: "money_minor(minor, currency) -> money",
        text: "An amount of minor units: `money_minor(150, \"CNY\")` is 1.50 CNY.",
        add: |module| {
            put(module, "money_minor", |minor: i64, currency: &str| -> Given<Money> {
                let zero = Money::parse("0", currency)?;
                Ok(Money { minor, ..zero })
            });
        },
    },
];

/// The operators and properties of money.
pub(super) fn operators(module: &mut Module) {
    FuncRegistration::new_getter("amount")
        .with_purity(true)
        .set_into_module(module, |money: &mut Money| money.amount());
    FuncRegistration::new_getter("minor").with_purity(true).set_into_module(module, |money: &mut Money| money.minor);
    FuncRegistration::new_getter("currency")
        .with_purity(true)
        .set_into_module(module, |money: &mut Money| money.currency.clone());
    put(module, "to_string", |money: &mut Money| shown(money));
    put(module, "to_debug", |money: &mut Money| shown(money));
    equality(module, "==", true);
    equality(module, "!=", false);
    put(module, "+", |a: Money, b: Money| sum(&a, &b, i64::checked_add));
    put(module, "-", |a: Money, b: Money| sum(&a, &b, i64::checked_sub));
    put(module, "-", |a: Money| sum(&Money { minor: 0, ..a.clone() }, &a, i64::checked_sub));
    put(module, "*", |a: Money, b: i64| times(&a, b.into()));
    put(module, "*", |a: i64, b: Money| times(&b, a.into()));
    put(module, "*", |a: Money, b: Decimal| times(&a, b));
    put(module, "*", |a: Decimal, b: Money| times(&b, a));
    put(module, "/", |a: Money, b: Money| ratio(&a, &b));
    for operator in ["+", "-"] {
        put(module, operator, |a: Money, b: Dynamic| mixed(&a, &b));
        put(module, operator, |a: Dynamic, b: Money| mixed(&b, &a));
    }
}

/// `==` and `!=`: an amount never equals a bare number, and asking is an error; nothing (`()`) is simply not equal.
fn equality(module: &mut Module, name: &str, answer: bool) {
    put(module, name, move |a: Money, b: Money| -> Given<bool> {
        same_currency(&a, &b)?;
        Ok((a.minor == b.minor) == answer)
    });
    put(module, name, move |a: Money, b: Dynamic| unequal(&a, &b, answer));
    put(module, name, move |a: Dynamic, b: Money| unequal(&b, &a, answer));
}

fn unequal(money: &Money, other: &Dynamic, answer: bool) -> Given<bool> {
    if number(other).is_none() {
        return Ok(!answer);
    }
    fail(format!(
        "money ({}) cannot be compared with {}; write money(\"…\", \"{}\")",
        shown(money),
        describe(other),
        money.currency
    ))
}

fn sum(a: &Money, b: &Money, apply: fn(i64, i64) -> Option<i64>) -> Given<Money> {
    same_currency(a, b)?;
    match apply(a.minor, b.minor) {
        Some(minor) => Ok(Money { minor, currency: a.currency.clone() }),
        None => fail(format!("{} and {} together are too large", shown(a), shown(b))),
    }
}

/// An amount times a number, rounded half to even to minor units.
fn times(money: &Money, factor: Decimal) -> Given<Money> {
    let minor = Decimal::from(money.minor).checked_mul(factor).and_then(|minor| minor.round_dp(0).to_i64());
    match minor {
        Some(minor) => Ok(Money { minor, currency: money.currency.clone() }),
        None => fail(format!("{} times {factor} is too large", shown(money))),
    }
}

/// How often one amount is in another: an exact decimal without a currency.
fn ratio(a: &Money, b: &Money) -> Given<Decimal> {
    same_currency(a, b)?;
    match Decimal::from(a.minor).checked_div(Decimal::from(b.minor)) {
        Some(ratio) => Ok(ratio),
        None => fail(format!("{} cannot be divided by {}", shown(a), shown(b))),
    }
}

fn mixed(money: &Money, other: &Dynamic) -> Given<Money> {
    let digits = scale(&money.currency).unwrap_or(2) as usize;
    fail(format!(
        "money ({}) and {} cannot be added or subtracted; write money(\"{:.digits$}\", \"{}\")",
        shown(money),
        describe(other),
        Decimal::ONE,
        money.currency
    ))
}
