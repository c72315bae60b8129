//! How big a node is and what its figures are: the shape, its title, and the boundary events at its lower edge. Places
//! are given around the node's line, the left edge of its room at 0.

use super::drawing::{Align, Caption, Figure, Rect};
use super::layered::{Port, Room};
use super::shape::{self, Shape};
use super::text;
use crate::model::ids::NodeId;
use crate::model::process::{Node, NodeKind, Process, StartEvent};
use crate::model::text::Language;

/// Font size of titles, and how high a line of them is.
pub(super) const TITLE: i32 = 13;
pub(super) const TITLE_LINE: i32 = 17;
/// Font size of what stands at flows and events.
pub(super) const SMALL: i32 = 11;
pub(super) const SMALL_LINE: i32 = 14;

const EVENT: i32 = 36;
const BOUNDARY: i32 = 28;
const GATEWAY: i32 = 50;
const TASK: i32 = 138;
const TASK_HEIGHT: i32 = 66;
/// Above each node: for the line that tells what an instance did there.
const AIR: i32 = 14;
/// Between the ways out of two boundary events of one activity.
const BESIDE: i32 = 18;
/// Inside a container: beside, above and below what is in it.
const SIDE: i32 = 22;
const TOP: i32 = 30;
const BOTTOM: i32 = 16;

/// How big the inside of a container is, where its line is, and how many nodes are in it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Inside {
    pub width: i32,
    pub height: i32,
    pub line: i32,
    pub nodes: usize,
}

/// A node with its boundary events.
pub(super) struct Stencil {
    pub room: Room,
    /// The node first, then its boundary events in the order of their ports.
    pub figures: Vec<Figure>,
}

/// The start of a level that has no start event.
pub(super) fn implied_start(parent: Option<&NodeId>) -> Stencil {
    let event = shape::of_kind(&NodeKind::StartEvent(StartEvent { catch: None, interrupting: true }));
    let frame = Rect { x: 0, y: -EVENT / 2, width: EVENT, height: EVENT };
    let figure = Figure {
        node: None,
        kind: "startEvent",
        shape: event,
        parent: parent.cloned(),
        host: None,
        frame,
        foot: 0,
        title: String::new(),
        caption: None,
    };
    let ports = vec![Port { x: EVENT, start: 0, line: 0 }];
    let room = Room { above: EVENT / 2, below: EVENT / 2, width: EVENT, nodes: 1, fair: false, entry: 0, ports };
    Stencil { room, figures: vec![figure] }
}

/// The stencil of a node, with what is in it.
pub(super) fn of(process: &Process, node: &Node, inside: &Inside, language: Language) -> Stencil {
    let shape = shape::of(node);
    let events: Vec<&Node> = node.boundary.iter().filter_map(|id| process.node(id)).collect();
    let row = 20 + 40 * i32::try_from(events.len()).unwrap_or(0);
    let attached = if events.is_empty() { 0 } else { BOUNDARY / 2 - 2 };
    let title = title(node, &shape, language);
    let (frame, caption) = match &shape {
        Shape::Event(_) => round(EVENT, &title),
        Shape::Gateway(_) => round(GATEWAY, &title),
        Shape::Activity(task) => task_box(&title, TASK.max(row), attached + marked(&task.markers)),
        Shape::Container(inner) => container(&title, inside, row, attached + marked(&inner.markers)),
    };
    let figure = Figure {
        node: Some(node.id.clone()),
        kind: node.kind.name(),
        shape,
        parent: node.parent.clone(),
        host: None,
        frame,
        foot: frame.bottom() - attached - 10,
        title: node.title.get(language).to_owned(),
        caption,
    };
    let below = figure.caption.iter().map(|caption| caption.frame.bottom()).max().unwrap_or(0).max(frame.bottom());
    let left = figure.caption.iter().map(|caption| caption.frame.x).min().unwrap_or(0).min(frame.x);
    let right = figure.caption.iter().map(|caption| caption.frame.right()).max().unwrap_or(0).max(frame.right());
    let room = Room {
        above: AIR - frame.y,
        below: below + 4,
        width: right - left,
        nodes: 1 + inside.nodes,
        fair: figure.shape == Shape::Gateway("parallel"),
        entry: frame.x - left,
        ports: vec![Port { x: frame.right() - left, start: 0, line: 0 }],
    };
    let mut stencil = Stencil { room, figures: vec![figure] };
    stencil.figures[0].shift(super::layered::Point { x: -left, y: 0 });
    attach(&mut stencil, &events, language);
    stencil
}

/// What is written at a node: its title, or what its event waits for when its author gave it none.
fn title(node: &Node, shape: &Shape, language: Language) -> String {
    let given = node.title.get(language);
    match shape {
        Shape::Event(event) if given == node.id.as_str() => event.detail.clone().unwrap_or_default(),
        Shape::Gateway(_) if given == node.id.as_str() => String::new(),
        _ => given.to_owned(),
    }
}

/// An event or a gateway: its title stands below.
fn round(size: i32, title: &str) -> (Rect, Option<Caption>) {
    let frame = Rect { x: -size / 2, y: -size / 2, width: size, height: size };
    let lines = text::wrap(title, SMALL + 1, 112, 3);
    (frame, caption_below(lines, 0, size / 2 + 3))
}

fn caption_below(lines: Vec<String>, middle: i32, top: i32) -> Option<Caption> {
    let width = lines.iter().map(|line| text::width(line, SMALL + 1)).max()?;
    let height = i32::try_from(lines.len()).unwrap_or(0) * SMALL_LINE;
    let frame = Rect { x: middle - width / 2, y: top, width, height };
    Some(Caption { lines, frame, align: Align::Middle })
}

/// Room for markers at the foot.
fn marked(markers: &[&str]) -> i32 {
    if markers.is_empty() { 0 } else { 14 }
}

/// A task: its symbol in the corner, its title in the middle; some room is kept at its foot.
fn task_box(title: &str, width: i32, kept: i32) -> (Rect, Option<Caption>) {
    let lines = text::wrap(title, TITLE, width - 18, 4);
    let high = i32::try_from(lines.len()).unwrap_or(0) * TITLE_LINE;
    let height = TASK_HEIGHT.max(high + 30 + kept) / 2 * 2;
    let frame = Rect { x: 0, y: -height / 2, width, height };
    let (top, bottom) = (frame.y + 22, frame.bottom() - 8 - kept);
    // In the middle of the box where the symbol leaves it room, else below the symbol.
    let y = (-high / 2).max(if lines.len() > 1 { top } else { i32::MIN }).min(bottom - high);
    let caption = Rect { x: 8, y, width: width - 16, height: high };
    (frame, Some(Caption { lines, frame: caption, align: Align::Middle }))
}

/// A container: its title in the upper left corner, its line where the line of its first node is.
fn container(title: &str, inside: &Inside, row: i32, kept: i32) -> (Rect, Option<Caption>) {
    let most = 420;
    let lines = text::wrap(title, TITLE, most.max(inside.width), 1);
    let wide = lines.iter().map(|line| text::width(line, TITLE)).max().unwrap_or(0);
    let width = (inside.width + 2 * SIDE).max(row).max(wide + 2 * SIDE).max(TASK);
    let frame = Rect { x: 0, y: -inside.line - TOP, width, height: inside.height + TOP + BOTTOM + kept };
    let caption = Rect { x: 14, y: frame.y + 7, width: wide, height: TITLE_LINE };
    (frame, Some(Caption { lines, frame: caption, align: Align::Left }))
}

/// Where the inside of a container begins: right and down from the left end of its line.
pub(super) fn corner(line: i32) -> super::layered::Point {
    super::layered::Point { x: SIDE, y: -line }
}

/// Puts boundary events on the lower edge, with their ways out one below the other, the last one highest.
fn attach(stencil: &mut Stencil, events: &[&Node], language: Language) {
    let host = stencil.figures[0].clone();
    for (position, event) in (0..).zip(events) {
        let middle = host.frame.x + 30 + 40 * position;
        let after = i32::try_from(events.len()).unwrap_or(0) - 1 - position;
        let edge = host.frame.bottom();
        let line = edge + BOUNDARY / 2 + 20 + BESIDE * after;
        let shape = shape::of(event);
        let title = text::wrap(&title(event, &shape, language), SMALL, 110, 1);
        let wide = title.iter().map(|line| text::width(line, SMALL)).max().unwrap_or(0);
        let frame = Rect { x: middle + 6, y: line - 2 - SMALL_LINE, width: wide, height: SMALL_LINE };
        stencil.room.ports.push(Port { x: middle, start: edge + BOUNDARY / 2, line });
        stencil.room.below = stencil.room.below.max(line + 4);
        stencil.room.width = stencil.room.width.max(frame.right() + 4);
        stencil.figures.push(Figure {
            node: Some(event.id.clone()),
            kind: event.kind.name(),
            shape,
            parent: host.parent.clone(),
            host: host.node.clone(),
            frame: Rect { x: middle - BOUNDARY / 2, y: edge - BOUNDARY / 2, width: BOUNDARY, height: BOUNDARY },
            foot: 0,
            title: event.title.get(language).to_owned(),
            caption: (!title.is_empty()).then_some(Caption { lines: title, frame, align: Align::Left }),
        });
    }
}
