//! How often an activity is done: from `forEach` and `loop` to the model's loop characteristics.

use super::event::{self, Place};
use super::expression::{expression, variables};
use super::levels::Draft;
use super::names;
use super::shape::event::EventShape;
use super::shape::node::NodeShape;
use super::shape::repeat::{BehaviorShape, ForEachShape, LoopShape};
use super::spot::At;
use crate::model::finding::Finding;
use crate::model::loop_characteristics::{AfterInstance, LoopCharacteristics, MultiInstance, Over, StandardLoop, When};

/// What repeats a node; none when nothing does, or when it cannot be understood.
pub fn loops(draft: &Draft, findings: &mut Vec<Finding>) -> Option<LoopCharacteristics> {
    let (head, at) = (draft.head(), draft.at);
    let (key, loops) = match (head.activity.for_each, head.activity.again) {
        (Some(_), Some(_)) => {
            let sentence = "an activity is done for each of a list or in a loop, not both; put one into a sub-process";
            findings.push(Finding::error(at.key("loop").key_place(), sentence));
            return None;
        }
        (Some(each), None) => ("forEach", each_of(each, at.key("forEach"), findings)?),
        (None, Some(again)) => ("loop", again_while(again, at.key("loop"))),
        (None, None) => return None,
    };
    let has_outcomes = match draft.shape {
        NodeShape::UserTask(task) => task.outcomes.is_some(),
        NodeShape::Approval(_) => true,
        _ => false,
    };
    if has_outcomes {
        let sentence = format!(
            "outcomes say where one task leads; with \"{key}\" there are many: let the form ask, and decide by what was \
             entered"
        );
        findings.push(Finding::error(at.key("outcomes").key_place(), sentence));
    }
    Some(loops)
}

fn each_of(each: &ForEachShape, at: At, findings: &mut Vec<Finding>) -> Option<LoopCharacteristics> {
    let over = match (&each.list, &each.count) {
        (Some(list), None) => Over::List(expression(list, at.key("in"))),
        (None, Some(count)) => Over::Count(expression(count, at.key("count"))),
        _ => {
            let sentence = "\"forEach\" has either \"in\", which gives a list, or \"count\"";
            findings.push(Finding::error(at.key_place(), sentence));
            return None;
        }
    };
    if let Some(item) = &each.item {
        names::variable(item, at.key("as"), findings);
        if each.list.is_none() {
            let sentence = "\"as\" names an item of the list; with \"count\" there is loopCounter";
            findings.push(Finding::error(at.key("as").key_place(), sentence));
        }
    }
    if each.rest.is_some() && each.until.is_none() {
        let sentence = "\"rest\" says what becomes of the others when \"until\" is true; add \"until\"";
        findings.push(Finding::error(at.key("rest").key_place(), sentence));
    }
    Some(LoopCharacteristics::MultiInstance(MultiInstance {
        over,
        item: each.item.clone(),
        sequential: each.sequential,
        until: each.until.as_ref().map(|source| expression(source, at.key("until"))),
        collect: variables(&each.collect, at.key("collect"), findings),
        rest: each.rest.unwrap_or_default(),
        may_add: each.may_add,
        throws: throws(each, at, findings),
    }))
}

/// What happens after which instances.
fn throws(each: &ForEachShape, at: At, findings: &mut Vec<Finding>) -> Vec<AfterInstance> {
    let common = each.throws.as_ref().map(|event| (event, at.key("throws")));
    let whens: Vec<(When, Option<(&EventShape, At)>)> = match &each.behavior {
        None | Some(BehaviorShape::Each) => vec![(When::Each, common)],
        Some(BehaviorShape::First) => vec![(When::First, common)],
        Some(BehaviorShape::Never) => Vec::new(),
        Some(BehaviorShape::When(rules)) => {
            let at = at.key("behavior");
            let rules = rules.iter().enumerate().map(|(position, rule)| {
                let at = at.item(position);
                let own = rule.throws.as_ref().map(|event| (event, at.key("throws")));
                (When::True(expression(&rule.when, at.key("when"))), own.or(common))
            });
            rules.collect()
        }
    };
    if each.behavior.is_some() && whens.iter().any(|(_, event)| event.is_none()) {
        let sentence = "\"behavior\" says when \"throws\" happens; add \"throws\"";
        findings.push(Finding::error(at.key("behavior").key_place(), sentence));
    }
    let thrown = whens.into_iter().filter_map(|(when, event)| {
        let (event, at) = event?;
        Some(AfterInstance { when, throws: event::throwing(event.event(), at, Place::Throw, findings)? })
    });
    thrown.collect()
}

fn again_while(again: &LoopShape, at: At) -> LoopCharacteristics {
    LoopCharacteristics::Standard(StandardLoop {
        condition: expression(&again.condition, at.key("while")),
        test_before: again.test_before,
        most: again.max,
    })
}
