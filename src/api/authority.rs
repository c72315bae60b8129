//! Authority limits in bodies and views: a number, or money.

use crate::model::authority::{Limit, Limits};
use crate::model::json::{Json, JsonMap};
use crate::model::refusal::{FieldError, Refusal};

/// Characters of the name of a limit at most.
const LONGEST: usize = 64;

/// Reads the limits of the field `limits`; every wrong one is told.
pub(super) fn read(given: JsonMap) -> Result<Limits, Refusal> {
    let mut limits = Limits::new();
    let mut errors = Vec::new();
    for (name, value) in given {
        let pointer = format!("/limits/{}", name.replace('~', "~0").replace('/', "~1"));
        let named = !name.trim().is_empty() && name.chars().count() <= LONGEST;
        let limit = match named {
            true => Limit::try_from(value),
            false => Err(format!("the name of a limit has 1 to {LONGEST} characters")),
        };
        match limit {
            Ok(limit) => drop(limits.insert(name, limit)),
            Err(detail) => errors.push(FieldError { pointer, code: "wrong_limit".to_owned(), detail }),
        }
    }
    match errors.is_empty() {
        true => Ok(limits),
        false => Err(Refusal::invalid("wrong_limit", "some limits make no sense; see errors").with_errors(errors)),
    }
}

/// Shows limits.
pub(super) fn shown(limits: Limits) -> JsonMap {
    limits.into_iter().map(|(name, limit)| (name, Json::from(limit))).collect()
}
