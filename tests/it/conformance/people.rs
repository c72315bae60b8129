//! Who acts in a case. The cases name people and roles and not who has which: a login is short for its roles, so that
//! `rep1` has `rep` and `sales_rep`, and `mgr1` has `sales_manager`.

use super::render::ANYBODY;
use kamflow::model::actor::Actor;
use kamflow::model::ids::{BusinessId, UserId};
use kamflow::runtime::operator;
use std::collections::BTreeSet;

/// Somebody of a case; nobody in particular has every role.
pub fn actor(business: &BusinessId, login: Option<&str>, roles: &BTreeSet<String>) -> Actor {
    let Some(login) = login else {
        let mut everybody = operator(business.clone());
        everybody.user = UserId::from(ANYBODY);
        everybody.roles.extend(roles.iter().cloned());
        return everybody;
    };
    let mut actor = Actor::of(business.clone(), UserId::from(login));
    actor.roles = roles.iter().filter(|role| *role == ANYBODY || has(login, role)).cloned().collect();
    actor
}

/// Whether the login without its number is short for one word of the role: its letters in their order, from the first.
pub fn has(login: &str, role: &str) -> bool {
    let short = login.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches(['_', '-', '.']).to_lowercase();
    let stands_for = |word: &str| {
        let mut letters = word.chars();
        !short.is_empty() && word.starts_with(&short[..1]) && short.chars().all(|c| letters.any(|letter| letter == c))
    };
    short == role || role.split('_').any(stands_for)
}
