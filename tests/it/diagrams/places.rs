//! What must be so in every drawing, whatever the process: the first thing that is not, in a sentence.

use kamflow::diagram::{Drawing, Figure, Line, Point, Rect};
use kamflow::model::ids::NodeId;

/// Everything that is wrong with a drawing.
pub fn faults(drawing: &Drawing) -> Vec<String> {
    let mut faults = Vec::new();
    figures(drawing, &mut faults);
    for line in &drawing.lines {
        path(drawing, line, &mut faults);
        passes(drawing, line, &mut faults);
        caption(drawing, line, &mut faults);
    }
    faults
}

fn name(figure: &Figure) -> String {
    figure.node.as_ref().map_or_else(|| "the implied start".to_owned(), ToString::to_string)
}

fn told(line: &Line) -> String {
    format!("{} -> {}", line.from.as_ref().map_or("start", NodeId::as_str), line.to)
}

fn find<'d>(drawing: &'d Drawing, id: &NodeId) -> &'d Figure {
    drawing.figures.iter().find(|figure| figure.node.as_ref() == Some(id)).unwrap()
}

fn overlap(one: &Rect, other: &Rect) -> bool {
    one.x < other.right() && other.x < one.right() && one.y < other.bottom() && other.y < one.bottom()
}

fn inside(outer: &Rect, inner: &Rect) -> bool {
    outer.x <= inner.x && outer.y <= inner.y && inner.right() <= outer.right() && inner.bottom() <= outer.bottom()
}

/// The containers around a level, from the inside out.
fn around<'d>(drawing: &'d Drawing, parent: Option<&'d NodeId>) -> Vec<&'d NodeId> {
    std::iter::successors(parent, |id| find(drawing, id).parent.as_ref()).collect()
}

/// The boxes of a figure: its shape, and its text where that stands outside.
fn boxes(figure: &Figure) -> Vec<Rect> {
    let text = figure.caption.as_ref().map(|caption| caption.frame).filter(|text| !inside(&figure.frame, text));
    std::iter::once(figure.frame).chain(text).collect()
}

fn figures(drawing: &Drawing, faults: &mut Vec<String>) {
    let canvas = Rect { x: 0, y: 0, width: drawing.width, height: drawing.height };
    for (at, figure) in drawing.figures.iter().enumerate() {
        for part in boxes(figure) {
            if !inside(&canvas, &part) {
                faults.push(format!("{} is outside of the drawing", name(figure)));
            }
            if let Some(parent) = &figure.parent
                && !inside(&find(drawing, parent).frame, &part)
            {
                faults.push(format!("{} is outside of {parent}", name(figure)));
            }
        }
        if let Some(host) = &figure.host {
            let edge = find(drawing, host).frame;
            let middle = figure.frame.middle();
            if middle.y != edge.bottom() || middle.x < edge.x || middle.x > edge.right() {
                faults.push(format!("{} is not on the lower edge of {host}", name(figure)));
            }
        }
        for other in &drawing.figures[..at] {
            let attached = figure.host.is_some() && figure.host == other.node;
            let meet = boxes(figure).iter().any(|one| boxes(other).iter().any(|other| overlap(one, other)));
            if figure.parent == other.parent && !attached && meet {
                faults.push(format!("{} and {} overlap", name(other), name(figure)));
            }
        }
    }
}

/// A line begins at the edge of its source, has right angles, and ends at the left edge of its target.
fn path(drawing: &Drawing, line: &Line, faults: &mut Vec<String>) {
    let target = find(drawing, &line.to).frame;
    let (first, last) = (line.path[0], *line.path.last().unwrap());
    if last.x != target.x || last.y < target.y || last.y > target.bottom() {
        faults.push(format!("{} does not end at the left edge of its target", told(line)));
    }
    if let Some(from) = line.from.as_ref().map(|id| find(drawing, id)) {
        let begins = match from.host {
            Some(_) => first == Point { x: from.frame.middle().x, y: from.frame.bottom() },
            None => first.x == from.frame.right() && first.y >= from.frame.y && first.y <= from.frame.bottom(),
        };
        if !begins {
            faults.push(format!("{} does not begin at the edge of its source", told(line)));
        }
    }
    let before = line.path[line.path.len() - 2];
    if before.y != last.y || before.x >= last.x {
        faults.push(format!("{} does not arrive from the left", told(line)));
    }
    if line.path.windows(2).any(|pair| (pair[0].x == pair[1].x) == (pair[0].y == pair[1].y)) {
        faults.push(format!("{} is not made of straight pieces: {:?}", told(line), line.path));
    }
}

/// A line stays in its level and touches nothing but its two ends.
fn passes(drawing: &Drawing, line: &Line, faults: &mut Vec<String>) {
    let containers = around(drawing, line.parent.as_ref());
    let pieces: Vec<Rect> = line.path.windows(2).map(piece).collect();
    for figure in &drawing.figures {
        let own = figure.node.as_ref().is_some_and(|id| line.from.as_ref() == Some(id) || line.to == *id);
        let implied = figure.node.is_none() && line.from.is_none() && figure.parent == line.parent;
        let hosts =
            line.from.as_ref().is_some_and(|from| find(drawing, from).host == figure.node && figure.node.is_some());
        if figure.node.as_ref().is_some_and(|id| containers.contains(&id)) {
            if !pieces.iter().all(|piece| inside(&figure.frame, piece)) {
                faults.push(format!("{} leaves {}", told(line), name(figure)));
            }
            continue;
        }
        let foreign = if own || implied || hosts { Vec::new() } else { boxes(figure) };
        if foreign.iter().any(|part| pieces.iter().any(|piece| overlap(piece, part))) {
            faults.push(format!("{} passes through {}", told(line), name(figure)));
        }
        // Not through the inside of its own ends either.
        let narrow = Rect {
            x: figure.frame.x + 1,
            y: figure.frame.y + 1,
            width: figure.frame.width - 2,
            height: figure.frame.height - 2,
        };
        if (own || hosts) && figure.host.is_none() && pieces.iter().any(|piece| overlap(piece, &narrow)) {
            faults.push(format!("{} passes through its own {}", told(line), name(figure)));
        }
    }
}

/// The piece between two corners, one pixel wide.
fn piece(pair: &[Point]) -> Rect {
    let (x, y) = (pair[0].x.min(pair[1].x), pair[0].y.min(pair[1].y));
    Rect { x, y, width: (pair[0].x - pair[1].x).abs().max(1), height: (pair[0].y - pair[1].y).abs().max(1) }
}

/// What is written at a line stands in the drawing, on nothing else.
fn caption(drawing: &Drawing, line: &Line, faults: &mut Vec<String>) {
    let Some(caption) = &line.caption else { return };
    let canvas = Rect { x: 0, y: 0, width: drawing.width, height: drawing.height };
    if !inside(&canvas, &caption.frame) {
        faults.push(format!("what is written at {} is outside", told(line)));
    }
    let containers = around(drawing, line.parent.as_ref());
    for figure in &drawing.figures {
        let is_around = figure.node.as_ref().is_some_and(|id| containers.contains(&id));
        if !is_around && boxes(figure).iter().any(|part| overlap(part, &caption.frame)) {
            faults.push(format!("what is written at {} lies on {}", told(line), name(figure)));
        }
    }
    for other in &drawing.lines {
        let another = other.flow != line.flow || other.parent != line.parent;
        if another && other.caption.as_ref().is_some_and(|other| overlap(&other.frame, &caption.frame)) {
            faults.push(format!("what is written at {} lies on {}", told(line), told(other)));
        }
    }
}
