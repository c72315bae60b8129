//! Exact figures: sums without overflow in the middle, averages rounded once, half to even.

use super::sortable;
use crate::model::json::Json;
use crate::model::money::scale;
use rust_decimal::Decimal;
use serde_json::json;

/// Digits after the point of an average that is no money.
const DIGITS: u32 = 6;

/// A figure as it is shown, and as text that sorts; none where there is no value.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// As JSON.
    pub shown: Json,
    /// As text that sorts.
    pub key: Option<String>,
}

impl Figure {
    /// No value.
    pub fn none() -> Figure {
        Figure { shown: Json::Null, key: None }
    }

    /// A value that is text already.
    pub fn text(shown: Json, key: String) -> Figure {
        Figure { shown, key: Some(key) }
    }
}

/// A sum in the making: whole units of ten to the power of minus `scale`.
#[derive(Debug, Clone, Copy, Default)]
pub struct Total {
    units: i128,
    scale: u32,
    values: i64,
}

impl Total {
    /// A sum that is known: so many units, of so many values.
    pub fn of(units: i128, values: i64) -> Total {
        Total { units, scale: 0, values }
    }

    /// Adds a number; none when the sum is too large to be exact.
    #[must_use]
    pub fn add(self, number: Decimal) -> Option<Total> {
        let number = number.normalize();
        let scale = self.scale.max(number.scale());
        let ours = self.units.checked_mul(10_i128.checked_pow(scale - self.scale)?)?;
        let theirs = number.mantissa().checked_mul(10_i128.checked_pow(scale - number.scale())?)?;
        Some(Total { units: ours.checked_add(theirs)?, scale, values: self.values + 1 })
    }

    /// The sum; of amounts in minor units, when a currency is given.
    pub fn sum(self, currency: Option<&str>) -> Option<Figure> {
        if self.values == 0 { Some(Figure::none()) } else { shown(self.units, self.scale, currency) }
    }

    /// The average.
    pub fn average(self, currency: Option<&str>) -> Option<Figure> {
        if self.values == 0 {
            return Some(Figure::none());
        }
        let digits = if currency.is_some() { 0 } else { DIGITS };
        let more = 10_i128.checked_pow(digits.saturating_sub(self.scale))?;
        let fewer = 10_i128.checked_pow(self.scale.saturating_sub(digits))?;
        let units = half_even(self.units.checked_mul(more)?, i128::from(self.values).checked_mul(fewer)?);
        shown(units, digits, currency)
    }
}

/// The quotient, rounded to the nearest whole number, of two as near to the even one. The divisor is positive.
fn half_even(number: i128, by: i128) -> i128 {
    let (whole, rest) = (number.div_euclid(by), number.rem_euclid(by));
    match rest.cmp(&(by - rest)) {
        std::cmp::Ordering::Less => whole,
        std::cmp::Ordering::Greater => whole + 1,
        std::cmp::Ordering::Equal => whole + whole.rem_euclid(2),
    }
}

fn shown(units: i128, digits: u32, currency: Option<&str>) -> Option<Figure> {
    let number = Decimal::try_from_i128_with_scale(units, digits).ok()?;
    Some(match currency {
        Some(currency) => money(units, currency)?,
        None => decimal(number),
    })
}

/// An amount of minor units, however large.
pub fn money(units: i128, currency: &str) -> Option<Figure> {
    let amount = Decimal::try_from_i128_with_scale(units, scale(currency).unwrap_or(2)).ok()?;
    let key = format!("{currency}{}", sortable::decimal(amount));
    Some(Figure::text(json!({"amount": amount.to_string(), "currency": currency}), key))
}

/// A number without closing zeros.
pub fn decimal(number: Decimal) -> Figure {
    let number = number.normalize();
    let shown = serde_json::from_str(&number.to_string()).unwrap_or(Json::Null);
    Figure::text(shown, sortable::decimal(number))
}
