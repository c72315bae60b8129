//! A step of a story: it does one thing, every name in it is there, and it says nothing that has no meaning there.

use super::known::{Known, known};
use super::scenario::{Names, new_record};
use super::shape::scenario::{NewRecordShape, StepShape};
use super::spot::At;
use crate::model::delivery::{NewMessage, NewSignal};
use crate::model::finding::Finding;
use crate::model::ids::UserId;
use crate::model::instance::InstanceState;
use crate::model::scenario::{Act, Given, PersonChange, Reported, Step, Then};
use crate::model::time::Duration;
use crate::model::voting::Choice;

/// The things that a step can do.
const ACTS: [&str; 20] = [
    "start",
    "claim",
    "complete",
    "decide",
    "withdraw",
    "addApprover",
    "assign",
    "delegate",
    "resolve",
    "retry",
    "create",
    "update",
    "message",
    "signal",
    "job",
    "trigger",
    "begin",
    "look",
    "person",
    "wait",
];
/// What can become of a message.
const ANSWERS: [&str; 4] = ["delivered", "started", "existing", "kept"];

/// A step, with who does it and what must be true then.
pub fn step(
    shape: &StepShape,
    given: &Given,
    names: &Known,
    named: &mut Names,
    at: At,
    findings: &mut Vec<Finding>,
) -> Option<Step> {
    let (key, act) = act(shape, names, named, at, findings)?;
    let takes: &[&str] = match act {
        Act::Start { .. } => &["by", "as", "variables"],
        Act::Complete { .. } => &["by", "outcome", "variables"],
        Act::Decide { .. } => &["by", "outcome", "reason", "to"],
        Act::Withdraw { .. } => &["by", "reason"],
        Act::AddApprover { .. } => &["by", "to", "reason"],
        Act::Claim { .. } | Act::Retry { .. } => &["by"],
        Act::Assign { .. } | Act::Delegate { .. } => &["by", "to"],
        Act::Resolve { .. } => &["by", "variables"],
        Act::Create(_) => &["by", "as", "fields"],
        Act::Update { .. } => &["by", "fields", "reason"],
        Act::Message { .. } => &["by", "as", "key", "variables", "ttl", "answer"],
        Act::Signal(_) => &["by", "variables"],
        Act::Job { .. } => &["by", "result", "fails", "error", "variables"],
        Act::Trigger { .. } | Act::Begin { .. } => &["by"],
        Act::Look { .. } => &["as"],
        Act::Person { .. } => &["roles", "manager", "absent", "active"],
        Act::Wait(_) => &[],
    };
    for other in
        at.keys().into_iter().filter(|other| ![key, "then", "refused"].contains(other) && !takes.contains(other))
    {
        findings.push(Finding::error(at.key(other).key_place(), format!("\"{key}\" takes no \"{other}\"")));
    }
    for (key, login) in [("by", &shape.by), ("person", &shape.person), ("manager", &shape.manager), ("to", &shape.to)] {
        if let Some(login) = login {
            let people = given.people.keys().map(UserId::as_str);
            known("person", login, people, "; add it under \"given\"", at.key(key), findings);
        }
    }
    let then = then(shape, names, named, at.key("then"), findings);
    let by = shape.by.as_deref().map(UserId::from);
    Some(Step { act, by, refused: shape.refused.clone(), then, at: at.key(key).key_place() })
}

/// What the step does, and the key that says so.
fn act(
    shape: &StepShape,
    names: &Known,
    named: &mut Names,
    at: At,
    findings: &mut Vec<Finding>,
) -> Option<(&'static str, Act)> {
    let said: Vec<&str> = at.keys().into_iter().filter(|key| ACTS.contains(key)).collect();
    let (variables, fields) = (shape.variables.clone().unwrap_or_default(), shape.fields.clone().unwrap_or_default());
    Some(match said.as_slice() {
        ["start"] => {
            let process = shape.start.clone()?;
            known("process", &process, names.processes.keys().map(String::as_str), "", at.key("start"), findings);
            named.instances.extend(shape.name.clone());
            ("start", Act::Start { process, variables, name: shape.name.clone() })
        }
        ["claim"] => ("claim", Act::Claim { node: shape.claim.clone()? }),
        ["complete"] => {
            ("complete", Act::Complete { node: shape.complete.clone()?, outcome: shape.outcome.clone(), variables })
        }
        ["assign"] => {
            ("assign", Act::Assign { node: shape.assign.clone()?, to: shape.to.as_deref().map(UserId::from) })
        }
        ["delegate"] => match shape.to.as_deref() {
            Some(to) => ("delegate", Act::Delegate { node: shape.delegate.clone()?, to: UserId::from(to) }),
            None => {
                findings.push(Finding::error(at.key("delegate").key_place(), "say \"to\": who is to do it"));
                return None;
            }
        },
        ["resolve"] => ("resolve", Act::Resolve { node: shape.resolve.clone()?, variables }),
        ["decide"] => {
            let word = shape.outcome.as_deref().unwrap_or_default();
            known("vote", word, Choice::ALL.iter().map(|choice| choice.name()), "", at.key("outcome"), findings);
            let choice = Choice::ALL.into_iter().find(|choice| choice.name() == word)?;
            let (node, to, reason) = (shape.decide.clone()?, shape.to.clone(), shape.reason.clone());
            ("decide", Act::Decide { node, choice, to, reason })
        }
        ["withdraw"] => ("withdraw", Act::Withdraw { node: shape.withdraw.clone()?, reason: shape.reason.clone() }),
        ["addApprover"] => match (shape.to.as_deref(), shape.reason.clone()) {
            (Some(to), Some(reason)) => {
                let (node, user) = (shape.add_approver.clone()?, UserId::from(to));
                ("addApprover", Act::AddApprover { node, user, reason })
            }
            _ => {
                let sentence = "say \"to\": who is added, and \"reason\": why";
                findings.push(Finding::error(at.key("addApprover").key_place(), sentence));
                return None;
            }
        },
        ["retry"] => ("retry", Act::Retry { node: shape.retry.clone()? }),
        ["create"] => {
            let record = NewRecordShape { record: shape.create.clone()?, name: shape.name.clone(), fields };
            ("create", Act::Create(new_record(&record, names, named, at, "create", findings)))
        }
        ["update"] => {
            let record = shape.update.clone()?;
            known(
                "record of that name",
                &record,
                named.records.iter().map(String::as_str),
                "",
                at.key("update"),
                findings,
            );
            ("update", Act::Update { record, fields, reason: shape.reason.clone() })
        }
        ["message"] => {
            let ttl = duration(&shape.ttl, at.key("ttl"), findings);
            if let Some(answer) = &shape.answer {
                known("answer", answer, ANSWERS.into_iter(), "", at.key("answer"), findings);
            }
            named.instances.extend(shape.name.clone());
            let message = NewMessage { name: shape.message.clone()?, key: shape.key.clone(), payload: variables, ttl };
            ("message", Act::Message { message, answer: shape.answer.clone(), name: shape.name.clone() })
        }
        ["signal"] => ("signal", Act::Signal(NewSignal { name: shape.signal.clone()?, payload: variables })),
        ["job"] => {
            let report = match (&shape.result, &shape.fails, &shape.error) {
                (result, None, None) => Reported::Done(result.clone().unwrap_or_default()),
                (None, Some(sentence), None) => Reported::Failed(sentence.clone()),
                (None, None, Some(code)) => Reported::Error { code: code.clone(), variables },
                _ => {
                    let sentence = "a job has a \"result\", \"fails\", or ends with an \"error\"; keep one";
                    findings.push(Finding::error(at.key("job").place(), sentence));
                    return None;
                }
            };
            ("job", Act::Job { job_type: shape.job.clone()?, report })
        }
        ["trigger"] => ("trigger", Act::Trigger { node: shape.trigger.clone()? }),
        ["begin"] => ("begin", Act::Begin { node: shape.begin.clone()? }),
        ["look"] => {
            let process = shape.look.clone()?;
            known("process", &process, names.processes.keys().map(String::as_str), "", at.key("look"), findings);
            named.instances.extend(shape.name.clone());
            ("look", Act::Look { process, name: shape.name.clone() })
        }
        ["person"] => {
            for (position, role) in shape.roles.iter().flatten().enumerate() {
                names.role(role, at.key("roles").item(position), findings);
            }
            let change = PersonChange {
                roles: shape.roles.clone(),
                manager: shape.manager.as_deref().map(UserId::from),
                absent: duration(&shape.absent, at.key("absent"), findings),
                active: shape.active,
            };
            ("person", Act::Person { login: shape.person.as_deref()?.into(), change })
        }
        ["wait"] => ("wait", Act::Wait(duration(&shape.wait, at.key("wait"), findings)?)),
        _ => {
            let sentence = format!("a step does one of these: {}", ACTS.join(", "));
            findings.push(Finding::error(at.place(), sentence));
            return None;
        }
    })
}

fn duration(text: &Option<String>, at: At, findings: &mut Vec<Finding>) -> Option<Duration> {
    let read: Result<Duration, _> = text.as_deref()?.parse();
    read.map_err(|sentence| findings.push(Finding::error(at.place(), sentence))).ok()
}

fn then(shape: &StepShape, names: &Known, named: &Names, at: At, findings: &mut Vec<Finding>) -> Then {
    let shape = &shape.then;
    if let Some(of) = &shape.of {
        known("instance of that name", of, named.instances.iter().map(String::as_str), "", at.key("of"), findings);
    }
    if let Some(state) = &shape.state
        && InstanceState::parse(state).is_none()
    {
        let sentence = "the state is active, suspended, completed, ended_with_error or cancelled";
        findings.push(Finding::error(at.key("state").place(), sentence));
    }
    for record_type in shape.records.keys() {
        if !names.records.contains(record_type) {
            names.record(record_type, at.key("records").key(record_type), findings);
        }
    }
    Then {
        of: shape.of.clone(),
        state: shape.state.clone(),
        waits: shape.waits.clone(),
        jobs: shape.jobs.clone(),
        variables: shape.variables.clone(),
        tasks: shape.tasks.clone(),
        records: shape.records.clone(),
        incidents: shape.incidents.clone(),
    }
}
