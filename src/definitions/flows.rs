//! The sequence flows: a list is a sequence, unless `next`, `flows`, `outcomes` or a boundary's `to` says otherwise.

use super::expression::expression;
use super::levels::{Around, Draft, Level};
use super::shape::node::NodeShape;
use super::spot::At;
use crate::model::approval::returned_to;
use crate::model::expression::Expression;
use crate::model::finding::Finding;
use crate::model::ids::NodeId;
use crate::model::nearest::hint;
use crate::model::process::Flow;
use std::collections::{BTreeMap, BTreeSet};

/// The target that ends a path.
const END: &str = "end";

/// The flows of one level.
pub struct Flows {
    /// In document order.
    pub flows: Vec<Flow>,
    /// The end event that nobody wrote and `to: end` needs.
    pub end: Option<NodeId>,
}

/// A flow before its target is known to be there.
struct Exit<'a> {
    from: NodeId,
    to: &'a str,
    at: At<'a>,
    condition: Option<Expression>,
    outcome: Option<String>,
    default: bool,
    falls: bool,
}

impl<'a> Exit<'a> {
    fn to(from: NodeId, to: &'a str, at: At<'a>) -> Exit<'a> {
        Exit { from, to, at, condition: None, outcome: None, default: false, falls: false }
    }
}

/// What can be led to, by id: the position of its level, and why some cannot.
pub type Targets = BTreeMap<String, (usize, Option<&'static str>)>;

/// The flows of the level at this position.
pub fn flows(level: &Level, position: usize, targets: &Targets, findings: &mut Vec<Finding>) -> Flows {
    let mut exits = Vec::new();
    let undoing: BTreeSet<&str> = undoing(level).collect();
    for (place, draft) in level.drafts.iter().enumerate() {
        let below = match level.around {
            Around::AdHoc => None,
            _ => level.drafts[place + 1..].iter().find(|below| !undoing.contains(&below.head().id)),
        };
        let mut own = leaving(draft, below, findings);
        one_default(draft, &mut own, findings);
        if undoing.contains(&draft.head().id) {
            own.retain(|exit| !exit.falls);
            if let Some(exit) = own.first() {
                let sentence = format!("\"{}\" undoes what was done; nothing follows it", exit.from);
                findings.push(Finding::error(exit.at.place(), sentence));
            }
            own.clear();
        }
        exits.extend(own);
        exits.extend(draft.boundary().flat_map(|(id, event, at)| {
            let to = at.key("to");
            event.to.0.iter().enumerate().map(move |(position, target)| Exit::to(id.clone(), target, to.item(position)))
        }));
    }
    exits.extend(links(level, findings));
    falls_into_target(&exits, findings);
    let mut end = None;
    let flows = exits
        .into_iter()
        .filter_map(|exit| {
            let to = if exit.to == END {
                let id = level.parent.as_ref().map_or_else(|| END.to_owned(), |parent| format!("{parent}.{END}"));
                end.insert(NodeId::from(id)).clone()
            } else {
                target(&exit, targets, position, level, findings)?
            };
            let Exit { from, condition, outcome, default, .. } = exit;
            Some(Flow { from, to, condition, outcome, default })
        })
        .collect();
    Flows { flows, end }
}

/// What leaves a node by its outcomes.
fn by_outcome<'a>(id: &NodeId, outcomes: At<'a>, to: impl Fn(&str) -> Option<&'a str>) -> Vec<Exit<'a>> {
    let named = outcomes.keys().into_iter().filter_map(|name| Some((name, to(name)?)));
    named
        .map(|(name, to)| Exit { outcome: Some(name.to_owned()), ..Exit::to(id.clone(), to, outcomes.key(name)) })
        .collect()
}

/// What leaves a node.
fn leaving<'a>(draft: &Draft<'a>, below: Option<&Draft<'a>>, findings: &mut Vec<Finding>) -> Vec<Exit<'a>> {
    let (head, at, id) = (draft.head(), draft.at, draft.id());
    let mut refuse = |key: &str, sentence: &str| {
        if at.keys().contains(&key) {
            findings.push(Finding::error(at.key(key).key_place(), sentence));
        }
    };
    match draft.shape {
        NodeShape::EndEvent(_) => {
            refuse("next", "nothing leaves an end event; take \"next\" away");
            refuse("flows", "nothing leaves an end event; take \"flows\" away");
            return Vec::new();
        }
        NodeShape::UserTask(node) if node.outcomes.is_some() => {
            refuse("next", "the outcomes say what follows; take \"next\" away");
            refuse("flows", "the outcomes say what follows; take \"flows\" away");
            let to = |name: &str| node.outcomes.as_ref().and_then(|outcomes| outcomes.get(name)).map(String::as_str);
            return by_outcome(&id, at.key("outcomes"), to);
        }
        NodeShape::Approval(node) => {
            refuse("next", "the outcomes say what follows; take \"next\" away");
            refuse("flows", "the outcomes say what follows; take \"flows\" away");
            let mut exits = by_outcome(&id, at.key("outcomes"), |name| node.outcomes.to(name));
            exits.extend(node.returns.iter().enumerate().map(|(position, to)| {
                let outcome = Some(returned_to(&NodeId::from(to.as_str())));
                Exit { outcome, ..Exit::to(id.clone(), to, at.key("returns").item(position)) }
            }));
            return exits;
        }
        NodeShape::IntermediateThrowEvent(node) if node.link.is_some() => {
            refuse("next", "the link says what follows; take \"next\" away");
            refuse("flows", "the link says what follows; take \"flows\" away");
            return Vec::new();
        }
        _ => {}
    }
    if head.flows.is_some() {
        refuse("next", "\"flows\" and \"next\" both say what follows; keep one");
    }
    let gateway = matches!(draft.shape, NodeShape::ParallelGateway(_));
    if let Some(flows) = head.flows {
        let written = flows.iter().enumerate().map(|(position, flow)| {
            let at = at.key("flows").item(position);
            if gateway && flow.condition.is_some() {
                let sentence = "a parallel gateway takes all its flows; take \"if\" away or use an inclusiveGateway";
                findings.push(Finding::error(at.key("if").key_place(), sentence));
            }
            let condition = flow.condition.as_ref().map(|source| expression(source, at.key("if")));
            Exit { condition, ..Exit::to(id.clone(), &flow.to, at.key("to")) }
        });
        return written.collect();
    }
    if let Some(next) = head.next {
        let at = at.key("next");
        let each = next.iter().enumerate().filter(|(_, to)| *to != END);
        return each.map(|(position, to)| Exit::to(id.clone(), to, at.item(position))).collect();
    }
    below.map(|below| Exit { falls: true, ..Exit::to(id, below.head().id, at.key("id")) }).into_iter().collect()
}

/// The activities of a level that undo others: no flow leads to them, and none leaves them.
pub fn undoing<'a>(level: &Level<'a>) -> impl Iterator<Item = &'a str> {
    level.drafts.iter().filter_map(|draft| draft.head().activity.compensation)
}

/// A throw event with a link flows to the catch event of the same name in its list.
fn links<'a>(level: &Level<'a>, findings: &mut Vec<Finding>) -> Vec<Exit<'a>> {
    let caught = |draft: &Draft<'a>| match draft.shape {
        NodeShape::IntermediateCatchEvent(node) => node.link.as_deref().map(|name| (name, draft.head().id)),
        _ => None,
    };
    let mut catches: BTreeMap<&str, &str> = BTreeMap::new();
    for draft in &level.drafts {
        if let Some((name, id)) = caught(draft)
            && let Some(first) = catches.insert(name, id)
        {
            let sentence = format!("\"{first}\" catches the link \"{name}\" already; one catch event a link");
            findings.push(Finding::error(draft.at.key("link").place(), sentence));
        }
    }
    let mut exits = Vec::new();
    for draft in &level.drafts {
        let NodeShape::IntermediateThrowEvent(node) = draft.shape else { continue };
        let Some(name) = node.link.as_deref() else { continue };
        match catches.get(name) {
            Some(to) => exits.push(Exit::to(draft.id(), to, draft.at.key("link"))),
            None => {
                let sentence =
                    format!("no event of this list catches the link \"{name}\"{}", hint(name, catches.keys().copied()));
                findings.push(Finding::error(draft.at.key("link").place(), sentence));
            }
        }
    }
    exits
}

/// At a gateway that decides, the flow without a condition is the default; there is one.
fn one_default(draft: &Draft, exits: &mut [Exit], findings: &mut Vec<Finding>) {
    if !matches!(
        draft.shape,
        NodeShape::ExclusiveGateway(_) | NodeShape::InclusiveGateway(_) | NodeShape::ComplexGateway(_)
    ) {
        return;
    }
    let written = draft.head().flows.is_some();
    if written && exits.iter().all(|exit| exit.condition.is_none()) {
        let sentence = "no flow of this gateway has an \"if\", so it decides nothing";
        findings.push(Finding::warning(draft.at.key("id").place(), sentence));
    }
    for (number, exit) in exits.iter_mut().filter(|exit| exit.condition.is_none()).enumerate() {
        exit.default = true;
        if number > 0 {
            let sentence = "a second flow without \"if\"; a gateway has one default flow";
            findings.push(Finding::error(exit.at.place(), sentence));
        }
    }
}

/// A node that somebody leads to and that the node above merely runs into is easily an accident.
fn falls_into_target(exits: &[Exit], findings: &mut Vec<Finding>) {
    let targets: BTreeSet<&str> = exits.iter().filter(|exit| !exit.falls).map(|exit| exit.to).collect();
    for exit in exits.iter().filter(|exit| exit.falls && targets.contains(exit.to)) {
        let sentence = format!(
            "\"{from}\" runs on into \"{to}\", which is also a target; write \"next: {to}\" if that is meant, else \"next: end\"",
            from = exit.from,
            to = exit.to
        );
        findings.push(Finding::error(exit.at.place(), sentence));
    }
}

/// The targets of all levels.
pub fn targets(levels: &[Level]) -> Targets {
    let mut targets = BTreeMap::new();
    for (position, level) in levels.iter().enumerate() {
        for draft in &level.drafts {
            let refused = matches!(draft.shape, NodeShape::StartEvent(_)).then_some("a start event");
            targets.entry(draft.head().id.to_owned()).or_insert((position, refused));
            for (id, ..) in draft.boundary() {
                targets.entry(id.to_string()).or_insert((position, Some("a boundary event")));
            }
        }
        for id in undoing(level) {
            targets.insert(id.to_owned(), (position, Some("what undoes another activity")));
        }
        for (event, _) in &level.events {
            targets.entry(event.id.clone()).or_insert((position, Some("an event sub-process")));
        }
    }
    targets
}

fn target(
    exit: &Exit,
    targets: &Targets,
    position: usize,
    level: &Level,
    findings: &mut Vec<Finding>,
) -> Option<NodeId> {
    let sentence = match targets.get(exit.to) {
        Some((_, Some(refused))) => format!("\"{}\" is {refused}; nothing can lead to it", exit.to),
        Some((other, None)) if *other != position => {
            format!("\"{}\" stands in another sub-process; a flow stays in its own list of nodes", exit.to)
        }
        Some(_) => return Some(NodeId::from(exit.to)),
        None => {
            let valid = level.drafts.iter().map(|draft| draft.head().id).chain([END]);
            format!("there is no node \"{}\"{}", exit.to, hint(exit.to, valid))
        }
    };
    findings.push(Finding::error(exit.at.place(), sentence));
    None
}
