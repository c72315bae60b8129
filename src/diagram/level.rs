//! A level of a process becomes a picture: its containers first, each a picture of its own, then everything beside one
//! another.

use super::drawing::{Align, Caption, Drawing, Figure, Line, Rect};
use super::layered::{self, Laid, Link, Point, Room};
use super::stencil::{self, Inside, SMALL, SMALL_LINE, Stencil};
use super::text;
use super::words;
use crate::model::ids::NodeId;
use crate::model::process::{Flow, FlowIndex, Node, NodeKind, Process};
use crate::model::text::Language;

/// Around the whole drawing, and for the title of the process above it.
const MARGIN: i32 = 24;
const HEAD: i32 = 30;

/// Draws a process.
pub(super) fn draw(process: &Process, language: Language) -> Drawing {
    let mut picture = picture(process, None, language);
    let by = Point { x: MARGIN, y: MARGIN + HEAD };
    picture.shift(by);
    let title = text::width(process.title.get(language), 18);
    Drawing {
        width: picture.width.max(title) + 2 * MARGIN,
        height: picture.height + 2 * MARGIN + HEAD,
        figures: picture.figures,
        lines: picture.lines,
    }
}

/// A level that is drawn, from its upper left corner.
struct Picture {
    width: i32,
    height: i32,
    line: i32,
    figures: Vec<Figure>,
    lines: Vec<Line>,
}

impl Picture {
    fn measures(&self) -> Inside {
        Inside { width: self.width, height: self.height, line: self.line, nodes: self.figures.len() }
    }

    fn shift(&mut self, by: Point) {
        self.figures.iter_mut().for_each(|figure| figure.shift(by));
        self.lines.iter_mut().for_each(|line| line.shift(by));
    }
}

fn picture(process: &Process, parent: Option<&NodeId>, language: Language) -> Picture {
    let nodes: Vec<&Node> =
        process.level(parent).filter(|node| !matches!(node.kind, NodeKind::BoundaryEvent(_))).collect();
    let insides: Vec<Option<Picture>> = nodes.iter().map(|node| inside(process, node, language)).collect();
    let mut stencils: Vec<Stencil> = nodes
        .iter()
        .zip(&insides)
        .map(|(node, inside)| {
            let inside = inside.as_ref().map(Picture::measures).unwrap_or_default();
            stencil::of(process, node, &inside, language)
        })
        .collect();
    let mut drafts = drafts(process, &nodes, language);
    if let Some(first) = implied(process, &nodes, parent) {
        stencils.push(stencil::implied_start(parent));
        drafts.insert(0, Draft { from: nodes.len(), port: 0, to: first, flow: None, lines: Vec::new() });
    }
    // Whoever reads begins at the start: it is laid out first.
    let first = begin(process, &nodes, parent);
    let order: Vec<usize> = std::iter::once(first).chain((0..stencils.len()).filter(|&at| at != first)).collect();
    let place = |at: usize| order.iter().position(|&other| other == at).unwrap_or_default();
    let rooms: Vec<Room> =
        order.iter().filter_map(|&at| stencils.get(at)).map(|stencil| stencil.room.clone()).collect();
    let links: Vec<Link> = drafts
        .iter()
        .map(|draft| Link {
            from: place(draft.from),
            port: draft.port,
            to: place(draft.to),
            label: room_of(&draft.lines),
        })
        .collect();
    let laid = layered::lay(&rooms, &links);
    let mut picture =
        Picture { width: laid.width, height: laid.height, line: laid.line, figures: Vec::new(), lines: Vec::new() };
    for (at, (mut stencil, inside)) in stencils.into_iter().zip(insides.into_iter().chain([None])).enumerate() {
        let Some(&at) = laid.rooms.get(place(at)) else { continue };
        stencil.figures.iter_mut().for_each(|figure| figure.shift(at));
        picture.figures.extend(stencil.figures);
        if let Some(mut inside) = inside {
            let down = stencil::corner(inside.line);
            inside.shift(Point { x: at.x + down.x, y: at.y + down.y });
            picture.figures.extend(inside.figures);
            picture.lines.extend(inside.lines);
        }
    }
    for (at, draft) in drafts.into_iter().enumerate() {
        picture.lines.extend(line(process, &laid, at, draft, (&nodes, parent)));
    }
    picture
}

/// What is in a node, when something is.
fn inside(process: &Process, node: &Node, language: Language) -> Option<Picture> {
    process.level(Some(&node.id)).next()?;
    Some(picture(process, Some(&node.id), language))
}

/// The node where tokens begin, when no start event says so.
fn implied(process: &Process, nodes: &[&Node], parent: Option<&NodeId>) -> Option<usize> {
    let first = process.first(parent)?;
    let is_start = matches!(first.kind, NodeKind::StartEvent(_));
    if is_start { None } else { nodes.iter().position(|node| node.id == first.id) }
}

/// The position of what is read first: the start event, or the implied one behind all nodes.
fn begin(process: &Process, nodes: &[&Node], parent: Option<&NodeId>) -> usize {
    let start = process.first(parent).filter(|first| matches!(first.kind, NodeKind::StartEvent(_)));
    start.and_then(|start| nodes.iter().position(|node| node.id == start.id)).unwrap_or(nodes.len())
}

/// A flow before it is laid out: positions of nodes, and what is written at it.
struct Draft {
    from: usize,
    port: usize,
    to: usize,
    flow: Option<FlowIndex>,
    lines: Vec<String>,
}

fn drafts(process: &Process, nodes: &[&Node], language: Language) -> Vec<Draft> {
    // A boundary event is a port of its activity: the first one is number 1.
    let source = |id: &NodeId| {
        nodes.iter().enumerate().find_map(|(at, node)| match node.boundary.iter().position(|event| event == id) {
            Some(port) => Some((at, port + 1)),
            None => (node.id == *id).then_some((at, 0)),
        })
    };
    let flows = process.flows.iter().enumerate();
    flows
        .filter_map(|(index, flow)| {
            let (from, port) = source(&flow.from)?;
            let to = nodes.iter().position(|node| node.id == flow.to)?;
            let said = words::at_flow(process, flow, language);
            let lines = said.map(|said| text::wrap(&said, SMALL, 124, 2)).unwrap_or_default();
            Some(Draft { from, port, to, flow: Some(index), lines })
        })
        .collect()
}

fn room_of(lines: &[String]) -> Option<(i32, i32)> {
    let width = lines.iter().map(|line| text::width(line, SMALL)).max()?;
    Some((width + 14, i32::try_from(lines.len()).unwrap_or(0) * SMALL_LINE))
}

fn line(
    process: &Process,
    laid: &Laid,
    at: usize,
    draft: Draft,
    (nodes, parent): (&[&Node], Option<&NodeId>),
) -> Option<Line> {
    let flow: Option<&Flow> = draft.flow.map(|flow| &process.flows[flow]);
    let place = laid.labels.get(at).copied().flatten();
    let caption = place.zip(room_of(&draft.lines)).map(|(place, (width, height))| Caption {
        frame: Rect { x: place.x + 10, y: place.y - height - 2, width: width - 14, height },
        lines: draft.lines,
        align: Align::Left,
    });
    Some(Line {
        flow: draft.flow,
        parent: parent.cloned(),
        from: flow.map(|flow| flow.from.clone()),
        to: nodes.get(draft.to)?.id.clone(),
        path: laid.paths.get(at)?.clone(),
        meaning: flow.and_then(words::meaning),
        caption,
        slash: place
            .filter(|_| flow.is_some_and(|flow| flow.default))
            .map(|place| Point { x: place.x + 3, y: place.y }),
    })
}
