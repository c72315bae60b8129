//! A list of nodes with the flows between them: what leaves each node is always said, so that none merely runs on.

use super::expression::translate;
use super::{Book, node, text};
use crate::conformance::format::{Flow, Node};
use kamflow::model::json::{Json, JsonMap};
use serde_json::json;
use std::cell::RefCell;

/// A rendered list.
pub struct Rendered {
    pub nodes: Vec<Json>,
    /// The event sub-processes beside it.
    pub events: Vec<Json>,
}

/// How a list begins.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// With its start event, or with every node that nothing leads to.
    Plain,
    /// Its nodes are begun one by one.
    AdHoc,
}

/// A list while it is rendered.
pub struct Level<'c> {
    nodes: &'c [Node],
    flows: &'c [Flow],
    /// Gateways and steps that the case does not have.
    helpers: RefCell<Vec<Json>>,
}

/// Renders a list of nodes.
pub fn render(nodes: &[Node], flows: &[Flow], kind: Kind, book: &mut Book) -> Result<Rendered, String> {
    let level = Level { nodes, flows, helpers: RefCell::default() };
    level.check()?;
    let mut rendered = Rendered { nodes: Vec::new(), events: Vec::new() };
    // The first node of a list begins it: start events stand before the others.
    let (starts, others): (Vec<&Node>, Vec<&Node>) = nodes.iter().partition(|node| node.kind == "startEvent");
    if kind == Kind::Plain && starts.is_empty() {
        rendered.nodes.extend(level.begin(book));
    }
    for node in starts.into_iter().chain(others) {
        if node.kind == "boundaryEvent" {
            continue;
        }
        if node.triggered_by_event {
            rendered.events.push(event_sub_process(node, book)?);
            continue;
        }
        let mut keys = node::keys(node, &level, book)?;
        if !ends(node) {
            keys.extend(level.leaving(node, book)?);
        }
        rendered.nodes.push(Json::Object(keys));
    }
    rendered.nodes.extend(level.helpers.into_inner());
    Ok(rendered)
}

fn event_sub_process(node: &Node, book: &mut Book) -> Result<Json, String> {
    let inside = render(&node.nodes, &node.flows, Kind::Plain, book)?;
    let mut keys = JsonMap::from_iter([
        ("id".to_owned(), json!(book.names.node(&node.id))),
        ("nodes".to_owned(), Json::Array(inside.nodes)),
    ]);
    keys.extend(node.name.as_ref().filter(|name| !name.is_empty()).map(|name| ("name".to_owned(), text(name))));
    if !inside.events.is_empty() {
        keys.insert("events".to_owned(), Json::Array(inside.events));
    }
    Ok(Json::Object(keys))
}

/// Whether nothing can leave a node: an end, or a throw that goes on at a link.
fn ends(node: &Node) -> bool {
    let links = |node: &Node| node.event.iter().flat_map(|event| &event.0).any(|event| event.kind == "link");
    node.kind == "endEvent" || (node.kind == "intermediateThrowEvent" && links(node))
}

impl Level<'_> {
    fn check(&self) -> Result<(), String> {
        let known = |id: &String| self.nodes.iter().any(|node| node.id == *id);
        let ends = self.flows.iter().flat_map(|flow| [&flow.from, &flow.to]);
        let hosts = self.nodes.iter().filter_map(|node| node.attached_to.as_ref());
        match ends.chain(hosts).find(|id| !known(id)) {
            Some(unknown) => Err(format!("there is no node {unknown} in its level")),
            None => Ok(()),
        }
    }

    /// The boundary events of an activity.
    pub fn edges<'l>(&'l self, host: &str) -> impl Iterator<Item = &'l Node> {
        let host = host.to_owned();
        self.nodes.iter().filter(move |node| node.attached_to.as_deref() == Some(host.as_str()))
    }

    /// How many flows lead to a node.
    pub fn incoming(&self, id: &str) -> usize {
        self.flows.iter().filter(|flow| flow.to == id).count()
    }

    fn outgoing(&self, id: &str) -> Vec<&Flow> {
        self.flows.iter().filter(|flow| flow.from == id).collect()
    }

    /// What begins a list without a start event: nothing when its first node does, else a fork to all that nothing
    /// leads to.
    fn begin(&self, book: &Book) -> Option<Json> {
        let handlers: Vec<&String> = self.nodes.iter().filter_map(|node| node.compensation_handler.as_ref()).collect();
        let catches_link = |node: &Node| {
            let mut events = node.event.iter().flat_map(|event| &event.0);
            node.kind == "intermediateCatchEvent" && events.any(|event| event.kind == "link")
        };
        let first = self.nodes.iter().filter(|node| {
            let apart = node.kind == "boundaryEvent" || node.triggered_by_event || node.for_compensation;
            self.incoming(&node.id) == 0 && !apart && !handlers.contains(&&node.id) && !catches_link(node)
        });
        let first: Vec<String> = first.map(|node| book.names.node(&node.id)).collect();
        let begins = self.nodes.first().is_some_and(|node| first == [book.names.node(&node.id)]);
        let id = format!("{}--begin", first.first()?);
        (!begins).then(|| json!({ "id": id, "type": "parallelGateway", "next": first }))
    }

    /// `next` or `flows` of a node.
    fn leaving(&self, node: &Node, book: &Book) -> Result<JsonMap, String> {
        let flows = self.outgoing(&node.id);
        let plain = |flow: &&Flow| flow.condition.is_none();
        let chooses = ["exclusiveGateway", "inclusiveGateway", "complexGateway"].contains(&node.kind.as_str());
        let forks = ["parallelGateway", "eventBasedGateway"].contains(&node.kind.as_str());
        if forks || flows.iter().all(plain) && (!chooses || flows.len() < 2) {
            return Ok(JsonMap::from_iter([("next".to_owned(), self.next(&flows, book))]));
        }
        if !chooses && flows.iter().any(|flow| flow.default) {
            return Ok(JsonMap::from_iter([("next".to_owned(), json!(self.choice(node, &flows, book)?))]));
        }
        Ok(JsonMap::from_iter([("flows".to_owned(), self.conditional(&flows, chooses, book)?)]))
    }

    /// Where a boundary event leads.
    pub fn targets(&self, edge: &Node, book: &Book) -> Result<Json, String> {
        let flows = self.outgoing(&edge.id);
        if flows.iter().all(|flow| flow.condition.is_none()) {
            return Ok(self.next(&flows, book));
        }
        self.choice(edge, &flows, book).map(Json::String)
    }

    /// A gateway behind a node whose own flows cannot have a default.
    fn choice(&self, node: &Node, flows: &[&Flow], book: &Book) -> Result<String, String> {
        let id = format!("{}--choice", book.names.node(&node.id));
        let flows = self.conditional(flows, true, book)?;
        self.helpers.borrow_mut().push(json!({ "id": id, "type": "inclusiveGateway", "flows": flows }));
        Ok(id)
    }

    fn next(&self, flows: &[&Flow], book: &Book) -> Json {
        match flows {
            [] => json!("end"),
            [flow] => json!(book.names.node(&flow.to)),
            flows => {
                let mut targets: Vec<String> = Vec::new();
                for flow in flows {
                    let target = self.apart(&targets, book.names.node(&flow.to));
                    targets.push(target);
                }
                json!(targets)
            }
        }
    }

    /// A second flow between the same two nodes leads over a gateway of its own.
    fn apart(&self, targets: &[String], target: String) -> String {
        if !targets.contains(&target) {
            return target;
        }
        let id = format!("{target}--again{}", self.helpers.borrow().len() + 1);
        self.helpers.borrow_mut().push(json!({ "id": id, "type": "exclusiveGateway", "next": target }));
        id
    }

    /// Flows with their conditions; where one chooses, a flow without condition is the default, so any other says true.
    fn conditional(&self, flows: &[&Flow], chooses: bool, book: &Book) -> Result<Json, String> {
        let (defaults, others): (Vec<&Flow>, Vec<&Flow>) = flows.iter().partition(|flow| flow.default);
        let mut rendered = Vec::new();
        let mut targets = Vec::new();
        for flow in others.into_iter().chain(defaults) {
            let target = self.apart(&targets, book.names.node(&flow.to));
            targets.push(target.clone());
            rendered.push(match &flow.condition {
                Some(condition) if !flow.default => json!({ "if": translate(&condition.0, book.names)?, "to": target }),
                None if chooses && !flow.default => json!({ "if": "true", "to": target }),
                _ => json!({ "to": target }),
            });
        }
        Ok(Json::Array(rendered))
    }
}
