//! `break_glass:` of a record type, `breakGlass:` of a process.

use super::expression::duration;
use super::known::Known;
use super::shape::break_glass::BreakGlassShape;
use super::spot::At;
use crate::model::break_glass::BreakGlassRule;
use crate::model::finding::Finding;

/// The rule. `at` is the map.
pub fn rule(shape: &BreakGlassShape, at: At, known: &Known, findings: &mut Vec<Finding>) -> BreakGlassRule {
    for (key, roles) in [("roles", &shape.roles), ("second", &shape.second)] {
        for (position, role) in roles.iter().enumerate() {
            known.role(role, at.key(key).item(position), findings);
        }
    }
    let time = shape.time.as_ref().and_then(|text| duration(text, at.key("for"), findings));
    BreakGlassRule { roles: shape.roles.clone(), second: shape.second.clone(), time }
}
