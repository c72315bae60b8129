//! Authority limits: how far somebody may go, by name. `discount: 0.15` is a number, `amount: {amount, currency}` is
//! money; which limits there are, the company says.

use super::json::Json;
use super::money::Money;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// Limits by name.
pub type Limits = BTreeMap<String, Limit>;

/// How far, exactly.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Json", into = "Json")]
pub enum Limit {
    /// A number: a share, a count.
    Number(Decimal),
    /// An amount of money.
    Money(Money),
}

impl Limit {
    /// Which of two goes further; none when they cannot be compared: a number and money, or two currencies.
    pub fn compare(&self, other: &Limit) -> Option<Ordering> {
        match (self, other) {
            (Limit::Number(one), Limit::Number(other)) => Some(one.cmp(other)),
            (Limit::Money(one), Limit::Money(other)) if one.currency == other.currency => {
                Some(one.minor.cmp(&other.minor))
            }
            (Limit::Number(_) | Limit::Money(_), _) => None,
        }
    }

    /// What it is measured in, for sentences: `CNY`, or `numbers`.
    pub fn unit(&self) -> &str {
        match self {
            Limit::Number(_) => "numbers",
            Limit::Money(money) => &money.currency,
        }
    }
}

impl TryFrom<Json> for Limit {
    type Error = String;

    /// A JSON number, or money as the API writes it; nothing below zero.
    fn try_from(value: Json) -> Result<Limit, String> {
        let limit = match &value {
            Json::Number(number) => {
                let text = number.to_string();
                let read = Decimal::from_str_exact(&text).or_else(|_| Decimal::from_scientific(&text));
                Limit::Number(read.map_err(|_| format!("{text} has more digits than can be kept"))?)
            }
            _ => match Money::from_json(&value) {
                Some(money) => Limit::Money(money?),
                None => return Err("a limit is a number, or {\"amount\": \"1000.00\", \"currency\": \"CNY\"}".into()),
            },
        };
        let below_zero = match &limit {
            Limit::Number(number) => number.is_sign_negative() && !number.is_zero(),
            Limit::Money(money) => money.minor < 0,
        };
        if below_zero { Err("a limit is not below zero".to_owned()) } else { Ok(limit) }
    }
}

impl From<Limit> for Json {
    fn from(limit: Limit) -> Json {
        match limit {
            Limit::Number(number) => {
                let text = number.to_string();
                text.parse::<serde_json::Number>().map_or(Json::String(text), Json::Number)
            }
            Limit::Money(money) => money.to_json(),
        }
    }
}
