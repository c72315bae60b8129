//! A drawing as SVG: shapes and symbols of BPMN 2.0, a tooltip at each, no script. Every figure has its node in
//! `data-node`, every flow its ends in `data-from` and `data-to`, so that a page can attach to them.

use super::drawing::{Align, Caption, Drawing, Figure, Line, Point, Rect};
use super::shape::{Border, Event, Position, Shape};
use super::symbol::{self, Symbol};
use super::trail::{Mark, Trail};
use super::xml::Xml;
use super::{marks, style};
use crate::model::process::Process;
use crate::model::text::Language;

/// How round corners of lines are.
const ROUND: i32 = 7;

/// Writes a drawing; with a trail it shows an instance.
pub(super) fn write(process: &Process, drawing: &Drawing, trail: Option<&Trail>, language: Language) -> String {
    let mut xml = Xml::default();
    let (width, height) = (drawing.width, drawing.height);
    let title = process.title.get(language);
    xml.open(
        "svg",
        &[
            ("xmlns", &"http://www.w3.org/2000/svg"),
            ("class", &"kamflow-diagram"),
            ("role", &"img"),
            ("aria-label", &title),
            ("data-process", &process.key),
            ("width", &width),
            ("height", &height),
            ("viewBox", &format!("0 0 {width} {height}")),
        ],
    );
    xml.text("style", &[], &style::sheet());
    xml.empty("rect", &[("class", &"paper"), ("width", &width), ("height", &height)]);
    xml.text("text", &[("class", &"head"), ("x", &24), ("y", &34)], title);
    let is_container = |figure: &&Figure| matches!(figure.shape, Shape::Container(_));
    for figure in drawing.figures.iter().filter(is_container) {
        node(&mut xml, drawing, figure, trail, language);
    }
    // What was taken lies above what was not.
    let taken = |line: &&Line| was_taken(line, trail);
    drawing.lines.iter().filter(|line| !taken(line)).for_each(|line| flow(&mut xml, line, trail.map(|_| false)));
    drawing.lines.iter().filter(taken).for_each(|line| flow(&mut xml, line, Some(true)));
    for figure in drawing.figures.iter().filter(|figure| !is_container(figure)) {
        node(&mut xml, drawing, figure, trail, language);
    }
    for figure in drawing.figures.iter().filter(|figure| figure.node.is_some()) {
        if let Some(mark) = mark(drawing, figure, trail) {
            marks::write(&mut xml, figure, mark, language);
        }
    }
    xml.finish()
}

/// What is to say about a node; about an implied start, whether its first node was reached.
fn mark<'t>(drawing: &Drawing, figure: &Figure, trail: Option<&'t Trail>) -> Option<&'t Mark> {
    let first = || drawing.lines.iter().find(|line| line.flow.is_none() && line.parent == figure.parent);
    let id = figure.node.as_ref().or_else(|| Some(&first()?.to))?;
    trail?.marks.get(id)
}

/// Whether an instance took a flow; an implied start was left when its first node was reached.
fn was_taken(line: &Line, trail: Option<&Trail>) -> bool {
    let Some(trail) = trail else { return false };
    match line.flow {
        Some(flow) => trail.flows.contains(&flow),
        None => trail.marks.contains_key(&line.to),
    }
}

fn node(xml: &mut Xml, drawing: &Drawing, figure: &Figure, trail: Option<&Trail>, language: Language) {
    let mark = mark(drawing, figure, trail);
    let state = match (trail, mark) {
        (None, _) => "",
        (_, Some(mark)) if !mark.incidents.is_empty() && figure.node.is_some() => " visited failed",
        (_, Some(_)) => " visited",
        (_, None) => " idle",
    };
    let mark = mark.filter(|_| figure.node.is_some());
    let class = format!("node {}{state}", classes(&figure.shape));
    match &figure.node {
        Some(id) => xml.open("g", &[("class", &class), ("data-node", id), ("data-kind", &figure.kind)]),
        None => xml.open("g", &[("class", &class)]),
    }
    let tip = marks::told(figure, mark, language);
    if !tip.is_empty() {
        xml.text("title", &[], &tip);
    }
    match &figure.shape {
        Shape::Event(event) => circle(xml, figure.frame, event),
        Shape::Gateway(kind) => gateway(xml, figure.frame, kind),
        Shape::Activity(task) => {
            rounded(xml, figure.frame, 9, "shape");
            let corner = Point { x: figure.frame.x + 13, y: figure.frame.y + 12 };
            sign(xml, symbol::of_task(task.symbol), corner, "");
            markers(xml, figure, &task.markers);
        }
        Shape::Container(container) => {
            rounded(xml, figure.frame, 11, if container.border == Border::Dotted { "shape dotted" } else { "shape" });
            if container.border == Border::Double {
                let Rect { x, y, width, height } = figure.frame;
                rounded(xml, Rect { x: x + 4, y: y + 4, width: width - 8, height: height - 8 }, 8, "shape");
            }
            markers(xml, figure, &container.markers);
        }
    }
    let small = !matches!(figure.shape, Shape::Activity(_) | Shape::Container(_));
    let class = match (small, &figure.host) {
        (_, Some(_)) => "said",
        (true, None) => "small",
        (false, None) => "title",
    };
    figure.caption.iter().for_each(|caption| written(xml, caption, class));
    xml.close();
}

fn classes(shape: &Shape) -> &'static str {
    match shape {
        Shape::Event(event) => match (event.position, event.interrupting) {
            (Position::Start, true) => "event start",
            (Position::Start, false) => "event start aside",
            (Position::End, _) => "event end",
            (Position::Catch | Position::Throw, _) | (Position::Boundary, true) => "event",
            (Position::Boundary, false) => "event aside",
        },
        Shape::Gateway(_) => "gateway",
        Shape::Activity(task) if task.call => "task call",
        Shape::Activity(_) => "task",
        Shape::Container(_) => "container",
    }
}

fn circle(xml: &mut Xml, frame: Rect, event: &Event) {
    let Point { x, y } = frame.middle();
    let radius = frame.width / 2;
    xml.empty("circle", &[("class", &"shape"), ("cx", &x), ("cy", &y), ("r", &radius)]);
    let filled = match event.position {
        Position::Start => "",
        Position::End | Position::Throw => " solid",
        Position::Catch | Position::Boundary => "",
    };
    if matches!(event.position, Position::Catch | Position::Throw | Position::Boundary) {
        xml.empty("circle", &[("class", &"shape"), ("cx", &x), ("cy", &y), ("r", &(radius - 3))]);
    }
    let symbol = symbol::of_event(event.trigger);
    let scale = if frame.width < 32 { " scale(.8)" } else { "" };
    sign_scaled(xml, symbol, (x, y), filled, scale);
}

fn gateway(xml: &mut Xml, frame: Rect, kind: &str) {
    let Point { x, y } = frame.middle();
    let path = format!("M{x} {}L{} {y}L{x} {}L{} {y}Z", frame.y, frame.right(), frame.bottom(), frame.x);
    xml.empty("path", &[("class", &"shape"), ("d", &path)]);
    sign(xml, symbol::of_gateway(kind), Point { x, y }, "");
}

fn rounded(xml: &mut Xml, frame: Rect, radius: i32, class: &str) {
    let Rect { x, y, width, height } = frame;
    xml.empty(
        "rect",
        &[("class", &class), ("x", &x), ("y", &y), ("width", &width), ("height", &height), ("rx", &radius)],
    );
}

fn markers(xml: &mut Xml, figure: &Figure, markers: &[&str]) {
    let count = i32::try_from(markers.len()).unwrap_or(0);
    for (position, marker) in (0..).zip(markers) {
        let at = Point { x: figure.frame.middle().x - 9 * (count - 1) + 18 * position, y: figure.foot };
        sign(xml, symbol::of_marker(marker), at, "");
    }
}

fn sign(xml: &mut Xml, symbol: Option<Symbol>, at: Point, filled: &str) {
    sign_scaled(xml, symbol, (at.x, at.y), filled, "");
}

fn sign_scaled(xml: &mut Xml, symbol: Option<Symbol>, (x, y): (i32, i32), filled: &str, scale: &str) {
    let Some(Symbol { path, solid }) = symbol else { return };
    let class = if solid { "solid".to_owned() } else { format!("sign{filled}") };
    xml.empty("path", &[("class", &class), ("transform", &format!("translate({x} {y}){scale}")), ("d", &path)]);
}

/// Lines of text; each stands on the lower part of its line.
fn written(xml: &mut Xml, caption: &Caption, class: &str) {
    let count = i32::try_from(caption.lines.len()).unwrap_or(1).max(1);
    let line = caption.frame.height / count;
    let (x, anchor) = match caption.align {
        Align::Left => (caption.frame.x, "start"),
        Align::Middle => (caption.frame.middle().x, "middle"),
    };
    for (position, text) in (0..).zip(&caption.lines) {
        let y = caption.frame.y + line * position + line * 3 / 4;
        xml.text("text", &[("class", &class), ("x", &x), ("y", &y), ("text-anchor", &anchor)], text);
    }
}

fn flow(xml: &mut Xml, line: &Line, taken: Option<bool>) {
    let class = match taken {
        None => "flow",
        Some(true) => "flow taken",
        Some(false) => "flow idle",
    };
    match &line.from {
        Some(from) => xml.open("g", &[("class", &class), ("data-from", from), ("data-to", &line.to)]),
        None => xml.open("g", &[("class", &class)]),
    }
    if let Some(meaning) = &line.meaning {
        xml.text("title", &[], meaning);
    }
    xml.empty("path", &[("d", &rounded_path(&line.path))]);
    if let Some(tip) = tip(&line.path) {
        xml.empty("path", &[("class", &"tip"), ("d", &tip)]);
    }
    if let Some(Point { x, y }) = line.slash {
        xml.empty("path", &[("d", &format!("M{} {}L{} {}", x - 4, y + 6, x + 4, y - 6))]);
    }
    line.caption.iter().for_each(|caption| written(xml, caption, "said"));
    xml.close();
}

/// A path whose corners are rounded as far as its pieces are long enough; it ends inside its tip.
fn rounded_path(path: &[Point]) -> String {
    let [first, .., last] = path else { return String::new() };
    let mut drawn = format!("M{} {}", first.x, first.y);
    for corner in path.windows(3) {
        let [before, at, after] = [corner[0], corner[1], corner[2]];
        let (into, out) = (towards(at, before), towards(at, after));
        drawn.push_str(&format!("L{} {}Q{} {} {} {}", into.x, into.y, at.x, at.y, out.x, out.y));
    }
    let end = path.get(path.len() - 2).map_or(*last, |before| moved(*last, *before, 5));
    drawn.push_str(&format!("L{} {}", end.x, end.y));
    drawn
}

/// A little way from a corner to its neighbour: at most half of it.
fn towards(corner: Point, other: Point) -> Point {
    let long = (corner.x - other.x).abs() + (corner.y - other.y).abs();
    moved(corner, other, ROUND.min(long / 2))
}

/// So far from a point on the straight way to another.
fn moved(from: Point, to: Point, by: i32) -> Point {
    Point { x: from.x + (to.x - from.x).signum() * by, y: from.y + (to.y - from.y).signum() * by }
}

/// The triangle at the end of a path.
fn tip(path: &[Point]) -> Option<String> {
    let [.., before, end] = path else { return None };
    let (x, y) = ((end.x - before.x).signum(), (end.y - before.y).signum());
    let back = Point { x: end.x - 9 * x, y: end.y - 9 * y };
    Some(format!("M{} {}L{} {}L{} {}Z", end.x, end.y, back.x - 4 * y, back.y - 4 * x, back.x + 4 * y, back.y + 4 * x))
}
