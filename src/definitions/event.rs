//! Events: from the keys that say what they wait for or set off to the model's event definitions. Which key may stand
//! where is one table.

use super::expression::{arguments, duration, expression, variables};
use super::shape::event::EventKeys;
use super::spot::At;
use super::timer::timer;
use crate::model::event_definition::{Catching, Throw, ThrownMessage, Trigger};
use crate::model::finding::Finding;
use crate::model::ids::NodeId;

/// Where an event stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// At the beginning of the process.
    Start,
    /// At the beginning of an event sub-process.
    EventSubProcess,
    /// On the way, waiting.
    Catch,
    /// On the way, acting.
    Throw,
    /// At the end.
    End,
    /// At the edge of an activity.
    Boundary,
}

/// The code by which an error or an escalation is caught whatever its code is.
const ANY: &str = "any";
/// What `compensate` undoes when it is not one activity.
const ALL: &str = "all";

/// What an event waits for; none when it cannot be understood.
pub fn catching(keys: EventKeys, at: At, place: Place, findings: &mut Vec<Finding>) -> Option<Catching> {
    let (definitions, all) = definitions(keys, at, place, findings)?;
    if definitions.is_empty() {
        let sentence = format!("it does not say what it waits for; add one of {}", words(allowed(place)));
        findings.push(Finding::error(at.place(), sentence));
        return None;
    }
    let triggers: Option<Vec<Trigger>> =
        definitions.into_iter().map(|(key, keys, at)| trigger(key, keys, at, findings)).collect();
    Some(Catching { triggers: triggers?, all, output: variables(keys.output, at.key("out"), findings) })
}

/// What an event sets off; none when it cannot be understood.
pub fn throwing(keys: EventKeys, at: At, place: Place, findings: &mut Vec<Finding>) -> Option<Vec<Throw>> {
    let (definitions, _) = definitions(keys, at, place, findings)?;
    definitions.into_iter().map(|(key, keys, at)| thrown(key, keys, at, findings)).collect()
}

/// The keys by which an event of this place says what it waits for or sets off.
fn allowed(place: Place) -> &'static [&'static str] {
    match place {
        Place::Start => &["timer", "message", "signal", "any"],
        Place::EventSubProcess => {
            &["timer", "message", "signal", "error", "escalation", "condition", "compensate", "any", "all"]
        }
        Place::Catch => &["timer", "message", "signal", "condition", "link", "any", "all"],
        Place::Throw => &["message", "signal", "escalation", "compensate", "link", "any"],
        Place::End => &["message", "signal", "error", "escalation", "compensate", "terminate", "cancel", "any"],
        Place::Boundary => &["timer", "message", "signal", "error", "escalation", "condition", "cancel", "any", "all"],
    }
}

/// The same without those that list several.
fn single(place: Place) -> Vec<&'static str> {
    allowed(place).iter().copied().filter(|key| *key != "any" && *key != "all").collect()
}

/// Every key of that kind.
const DEFINITIONS: [&str; 12] = [
    "timer",
    "message",
    "signal",
    "error",
    "escalation",
    "condition",
    "link",
    "compensate",
    "terminate",
    "cancel",
    "any",
    "all",
];

type Definition<'a> = (&'static str, EventKeys<'a>, At<'a>);

/// The definitions of an event, those inside `any` and `all` one by one, and whether all must have happened.
fn definitions<'a>(
    keys: EventKeys<'a>,
    at: At<'a>,
    place: Place,
    findings: &mut Vec<Finding>,
) -> Option<(Vec<Definition<'a>>, bool)> {
    let before = findings.len();
    let mut present = written(at);
    for key in present.iter().filter(|key| !allowed(place).contains(key)) {
        let sentence = format!("\"{key}\" has no meaning on {}; it has one of {}", name(place), words(allowed(place)));
        findings.push(Finding::error(at.key(key).key_place(), sentence));
    }
    if let [first, second, ..] = present[..] {
        let sentence = format!("\"{first}\" and \"{second}\" both say what it is; list them under \"any\" or \"all\"");
        findings.push(Finding::error(at.key(second).key_place(), sentence));
    }
    let mut listed = Vec::new();
    for (list, key) in [(keys.any, "any"), (keys.all, "all")] {
        for (position, one) in list.into_iter().flatten().enumerate() {
            let at = at.key(key).item(position);
            let one = one.event();
            match written(at)[..] {
                [only] if single(place).contains(&only) => {
                    beside(only, at, place, findings);
                    listed.push((only, one, at));
                }
                _ => {
                    let sentence = format!("each of \"{key}\" is one of {}", words(&single(place)));
                    findings.push(Finding::error(at.place(), sentence));
                }
            }
        }
    }
    let all = keys.all.is_some();
    present.retain(|key| *key != "any" && *key != "all");
    for key in &present {
        beside(key, at, place, findings);
    }
    if present.is_empty() && listed.is_empty() {
        beside("", at, place, findings);
    }
    listed.splice(0..0, present.into_iter().map(|key| (key, keys, at)));
    findings[before..].iter().all(|finding| !finding.is_error()).then_some((listed, all))
}

/// The definitions that are written at a place, in the order of the table.
fn written(at: At) -> Vec<&'static str> {
    let keys = at.keys();
    DEFINITIONS.into_iter().filter(|key| keys.contains(key)).collect()
}

/// Whether an event says what it is.
pub fn is_written(at: At) -> bool {
    !written(at).is_empty()
}

/// Keys that mean something beside others only.
fn beside(key: &str, at: At, place: Place, findings: &mut Vec<Finding>) {
    let throws = matches!(place, Place::Throw | Place::End);
    let brings = key == "message" || key == "signal";
    let wanted = [
        ("correlate", key == "message", "a message"),
        ("ttl", key == "message" && throws, "a message that is sent"),
        ("in", brings && throws, "a message or signal that is sent"),
        ("out", brings && !throws, "a message or signal that is waited for"),
    ];
    let keys = at.keys();
    for (extra, fits, what) in wanted {
        let several = extra == "out" && !throws && keys.contains(&"any");
        if !fits && !several && keys.contains(&extra) {
            findings.push(Finding::error(at.key(extra).key_place(), format!("\"{extra}\" belongs to {what}")));
        }
    }
}

fn trigger(key: &str, keys: EventKeys, at: At, findings: &mut Vec<Finding>) -> Option<Trigger> {
    let code = |code: Option<&str>| code.map(str::to_owned).filter(|code| code != ANY);
    Some(match key {
        "timer" => Trigger::Timer(timer(keys.timer?, at.key("timer"), findings)?),
        "message" => Trigger::Message {
            name: keys.message?.to_owned(),
            correlate: keys.correlate.map(|source| expression(source, at.key("correlate"))),
        },
        "signal" => Trigger::Signal(keys.signal?.to_owned()),
        "condition" => Trigger::Condition(expression(keys.condition?, at.key("condition"))),
        "error" => Trigger::Error(code(keys.error)),
        "escalation" => Trigger::Escalation(code(keys.escalation)),
        "link" => Trigger::Link(keys.link?.to_owned()),
        "compensate" => Trigger::Compensation,
        "cancel" if keys.cancel => Trigger::Cancel,
        _ => {
            findings.push(Finding::error(at.key(key).place(), format!("write \"{key}: true\" or take it away")));
            return None;
        }
    })
}

fn thrown(key: &str, keys: EventKeys, at: At, findings: &mut Vec<Finding>) -> Option<Throw> {
    if keys.error.or(keys.escalation) == Some(ANY) {
        let sentence = "\"any\" is no code: what catches uses it to catch each";
        findings.push(Finding::error(at.key(key).place(), sentence));
    }
    Some(match key {
        "message" => Throw::Message(ThrownMessage {
            name: keys.message?.to_owned(),
            correlate: keys.correlate.map(|source| expression(source, at.key("correlate"))),
            input: arguments(keys.input, at.key("in")),
            ttl: keys.ttl.and_then(|ttl| duration(ttl, at.key("ttl"), findings)),
        }),
        "signal" => Throw::Signal { name: keys.signal?.to_owned(), input: arguments(keys.input, at.key("in")) },
        "error" => Throw::Error(keys.error?.to_owned()),
        "escalation" => Throw::Escalation(keys.escalation?.to_owned()),
        "link" => Throw::Link(keys.link?.to_owned()),
        "compensate" => Throw::Compensation(keys.compensate.filter(|what| *what != ALL).map(NodeId::from)),
        "terminate" if keys.terminate => Throw::Terminate,
        "cancel" if keys.cancel => Throw::Cancel,
        _ => {
            findings.push(Finding::error(at.key(key).place(), format!("write \"{key}: true\" or take it away")));
            return None;
        }
    })
}

fn name(place: Place) -> &'static str {
    match place {
        Place::Start => "a start event of the process",
        Place::EventSubProcess => "the start event of an event sub-process",
        Place::Catch => "an event that waits",
        Place::Throw => "an event that acts",
        Place::End => "an end event",
        Place::Boundary => "an event at the edge of an activity",
    }
}

fn words(keys: &[&str]) -> String {
    keys.iter().map(|key| format!("\"{key}\"")).collect::<Vec<_>>().join(", ")
}
