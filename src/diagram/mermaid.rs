//! A process as a Mermaid flowchart, for pages and issues that render it themselves. Mermaid lays it out anew; texts are
//! quoted, with everything that Mermaid or HTML could read as something else as an entity.

use super::shape::{self, Position, Shape};
use super::trail::Trail;
use super::words;
use crate::model::ids::NodeId;
use crate::model::process::{Node, NodeKind, Process};
use crate::model::text::Language;
use std::fmt::Write;

/// Writes a process; with a trail it shows an instance.
pub(super) fn write(process: &Process, trail: Option<&Trail>, language: Language) -> String {
    let mut chart = String::from("flowchart LR\n");
    level(&mut chart, process, None, language, 1);
    for (index, flow) in process.flows.iter().enumerate() {
        let (Some(from), Some(to)) = (name(process, &flow.from), name(process, &flow.to)) else { continue };
        let arrow = if trail.is_some_and(|trail| trail.flows.contains(&index)) { "==>" } else { "-->" };
        let said = words::at_flow(process, flow, language);
        let said = said.map(|said| format!("|\"{}\"|", escaped(&said))).unwrap_or_default();
        let _ = writeln!(chart, "  {from} {arrow}{said} {to}");
    }
    if let Some(trail) = trail {
        marks(&mut chart, process, trail);
    }
    chart
}

fn level(chart: &mut String, process: &Process, parent: Option<&NodeId>, language: Language, depth: usize) {
    let indent = "  ".repeat(depth);
    for node in process.level(parent) {
        let Some(name) = name(process, &node.id) else { continue };
        let shape = shape::of(node);
        if matches!(shape, Shape::Container(_)) && process.level(Some(&node.id)).next().is_some() {
            let _ = writeln!(chart, "{indent}subgraph {name} [\"{}\"]", escaped(node.title.get(language)));
            level(chart, process, Some(&node.id), language, depth + 1);
            let _ = writeln!(chart, "{indent}end");
        } else {
            let (open, close) = brackets(&shape);
            let _ = writeln!(chart, "{indent}{name}{open}\"{}\"{close}", escaped(&caption(node, &shape, language)));
        }
        if let NodeKind::BoundaryEvent(event) = &node.kind
            && let Some(host) = self::name(process, &event.attached_to)
        {
            let _ = writeln!(chart, "{indent}{host} -.- {name}");
        }
    }
}

/// Names that mean nothing to Mermaid: `end` and `style` are ids that people give.
fn name(process: &Process, id: &NodeId) -> Option<String> {
    process.index.get(id).map(|position| format!("n{position}"))
}

/// The title; of events without one, what they wait for.
fn caption(node: &Node, shape: &Shape, language: Language) -> String {
    let title = node.title.get(language);
    match shape {
        Shape::Event(event) if title == node.id.as_str() => {
            let said = [event.trigger, event.detail.as_deref().unwrap_or_default()].join(" ");
            if said.trim().is_empty() { " ".to_owned() } else { said.trim().to_owned() }
        }
        _ => title.to_owned(),
    }
}

fn brackets(shape: &Shape) -> (&'static str, &'static str) {
    match shape {
        Shape::Event(event) => match event.position {
            Position::Start | Position::Catch | Position::Throw | Position::Boundary => ("((", "))"),
            Position::End => ("(((", ")))"),
        },
        Shape::Gateway(_) => ("{", "}"),
        Shape::Activity(task) if task.call => ("[[", "]]"),
        Shape::Activity(_) | Shape::Container(_) => ("[", "]"),
    }
}

fn marks(chart: &mut String, process: &Process, trail: &Trail) {
    chart.push_str("  classDef visited stroke:#2563eb,stroke-width:2px\n");
    chart.push_str("  classDef active fill:#2563eb,stroke:#2563eb,color:#ffffff\n");
    chart.push_str("  classDef failed fill:#d3281d,stroke:#d3281d,color:#ffffff\n");
    for (node, mark) in &trail.marks {
        let class = match mark {
            mark if !mark.incidents.is_empty() => "failed",
            mark if mark.tokens > 0 => "active",
            _ => "visited",
        };
        if let Some(name) = name(process, node) {
            let _ = writeln!(chart, "  class {name} {class}");
        }
    }
}

/// A text in quotes: letters, digits and a few signs stay, everything else is an entity by its number.
fn escaped(text: &str) -> String {
    let text: String = text
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ");
    let mut escaped = String::new();
    for sign in text.chars() {
        if sign.is_alphanumeric() || " _-.,:?!()+/=，。、？！：（）".contains(sign) {
            escaped.push(sign);
        } else {
            let _ = write!(escaped, "#{};", u32::from(sign));
        }
    }
    if escaped.is_empty() { " ".to_owned() } else { escaped }
}
