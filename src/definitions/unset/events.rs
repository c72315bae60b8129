//! What is set when an event happens, and what it reads: what its key and its date are made of when it begins to be waited
//! for, and what it takes from what came.

use super::known::Known;
use super::level::Levels;
use super::ops::{Op, mapping, reads, sets};
use crate::model::event_definition::{Catching, Throw, TimerSpec, Trigger};
use crate::model::loop_characteristics::LoopCharacteristics;
use crate::model::process::{Node, NodeKind, Process};

/// What goes outward from where it is thrown.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Thrown {
    /// An error of this code.
    Error(String),
    /// An error of a code that the process does not say.
    AnyError,
    /// An escalation of this code.
    Escalation(String),
    /// An escalation of a code that the process does not say.
    AnyEscalation,
    /// That the transaction is cancelled.
    Cancel,
}

/// What is read when an event begins to be waited for. A condition may wait for a name that nothing has set.
pub fn plan(levels: &Levels, node: &Node, catch: &Catching) -> Vec<Op> {
    let of_trigger = |trigger: &Trigger| match trigger {
        Trigger::Timer(TimerSpec::Date(date)) => reads(levels, node, "date", date),
        Trigger::Message { correlate: Some(correlate), .. } => reads(levels, node, "correlate", correlate),
        _ => Vec::new(),
    };
    catch.triggers.iter().flat_map(of_trigger).collect()
}

/// What an event that happened sets, and takes from what came; `thrown` is what it may have caught.
pub fn brought(levels: &Levels, node: &Node, catch: &Catching, thrown: &[(Thrown, Known)]) -> Vec<Op> {
    let by = catch.triggers.iter().map(|trigger| set_by(levels, trigger, thrown));
    let known = if catch.all { by.reduce(Known::and) } else { by.reduce(Known::both) };
    let mut ops = vec![Op::Sets(known.unwrap_or_else(Known::none))];
    ops.extend(mapping(levels, node, "out", &catch.output));
    ops.push(sets(&catch.output));
    ops
}

fn set_by(levels: &Levels, trigger: &Trigger, thrown: &[(Thrown, Known)]) -> Known {
    let of_thrown = || {
        let caught = thrown.iter().filter(|(thrown, _)| may_catch(trigger, thrown)).map(|(_, known)| known.clone());
        caught.reduce(Known::both).unwrap_or(Known::All)
    };
    match trigger {
        Trigger::Error(_) | Trigger::Escalation(_) | Trigger::Cancel => of_thrown(),
        Trigger::Compensation => Known::All,
        Trigger::Message { name, .. } | Trigger::Signal(name) => match sends(levels.process, name) {
            true => Known::All,
            false => Known::none(),
        },
        Trigger::Condition(condition) => {
            let facts = (levels.reads)(condition);
            Known::These(facts.always).and(Known::These(facts.when_true))
        }
        Trigger::Timer(_) | Trigger::Link(_) => Known::none(),
    }
}

/// Whether an event may be the one that catches this.
fn may_catch(trigger: &Trigger, thrown: &Thrown) -> bool {
    match (trigger, thrown) {
        (Trigger::Error(caught), Thrown::Error(code)) | (Trigger::Escalation(caught), Thrown::Escalation(code)) => {
            caught.as_ref().is_none_or(|caught| caught == code)
        }
        (Trigger::Error(_), Thrown::AnyError) | (Trigger::Escalation(_), Thrown::AnyEscalation) => true,
        (Trigger::Cancel, Thrown::Cancel) => true,
        _ => false,
    }
}

/// Whether an event catches this whatever comes: it goes no further outward.
pub fn catches(catch: &Catching, thrown: &Thrown) -> bool {
    catch.triggers.iter().any(|trigger| match (trigger, thrown) {
        (Trigger::Error(caught), Thrown::AnyError) | (Trigger::Escalation(caught), Thrown::AnyEscalation) => {
            caught.is_none()
        }
        _ => may_catch(trigger, thrown),
    })
}

/// Whether a process sets off a message or a signal of this name itself: then what comes after it is not known here.
fn sends(process: &Process, name: &str) -> bool {
    let of_node = |node: &Node| -> Vec<Throw> {
        let after = match &node.loops {
            Some(LoopCharacteristics::MultiInstance(each)) => {
                each.throws.iter().flat_map(|after| after.throws.clone()).collect()
            }
            _ => Vec::new(),
        };
        let own = match &node.kind {
            NodeKind::EndEvent(throws) | NodeKind::IntermediateThrowEvent(throws) => throws.clone(),
            NodeKind::SendTask(message) => vec![Throw::Message(message.clone())],
            _ => Vec::new(),
        };
        [after, own].concat()
    };
    process.nodes.iter().flat_map(of_node).any(|throw| match throw {
        Throw::Message(message) => message.name == name,
        Throw::Signal { name: sent, .. } => sent == name,
        _ => false,
    })
}
