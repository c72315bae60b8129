//! Timers: when an event happens by itself.

use super::expression::{duration, expression};
use super::shape::event::TimerShape;
use super::spot::At;
use crate::model::cron::{Cron, CronError};
use crate::model::event_definition::{Cycle, Missed, TimerSpec};
use crate::model::finding::Finding;

/// When a timer fires; none when it does not say so.
pub fn timer(timer: &TimerShape, at: At, findings: &mut Vec<Finding>) -> Option<TimerSpec> {
    let TimerShape { duration: after, date, cycle: every, cron: by, zone, missed } = timer;
    let spec = match (after, date, every, by) {
        (Some(text), None, None, None) => TimerSpec::Duration(duration(text, at.key("duration"), findings)?),
        (None, Some(date), None, None) => TimerSpec::Date(expression(date, at.key("date"))),
        (None, None, Some(text), None) => TimerSpec::Cycle(cycle(text, *missed, at.key("cycle"), findings)?),
        (None, None, None, Some(text)) => cron(text, zone.as_deref(), *missed, at, findings)?,
        _ => {
            let sentence = "a timer has one of \"duration\", \"date\", \"cycle\" and \"cron\"";
            findings.push(Finding::error(at.key_place(), sentence));
            return None;
        }
    };
    if missed.is_some() && !matches!(spec, TimerSpec::Cycle(_) | TimerSpec::Cron { .. }) {
        let sentence = "only a cycle or cron can miss more than one; take \"missed\" away";
        findings.push(Finding::error(at.key("missed").key_place(), sentence));
    }
    if zone.is_some() && !matches!(spec, TimerSpec::Cron { .. }) {
        let sentence = "only cron goes by a calendar; take \"zone\" away";
        findings.push(Finding::error(at.key("zone").key_place(), sentence));
    }
    Some(spec)
}

/// A cron expression: `0 9 * * 1-5`.
fn cron(
    text: &str,
    zone: Option<&str>,
    missed: Option<Missed>,
    at: At,
    findings: &mut Vec<Finding>,
) -> Option<TimerSpec> {
    let (key, sentence) = match Cron::parse(text, zone) {
        Ok(cron) => {
            let cron = Box::new(cron);
            return Some(TimerSpec::Cron { cron, missed: missed.unwrap_or(Missed::Once) });
        }
        Err(CronError::Expression(sentence)) => ("cron", sentence),
        Err(CronError::Zone(sentence)) => ("zone", sentence),
    };
    findings.push(Finding::error(at.key(key).place(), sentence));
    None
}

/// A repeating interval of ISO 8601: `R4/PT10S`, `R/P1D`.
fn cycle(text: &str, missed: Option<Missed>, at: At, findings: &mut Vec<Finding>) -> Option<Cycle> {
    let parts = text.strip_prefix('R').and_then(|rest| rest.split_once('/'));
    let times = parts.and_then(|(times, _)| match times {
        "" => Some(None),
        times => times.parse::<u32>().ok().filter(|times| *times > 0).map(Some),
    });
    let (Some((_, every)), Some(times)) = (parts, times) else {
        let sentence = format!("\"{text}\" is no cycle; write R4/PT10S for four times, R/P1D for without end");
        findings.push(Finding::error(at.place(), sentence));
        return None;
    };
    let every = duration(every, at, findings)?;
    if every.is_zero() {
        findings.push(Finding::error(at.place(), "a cycle takes time; this one takes none"));
        return None;
    }
    let missed = missed.unwrap_or(if times.is_some() { Missed::All } else { Missed::Once });
    Some(Cycle { times, every, missed })
}
