//! Why somebody may do a task, or may not.

use super::text::TextView;
use crate::model::eligibility::Eligibility;
use crate::model::task::TaskVerb;
use serde::Serialize;
use utoipa::ToSchema;

/// What a person may do with a task now, and why.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Eligibility)]
pub(in crate::api) struct EligibilityView {
    /// The task.
    task: String,
    /// The person.
    user: String,
    /// What the person may do now: what the verbs themselves would answer.
    #[schema(value_type = Vec<String>)]
    allowed_actions: Vec<TaskVerb>,
    /// The rules, in the order in which they are asked.
    rules: Vec<EligibilityRuleView>,
}

/// One rule.
#[derive(Serialize, ToSchema)]
#[schema(as = EligibilityRule)]
struct EligibilityRuleView {
    /// `open`, `not_suspended`, `candidate`, `free`, `not_same_as`, `same_as`, `active` or `present`.
    rule: &'static str,
    /// Whether it lets the person.
    passes: bool,
    /// Why.
    detail: TextView,
}

/// Shows it.
pub(in crate::api) fn eligibility(found: Eligibility) -> EligibilityView {
    let rules = found.rules.into_iter().map(|rule| EligibilityRuleView {
        rule: rule.rule,
        passes: rule.passes,
        detail: TextView::from(&rule.detail),
    });
    EligibilityView { task: found.task.0, user: found.user.0, allowed_actions: found.verbs, rules: rules.collect() }
}
