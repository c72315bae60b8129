//! Money: integer minor units and an ISO 4217 currency. Amounts of two currencies never mix.

use super::json::Json;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::{Deserialize, Serialize};

/// An amount of money.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Money {
    /// Minor units: fen, cents.
    pub minor: i64,
    /// ISO 4217 code, `CNY`.
    pub currency: String,
}

/// Digits after the point for an ISO 4217 currency; none for what is not a currency code.
pub fn scale(currency: &str) -> Option<u32> {
    match currency {
        "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF" | "UGX" | "VND" | "VUV"
        | "XAF" | "XOF" | "XPF" => Some(0),
        "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => Some(3),
        code if code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase()) => Some(2),
        _ => None,
    }
}

impl Money {
    /// Reads a decimal amount, `("1234.50", "CNY")`; more digits than the currency has are refused, never rounded.
    pub fn parse(amount: &str, currency: &str) -> Result<Money, String> {
        let digits =
            scale(currency).ok_or_else(|| format!("\"{currency}\" is not an ISO 4217 currency code such as CNY"))?;
        let value = Decimal::from_str_exact(amount)
            .map_err(|_| format!("\"{amount}\" is not a decimal amount; write \"1234.50\""))?;
        let minor = value.checked_mul(Decimal::from(10_i64.pow(digits))).unwrap_or(Decimal::MAX);
        if !minor.is_integer() {
            return Err(format!("{amount} {currency} has more than {digits} digits after the point"));
        }
        let minor = minor.to_i64().ok_or_else(|| format!("{amount} {currency} is too large"))?;
        Ok(Money { minor, currency: currency.to_owned() })
    }

    /// The decimal amount, `1234.50`.
    pub fn amount(&self) -> Decimal {
        Decimal::new(self.minor, scale(&self.currency).unwrap_or(2))
    }

    /// The JSON of the API: `{"amount": "1234.50", "currency": "CNY"}`.
    pub fn to_json(&self) -> Json {
        serde_json::json!({"amount": self.amount().to_string(), "currency": self.currency})
    }

    /// Reads the JSON of the API: an object with exactly the text fields `amount` and `currency`.
    pub fn from_json(value: &Json) -> Option<Result<Money, String>> {
        let object = value.as_object().filter(|object| object.len() == 2)?;
        let (amount, currency) = (object.get("amount")?.as_str()?, object.get("currency")?.as_str()?);
        Some(Money::parse(amount, currency))
    }
}
