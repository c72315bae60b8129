//! Who may have access beyond the rules, and who must agree.

use super::ADMIN;
use crate::model::actor::Actor;
use crate::model::break_glass::{BreakGlass, BreakGlassRule, State};
use crate::model::definitions::Definitions;
use crate::model::refusal::{Refusal, RefusalKind};
use crate::model::time::Timestamp;
use crate::store::break_glass::Watch;

/// The rule for a record type.
pub fn of_records(definitions: &Definitions, record_type: &str) -> BreakGlassRule {
    let declared = definitions.records.get(record_type).and_then(|declared| declared.access.break_glass.clone());
    declared.unwrap_or_else(undeclared)
}

/// The rule for a process.
pub fn of_process(definitions: &Definitions, process: &str) -> BreakGlassRule {
    let declared = definitions.processes.get(process).and_then(|process| process.break_glass.clone());
    declared.unwrap_or_else(undeclared)
}

/// Where nothing is said an administrator may ask, and another one must agree.
fn undeclared() -> BreakGlassRule {
    BreakGlassRule { roles: vec![ADMIN.to_owned()], second: vec![ADMIN.to_owned()], time: None }
}

/// Whose requests a caller sees: one's own, and those that one could agree to; administrators see all.
pub fn watch(actor: &Actor, definitions: &Definitions) -> Watch {
    if actor.roles.contains(ADMIN) {
        return Watch::All;
    }
    let agrees = |rule: BreakGlassRule| rule.second.iter().any(|role| actor.roles.contains(role));
    let records = definitions.records.keys().filter(|name| agrees(of_records(definitions, name)));
    let processes = definitions.processes.keys().filter(|key| agrees(of_process(definitions, key)));
    Watch::Own {
        user: actor.user.clone(),
        records: records.cloned().collect(),
        processes: processes.cloned().collect(),
    }
}

/// Whether somebody may ask for an instance of any process: only then it needs looking up what was opened.
pub fn may_ask_for_instances(actor: &Actor, definitions: Option<&Definitions>) -> bool {
    let may = |rule: BreakGlassRule| may_ask(actor, &rule).is_ok();
    // Of a process that is no longer there nothing is said.
    may(undeclared())
        || definitions
            .is_some_and(|definitions| definitions.processes.keys().any(|key| may(of_process(definitions, key))))
}

/// Refuses who may not ask.
pub fn may_ask(actor: &Actor, rule: &BreakGlassRule) -> Result<(), Refusal> {
    one_of(actor, &rule.roles, "ask for access beyond the rules here")
}

/// Whether somebody may agree or decline: another person with one of the roles.
pub fn may_decide(actor: &Actor, rule: &BreakGlassRule, glass: &BreakGlass) -> Result<(), Refusal> {
    if actor.user == glass.user {
        let sentence = "a second person must agree; who asked cannot";
        return Err(Refusal::forbidden("second_person", sentence));
    }
    one_of(actor, &rule.second, "agree to access beyond the rules here")
}

/// Refuses a request that is no longer in this state.
pub fn stands(glass: &BreakGlass, state: State, now: Timestamp) -> Result<(), Refusal> {
    let over = glass.ends_at <= now;
    if glass.state == state && !over {
        return Ok(());
    }
    let is = if over { "over its time" } else { glass.state.name() };
    let sentence = format!("this request is {is}, not {}", state.name());
    Err(Refusal::new(RefusalKind::Conflict, "break_glass_state", sentence))
}

fn one_of(actor: &Actor, roles: &[String], what: &str) -> Result<(), Refusal> {
    if roles.iter().any(|role| actor.roles.contains(role)) {
        return Ok(());
    }
    let sentence = match roles {
        [] => format!("nobody may {what}"),
        roles => format!("to {what} takes the role {}", roles.join(" or ")),
    };
    Err(Refusal::forbidden("role_missing", sentence))
}
